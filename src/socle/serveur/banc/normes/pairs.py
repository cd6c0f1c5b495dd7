"""Les pairs, chacun dans son environnement : ce que les collectivités emploient aujourd’hui.

Chacun rend son rapport entier : sans « limit_errors », les deux premiers s’arrêtent à mille fautes.
Aucun n’est une dépendance de Socle. validata-core est sous AGPL : il n’est qu’installé à part et
lancé. Un pair qui ne s’installe pas est passé, avec sa raison.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 600  # secondes pour installer

VALIDATA = """
import json, sys, validata_core
r = validata_core.validate(sys.argv[1], json.load(open(sys.argv[2])), limit_errors=10_000_000)
print(len(r["errors"]) or sum(len(t["errors"]) for t in r["tasks"]))
"""
FRICTIONLESS = """
import json, os, sys
from frictionless import Resource, Schema, validate
d = json.load(open(sys.argv[2])); d.pop("custom_checks")
r = Resource(path=os.path.basename(sys.argv[1]), basepath=os.path.dirname(sys.argv[1]),
             schema=Schema.from_descriptor(d), encoding="utf-8")
print(len(validate(r, limit_errors=10_000_000).flatten(["rowNumber"])))
"""
VALIDATEUR_BAL = """
global.fetch = async () => ({ ok: true, json: async () => ({ status: "success" }) });
console.error = () => {}; console.warn = () => {};
const { validate } = require("@ban-team/validateur-bal");
validate(require("fs").readFileSync(process.argv[1])).then((r) => console.log(r.rows.length));
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Un pair : ses paquets, et le programme qui le lance sur des fichiers."""

    nom: str
    version: str
    paquets: tuple[str, ...]
    code: str
    node: bool = False

    def build_commande(self, dossier: Path, fichiers: Sequence[Path]) -> list[str]:
        """Commande qui contrôle les fichiers."""
        interprete = "node" if self.node else str(dossier / self.nom / "bin" / "python")
        return [interprete, "-e" if self.node else "-c", self.code, *map(str, fichiers)]


PAIRS = {
    pair.nom: pair
    for pair in (
        Pair(
            "validata", "validata-core 0.9.7", ("validata-core==0.9.7", "setuptools<70"), VALIDATA
        ),
        Pair("frictionless", "frictionless 5.21.0", ("frictionless==5.21.0",), FRICTIONLESS),
        Pair(
            "validateur-bal", "@ban-team/validateur-bal 3.5.2",
            ("@ban-team/validateur-bal@3.5.2",), VALIDATEUR_BAL, node=True,
        ),
    )
}  # fmt: skip


def install(pair: Pair, dossier: Path) -> str:
    """Installe un pair s’il n’y est pas ; rend la raison pour laquelle il manque, ou « »."""
    chez_lui = dossier / pair.nom
    marque = chez_lui / ".socle-pret"
    if marque.exists() and marque.read_text() == " ".join(pair.paquets):
        return ""
    for outil in ("node", "npm") if pair.node else ("pip3",):
        if shutil.which(outil) is None:
            return f"{outil} est absent"
    for commande in list_commandes(pair, chez_lui):
        try:
            essai = subprocess.run(
                commande, cwd=dossier, capture_output=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as cause:
            return f"il ne s’installe pas ({cause})"
        if essai.returncode:
            return "il ne s’installe pas (dépôt de paquets injoignable ?)"
    marque.write_text(" ".join(pair.paquets))
    return ""


def list_commandes(pair: Pair, chez_lui: Path) -> list[list[str]]:
    """Commandes qui l’installent."""
    if pair.node:
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        return [[*npm, "--prefix", str(chez_lui), *pair.paquets]]
    python = str(chez_lui / "bin" / "python")
    return [
        [sys.executable, "-m", "venv", "--without-pip", "--clear", str(chez_lui)],
        ["pip3", "--python", python, "install", "-q", *pair.paquets],
    ]
