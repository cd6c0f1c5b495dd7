"""Qui agit : l’équipe tient les instances, chaque siège vote par une seule personne à la fois."""

from datetime import date

from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import DECIDEURS, ATitre, Pouvoir
from socle.metiers.gouvernance.errors import PouvoirRefuse
from socle.metiers.gouvernance.models import Delegation, Instance, Siege


def check_pouvoir(instance: Instance, pouvoir: Pouvoir) -> None:
    """Refuse ce que la nature de l’instance ne permet pas.

    Raises:
        PouvoirRefuse: avec ce que cette instance peut faire.
    """
    if instance.has_pouvoir(pouvoir):
        return
    nature = instance.nature_affichee
    raise PouvoirRefuse(
        f"{instance.sigle} est une {nature.label.lower()} : elle ne peut pas {pouvoir.label}.",
        nature.role,
    )


def find_titre(siege: Siege, compte: Compte, delegation: Delegation | None) -> ATitre | None:
    """À quel titre cette personne peut voter pour ce siège ; None si elle ne le peut pas.

    Tant qu’une délégation court, seul le titulaire du siège bénéficiaire vote : ni le titulaire, ni
    le suppléant. Il n’y a donc jamais deux personnes au même rang.
    """
    if delegation is not None:
        tenu = delegation.beneficiaire.titulaire_id == compte.pk
        return ATitre.DELEGATION if tenu else None
    if siege.titulaire_id == compte.pk:
        return ATitre.TITULAIRE
    return ATitre.SUPPLEANT if siege.suppleant_id == compte.pk else None


def can_vote_here(siege: Siege, jour: date) -> bool:
    """Un siège en cours, pourvu, dans l’un des deux collèges qui décident."""
    return siege.is_actif(jour) and bool(siege.titulaire_id) and siege.college in DECIDEURS
