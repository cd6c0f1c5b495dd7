"""Règles d’entrée d’un agent : son organisation, son second facteur, son adhésion."""

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.comptes.errors import (
    AgentSansAcces,
    AutreOrganisation,
    SecondFacteurAbsent,
    SecteurPrive,
)
from socle.fondations.comptes.models import Compte, FournisseurIdentite
from socle.fondations.comptes.permissions import (
    is_operateur,
    list_roles,
    list_roles_programme,
)
from socle.fondations.comptes.ports import Traits, profils
from socle.fondations.comptes.queries import list_collectivites_de

REGLAGE_SIRETS = "comptes.sirets_admis"  # SIRET d’autres employeurs d’agents (service mutualisé)
REGLAGE_AMONT = "comptes.fournisseurs_amont"  # `idp_id` de ProConnect admis ; vide = tous


def check_organisation(
    ligne: FournisseurIdentite, traits: Traits, collectivite: Collectivite | None
) -> None:
    """Contrôle ce que le fournisseur atteste, avant de chercher le compte.

    Raises:
        SecondFacteurAbsent, SecteurPrive, AutreOrganisation: la règle qui manque.
    """
    if ligne.mfa_exigee and not traits.mfa:
        raise SecondFacteurAbsent
    if not profils[ligne.profil].atteste_organisation:
        return
    if traits.public is False:
        raise SecteurPrive
    if not traits.siret or (collectivite and not is_siret_admis(collectivite, traits.siret)):
        raise AutreOrganisation
    if collectivite and not _is_amont_admis(collectivite, traits.fournisseur_amont):
        raise AutreOrganisation


def check_acces(
    ligne: FournisseurIdentite, compte: Compte, traits: Traits, collectivite: Collectivite | None
) -> None:
    """Contrôle que l’agent est invité ici : l’organisation ne suffit jamais.

    Raises:
        AgentSansAcces: aucun rôle dans cette collectivité, ni nulle part depuis l’installation.
        AutreOrganisation: aucune de ses collectivités n’est celle que le fournisseur annonce.
    """
    if is_operateur(compte):
        return
    if collectivite is not None:
        if not list_roles(compte, collectivite):
            raise AgentSansAcces
        return
    if list_roles_programme(
        compte
    ):  # membre du programme : son employeur n’est pas une collectivité d’ici
        return
    siennes = list_collectivites_de(compte)
    if not siennes:
        raise AgentSansAcces
    if profils[ligne.profil].atteste_organisation and not any(
        is_siret_du_siren(c, traits.siret) for c in siennes
    ):
        raise AutreOrganisation


def is_siret_admis(collectivite: Collectivite, siret: str) -> bool:
    """Vrai si l’établissement est de la collectivité, ou d’un employeur qu’elle a admis."""
    if is_siret_du_siren(collectivite, siret):
        return True
    return siret in (get_reglage(collectivite, REGLAGE_SIRETS, []) or [])


def is_siret_du_siren(collectivite: Collectivite, siret: str) -> bool:
    return len(siret) == 14 and siret[:9] == collectivite.siren


def _is_amont_admis(collectivite: Collectivite, amont: str) -> bool:
    admis = get_reglage(collectivite, REGLAGE_AMONT, []) or []
    return not admis or amont in admis
