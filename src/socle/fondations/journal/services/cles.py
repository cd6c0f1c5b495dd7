"""Clés de signature du journal : des fichiers hors de la base, jamais dans une sauvegarde nue.

- `journal.pem` : clé privée courante (PKCS#8), lisible de nous seuls ;
- `journal.cles.txt` : clés publiques, la courante en tête puis les anciennes. C’est ce fichier que
  la collectivité publie, et que `./socle preuve verifier --cle` attend.
"""

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from socle.fondations.journal.services.enregistrement import record
from socle.fondations.journal.services.fichiers import write_provisoire, write_secret
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.notes import ClePublique, Signataire, parse_cles

PRIVEE, PUBLIQUES = "journal.pem", "journal.cles.txt"


def load_signataire(*, maintenant: datetime) -> Signataire:
    """Lit la clé courante ; crée la première et le dit au journal de l’installation."""
    dossier = Path(settings.DOSSIER_CLES)
    if not (dossier / PRIVEE).exists() and _create_premiere(dossier):
        signataire = _read_signataire(dossier)
        _record_cle("journal.cle_creee", signataire.cle_publique, None, maintenant)
    return _read_signataire(dossier)


def list_cles() -> list[ClePublique]:
    """Clés publiques de l’installation, la courante en tête ; vide avant le premier scellement."""
    fichier = Path(settings.DOSSIER_CLES) / PUBLIQUES
    return parse_cles(fichier.read_bytes()) if fichier.exists() else []


def rotate_cle(*, maintenant: datetime) -> ClePublique:
    """Change de clé. L’ancienne clé publique reste, la privée est détruite, le journal le dit.

    Une fois la clé changée, publier de nouveau le fichier des clés publiques.
    """
    ancienne = load_signataire(maintenant=maintenant)
    dossier = Path(settings.DOSSIER_CLES)
    nouvelle = Signataire(ancienne.nom, Ed25519PrivateKey.generate())
    # Dans cet ordre : une panne entre les deux laisse une clé publique de trop, jamais une perdue.
    _write_publiques(dossier, [nouvelle.cle_publique, *list_cles()])
    write_secret(dossier / PRIVEE, _to_pem(nouvelle.cle))
    _record_cle("journal.cle_changee", nouvelle.cle_publique, ancienne.cle_publique, maintenant)
    return nouvelle.cle_publique


def _create_premiere(dossier: Path) -> bool:
    """Crée la première clé ; faux si un autre processus l’a fait avant."""
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    provisoire = write_provisoire(dossier / PRIVEE, _to_pem(Ed25519PrivateKey.generate()))
    try:
        os.link(provisoire, dossier / PRIVEE)
    except FileExistsError:
        return False
    finally:
        provisoire.unlink()
    return True


def _read_signataire(dossier: Path) -> Signataire:
    octets = (dossier / PRIVEE).read_bytes()
    cle = serialization.load_pem_private_key(octets, password=None)
    if not isinstance(cle, Ed25519PrivateKey):
        raise PreuveInvalide(f"« {PRIVEE} » n’est pas une clé Ed25519.")
    publiques = list_cles()
    nom = publiques[0].nom if publiques else _build_nom(cle)
    signataire = Signataire(nom, cle)
    if signataire.cle_publique not in publiques:
        _write_publiques(dossier, [signataire.cle_publique, *publiques])
    return signataire


def _build_nom(cle: Ed25519PrivateKey) -> str:
    """Nom du journal : tiré de sa première clé, il ne change plus."""
    return f"socle/{Signataire('socle', cle).cle_publique.empreinte[:8]}"


def _write_publiques(dossier: Path, cles: list[ClePublique]) -> None:
    texte = "".join(f"{cle.to_texte()}\n" for cle in dict.fromkeys(cles))
    write_secret(dossier / PUBLIQUES, texte.encode())


def _to_pem(cle: Ed25519PrivateKey) -> bytes:
    return cle.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _record_cle(
    action: str, cle: ClePublique, ancienne: ClePublique | None, maintenant: datetime
) -> None:
    record(
        action=action,
        objet="journal",
        acteur="systeme",
        collectivite_id=None,
        maintenant=maintenant,
        donnees={
            "cle": cle.to_texte(),
            "empreinte": cle.empreinte,
            "precedente": ancienne.to_texte() if ancienne else None,
        },
    )
