"""Qui ouvre quelles pages de réglages, et le sommaire de celles des fondations."""

from collections.abc import Iterable

from django.urls import reverse

from socle.fondations.administration.ports import PageDeReglage
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import has_role
from socle.fondations.conservation.permissions import REGLEURS

ADMINISTRATEUR = (Role.ADMINISTRATEUR,)
LECTEURS_DU_JOURNAL = (Role.DPO, Role.ADMINISTRATEUR)
SOMMAIRE = (Role.ADMINISTRATEUR, Role.ARCHIVISTE, Role.DPO)
"""Le sommaire ne montre à chacun que ses pages."""

PAGES = {
    "identite": PageDeReglage(
        groupe="collectivite",
        titre="Nom et coordonnées",
        phrase="Ce que portent le pied des pages, les lettres et les courriels.",
        url="administration:identite",
        roles=ADMINISTRATEUR,
        ordre=10,
    ),
    "apparence": PageDeReglage(
        groupe="collectivite",
        titre="Logo et couleur",
        phrase="L’apparence du portail ; une couleur qui se lit mal est corrigée.",
        url="administration:apparence",
        roles=ADMINISTRATEUR,
        ordre=20,
    ),
    "services": PageDeReglage(
        groupe="collectivite",
        titre="Services",
        phrase="Qui instruit et répond : coordonnées et horaires, imprimés sur chaque accusé.",
        url="administration:services",
        roles=ADMINISTRATEUR,
        ordre=30,
    ),
    "agents": PageDeReglage(
        groupe="personnes",
        titre="Agents et rôles",
        phrase="Inviter, donner un rôle par service, retirer un accès.",
        url="comptes:agents",
        roles=ADMINISTRATEUR,
        ordre=10,
    ),
    "messages": PageDeReglage(
        groupe="personnes",
        titre="Messages envoyés",
        phrase="Les textes que reçoivent les usagers, avec un aperçu, et les envois en échec.",
        url="notifications:modeles",
        roles=ADMINISTRATEUR,
        ordre=20,
    ),
    "conservation": PageDeReglage(
        groupe="donnees",
        titre="Règles de conservation",
        phrase="Combien de temps un dossier est gardé, et ce qu’il devient.",
        url="conservation:liste",
        roles=REGLEURS,
        ordre=10,
    ),
    "journal": PageDeReglage(
        groupe="donnees",
        titre="Journal de preuve",
        phrase="Qui a fait quoi et quand ; remettre une preuve.",
        url="administration:journal",
        roles=LECTEURS_DU_JOURNAL,
        ordre=30,
    ),
    "cles": PageDeReglage(
        groupe="donnees",
        titre="Clés publiques du journal",
        phrase="La page publique avec laquelle chacun vérifie une preuve.",
        url="journal:cles",
        roles=SOMMAIRE,
        ordre=40,
    ),
    "connecteurs": PageDeReglage(
        groupe="technique",
        titre="Connecteurs",
        phrase="L’état de FranceConnect, de ProConnect et des données de l’État, essayés"
        " pour de vrai.",
        url="administration:connecteurs",
        roles=ADMINISTRATEUR,
        ordre=10,
    ),
}


def map_regles(
    collectivite: Collectivite, compte: Compte, numeros: Iterable[str]
) -> dict[str, str]:
    """Adresses des règles de conservation nommées au journal. Une règle ne s’efface jamais."""
    if not has_role(compte, collectivite, *REGLEURS):
        return {}
    return {
        numero: reverse("conservation:regle", args=[int(numero)])
        for numero in numeros
        if numero.isdecimal() and len(numero) < 16
    }
