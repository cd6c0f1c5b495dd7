"""Le témoin : le dernier point signé, gardé hors de la base.

Si la base ne connaît plus ce point, c’est qu’une sauvegarde plus ancienne a été remise en place.
Le fichier commence par un point : il n’entre pas dans la sauvegarde des clés, sinon il reculerait
avec elle.
"""

from pathlib import Path

from django.conf import settings

from socle.fondations.journal.services.fichiers import write_secret

NOM = ".journal.point"
ABANDONNE = ".journal.point-abandonne"


def read_temoin() -> bytes:
    """Lit le dernier point signé ; vide s’il n’y en a pas."""
    fichier = Path(settings.DOSSIER_CLES) / NOM
    return fichier.read_bytes() if fichier.exists() else b""


def write_temoin(note: bytes) -> None:
    """Remplace le témoin, après la validation du lot."""
    write_secret(Path(settings.DOSSIER_CLES) / NOM, note)


def set_aside_temoin() -> None:
    """Met de côté le témoin d’une histoire abandonnée ; le dernier seulement est gardé."""
    fichier = Path(settings.DOSSIER_CLES) / NOM
    if fichier.exists():
        fichier.replace(fichier.with_name(ABANDONNE))
