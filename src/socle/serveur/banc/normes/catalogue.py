"""Le catalogue mesuré : des jeux de données complets."""

from datetime import date

from socle.normes.dcat.ecriture import write_catalogue
from socle.normes.dcat.modele import Agent, Catalogue, Contact, Distribution, JeuDeDonnees

__all__ = ["build_catalogue", "write_catalogue"]
SITE = "https://donnees.clamart.fr"
VILLE = Agent(uri=f"{SITE}/ville", nom="Ville de Clamart")


def build_catalogue(jeux: int) -> Catalogue:
    """Un catalogue de `jeux` jeux, une distribution chacun."""
    return Catalogue(
        uri=f"{SITE}/catalogue",
        titre="Données de Clamart",
        description="Les données ouvertes de la ville.",
        editeur=VILLE,
        jeux=tuple(_build_jeu(rang) for rang in range(jeux)),
    )


def _build_jeu(rang: int) -> JeuDeDonnees:
    return JeuDeDonnees(
        uri=f"{SITE}/jeux/{rang}",
        identifiant=f"clamart-{rang}",
        titre=f"Délibérations du conseil municipal, {rang}",
        description="Délibérations adoptées, une par ligne, avec les votes. " * 4,
        contact=Contact(nom="Service données", courriel="donnees@clamart.fr"),
        mots_cles=("délibérations", "scdl"),
        publie_le=date(2026, 1, 2),
        distributions=(
            Distribution(
                uri=f"{SITE}/jeux/{rang}#csv",
                url=f"{SITE}/jeux/{rang}/fichier.csv",
                titre="Fichier CSV",
                format="csv",
                licence="lov2",
            ),
        ),
    )
