"""Une installation ouverte et l’environnement que reçoivent ses processus Django."""

import os
import subprocess
import sys
from dataclasses import dataclass, field

from socle.serveur.dossier import RACINE, DossierDonnees
from socle.serveur.postgres.roles import Acces

PORT = 8000
CLE_MINIMALE = 32  # caractères


@dataclass(frozen=True)
class Installation:
    """Ce qu’il faut savoir pour lancer un processus Django de cette installation.

    `adresse` est l’adresse publique, sans barre finale ; elle est celle du port local si
    `SOCLE_ADRESSE` n’en donne pas.
    """

    dossier: DossierDonnees
    acces: Acces
    port: int = PORT
    bac_a_sable: bool = False
    simulateurs_url: str = ""
    reglages: dict[str, str] = field(default_factory=dict)

    @property
    def adresse(self) -> str:
        """Adresse publique."""
        defaut = f"http://localhost:{self.port}"
        return self.reglages.get("SOCLE_ADRESSE") or os.environ.get("SOCLE_ADRESSE") or defaut

    def build_environnement(self, *, proprietaire: bool = False) -> dict[str, str]:
        """Environnement d’un processus Django.

        Seul un processus du propriétaire (migrations) reçoit l’adresse qui ouvre tout.
        """
        environnement = {
            nom: valeur
            for nom, valeur in os.environ.items()
            if nom not in {"DATABASE_URL", "DATABASE_URL_FILE", "SOCLE_PROPRIETAIRE"}
        }
        environnement |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SOCLE_DATABASE_URL": self.acces.app_url,
            "SOCLE_DONNEES": str(self.dossier.chemin),
            "SOCLE_SECRET_KEY": self._read_secret_key(),
            "SOCLE_BAC_A_SABLE": "1" if self.bac_a_sable else "0",
            "SOCLE_PORT": str(self.port),
            "SOCLE_ADRESSE": self.adresse,
            "SOCLE_SIMULATEURS_URL": self.simulateurs_url,
        }
        if proprietaire:
            environnement["SOCLE_PROPRIETAIRE"] = "1"
            environnement["SOCLE_DATABASE_URL_PROPRIETAIRE"] = self.acces.proprietaire_url
        else:
            environnement.pop("SOCLE_DATABASE_URL_PROPRIETAIRE", None)
        return environnement | self.reglages

    def run_django(
        self, *arguments: str, proprietaire: bool = False, entree: bytes | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """Lance une commande Django dans un processus à part ; sortie et erreur sont gardées."""
        return subprocess.run(
            django_command(*arguments),
            env=self.build_environnement(proprietaire=proprietaire),
            cwd=RACINE,
            input=entree,
            stdin=subprocess.DEVNULL if entree is None else None,
            capture_output=True,
            check=False,
        )

    def _read_secret_key(self) -> str:
        if "SOCLE_SECRET_KEY_FILE" in os.environ:
            return ""  # les réglages lisent le fichier eux-mêmes
        return os.environ.get("SOCLE_SECRET_KEY") or self.dossier.read_secret_key()


def django_command(*arguments: str) -> list[str]:
    """Ligne de commande qui lance `django-admin` avec les réglages de Socle."""
    return [sys.executable, "-P", "-m", "django", *arguments]
