"""Le rapport du mois, fait et publié sans personne ; une fois publié, il ne change plus."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from socle.fondations.commun.mesures import mesures
from socle.metiers.gouvernance.models import RapportMensuel
from socle.metiers.gouvernance.ports import changements
from socle.metiers.gouvernance.queries.rapports import (
    list_decisions_du_mois,
    list_effets_du_mois,
    list_evaluations_du_mois,
    list_reunions_du_mois,
)
from socle.metiers.gouvernance.services.trace import record_action
from socle.normes.preuve.json_canonique import encode_json

VERROU = 0x52617070  # « Rapp » : un rapport à la fois


@transaction.atomic
def make_rapport(*, mois: date, maintenant: datetime) -> tuple[RapportMensuel, bool]:
    """Fait et publie le rapport d’un mois fini ; rend le rapport, et s’il vient d’être fait.

    Rejouable : deux tâches au même moment n’en font qu’un, et un rapport publié ne change pas.

    Args:
        mois: un jour de ce mois.

    Raises:
        ValueError: le mois n’est pas fini.
    """
    debut, fin = find_bornes(mois)
    if fin > maintenant:
        raise ValueError("Le mois n’est pas fini : son rapport n’existe pas encore.")
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [VERROU])
    premier = timezone.localdate(debut)
    fait = RapportMensuel.objects.filter(mois=premier).first()
    if fait is not None:
        return fait, False
    contenu = build_contenu(premier, debut, fin)
    rapport = RapportMensuel.objects.create(
        mois=premier,
        contenu=contenu,
        empreinte=sha256(encode_json(contenu)).hexdigest(),
        publie_le=maintenant,
    )
    record_action(
        action="rapport.publie",
        objet=f"rapport:{rapport.slug}",
        acteur="systeme",
        maintenant=maintenant,
        donnees={"sha256": rapport.empreinte},
    )
    return rapport, True


def find_bornes(mois: date) -> tuple[datetime, datetime]:
    """Premier instant du mois, et premier du mois suivant, à l’heure de Paris."""
    premier = mois.replace(day=1)
    suivant = (premier + timedelta(days=32)).replace(day=1)
    zone = timezone.get_default_timezone()
    return datetime.combine(premier, time(), zone), datetime.combine(suivant, time(), zone)


def build_contenu(premier: date, debut: datetime, fin: datetime) -> dict[str, Any]:
    """Tout ce que dit le rapport, en valeurs simples."""
    dernier = timezone.localdate(fin) - timedelta(days=1)
    return {
        "mois": f"{premier:%Y-%m}",
        "decisions": list_decisions_du_mois(debut, fin),
        "reunions": list_reunions_du_mois(debut, fin),
        "suites": list_effets_du_mois(debut, fin),
        "evaluations": list_evaluations_du_mois(debut, fin),
        "changements": _list_changements(debut, fin),
        "mesures": _list_mesures(dernier, premier - timedelta(days=1)),
    }


def _list_changements(debut: datetime, fin: datetime) -> list[dict[str, str]]:
    trouves = [un for code in changements for un in changements[code](debut, fin)]
    return [
        {"cle": un.cle, "titre": un.titre, "quoi": un.quoi, "quand": un.quand.isoformat()}
        for un in sorted(trouves, key=lambda un: (un.quand, un.cle))
    ]


def _list_mesures(jour: date, avant: date) -> list[dict[str, str]]:
    """Chaque mesure à la fin du mois, et son écart depuis la fin du mois d’avant."""
    lignes = []
    for code in sorted(mesures):
        mesure = mesures[code]
        valeur, precedente = mesure.compute(jour), mesure.compute(avant)
        ecart = None if valeur is None or precedente is None else valeur - precedente
        lignes.append(
            {
                "code": code,
                "libelle": mesure.libelle,
                "unite": mesure.unite,
                "valeur": _write(valeur),
                "precedente": _write(precedente),
                "ecart": _write(ecart),
            }
        )
    return lignes


def _write(valeur: Decimal | None) -> str:
    return "" if valeur is None else f"{valeur.normalize():f}"
