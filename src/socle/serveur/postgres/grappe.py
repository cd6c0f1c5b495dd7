"""Création de la grappe (« cluster ») et de sa configuration."""

import contextlib
import os
import re
import secrets
import shutil
import subprocess
from pathlib import Path

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.binaires import Binaires
from socle.serveur.postgres.compte import CompteSysteme

REGLAGES = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "jit": "off",
    # Une installation neuve grandit vite : ses tables sont mesurées sans attendre une minute.
    "autovacuum_naptime": "15s",
    "log_min_duration_statement": "500ms",
    "log_timezone": "UTC",
    # Un message d’erreur ne doit pas recopier ce qu’une personne a saisi.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
SANS_DURABILITE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Une collecte pendant un essai voit vides les tables qu’il remplit sans les valider : les plans
    # de ses requêtes deviendraient vingt fois plus lents, au gré de l’heure.
    "autovacuum": "off",
    "max_wal_size": "4GB",
}
SOCKET_SURE = re.compile(r"/[A-Za-z0-9_./ +-]{1,85}")


def write_secret(fichier: Path, contenu: str) -> None:
    """Écrit un secret lisible de nous seuls, sans jamais laisser un fichier à moitié écrit."""
    temporaire = fichier.with_name(f".{fichier.name}.{os.getpid()}")
    temporaire.unlink(missing_ok=True)
    descripteur = os.open(temporaire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descripteur, "w") as sortie:
        sortie.write(contenu)
        sortie.flush()
        os.fsync(descripteur)
    temporaire.replace(fichier)


def read_or_create_secret(fichier: Path) -> str:
    """Lit le secret de ce fichier, ou en tire un de 192 bits."""
    if not fichier.exists():
        write_secret(fichier, secrets.token_urlsafe(24))
    return fichier.read_text().strip()


def create_grappe(
    donnees: Path,
    *,
    binaires: Binaires,
    compte: CompteSysteme,
    secret: str,
    durable: bool,
) -> None:
    """Crée la grappe dans un dossier voisin puis la renomme : jamais de grappe à moitié faite."""
    racine = donnees.parent
    for reste in racine.glob(f"{donnees.name}.creation-*"):
        shutil.rmtree(reste, ignore_errors=True)
    temporaire = racine / f"{donnees.name}.creation-{os.getpid()}-{secrets.token_hex(4)}"
    temporaire.mkdir(mode=0o700)
    compte.own(temporaire)
    mot_de_passe = racine / f".{temporaire.name}.secret"
    write_secret(mot_de_passe, secret)
    compte.own(mot_de_passe)
    try:
        _run_initdb(temporaire, mot_de_passe, binaires=binaires, compte=compte, durable=durable)
    finally:
        mot_de_passe.unlink()
    temporaire.rename(donnees)
    sync_dossier(racine)


def _run_initdb(
    dossier: Path,
    mot_de_passe: Path,
    *,
    binaires: Binaires,
    compte: CompteSysteme,
    durable: bool,
) -> None:
    # Le fournisseur « builtin » date de la version 17 ; avant elle, la locale vient du système.
    langue = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaires.majeure >= 17
        else ["--locale=C.UTF-8"]
    )
    commande = [
        binaires / "initdb",
        "-D",
        str(dossier),
        "-U",
        "socle",
        f"--pwfile={mot_de_passe}",
    ]
    commande += ["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", *langue]
    if not durable:
        commande.append("--no-sync")
    essai = subprocess.run(commande, capture_output=True, text=True, check=False, **compte.options)
    if essai.returncode:
        shutil.rmtree(dossier, ignore_errors=True)
        dernieres = (essai.stderr or essai.stdout).strip().splitlines()[-3:]
        raise ErreurServeur(
            f"La base n’a pas pu être créée dans {dossier.parent} : {' '.join(dernieres)}",
            "Vérifiez la place libre et les droits de ce dossier.",
        )


def sync_dossier(dossier: Path) -> None:
    """Rend durable un changement de nom dans ce dossier."""
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


def write_configuration(
    donnees: Path, *, socket: Path, compte: CompteSysteme, reglages: dict[str, str]
) -> None:
    """Écrit `socle.conf`, inclus par `postgresql.conf` : rien sur la ligne de commande."""
    fichier = donnees / "socle.conf"
    lignes = {"unix_socket_directories": f'"{socket}"', **REGLAGES, **reglages}
    fichier.write_text("".join(f"{cle} = {_quote(valeur)}\n" for cle, valeur in lignes.items()))
    compte.own(fichier)
    principal = donnees / "postgresql.conf"
    if "include 'socle.conf'" not in principal.read_text():
        with principal.open("a") as sortie:
            sortie.write("\ninclude 'socle.conf'\n")


def _quote(valeur: str) -> str:
    return "'" + valeur.replace("'", "''") + "'"


def choose_socket(racine: Path, empreinte: str) -> Path:
    """Choisit le dossier de la socket : dans les données si leur chemin convient, sinon un court.

    Une adresse de socket tient en 107 octets, et la bibliothèque cliente découpe l’hôte aux
    virgules : un chemin long ou inhabituel passe par `/tmp`.
    """
    voisin = racine / "run"
    if SOCKET_SURE.fullmatch(str(voisin)):
        return voisin
    return Path(f"/tmp/socle-{os.geteuid()}-{empreinte}")  # noqa: S108  droits vérifiés à l’usage


def prepare_socket(socket: Path, compte: CompteSysteme) -> None:
    """Crée le dossier de la socket ; refuse celui qu’un autre compte aurait préparé.

    Raises:
        ErreurServeur: le dossier existe et n’est pas au compte attendu, ou est ouvert à d’autres.
    """
    socket.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(socket, compte):
        raise ErreurServeur(
            f"Le dossier {socket} existe déjà et n’est pas à nous.",
            "Supprimez-le s’il n’est pas utile, puis relancez.",
        )
    compte.own(socket)


def remove_socket(socket: Path, compte: CompteSysteme) -> None:
    """Ôte le dossier vide de la socket, s’il est à nous."""
    if socket.exists() and _is_ours(socket, compte):
        with contextlib.suppress(OSError):
            socket.rmdir()


def _is_ours(dossier: Path, compte: CompteSysteme) -> bool:
    etat = dossier.lstat()
    bon = not dossier.is_symlink() and etat.st_uid in {os.geteuid(), compte.uid}
    return bon and not etat.st_mode & 0o022
