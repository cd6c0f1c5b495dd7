"""Paquets TAR, TAR.GZ et TAR.BZ2 : recopiés en ZIP, avec les mêmes bornes, puis lus comme lui."""

import bz2
import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, BinaryIO

from socle.normes.seda.controles.limites import Limites

_MORCEAU = 1 << 20
_ENTETE_MAX = 64 << 10  # octets d’un nom long ou d’un en-tête étendu
_MAGIES: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open}
ERREURS_DE_TAR = (tarfile.TarError, EOFError, OSError, zlib.error, ValueError, OverflowError)


class TarRefuse(Exception):
    """L’archive TAR ne peut pas être recopiée sans danger."""

    def __init__(self, message: str, lieu: str = "") -> None:
        super().__init__(message)
        self.message, self.lieu = message, lieu


class _Membre(tarfile.TarInfo):
    """Membre dont les en-têtes étendus sont bornés avant d’être lus en mémoire."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        ordinaire = self.type in {*tarfile.REGULAR_TYPES, tarfile.DIRTYPE}
        if self.size < 0 or (not ordinaire and self.size > _ENTETE_MAX):
            raise TarRefuse("Un en-tête de l’archive est démesuré.")
        return super()._proc_member(archive)  # type: ignore[misc]


class _Compteur:
    """Flux borné : s’arrête quand l’archive déployée dépasse la limite ou ressemble à un piège."""

    def __init__(self, flux: IO[bytes], octets: int, limites: Limites) -> None:
        self._flux, self._octets, self._limites, self._lus = flux, octets, limites, 0

    def read(self, nombre: int) -> bytes:
        morceau = self._flux.read(nombre)
        self._lus += len(morceau)
        limites = self._limites
        suspect = self._lus > limites.octets_suspects
        if self._lus > limites.octets_deployes:
            raise TarRefuse(f"L’archive déployée dépasse {limites.octets_deployes} octets.")
        if suspect and self._lus > limites.taux_suspect * self._octets:
            raise TarRefuse("L’archive se déploie démesurément : elle ressemble à un piège.")
        return morceau


def is_tar(chemin: Path) -> bool:
    """Dit si un fichier ressemble à un TAR, compressé ou non."""
    with chemin.open("rb") as flux:
        debut = flux.read(512)
    return debut[:2] in _MAGIES or debut[257:262] == b"ustar"


def convert_tar(chemin: Path, cible: BinaryIO, limites: Limites) -> None:
    """Recopie un TAR en ZIP sans compression, membre par membre.

    Raises:
        TarRefuse: lien, fichier spécial, bombe, archive abîmée, bornes dépassées.
    """
    octets = chemin.stat().st_size
    with chemin.open("rb") as brut:
        magie = brut.read(2)
    ouvrir = _MAGIES.get(magie)
    flux: IO[bytes] = ouvrir(chemin, "rb") if ouvrir else chemin.open("rb")
    try:
        with flux, zipfile.ZipFile(cible, "w", allowZip64=True) as paquet:
            compteur: Any = _Compteur(flux, octets, limites)
            archive = tarfile.open(  # noqa: SIM115  fermée avec le flux
                fileobj=compteur, mode="r|", tarinfo=_Membre, bufsize=_MORCEAU
            )
            _copy(archive, paquet, limites)
    except ERREURS_DE_TAR as cause:
        raise TarRefuse("L’archive TAR est abîmée. Refaites le paquet.") from cause


def _copy(archive: tarfile.TarFile, paquet: zipfile.ZipFile, limites: Limites) -> None:
    vus: set[str] = set()
    for rang, membre in enumerate(archive):
        if rang >= limites.entrees:
            raise TarRefuse(f"L’archive contient plus de {limites.entrees} entrées.")
        nom = membre.name
        if not (membre.isfile() or membre.isdir()):
            raise TarRefuse("L’archive contient un lien ou un fichier spécial.", _montre(nom))
        if nom in vus and membre.isfile():
            raise TarRefuse("Deux entrées de l’archive portent le même nom.", _montre(nom))
        vus.add(nom)
        if membre.isdir():
            nom = f"{nom.rstrip('/')}/"
            if nom not in {"./", "/"}:
                paquet.writestr(_entree(nom), b"")
            continue
        source = archive.extractfile(membre)
        with paquet.open(_entree(nom), "w", force_zip64=membre.size >= 1 << 31) as sortie:
            while source is not None and (morceau := source.read(_MORCEAU)):
                sortie.write(morceau)


def _entree(nom: str) -> zipfile.ZipInfo:
    try:
        nom.encode("utf-8")
    except UnicodeEncodeError as cause:
        raise TarRefuse("Le nom d’une entrée n’est pas lisible.", _montre(nom)) from cause
    entree = zipfile.ZipInfo("x")
    entree.filename = entree.orig_filename = nom
    entree.external_attr = 0o100644 << 16
    return entree


def _montre(nom: str) -> str:
    return nom.encode("utf-8", "replace").decode("utf-8")[:200]
