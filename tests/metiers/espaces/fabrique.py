"""Livrables, retours et groupes d’essai."""

from datetime import UTC, datetime
from typing import Any

from socle.fondations.collectivites.models import Collectivite
from socle.metiers.espaces.models import (
    GroupeDeTravail,
    Livrable,
    MembreDeGroupe,
    RetourDExperience,
)
from socle.metiers.espaces.services import boite, retours
from socle.metiers.espaces.services.groupes import create_groupe
from tests.factories import CompteFactory

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FICHE = {
    "titre": "Guide d’essai", "resume": "Un guide.", "genre": "guide", "theme": "donnees",
    "licence": "etalab-2.0", "origine": "programme", "auteur": "Le programme",
}  # fmt: skip
RETOUR = {
    "titre": "Un essai mené", "theme": "services", "contexte": "Petite commune.",
    "besoin": "Aller vite.", "realise": "Une démarche.", "resultat": "Fait.",
    "autrement": "Commencer plus tôt.",
}  # fmt: skip


def make_livrable(*, slug: str = "essai", publie: bool = True, **fiche: Any) -> Livrable:
    livrable = boite.create_livrable(
        slug=slug, acteur="systeme", maintenant=MAINTENANT, **(FICHE | fiche)
    )
    boite.add_version(
        livrable=livrable, lien="https://exemple.fr/guide.pdf", acteur="systeme",
        maintenant=MAINTENANT,
    )  # fmt: skip
    if publie:
        boite.publish_livrable(livrable=livrable, acteur="systeme", maintenant=MAINTENANT)
    livrable.refresh_from_db()
    return livrable


def make_retour(
    collectivite: Collectivite, *, etat: str = "brouillon", **fiche: Any
) -> RetourDExperience:
    retour = retours.create_retour(
        collectivite=collectivite, acteur="agent:1", maintenant=MAINTENANT, **(RETOUR | fiche)
    )
    if etat != "brouillon":
        retours.submit_retour(retour=retour, acteur="agent:1", maintenant=MAINTENANT)
    if etat == "publie":
        retours.review_retour(
            retour=retour, accepte=True, mot="", acteur="agent:2", maintenant=MAINTENANT
        )
    retour.refresh_from_db()
    return retour


def make_groupe(
    *, slug: str = "essai", acces: str = "restreint", compte: Any = None
) -> tuple[GroupeDeTravail, MembreDeGroupe]:
    """Un groupe et son animateur."""
    groupe = create_groupe(
        slug=slug, compte=compte or CompteFactory(agent=True), organisation="Le Pré",
        maintenant=MAINTENANT, nom=f"Groupe {slug}", but="Essayer.", acces=acces,
    )  # fmt: skip
    return groupe, get_membre(groupe)


def get_membre(groupe: GroupeDeTravail, compte: Any = None) -> MembreDeGroupe:
    membres = MembreDeGroupe.objects.filter(groupe=groupe, sorti_le__isnull=True)
    if compte is not None:
        membres = membres.filter(compte=compte)
    return membres.select_related("groupe", "compte").get()


def add_membre(groupe: GroupeDeTravail, *, role: str = "membre", **options: Any) -> MembreDeGroupe:
    compte = options.get("compte") or CompteFactory(agent=True)
    membre = MembreDeGroupe.objects.create(
        groupe=groupe, compte=compte, role=role, entre_le=MAINTENANT,
        organisation=options.get("organisation", "Clamart"),
    )  # fmt: skip
    membre.groupe = groupe
    return membre


def create_objets() -> dict[str, str]:
    """De quoi remplir les adresses de l’équipe."""
    clamart = Collectivite.objects.get(slug="clamart")
    return {
        "outils/slug": make_livrable(slug="a-remplir").slug,
        "retours/slug": make_retour(clamart, etat="propose", titre="À relire").slug,
    }


def create_propres(collectivite: Collectivite) -> dict[str, str]:
    """De quoi remplir les adresses d’une collectivité."""
    return {
        "outils/livrable": make_livrable(slug="propre").slug,
        "retours/pk": str(make_retour(collectivite, titre="Le nôtre").pk),
    }
