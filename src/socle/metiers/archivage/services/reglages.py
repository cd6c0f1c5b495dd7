"""Garder les identifiants que le service d’archives a donnés à la collectivité."""

from datetime import datetime

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.collectivites.services import set_reglage
from socle.fondations.journal.services import record

CLE = "archivage"
CHAMPS = ("contrat", "service_archives", "service_versant", "producteur")


@transaction.atomic
def save_reglages(
    *, collectivite: Collectivite, acteur: str, maintenant: datetime, **valeurs: str
) -> bool:
    """Change le réglage « archivage » ; rend faux si rien n’a changé.

    Les paquets déjà faits ne changent pas. Args `valeurs`: `CHAMPS`, vides pour ne rien dire.
    """
    avant = get_reglage(collectivite, CLE, {})
    apres = avant | {champ: valeurs[champ] for champ in CHAMPS}
    if {c: avant.get(c, "") for c in CHAMPS} == {c: apres[c] for c in CHAMPS}:
        return False
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
