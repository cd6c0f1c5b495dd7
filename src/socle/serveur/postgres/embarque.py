"""Serveur PostgreSQL embarqué : démarré au besoin, partagé, arrêté par le dernier qui s’en sert."""

import contextlib
import fcntl
import hashlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import errors

from socle.serveur.errors import ErreurServeur, explain_systeme
from socle.serveur.postgres import grappe, processus
from socle.serveur.postgres.binaires import find_binaires
from socle.serveur.postgres.compte import CompteSysteme

PROPRIETAIRE = "socle"
DELAI_DEMARRAGE = 120.0  # la reprise après une panne relit le journal de la base
TAILLE_JOURNAL = 20_000_000  # octets ; au-delà, l’ancien journal est mis de côté au démarrage
# Un postmaster que d’autres utilisent encore nous survit : on garde sa poignée sans l’attendre.
_survivants: list["subprocess.Popen[bytes]"] = []


class PostgresEmbarque:
    """PostgreSQL sur socket Unix, dans un dossier à lui.

    Plusieurs processus peuvent ouvrir le même dossier : le premier démarre le serveur, le dernier
    l’arrête. Un verrou du noyau (`flock`) compte les usagers : un `kill -9` le libère.

    Args:
        dossier: dossier réservé à ce serveur ; créé s’il n’existe pas.
        base: base créée au premier démarrage.
        durable: faux pour des essais jetables (pas de fsync).
        reglages: lignes ajoutées à la configuration, valeurs non protégées.
    """

    def __init__(
        self,
        dossier: Path,
        *,
        base: str = "socle",
        durable: bool = True,
        reglages: dict[str, str] | None = None,
    ) -> None:
        self.dossier = Path(dossier).expanduser().resolve()
        self.base = base
        self.durable = durable
        self.reglages = ({} if durable else grappe.SANS_DURABILITE) | (reglages or {})
        self.compte = CompteSysteme.for_serveur()
        self.binaires = find_binaires(self.compte)
        self.donnees = self.dossier / f"pg{self.binaires.majeure}"
        empreinte = hashlib.sha256(bytes(self.donnees)).hexdigest()[:12]
        self.socket = grappe.choose_socket(self.dossier, empreinte)
        self.journal = self.dossier / "postgresql.log"
        self._usage: IO[str] | None = None
        self._enfant: subprocess.Popen[bytes] | None = None

    def url(self, base: str = "", role: str = PROPRIETAIRE, secret: str = "") -> str:
        """Adresse de connexion par la socket.

        Args:
            base: nom de la base ; celle du serveur par défaut.
            role: rôle de connexion.
            secret: mot de passe ; celui du propriétaire par défaut.
        """
        if not secret and role == PROPRIETAIRE:
            secret = self._read_secret()
        compte = quote(role, safe="") + (":" + quote(secret, safe="") if secret else "")
        suite = urlencode({"host": str(self.socket), "port": "5432"}, quote_via=quote)
        return f"postgresql://{compte}@/{quote(base or self.base, safe='')}?{suite}"

    def start(self, delai: float = DELAI_DEMARRAGE) -> Self:
        """Démarre le serveur, ou rejoint celui qui tourne déjà.

        Raises:
            ErreurServeur: droits, place libre, version des données ou démarrage refusé.
        """
        self._prepare_dossier()
        with self._lock():
            self._create()
            self._usage = (self.dossier / "usagers").open("a")
            fcntl.flock(self._usage, fcntl.LOCK_SH)
            try:
                if processus.find_postmaster(self.donnees) is None:
                    self._launch()
                self._wait(delai)
                self._create_base()
            except BaseException:
                self._leave()
                raise
        return self

    def stop(self) -> None:
        """Quitte le serveur ; l’arrête si personne d’autre ne s’en sert."""
        with self._lock():
            self._leave()

    def revive(self, delai: float = DELAI_DEMARRAGE) -> None:
        """Relance un serveur mort sans que ses usagers l’aient quitté.

        Raises:
            ErreurServeur: il ne repart pas.
        """
        with self._lock():
            if processus.find_postmaster(self.donnees) is None:
                self._launch()
            self._wait(delai)

    def is_alive(self) -> bool:
        """Dit si le postmaster de cette grappe tourne."""
        if self._enfant is not None:
            self._enfant.poll()
        return processus.find_postmaster(self.donnees) is not None

    __enter__ = start

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def _leave(self) -> None:
        usage, self._usage = self._usage, None
        if usage is None:
            return
        with usage:
            try:
                fcntl.flock(usage, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:  # quelqu’un s’en sert encore
                if self._enfant is not None:
                    _survivants.append(self._enfant)
                return
            if not processus.stop_postmaster(self.donnees, self._enfant):
                raise ErreurServeur(
                    "PostgreSQL n’a pas pu être arrêté.",
                    f"Voyez {self.journal} et relancez.",
                )
            if self._enfant is not None:
                self._enfant.wait()
                self._enfant = None
            if self.socket.parent != self.dossier:
                grappe.remove_socket(self.socket, self.compte)

    def _prepare_dossier(self) -> None:
        try:
            self.dossier.mkdir(mode=0o711 if self.compte.change else 0o700, parents=True)
        except FileExistsError:
            if not self.dossier.is_dir():
                raise ErreurServeur(f"{self.dossier} n’est pas un dossier.") from None
        except OSError as cause:
            raise ErreurServeur(
                f"Le dossier {self.dossier} ne peut pas être créé : {explain_systeme(cause)}.",
                "Choisissez un autre dossier de données avec --donnees.",
            ) from cause
        self.compte.check_traversee(self.dossier)

    def _create(self) -> None:
        if (self.donnees / "PG_VERSION").exists():
            return
        autres = sorted(d.name for d in self.dossier.glob("pg[0-9][0-9]"))
        if autres:
            raise ErreurServeur(
                f"Les données sont de PostgreSQL {autres[-1][2:]}, les exécutables de"
                f" PostgreSQL {self.binaires.majeure}.",
                "Sauvegardez avec l’ancienne version de Socle, puis restaurez avec celle-ci"
                " (docs/guides/sauvegarder.md).",
            )
        grappe.create_grappe(
            self.donnees,
            binaires=self.binaires,
            compte=self.compte,
            secret=grappe.read_or_create_secret(self.dossier / "proprietaire.secret"),
            durable=self.durable,
        )

    def _launch(self) -> None:
        if self._enfant is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._enfant.wait(5)  # mort : le recueillir avant d’en lancer un autre
        processus.wait_orphelins(self.donnees)
        # Sans danger : plus aucun processus ne travaille dans ce dossier.
        for reste in (self.donnees / "postmaster.pid", *self.socket.glob(".s.PGSQL.*")):
            reste.unlink(missing_ok=True)
        grappe.prepare_socket(self.socket, self.compte)
        grappe.write_configuration(
            self.donnees, socket=self.socket, compte=self.compte, reglages=self.reglages
        )
        if self.journal.exists() and self.journal.stat().st_size > TAILLE_JOURNAL:
            self.journal.replace(self.journal.with_suffix(".log.1"))
        with self.journal.open("ab") as journal:
            self._enfant = subprocess.Popen(
                [self.binaires / "postgres", "-D", str(self.donnees)],
                stdout=journal,
                stderr=journal,
                start_new_session=True,  # Ctrl-C ne doit pas l’atteindre
                **self.compte.options,
            )

    def _wait(self, delai: float) -> None:
        limite = time.monotonic() + delai
        while not self._is_ready():
            if self._enfant is not None and self._enfant.poll() is not None:
                raise ErreurServeur(
                    f"PostgreSQL n’a pas démarré : {self._read_journal()}",
                    self._advise(),
                )
            if time.monotonic() > limite:
                raise ErreurServeur(
                    f"PostgreSQL ne répond pas après {delai:.0f} secondes.",
                    self._advise(),
                )
            time.sleep(0.02)

    def _advise(self) -> str:
        return f"Voyez la fin de {self.journal}."

    def _read_journal(self) -> str:
        lignes = self.journal.read_text(errors="replace").splitlines()
        graves = [ligne for ligne in lignes[-30:] if "FATAL" in ligne or "PANIC" in ligne]
        return (graves or lignes or ["journal vide"])[-1]

    def _is_ready(self) -> bool:
        """Prêt = une vraie connexion, au serveur de ce dossier-ci."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=3) as connexion:
                ligne = connexion.execute("show data_directory").fetchone()
        except psycopg.OperationalError as cause:
            if "password authentication failed" in str(cause):
                raise ErreurServeur(
                    f"Le mot de passe gardé dans {self.dossier} n’est pas celui de la base.",
                    "Remettez en place le fichier proprietaire.secret d’origine.",
                ) from cause
            return False
        return ligne is not None and Path(ligne[0]) == self.donnees

    def _read_secret(self) -> str:
        fichier = self.dossier / "proprietaire.secret"
        try:
            return fichier.read_text().strip()
        except OSError as cause:
            raise ErreurServeur(
                f"Le mot de passe de la base est illisible : {fichier}.",
                "Relancez sous le compte qui a créé ce dossier, ou remettez ce fichier en place.",
            ) from cause

    def _create_base(self) -> None:
        """Crée la base si elle manque.

        Un démarrage tué pendant cette instruction la laisse finir dans PostgreSQL : la base peut
        donc naître entre notre lecture et notre écriture.
        """
        with psycopg.connect(self.url("postgres"), autocommit=True) as connexion:
            requete = "select 1 from pg_database where datname = %s"
            if connexion.execute(requete, [self.base]).fetchone() is None:
                nom = psycopg.sql.Identifier(self.base)
                with contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                    connexion.execute(psycopg.sql.SQL("create database {}").format(nom))

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.dossier / "verrou").open("a") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX)
            yield
