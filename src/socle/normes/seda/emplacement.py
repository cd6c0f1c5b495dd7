"""Où se rangent les schémas officiels, et lequel juge un bordereau.

Dans l’ordre : les données de l’installation (`./socle gerer charger_seda`, qui les prend du paquet
public cubicweb-seda), le dossier nommé par `SOCLE_SCHEMAS`, puis notre propre grammaire.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from socle.normes.seda.grammaire import get_espace

if TYPE_CHECKING:
    from socle.normes.seda.controles.schema import SchemaChoisi

VERSION = "2.2"
VERSIONS = ("2.1", "2.2", "2.3")
PRINCIPAL = f"seda-{VERSION}-main.xsd"
ESPACE = get_espace(VERSION)


def get_principal(version: str) -> str:
    """Nom du fichier principal du schéma d’une version."""
    return f"seda-{version}-main.xsd"


def get_dossier(donnees: Path, version: str = VERSION) -> Path:
    """Dossier du schéma dans les données de l’installation."""
    return donnees / "referentiels" / f"seda-{version}"


def find_schema(donnees: Path, version: str = VERSION) -> Path | None:
    """Fichier principal du schéma officiel, s’il est chargé ; sinon None."""
    chemin = get_dossier(donnees, version) / f"seda-{version}-main.xsd"
    return chemin if chemin.is_file() else None


def find_dans_dossier(dossier: Path, version: str) -> Path | None:
    """Fichier principal d’une version dans un dossier donné, ou dans l’un de ses sous-dossiers."""
    nom = f"seda-{version}-main.xsd"
    voisins = sorted(dossier.glob(f"*/{nom}"), key=_rank)
    return next((chemin for chemin in (dossier / nom, *voisins) if chemin.is_file()), None)


def _rank(chemin: Path) -> tuple[int, str]:
    """Les schémas du SIAF d’abord : ceux que Vitam 7 transporte sont un projet plus étroit."""
    dossier = chemin.parent.name
    rangs = [rang for rang, mot in enumerate(("siaf", "sedatools")) if mot in dossier]
    return min(rangs, default=2), dossier


class Schematheque:
    """Donne le schéma d’une version, et dit d’où il vient. Chaque schéma n’est compilé qu’une fois.

    Args:
        donnees: dossier de données de l’installation, s’il y en a un.
        dossier: dossier de schémas choisi par l’utilisateur (`SOCLE_SCHEMAS`).
    """

    def __init__(self, donnees: Path | None = None, dossier: Path | None = None) -> None:
        self._donnees = donnees
        self._dossier = dossier
        self._charges: dict[str, SchemaChoisi] = {}

    def __call__(self, version: str) -> "SchemaChoisi":
        """Schéma d’une version ; à défaut du schéma officiel, notre grammaire."""
        if version not in self._charges:
            self._charges[version] = self._load(version)
        return self._charges[version]

    def _load(self, version: str) -> "SchemaChoisi":
        from lxml import etree  # noqa: PLC0415  lourd, inutile à qui ne fait que chercher

        from socle.normes.seda.controles.schema import SchemaChoisi, load_schema  # noqa: PLC0415
        from socle.normes.seda.grammaire.xsd import load_notre_schema  # noqa: PLC0415

        for chemin, origine in self._iter_candidats(version):
            try:
                return SchemaChoisi(load_schema(chemin), origine)
            except (etree.LxmlError, OSError):
                continue  # abîmé : le suivant, et le rapport dit lequel a servi
        return SchemaChoisi(
            load_notre_schema(version), f"notre grammaire de SEDA {version}", officiel=False
        )

    def _iter_candidats(self, version: str) -> Iterator[tuple[Path, str]]:
        if self._donnees and (chemin := find_schema(self._donnees, version)):
            yield chemin, f"schéma officiel de SEDA {version}, chargé dans l’installation"
        if self._dossier and (chemin := find_dans_dossier(self._dossier, version)):
            yield chemin, f"schéma officiel de SEDA {version}, dossier SOCLE_SCHEMAS"
