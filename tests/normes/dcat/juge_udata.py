"""Moissonne des catalogues avec le lecteur de data.gouv.fr ; lancé dans son propre environnement.

Argument : un dossier, et dans chacun de ses dossiers les pages d’un catalogue et `pages.json`
(adresse → fichier, dans l’ordre). Y écrit `moisson.json` : ce que le moissonneur a compris. Rien
n’est simulé de `udata`, sauf la base (mongomock) et le réseau (les pages sont lues sur le disque).
"""

import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mongoengine
import mongomock


def connect_mongomock(*arguments: Any, **options: Any) -> Any:
    """`mongoengine.connect` sur une base en mémoire."""
    options.pop("read_preference", None)
    options["host"] = "localhost"
    return CONNECT(*arguments, mongo_client_class=mongomock.MongoClient, **options)


CONNECT, mongoengine.connect = mongoengine.connect, connect_mongomock

from udata import settings  # noqa: E402
from udata.app import create_app  # noqa: E402


class Reglages(settings.Testing):
    """Ceux de data.gouv.fr : en français."""

    DEFAULT_LANGUAGE = "fr"
    PLUGINS: list[str] = []


def main(racine: Path) -> None:
    logging.disable(logging.CRITICAL)
    with create_app(override=Reglages).app_context():
        for dossier in sorted(chemin for chemin in racine.iterdir() if chemin.is_dir()):
            pages = json.loads((dossier / "pages.json").read_text())
            moisson = harvest(dossier, pages, next(iter(pages)))
            texte = json.dumps(moisson, default=str, ensure_ascii=False)
            (dossier / "moisson.json").write_text(texte)


def harvest(dossier: Path, pages: dict[str, str], adresse: str) -> dict[str, Any]:
    from udata.core.dataset.models import License
    from udata.core.organization.models import Organization
    from udata.harvest.backends.dcat import DcatBackend
    from udata.harvest.models import HarvestSource

    class SurLeDisque(DcatBackend):
        def get(self, url: str, **_: Any) -> Any:
            lues.append(url)
            texte = (dossier / pages[url]).read_text(encoding="utf-8")
            return SimpleNamespace(text=texte, raise_for_status=lambda: None)

    lues: list[str] = []
    base = License._get_db()
    base.client.drop_database(base.name)
    License.objects.create(
        id="lov2",
        title="Licence Ouverte / Open Licence version 2.0",
        url="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    )
    ville = Organization.objects.create(name="Clamart", description="Ville")
    source = HarvestSource.objects.create(
        name="Clamart", url=adresse, backend="dcat", organization=ville
    )
    job = SurLeDisque(source).harvest()
    return {
        "etat": job.status,
        "erreurs": [erreur.message for erreur in job.errors],
        "lues": lues,
        "fiches": [show_fiche(item) for item in job.items],
    }


def show_fiche(item: Any) -> dict[str, Any]:
    """Ce que le moissonneur a retenu d’un jeu ou d’un service."""
    fiche = {
        "identifiant": item.remote_id,
        "etat": item.status,
        "erreurs": [erreur.message for erreur in item.errors],
        "alertes": [trace.message for trace in item.logs],
    }
    if item.dataset:
        return fiche | show_jeu(item.dataset)
    if item.dataservice:
        return fiche | show_service(item.dataservice)
    return fiche


def show_jeu(jeu: Any) -> dict[str, Any]:
    periode = jeu.temporal_coverage
    return {
        "titre": jeu.title,
        "description": jeu.description,
        "mots": jeu.tags,
        "frequence": jeu.frequency.value,
        "periode": [periode.start, periode.end] if periode else None,
        "emprise": jeu.spatial.geom if jeu.spatial else None,
        "licence": jeu.license.id,
        "schema": jeu.schema.url if jeu.schema else None,
        "page": jeu.harvest.remote_url,
        "uri": jeu.harvest.uri,
        "publie": jeu.harvest.issued_at,
        "modifie": jeu.harvest.modified_at,
        "acces": jeu.extras.get("dcat", {}).get("accessRights"),
        "fichiers": [show_fichier(fichier) for fichier in jeu.resources],
    }


def show_fichier(fichier: Any) -> dict[str, Any]:
    somme = fichier.checksum
    return {
        "titre": fichier.title,
        "url": fichier.url,
        "description": fichier.description,
        "format": fichier.format,
        "mime": fichier.mime,
        "taille": fichier.filesize,
        "sorte": fichier.type,
        "empreinte": [somme.type, somme.value] if somme else None,
        "schema": fichier.schema.url if fichier.schema else None,
        "identifiant": fichier.harvest.dct_identifier,
        "uri": fichier.harvest.uri,
    }


def show_service(service: Any) -> dict[str, Any]:
    return {
        "titre": service.title,
        "description": service.description,
        "url": service.base_api_url,
        "contrat": service.machine_documentation_url,
        "licence": service.license.id if service.license else None,
        "mots": service.tags,
        "jeux": [jeu.harvest.uri for jeu in service.datasets],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
