"""Fait le fichier compact du COG à partir du paquet npm, une fois par millésime."""

import gzip
import json
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from socle.fondations.referentiels.services import DOSSIER

SOURCE = "npm @etalab/decoupage-administratif {version}, code officiel géographique {millesime}"
LICENCE = "code MIT (Etalab), données Licence Ouverte 2.0"


class Command(BaseCommand):
    help = "Fait donnees/cog-<millésime>.json.gz à partir du paquet npm décompressé."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paquet", type=Path, help="dossier « package » du paquet npm")
        parser.add_argument("millesime", help="année du COG, 2026")
        parser.add_argument("--vers", type=Path, default=DOSSIER, help="dossier d’arrivée")

    def handle(self, *, paquet: Path, millesime: str, vers: Path, **options: Any) -> None:
        version = json.loads((paquet / "package.json").read_text())["version"]
        donnees = build_cog(paquet / "data") | {
            "version": millesime,
            "source": SOURCE.format(version=version, millesime=millesime),
            "licence": LICENCE,
        }
        texte = json.dumps(donnees, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        fichier = vers / f"cog-{millesime}.json.gz"
        fichier.write_bytes(gzip.compress(texte.encode(), 9, mtime=0))
        self.stdout.write(
            f"{fichier.name} : {len(donnees['communes'])} communes,"
            f" {fichier.stat().st_size // 1000} ko."
        )


def build_cog(dossier: Path) -> dict[str, Any]:
    """Réduit les fichiers du paquet à ce que Socle charge, dans un ordre fixe."""
    lus = {
        nom: json.loads((dossier / f"{nom}.json").read_text())
        for nom in ("communes", "epci", "departements", "regions")
    }
    regions = {region["code"]: region["nom"] for region in lus["regions"]}
    groupes = {membre["code"]: epci["code"] for epci in lus["epci"] for membre in epci["membres"]}
    return {
        "communes": _build_communes(lus["communes"], groupes),
        "epci": sorted(
            [e["code"], _clean(e["nom"]), e["type"], e.get("populationMunicipale")]
            for e in lus["epci"]
        ),
        "departements": sorted(
            [d["code"], _clean(d["nom"]), d["region"], _clean(regions[d["region"]])]
            for d in lus["departements"]
        ),
    }


def _build_communes(communes: list[dict[str, Any]], groupes: dict[str, str]) -> list[list[Any]]:
    anciens: dict[str, set[str]] = defaultdict(set)
    actuelles = {c["code"]: c for c in communes if c["type"] == "commune-actuelle"}
    for commune in communes:
        chef = commune["code"] if commune["code"] in actuelles else commune.get("chefLieu", "")
        chef = commune.get("commune", chef)
        anciens[chef] |= {commune["code"], *commune.get("anciensCodes", [])}
    return [
        [
            code, _clean(c["nom"]), c["departement"], c.get("siren", ""), groupes.get(code, ""),
            c.get("population", 0), " ".join(sorted(c.get("codesPostaux", []))),
            " ".join(sorted(anciens[code] - {code} - actuelles.keys())),
        ]
        for code, c in sorted(actuelles.items())
    ]  # fmt: skip


def _clean(nom: str) -> str:
    """Met l’apostrophe typographique, comme dans tous nos textes."""
    return nom.replace("'", "’")
