"""Garder les identifiants que le service d’archives a donnés à la collectivité."""

from datetime import datetime

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.collectivites.services import lock_reglage, set_reglage
from socle.fondations.commun.verrou import check_empreinte
from socle.fondations.journal.services import record
from socle.metiers.archivage.errors import ReglagesModifiesAilleurs

CLE = "archivage"
CHAMPS = ("contrat", "service_archives", "service_versant", "producteur")


def read_reglages(collectivite: Collectivite) -> dict[str, str]:
    """Rend les quatre identifiants, vides s’ils ne sont pas réglés."""
    return _read(get_reglage(collectivite, CLE, {}))


def _read(valeur: dict[str, str]) -> dict[str, str]:
    return {champ: valeur.get(champ, "") for champ in CHAMPS}


@transaction.atomic
def save_reglages(
    *,
    collectivite: Collectivite,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **valeurs: str,
) -> bool:
    """Change le réglage « archivage » ; rend faux si rien n’a changé.

    Les paquets déjà faits ne changent pas.

    Args:
        empreinte: celle de `read_reglages` sur la page ; None, rien n’est comparé.
        valeurs: `CHAMPS`, vides pour ne rien dire.

    Raises:
        ReglagesModifiesAilleurs: quelqu’un les a changés depuis.
    """
    avant = lock_reglage(collectivite=collectivite, cle=CLE, defaut={})
    apres = avant | {champ: valeurs[champ] for champ in CHAMPS}
    if _read(avant) == _read(apres):
        return False
    check_empreinte(_read(avant), empreinte, ReglagesModifiesAilleurs)
    set_reglage(collectivite=collectivite, cle=CLE, valeur=apres)
    record(
        action="archivage.regle",
        objet=f"collectivite:{collectivite.pk}",
        acteur=acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={"avant": avant, "apres": apres},
    )
    return True
