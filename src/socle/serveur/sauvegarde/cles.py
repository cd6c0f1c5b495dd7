"""Les clés dans l’archive : sous phrase secrète, ou pas du tout.

scrypt (RFC 7914) tire une clé de la phrase ; AES-256-GCM chiffre et authentifie. Sans la phrase,
l’archive ne permet ni de lire les champs chiffrés ni de signer à la place de l’installation.
"""

import base64
import getpass
import hashlib
import json
import os
import secrets
import sys
from pathlib import Path

from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.grappe import write_secret
from socle.serveur.postgres.roles import NomsRoles

NOM = "cles.chiffre"
MARQUE = "cles-sauvegardees"
PARAMETRES = {"kdf": "scrypt", "n": 2**17, "r": 8, "p": 1, "chiffre": "AES-256-GCM"}
LONGUEUR_MINIMALE = 12
MEMOIRE = 256 * 1024 * 1024


def encrypt_cles(dossier: Path, phrase: str) -> bytes:
    """Chiffre tous les fichiers d’un dossier de clés."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    contenu = {nom: _encode(octets) for nom, octets in read_cles(dossier).items()}
    sel, vecteur = secrets.token_bytes(16), secrets.token_bytes(12)
    chiffre = AESGCM(_derive(phrase, sel)).encrypt(
        vecteur, json.dumps(contenu).encode(), _associe()
    )
    enveloppe = {
        **PARAMETRES,
        "sel": _encode(sel),
        "vecteur": _encode(vecteur),
        "contenu": _encode(chiffre),
    }
    return json.dumps(enveloppe, indent=1).encode()


def decrypt_cles(enveloppe: bytes, phrase: str) -> dict[str, bytes]:
    """Déchiffre les clés : nom de fichier → contenu.

    Raises:
        ErreurServeur: phrase fausse, ou enveloppe abîmée.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        champs = json.loads(enveloppe)
        # Les paramètres sont imposés : une archive hostile ne choisit pas notre mémoire.
        if {nom: champs.get(nom) for nom in PARAMETRES} != PARAMETRES:
            raise ValueError("paramètres inconnus")
        sel, vecteur, contenu = (
            base64.b64decode(champs[nom], validate=True) for nom in ("sel", "vecteur", "contenu")
        )
        clair = AESGCM(_derive(phrase, sel)).decrypt(vecteur, contenu, _associe())
    except InvalidTag as cause:
        raise ErreurServeur(
            "La phrase secrète n’est pas la bonne, ou les clés de l’archive sont abîmées.",
            "Réessayez ; sans phrase, ./socle restaurer --sans-cles remet le reste.",
        ) from cause
    except (ValueError, KeyError, TypeError) as cause:
        raise ErreurServeur("Les clés de l’archive sont illisibles.") from cause
    return {nom: base64.b64decode(texte) for nom, texte in json.loads(clair).items()}


def read_cles(dossier: Path) -> dict[str, bytes]:
    """Fichiers du dossier de clés, par chemin relatif.

    Le mot de passe de la base n’en est pas : il appartient au serveur, pas aux données.
    """
    mot_de_passe = f"{NomsRoles.from_environnement().app}.secret"
    return {
        fichier.relative_to(dossier).as_posix(): fichier.read_bytes()
        for fichier in sorted(dossier.rglob("*"))
        if fichier.is_file() and not fichier.name.startswith(".") and fichier.name != mot_de_passe
    }


def write_cles(cles: dict[str, bytes], dossier: Path) -> None:
    """Remet des clés en place, lisibles de nous seuls.

    Raises:
        ErreurServeur: une autre clé de ce nom est déjà là, ou le nom sort du dossier.
    """
    for nom, octets in cles.items():
        cible = (dossier / nom).resolve()
        if not cible.is_relative_to(dossier.resolve()):
            raise ErreurServeur("Les clés de l’archive portent un nom interdit.")
        if cible.exists() and cible.read_bytes() != octets:
            raise ErreurServeur(
                f"Une autre clé est déjà dans {cible}.", "Mettez ce dossier de clés de côté."
            )
        cible.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        cible.touch(mode=0o600)
        cible.write_bytes(octets)


def compute_empreinte(dossier: Path) -> str:
    """Empreinte des clés présentes : dit si elles ont changé depuis qu’on les a sauvegardées."""
    somme = hashlib.sha256()
    for nom, octets in read_cles(dossier).items():
        somme.update(nom.encode() + b"\0" + hashlib.sha256(octets).digest())
    return somme.hexdigest()


def mark_sauvegardees(dossier: DossierDonnees) -> None:
    """Note que les clés présentes sont dans une sauvegarde."""
    write_secret(dossier.etat / MARQUE, compute_empreinte(dossier.cles))


def are_sauvegardees(dossier: DossierDonnees) -> bool:
    """Dit si les clés présentes sont celles d’une sauvegarde."""
    marque = dossier.etat / MARQUE
    return marque.exists() and marque.read_text().strip() == compute_empreinte(dossier.cles)


def ask_phrase(fichier: Path | None, *, confirmer: bool) -> str:
    """Demande la phrase secrète : fichier, `SOCLE_PHRASE`, puis le terminal.

    Raises:
        ErreurServeur: phrase absente, trop courte ou mal répétée.
    """
    phrase = os.environ.get("SOCLE_PHRASE", "")
    if fichier is not None:
        try:
            phrase = fichier.read_text("utf-8").strip()
        except OSError as cause:
            raise ErreurServeur(f"Le fichier {fichier} est illisible.") from cause
    elif not phrase and sys.stdin.isatty():
        phrase = getpass.getpass("Phrase secrète : ")
        if confirmer and getpass.getpass("Encore une fois : ") != phrase:
            raise ErreurServeur("Les deux phrases diffèrent.", "Recommencez.")
    if not phrase:
        raise ErreurServeur(
            "Il faut une phrase secrète.",
            "Donnez-la dans le terminal, dans SOCLE_PHRASE ou avec --phrase-fichier FICHIER.",
        )
    if confirmer and len(phrase) < LONGUEUR_MINIMALE:
        raise ErreurServeur(
            f"La phrase secrète doit faire au moins {LONGUEUR_MINIMALE} caractères.",
            "Quatre mots au hasard conviennent.",
        )
    return phrase


def _derive(phrase: str, sel: bytes) -> bytes:
    return hashlib.scrypt(phrase.encode(), salt=sel, n=2**17, r=8, p=1, maxmem=MEMOIRE, dklen=32)


def _associe() -> bytes:
    return json.dumps(PARAMETRES, sort_keys=True).encode()


def _encode(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
