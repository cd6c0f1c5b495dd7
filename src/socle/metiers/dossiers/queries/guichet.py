"""Demandes qu’un agent a commencé à saisir sans les déposer."""

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import Portee
from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier

NOMBRE_MAX = 50


def list_saisies_commencees(
    collectivite: Collectivite, agent: Compte, portee: Portee
) -> list[Dossier]:
    """Rend les brouillons de cet agent, le dernier touché d’abord, cinquante au plus.

    Args:
        portee: services pour lesquels il instruit encore.
    """
    brouillons = (
        Dossier.objects.filter(
            portee.filter("demarche__service"),
            collectivite=collectivite,
            saisi_par=agent,
            etat=EtatDossier.BROUILLON,
        )
        .select_related("demarche")
        .defer("recherche", "reponses", "identite")
        .order_by("-modifie_le", "-numero")
    )
    return list(brouillons[:NOMBRE_MAX])
