"""Membres du programme commun, au niveau de l’installation : nommer, retirer."""

from datetime import datetime

from django.db import transaction

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import Compte, MembreProgramme
from socle.fondations.journal.services import record


@transaction.atomic
def add_membre_programme(
    *, compte: Compte, role: RoleProgramme, par: Compte | None, maintenant: datetime
) -> MembreProgramme:
    """Donne à un agent un rôle dans le programme ; sans effet s’il l’a déjà.

    Args:
        par: qui le nomme ; None pour une commande.
    """
    membre, neuf = MembreProgramme.objects.get_or_create(compte=compte, role=role)
    if neuf:
        record(
            action="programme.membre_ajoute",
            objet=f"compte:{compte.pk}",
            acteur=par.acteur if par else "systeme",
            collectivite_id=None,
            maintenant=maintenant,
            donnees={"role": str(role.value)},
        )
        compte.__dict__.pop("_programme", None)
    return membre


@transaction.atomic
def remove_membre_programme(*, membre: MembreProgramme, par: Compte, maintenant: datetime) -> None:
    """Ôte ce rôle ; ce que la personne a écrit reste, avec son nom au journal."""
    record(
        action="programme.membre_retire",
        objet=f"compte:{membre.compte_id}",
        acteur=par.acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees={"role": str(membre.role)},
    )
    membre.delete()
