"""Un catalogue d’essai qui emploie chaque champ, et d’autres aussi grands qu’on veut."""

from datetime import UTC, date, datetime
from typing import Any

from socle.normes.dcat.modele import (
    Agent,
    Catalogue,
    Contact,
    Distribution,
    JeuDeDonnees,
    Lieu,
    Periode,
    ServiceDeDonnees,
    Theme,
)

SITE = "https://donnees.clamart.fr"
VILLE = Agent(
    uri=f"{SITE}/ville",
    nom="Ville de Clamart",
    siret="21920023500014",
    page="https://www.clamart.fr/",
    courriel="donnees@clamart.fr",
)
RETORS = 'Guillemets " et \\ barres, <b>balises</b> & co,\n à la ligne\tet\r 𝛑 « ’ »'


def build_distribution(rang: int, **changements: Any) -> Distribution:
    valeurs: dict[str, Any] = {
        "uri": f"{SITE}/jeux/{rang}#csv",
        "url": f"{SITE}/jeux/{rang}/fichier.csv?v=1&format=csv",
        "titre": "Fichier CSV",
        "description": "Une ligne par délibération.",
        "identifiant": f"fichier-{rang}",
        "page": f"{SITE}/jeux/{rang}/",
        "format": "csv",
        "taille": 1234,
        "empreinte": "ab" * 32,
        "licence": "lov2",
        "conforme_a": ("https://schema.data.gouv.fr/schemas/scdl/deliberations/2.1.5/schema.json",),
        "publie_le": date(2026, 1, 2),
        "modifie_le": datetime(2026, 10, 1, 8, 30, tzinfo=UTC),
    }
    return Distribution(**valeurs | changements)


def build_jeu(rang: int = 1, **changements: Any) -> JeuDeDonnees:
    valeurs: dict[str, Any] = {
        "uri": f"{SITE}/jeux/{rang}",
        "identifiant": f"clamart-{rang}",
        "titre": f"Délibérations du conseil municipal, {rang}",
        "description": f"Délibérations adoptées. {RETORS}",
        "contact": Contact(
            nom="Service données",
            courriel="donnees@clamart.fr",
            page=f"{SITE}/contact",
            telephone="+33 1 46 62 35 35",
        ),
        "mots_cles": ("délibérations", "scdl", "délibérations"),
        "themes": ("gouvernement", Theme(uri=f"{SITE}/themes/conseil", nom="Conseil municipal")),
        "frequence": "mensuelle",
        "periode": Periode(debut=date(2025, 1, 1), fin=date(2025, 12, 31)),
        "lieux": (
            Lieu(uri="http://id.insee.fr/geo/commune/92023", nom="Clamart"),
            Lieu(nom="Emprise", emprise=(2.2, 48.775, 2.28, 48.82)),
        ),
        "licence": "lov2",
        "page": f"{SITE}/jeux/{rang}/",
        "version": "2.1",
        "conforme_a": ("https://schema.data.gouv.fr/scdl/deliberations/",),
        "documentation": (f"{SITE}/aide", f"{SITE}/aide/scdl"),
        "publie_le": date(2026, 1, 2),
        "modifie_le": date(2026, 10, 1),
        "distributions": (
            build_distribution(rang),
            Distribution(uri=f"{SITE}/jeux/{rang}#xlsx", url=f"{SITE}/jeux/{rang}/f.xlsx",
                         format="xlsx"),
        ),
    }  # fmt: skip
    return JeuDeDonnees(**valeurs | changements)


def build_service(jeux: tuple[str, ...] = (f"{SITE}/jeux/1",), **changements: Any) -> Any:
    valeurs: dict[str, Any] = {
        "uri": f"{SITE}/api",
        "identifiant": "api",
        "titre": "API des délibérations",
        "url": f"{SITE}/api/v1/",
        "description": "Recherche et tri.",
        "contrat": f"{SITE}/api/openapi.json",
        "jeux": jeux,
        "contact": Contact(nom="Service données", courriel="donnees@clamart.fr"),
        "mots_cles": ("api",),
        "licence": "lov2",
        "page": f"{SITE}/api/aide",
        "conforme_a": ("https://spec.openapis.org/oas/v3.1.0",),
        "modifie_le": date(2026, 10, 1),
    }
    return ServiceDeDonnees(**valeurs | changements)


def build_catalogue(nombre: int = 1, **changements: Any) -> Catalogue:
    valeurs: dict[str, Any] = {
        "uri": f"{SITE}/catalogue",
        "titre": "Données ouvertes de Clamart",
        "description": "Toutes les données que publie la ville.",
        "editeur": VILLE,
        "page": f"{SITE}/",
        "licence": "lov2",
        "publie_le": date(2026, 1, 2),
        "modifie_le": datetime(2026, 10, 1, 8, 30, tzinfo=UTC),
        "jeux": tuple(build_jeu(rang) for rang in range(1, nombre + 1)),
        "services": (build_service(),),
    }
    return Catalogue(**valeurs | changements)
