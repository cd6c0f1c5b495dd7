"""Qui peut quoi : appels, alertes, octrois."""

from django.http import HttpRequest

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import find_de_autorite
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role, list_roles_programme
from socle.fondations.documents.models import Document
from socle.metiers.appels.models import Octroi

# L’équipe du programme vérifie, relaie, et suit ce qui a été accordé.
REDACTEURS = (RoleProgramme.EQUIPE,)
# Proposent un appel : les partenaires, et l’équipe elle-même.
PROPOSEURS = (RoleProgramme.PARTENAIRE, RoleProgramme.EQUIPE)
# Les agents de la collectivité lisent les appels, et déposent les pièces de ses octrois.
AGENTS = (Role.INSTRUCTEUR, Role.VALIDEUR, Role.ADMINISTRATEUR)


def can_read_justificatif(request: HttpRequest, document: Document) -> bool:
    """L’équipe du programme, et les agents de la collectivité qui a reçu l’octroi."""
    compte = request.user
    if not isinstance(compte, Compte) or not compte.is_agent or not compte.is_active:
        return False
    if RoleProgramme.EQUIPE in list_roles_programme(compte):
        return True
    numero = document.objet.partition(":")[2]
    octroi = Octroi.objects.filter(pk=int(numero)).order_by("pk").first()
    collectivite = find_de_autorite(octroi.autorite, octroi.siren) if octroi else None
    return collectivite is not None and _is_agent_de(compte, collectivite)


def _is_agent_de(compte: Compte, collectivite: Collectivite) -> bool:
    with locataire(collectivite.pk):
        return has_role(compte, collectivite, *AGENTS)
