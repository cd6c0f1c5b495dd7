"""L’archive : écrite d’un trait, relue avec méfiance.

Chaque fichier est haché pendant l’écriture ; le manifeste, écrit en dernier, porte tailles et
SHA-256. À la lecture, rien n’est cru : noms, tailles et empreintes sont vérifiés avant tout usage.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from socle.serveur.errors import ErreurServeur, explain_systeme
from socle.serveur.postgres.grappe import sync_dossier

FORMAT = "socle-sauvegarde"
VERSION_FORMAT = 1
MANIFESTE = "MANIFESTE.json"
MARQUE = "etat/demonstration"  # présente si les données sont celles de la démonstration
BLOC = 1024 * 1024
TAILLE_MAX_MANIFESTE = 256 * 1024 * 1024
ABIMEE = "N’utilisez pas cette archive : reprenez-en une autre copie."


@dataclass
class Manifeste:
    """Ce que contient une archive.

    `tables` donne le nombre de lignes de chaque table dans l’instantané sauvegardé ; `fichiers`
    donne, par nom, la taille en octets et le SHA-256 hexadécimal.
    """

    socle: str
    cree_le: str
    postgresql: str
    roles: dict[str, str]
    tables: dict[str, int]
    fichiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    format: str = FORMAT
    version_format: int = VERSION_FORMAT


class EcritureArchive:
    """Archive en cours d’écriture."""

    def __init__(self, sortie: zipfile.ZipFile) -> None:
        self._sortie = sortie
        self.fichiers: dict[str, dict[str, Any]] = {}

    def add_flux(self, nom: str, source: IO[bytes]) -> None:
        """Ajoute un contenu lu par blocs, en mémoire constante."""
        somme, taille = hashlib.sha256(), 0
        with self._sortie.open(zipfile.ZipInfo(nom), "w", force_zip64=True) as cible:
            while bloc := source.read(BLOC):
                somme.update(bloc)
                taille += len(bloc)
                cible.write(bloc)
        self.fichiers[nom] = {"taille": taille, "sha256": somme.hexdigest()}

    def add_fichier(self, nom: str, chemin: Path) -> None:
        """Ajoute un fichier du disque."""
        with chemin.open("rb") as source:
            self.add_flux(nom, source)

    def close(self, manifeste: Manifeste) -> None:
        """Écrit le manifeste, qui ferme l’archive."""
        manifeste.fichiers = self.fichiers
        texte = json.dumps(asdict(manifeste), ensure_ascii=False, indent=1, sort_keys=True)
        self._sortie.writestr(zipfile.ZipInfo(MANIFESTE), texte)


@contextmanager
def write_archive(fichier: Path) -> Iterator[EcritureArchive]:
    """Écrit une archive à côté, puis lui donne son nom : jamais d’archive à moitié écrite.

    Raises:
        ErreurServeur: le fichier existe déjà, ou le disque refuse.
    """
    if fichier.exists():
        raise ErreurServeur(f"{fichier} existe déjà.", "Donnez un autre nom, ou supprimez-le.")
    temporaire = fichier.with_name(f".{fichier.name}.{os.getpid()}")
    try:
        descripteur = os.open(temporaire, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descripteur, "w+b") as brut:
            with zipfile.ZipFile(brut, "w", zipfile.ZIP_STORED, allowZip64=True) as sortie:
                yield EcritureArchive(sortie)
            brut.flush()
            os.fsync(descripteur)
        temporaire.rename(fichier)
        sync_dossier(fichier.parent)
    except OSError as cause:
        raise ErreurServeur(
            f"L’archive {fichier} n’a pas pu être écrite : {explain_systeme(cause)}.",
            "Vérifiez que le dossier existe, ses droits et la place libre.",
        ) from cause
    finally:
        temporaire.unlink(missing_ok=True)


class LectureArchive:
    """Archive ouverte, dont le manifeste correspond au contenu."""

    def __init__(self, entree: zipfile.ZipFile, manifeste: Manifeste) -> None:
        self._entree = entree
        self.manifeste = manifeste

    def check(self) -> None:
        """Relit tout et compare chaque empreinte.

        Raises:
            ErreurServeur: un fichier est abîmé.
        """
        for nom in self.manifeste.fichiers:
            for _bloc in self.iter_blocs(nom):
                pass

    def iter_blocs(self, nom: str) -> Iterator[bytes]:
        """Blocs d’un fichier ; l’erreur vient au dernier si l’empreinte ne tient pas."""
        attendu = self.manifeste.fichiers[nom]
        somme, taille = hashlib.sha256(), 0
        try:
            with self._entree.open(nom) as source:
                while bloc := source.read(BLOC):
                    taille += len(bloc)
                    if taille > attendu["taille"]:
                        break
                    somme.update(bloc)
                    yield bloc
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as cause:
            raise ErreurServeur(f"L’archive est abîmée : {nom} est illisible.", ABIMEE) from cause
        if taille != attendu["taille"] or somme.hexdigest() != attendu["sha256"]:
            raise ErreurServeur(f"L’archive est abîmée : {nom} a changé.", ABIMEE)

    def extract(self, nom: str, cible: Path) -> None:
        """Écrit un fichier de l’archive, rendu durable."""
        cible.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with cible.open("xb") as sortie:
            for bloc in self.iter_blocs(nom):
                sortie.write(bloc)
            sortie.flush()
            os.fsync(sortie.fileno())

    def read(self, nom: str) -> bytes:
        """Contenu d’un petit fichier."""
        return b"".join(self.iter_blocs(nom))


@contextmanager
def open_archive(fichier: Path) -> Iterator[LectureArchive]:
    """Ouvre une archive et vérifie que son manifeste décrit exactement son contenu.

    Raises:
        ErreurServeur: ce n’est pas une sauvegarde de Socle, ou elle est incomplète.
    """
    try:
        entree = zipfile.ZipFile(fichier)
    except FileNotFoundError as cause:
        raise ErreurServeur(f"{fichier} n’existe pas.", "Vérifiez le nom du fichier.") from cause
    except (zipfile.BadZipFile, OSError) as cause:
        raise ErreurServeur(
            f"{fichier} n’est pas une sauvegarde, ou elle est abîmée.", ABIMEE
        ) from cause
    with entree:
        yield LectureArchive(entree, _read_manifeste(entree))


def _read_manifeste(entree: zipfile.ZipFile) -> Manifeste:
    try:
        if entree.getinfo(MANIFESTE).file_size > TAILLE_MAX_MANIFESTE:
            raise ValueError("manifeste démesuré")
        donnees = json.loads(entree.read(MANIFESTE))
        if donnees["format"] != FORMAT:
            raise ValueError(donnees["format"])
        version = int(donnees["version_format"])
        if version > VERSION_FORMAT:
            raise ErreurServeur(
                "Cette sauvegarde vient d’une version plus récente de Socle.",
                "Restaurez-la avec cette version.",
            )
        manifeste = Manifeste(**donnees)
        _check_contenu(entree, manifeste)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, RuntimeError) as cause:
        raise ErreurServeur("Le manifeste de l’archive est absent ou abîmé.", ABIMEE) from cause
    return manifeste


def _check_contenu(entree: zipfile.ZipFile, manifeste: Manifeste) -> None:
    noms = entree.namelist()
    if sorted(noms) != sorted([*manifeste.fichiers, MANIFESTE]):
        raise ValueError("contenu et manifeste diffèrent")
    for nom, fiche in manifeste.fichiers.items():
        chemin = PurePosixPath(nom)
        if chemin.is_absolute() or ".." in chemin.parts or "\\" in nom or str(chemin) != nom:
            raise ValueError(f"nom interdit : {nom}")
        if entree.getinfo(nom).compress_type != zipfile.ZIP_STORED:
            raise ValueError(f"compression inattendue : {nom}")
        if not isinstance(fiche["taille"], int) or not isinstance(fiche["sha256"], str):
            raise TypeError(nom)
