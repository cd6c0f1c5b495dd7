"""Le dossier des données d’une installation : où est quoi, et qui peut le lire.

`postgres/` base embarquée · `documents/` pièces · `cles/` secrets (jamais dans une sauvegarde sans
phrase secrète) · `etat/` marques de la ligne de commande.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from socle.serveur.errors import ErreurServeur, explain_systeme
from socle.serveur.postgres.grappe import read_or_create_secret
from socle.serveur.racine import RACINE


@dataclass(frozen=True)
class DossierDonnees:
    """Dossier des données ; rien n’est créé avant `prepare`."""

    chemin: Path

    @classmethod
    def choose(cls, demande: Path | str | None = None) -> "DossierDonnees":
        """Choisit le dossier : `--donnees`, `SOCLE_DONNEES`, puis `donnees/` à côté du code.

        Sous root, si le compte de PostgreSQL ne peut pas atteindre ce dernier (clone sous /root),
        c’est un dossier de `/var/lib/socle`, toujours le même pour cette copie du code.
        """
        impose = demande or os.environ.get("SOCLE_DONNEES")
        if impose:
            return cls(Path(impose).expanduser().resolve())
        voisin = RACINE / "donnees"
        if os.geteuid() == 0 and not voisin.exists() and not _is_traversable(RACINE):
            empreinte = hashlib.sha256(os.fsencode(RACINE)).hexdigest()[:8]
            return cls(Path("/var/lib/socle") / f"{RACINE.name}-{empreinte}")
        return cls(voisin)

    @property
    def postgres(self) -> Path:
        """Base embarquée."""
        return self.chemin / "postgres"

    @property
    def documents(self) -> Path:
        """Pièces déposées et produites, quand elles sont gardées sur disque."""
        return self.chemin / "documents"

    @property
    def cles(self) -> Path:
        """Secrets et clés, lisibles de nous seuls ; `SOCLE_DOSSIER_CLES` les met ailleurs."""
        impose = os.environ.get("SOCLE_DOSSIER_CLES")
        return Path(impose).expanduser().resolve() if impose else self.chemin / "cles"

    @property
    def etat(self) -> Path:
        """Marques de la ligne de commande : dernière sauvegarde des clés, verrou du serveur."""
        return self.chemin / "etat"

    @property
    def marque(self) -> Path:
        """Marque de la démonstration, où elle note ce qu’elle a déjà joué."""
        return self.etat / "demonstration"

    @property
    def demonstration(self) -> bool:
        """Dit si ces données sont celles de la démonstration."""
        return self.marque.exists()

    def mark_demonstration(self) -> None:
        """Réserve ce dossier à la démonstration.

        Raises:
            ErreurServeur: il contient déjà une vraie installation.
        """
        if not self.is_new() and not self.demonstration:
            raise ErreurServeur(
                f"{self.chemin} contient déjà une installation : la démonstration n’y touche pas.",
                "Donnez-lui un autre dossier : ./socle demo --donnees DOSSIER",
            )
        self.prepare()
        self.marque.touch()

    def is_new(self) -> bool:
        """Dit si rien n’y a encore été mis."""
        return not self.chemin.exists() or not any(self.chemin.iterdir())

    def has_base(self) -> bool:
        """Dit si une base embarquée y a été créée."""
        return any(self.postgres.glob("pg[0-9]*"))

    def find_port_servi(self) -> int | None:
        """Port du serveur qui tourne sur ces données ; None s’il n’y en a pas."""
        try:
            with (self.etat / "serveur").open() as verrou:
                port = verrou.read().strip()
                if port:  # sans port, personne ne sert : inutile de gêner un démarrage
                    fcntl.flock(verrou, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(port)
        except OSError:
            return None
        return None

    def prepare(self) -> None:
        """Crée le dossier et ses parties.

        Raises:
            ErreurServeur: droits ou place manquants.
        """
        try:
            # 711 sous root : le compte de PostgreSQL doit traverser, pas lister.
            self.chemin.mkdir(
                mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True
            )
            if os.geteuid() == 0 and not self.chemin.stat().st_mode & 0o001:
                self.chemin.chmod(0o711)
            for partie in (self.documents, self.cles, self.etat, self.chemin / "statiques"):
                partie.mkdir(mode=0o700, exist_ok=True)
        except OSError as cause:
            raise ErreurServeur(
                f"Le dossier des données {self.chemin} est inutilisable :"
                f" {explain_systeme(cause)}.",
                "Choisissez-en un autre avec --donnees, ou corrigez ses droits.",
            ) from cause

    def read_secret_key(self) -> str:
        """Clé secrète de l’application, tirée au premier démarrage et gardée ensuite."""
        return read_or_create_secret(self.cles / "secret_key")

    @contextmanager
    def lock_serveur(self, port: int) -> Iterator[bool]:
        """Garde ce dossier pour un seul serveur ; rend vrai si le précédent a été tué.

        Raises:
            ErreurServeur: un serveur tourne déjà sur ces données.
        """
        with (self.etat / "serveur").open("a+") as verrou:
            verrou.seek(0)
            precedent = verrou.read().strip()
            try:
                fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ErreurServeur(
                    f"Socle tourne déjà sur ces données, sur le port {precedent or '?'}.",
                    "Arrêtez-le d’abord, ou choisissez un autre dossier avec --donnees.",
                ) from None
            _rewrite(verrou.fileno(), str(port))
            yield bool(precedent)
            _rewrite(verrou.fileno(), "")


def _rewrite(descripteur: int, texte: str) -> None:
    os.ftruncate(descripteur, 0)
    os.pwrite(descripteur, texte.encode(), 0)


def _is_traversable(dossier: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (dossier, *dossier.parents))
