"""Sous quel compte du système tourne PostgreSQL, qui refuse d’être lancé par root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from socle.serveur.errors import ErreurServeur

ENVIRONNEMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class CompteSysteme:
    """Compte qui lance PostgreSQL : le nôtre, ou un compte sans droit quand on est root."""

    nom: str
    uid: int
    gid: int
    change: bool  # vrai si l’on est root et qu’il faut descendre vers ce compte

    @classmethod
    def current(cls) -> "CompteSysteme":
        """Compte courant, sans changement : pour les outils clients."""
        return cls(_name(os.geteuid()), os.geteuid(), os.getegid(), change=False)

    @classmethod
    def for_serveur(cls) -> "CompteSysteme":
        """Compte du serveur : `SOCLE_PG_USER` ou « nobody » si l’on est root, sinon le nôtre."""
        if os.geteuid() != 0:
            return cls.current()
        nom = os.environ.get("SOCLE_PG_USER", "nobody")
        try:
            ligne = pwd.getpwnam(nom)
        except KeyError as cause:
            raise ErreurServeur(
                f"Le compte « {nom} » n’existe pas sur cette machine.",
                "Donnez dans SOCLE_PG_USER un compte ordinaire : PostgreSQL refuse root.",
            ) from cause
        if ligne.pw_uid == 0:
            raise ErreurServeur(
                "PostgreSQL refuse de tourner sous root.",
                "Donnez dans SOCLE_PG_USER un compte ordinaire.",
            )
        return cls(nom, ligne.pw_uid, ligne.pw_gid, change=True)

    @property
    def options(self) -> dict[str, Any]:
        """Arguments de `subprocess` qui lancent un programme sous ce compte."""
        return (
            {"user": self.uid, "group": self.gid, "extra_groups": []} if self.change else {}
        ) | {"cwd": "/", "env": ENVIRONNEMENT, "stdin": subprocess.DEVNULL}

    def can_run(self, programme: str) -> bool:
        """Dit si ce compte peut exécuter ce programme (dossiers parents compris)."""
        try:
            essai = subprocess.run(
                [programme, "--version"],
                capture_output=True,
                check=False,
                **self.options,
            )
        except OSError:
            return False
        return essai.returncode == 0

    def own(self, chemin: Path) -> None:
        """Donne un fichier à ce compte, si ce n’est pas déjà le nôtre."""
        if self.change:
            os.chown(chemin, self.uid, self.gid, follow_symlinks=False)

    def check_traversee(self, dossier: Path) -> None:
        """Vérifie que ce compte peut atteindre le dossier ; ouvre le passage du dossier seul.

        Raises:
            ErreurServeur: un dossier parent est fermé ; on ne change jamais ses droits.
        """
        if not self.change:
            return
        if not dossier.stat().st_mode & 0o001:
            dossier.chmod(dossier.stat().st_mode | 0o011)
        for parent in dossier.parents:
            if not self._can_enter(parent):
                raise ErreurServeur(
                    f"Le compte « {self.nom} », qui fait tourner PostgreSQL, ne peut pas traverser"
                    f" le dossier {parent}.",
                    "Choisissez un autre dossier de données avec --donnees (par exemple"
                    " /var/lib/socle), ou lancez Socle sous un compte ordinaire.",
                )

    def _can_enter(self, dossier: Path) -> bool:
        etat = dossier.stat()
        if etat.st_uid == self.uid:
            return bool(etat.st_mode & 0o100)
        if etat.st_gid == self.gid:
            return bool(etat.st_mode & 0o010)
        return bool(etat.st_mode & 0o001)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # conteneur lancé avec un numéro de compte inconnu
        return str(uid)
