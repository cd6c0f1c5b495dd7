"""Rappeler ce qui est attendu : les pièces à la collectivité, les retards à l’équipe."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import find_de_autorite
from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.textes import format_jour
from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.queries import list_adhesions
from socle.fondations.notifications.services import notify
from socle.fondations.notifications.services.programme import build_lien
from socle.metiers.appels.models import Octroi, RappelOctroi
from socle.metiers.appels.queries.suivi import (
    list_equipe,
    list_pieces_attendues,
    list_versements_echus,
)

CODE_PIECE = "octroi_piece"
CODE_EQUIPE = "octroi_equipe"
DELAIS = (30, 7)
EN_RETARD = -1


def send_rappels(*, aujourdhui: date, maintenant: datetime) -> int:
    """Envoie les rappels du jour ; rend leur nombre. Rejouable : chacun ne part qu’une fois."""
    nombre = 0
    for piece in list_pieces_attendues(aujourdhui=aujourdhui, horizon=max(DELAIS)):
        delai = find_delai((piece.attendu_le - aujourdhui).days)
        contexte = _describe(piece.demande, piece.octroi, piece.attendu_le, aujourdhui)
        sujet = f"justificatif:{piece.pk}"
        nombre += _remind(
            piece.octroi, sujet, piece.attendu_le, delai, contexte, maintenant,
            collectivite=True, equipe=delai == EN_RETARD,
        )  # fmt: skip
    for versement in list_versements_echus(aujourdhui=aujourdhui):
        contexte = _describe(
            f"Versement {versement.rang} à faire", versement.octroi, versement.echeance, aujourdhui
        )
        nombre += _remind(
            versement.octroi, f"versement:{versement.pk}", versement.echeance, EN_RETARD, contexte,
            maintenant, collectivite=False, equipe=True,
        )  # fmt: skip
    return nombre


def find_delai(reste: int) -> int:
    """Rend le délai atteint : 30 à vingt jours, 7 à trois jours, -1 une fois passé."""
    return EN_RETARD if reste < 0 else min(delai for delai in DELAIS if delai >= reste)


def _remind(
    octroi: Octroi,
    sujet: str,
    jour: date,
    delai: int,
    contexte: dict[str, str],
    maintenant: datetime,
    *,
    collectivite: bool,
    equipe: bool,
) -> bool:
    """Retient le rappel et met ses messages en file, ensemble."""
    with transaction.atomic():
        _, neuf = RappelOctroi.objects.get_or_create(
            sujet=sujet, jour=jour, delai=delai,
            defaults={"octroi": octroi, "envoye_le": maintenant},
        )  # fmt: skip
        if not neuf:
            return False
        if collectivite:
            _tell_collectivite(octroi, contexte, maintenant)
        if equipe:
            _tell_equipe(octroi, contexte, maintenant)
    return True


def _tell_collectivite(octroi: Octroi, contexte: dict[str, str], maintenant: datetime) -> None:
    """Prévient ceux qui administrent, si la collectivité est dans cette installation."""
    collectivite = find_de_autorite(octroi.autorite, octroi.siren)
    if collectivite is None:
        return
    with locataire(collectivite.pk):
        lien = build_adresse("appels_ici:octroi", collectivite, octroi.pk)
        for compte in _list_administrateurs(collectivite):
            _notify(collectivite, CODE_PIECE, compte, octroi, contexte | {"lien": lien}, maintenant)


def _list_administrateurs(collectivite: Collectivite) -> list[Compte]:
    adhesions = list_adhesions(collectivite).filter(
        role=Role.ADMINISTRATEUR, compte__is_active=True
    )
    return list({a.compte_id: a.compte for a in adhesions}.values())


def _tell_equipe(octroi: Octroi, contexte: dict[str, str], maintenant: datetime) -> None:
    programme = get_programme()
    lien = build_lien("appels:equipe_octroi", octroi.pk)
    with locataire(programme.pk):
        for compte in list_equipe(RoleProgramme.EQUIPE):
            _notify(programme, CODE_EQUIPE, compte, octroi, contexte | {"lien": lien}, maintenant)


def _notify(
    collectivite: Collectivite,
    code: str,
    compte: Compte,
    octroi: Octroi,
    contexte: dict[str, Any],
    maintenant: datetime,
) -> None:
    notify(
        collectivite=collectivite, code=code, compte=compte, contexte=contexte,
        maintenant=maintenant, objet=octroi.cle,
    )  # fmt: skip


def _describe(piece: str, octroi: Octroi, jour: date, aujourdhui: date) -> dict[str, str]:
    reste = (jour - aujourdhui).days
    mots = f"dans {reste} jour{'s' if reste > 1 else ''}" if reste > 0 else "en retard"
    return {
        "piece": piece, "octroi": octroi.titre, "date": format_jour(jour),
        "reste": mots if reste else "aujourd’hui",
    }  # fmt: skip
