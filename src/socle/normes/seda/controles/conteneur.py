"""Ouverture d’un paquet (ZIP, TAR), donnée hostile : rien n’est déployé avant d’être borné."""

import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from socle.normes.seda.controles.limites import Limites
from socle.normes.seda.controles.rapport import Anomalie
from socle.normes.seda.controles.tar import TarRefuse, convert_tar, is_tar

NOM_MANIFESTE = re.compile(r"([a-zA-Z0-9_\-]{0,56}[_-])?manifest\.xml")
_NOM_SUR = re.compile(r"[A-Za-z0-9\-_@]+(\.[A-Za-z0-9\-_@]+)*")
_DEBUTS = (b"PK\x03\x04", b"PK\x05\x06")  # première entrée, ou archive vide
_ENTETE_LOCAL = 30
_ENTETE_ANNUAIRE = 46
_CHIFFRE = 0x1
ERREURS_DE_LECTURE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
)  # fmt: skip
FICHIER_ABIME = "Ce fichier du paquet est abîmé. Refaites le paquet."
_METHODES = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class ConteneurRefuse(Exception):
    """Le paquet ne peut pas être ouvert sans danger ; porte l’anomalie à dire."""

    def __init__(self, message: str, lieu: str = "") -> None:
        """`lieu` est le nom de l’entrée en cause."""
        super().__init__(message)
        self.anomalie = Anomalie(message=message, lieu=lieu)


@dataclass(frozen=True, slots=True)
class Conteneur:
    """Paquet ouvert : fichiers par nom (sans « ./ » de tête) et dossiers de la racine."""

    zip: zipfile.ZipFile
    fichiers: dict[str, zipfile.ZipInfo]
    dossiers: frozenset[str]
    copie: BinaryIO | None = None  # le ZIP tiré d’un TAR

    def close(self) -> None:
        """Ferme le paquet, et efface la copie qu’on en a faite."""
        self.zip.close()
        if self.copie is not None:
            self.copie.close()

    @property
    def racine(self) -> list[str]:
        """Noms des fichiers à la racine."""
        return [nom for nom in self.fichiers if "/" not in nom]

    @property
    def manifestes(self) -> list[str]:
        """Noms des fichiers de la racine qui peuvent être le bordereau."""
        return [nom for nom in self.racine if NOM_MANIFESTE.fullmatch(nom)]

    @property
    def contenus(self) -> list[str]:
        """Noms des fichiers rangés dans un dossier."""
        return [nom for nom in self.fichiers if "/" in nom]


def open_conteneur(chemin: Path, limites: Limites) -> Conteneur:
    """Ouvre un paquet après avoir borné son annuaire.

    Raises:
        ConteneurRefuse: ni ZIP ni TAR, trop gros, bombe, lien, chiffrement, recouvrement.
    """
    octets = chemin.stat().st_size
    if octets > limites.octets_archive:
        raise ConteneurRefuse(_trop("L’archive pèse", octets, limites.octets_archive))
    if is_tar(chemin):
        return _open_tar(chemin, limites)
    _check_nombre(chemin, limites.entrees)
    try:
        archive = zipfile.ZipFile(chemin)
    except ERREURS_DE_LECTURE as cause:
        raise ConteneurRefuse(_PAS_UN_ZIP) from cause
    try:
        return _conteneur(archive, octets, limites)
    except ConteneurRefuse:
        archive.close()
        raise


_PAS_UN_ZIP = (
    "Le fichier n’est pas une archive ZIP lisible. Refaites le paquet : il doit être au format ZIP."
)


def _open_tar(chemin: Path, limites: Limites) -> Conteneur:
    """Recopie le TAR en ZIP dans un fichier qui s’efface à la fermeture."""
    copie = tempfile.TemporaryFile(prefix="controle-")  # noqa: SIM115  vit avec le conteneur
    try:
        convert_tar(chemin, copie, limites)
        contenant = _conteneur(zipfile.ZipFile(copie), copie.tell() or 1, limites)
        return replace(contenant, copie=copie)
    except TarRefuse as refus:
        copie.close()
        raise ConteneurRefuse(refus.message, refus.lieu) from refus
    except ConteneurRefuse:
        copie.close()
        raise


def _conteneur(archive: zipfile.ZipFile, octets: int, limites: Limites) -> Conteneur:
    entrees = archive.infolist()
    for entree in entrees:
        _check_entree(entree)
    _check_recouvrement(archive, entrees)
    _check_volume(entrees, octets, limites)
    fichiers: dict[str, zipfile.ZipInfo] = {}
    dossiers: set[str] = set()
    for entree in entrees:
        nom = entree.orig_filename.removeprefix("./")
        if "/" in nom:
            dossiers.add(nom.split("/", 1)[0])
        if entree.is_dir() or not nom:
            continue
        if nom in fichiers:
            raise ConteneurRefuse("Deux entrées de l’archive portent le même nom.", nom)
        fichiers[nom] = entree
    return Conteneur(archive, fichiers, frozenset(dossiers))


def _check_nombre(chemin: Path, limite: int) -> None:
    """Compte les entrées en parcourant l’annuaire, sans croire le nombre annoncé."""
    with chemin.open("rb") as flux:
        debut, fin = _place_annuaire(flux)
        flux.seek(debut)
        nombre = 0
        while flux.tell() < fin:
            entete = flux.read(_ENTETE_ANNUAIRE)
            if len(entete) < _ENTETE_ANNUAIRE or entete[:4] != b"PK\x01\x02":
                raise ConteneurRefuse(_PAS_UN_ZIP)
            nombre += 1
            if nombre > limite:
                raise ConteneurRefuse(
                    f"L’archive contient plus de {limite} entrées. "
                    "Partagez le versement en plusieurs paquets."
                )
            flux.seek(sum(struct.unpack("<HHH", entete[28:34])), 1)


def _place_annuaire(flux: BinaryIO) -> tuple[int, int]:
    """Rend le début et la fin de l’annuaire central, en octets depuis le début du fichier."""
    if flux.read(4) not in _DEBUTS:
        raise ConteneurRefuse(_PAS_UN_ZIP)
    taille = flux.seek(0, 2)
    depart = max(0, taille - 65_557)
    flux.seek(depart)
    bloc = flux.read()
    place = bloc.rfind(b"PK\x05\x06")
    if place < 0 or len(bloc) < place + 22:
        raise ConteneurRefuse(_PAS_UN_ZIP)
    fin = depart + place
    octets = struct.unpack("<L", bloc[place + 12 : place + 16])[0]
    renvoi = bloc[max(0, place - 20) : place]
    if renvoi[:4] == b"PK\x06\x07":  # ZIP64
        fin = min(struct.unpack("<Q", renvoi[8:16])[0], taille)
        flux.seek(fin)
        bloc = flux.read(56)
        if len(bloc) < 56 or bloc[:4] != b"PK\x06\x06":
            raise ConteneurRefuse(_PAS_UN_ZIP)
        octets = struct.unpack("<Q", bloc[40:48])[0]
    if octets > fin:
        raise ConteneurRefuse(_PAS_UN_ZIP)
    return fin - octets, fin


def _check_entree(entree: zipfile.ZipInfo) -> None:
    mode = entree.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise ConteneurRefuse(
            "L’archive contient un lien. Remplacez-le par le fichier lui-même.",
            entree.orig_filename,
        )
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ConteneurRefuse("L’archive contient un fichier spécial.", entree.orig_filename)
    if entree.flag_bits & _CHIFFRE:
        raise ConteneurRefuse(
            "Une entrée est protégée par un mot de passe. Refaites le paquet sans chiffrement.",
            entree.orig_filename,
        )
    if entree.compress_type not in _METHODES:
        raise ConteneurRefuse(
            "Une entrée est compressée par une méthode que les systèmes d’archivage ne lisent pas. "
            "Refaites le paquet avec la compression ZIP ordinaire.",
            entree.orig_filename,
        )


def _check_recouvrement(archive: zipfile.ZipFile, entrees: list[zipfile.ZipInfo]) -> None:
    """Refuse les entrées qui partagent des octets : le procédé des bombes sans emboîtement."""
    limite = archive.start_dir
    for entree in sorted(entrees, key=lambda e: e.header_offset, reverse=True):
        if entree.header_offset + _ENTETE_LOCAL + entree.compress_size > limite:
            raise ConteneurRefuse(
                "Des entrées de l’archive se recouvrent : elle est abîmée ou piégée.",
                entree.orig_filename,
            )
        limite = entree.header_offset


def _check_volume(entrees: list[zipfile.ZipInfo], octets: int, limites: Limites) -> None:
    deployes = sum(entree.file_size for entree in entrees)
    if deployes > limites.octets_deployes:
        raise ConteneurRefuse(_trop("L’archive déployée pèse", deployes, limites.octets_deployes))
    if deployes > limites.octets_suspects and deployes > limites.taux_suspect * octets:
        raise ConteneurRefuse(
            f"L’archive de {octets} octets en déploierait {deployes} : elle ressemble à un piège. "
            "Refaites le paquet sans compression si ces fichiers sont légitimes."
        )


def _trop(debut: str, octets: int, limite: int) -> str:
    return f"{debut} {octets} octets, la limite est {limite}. Partagez le versement."


def check_manifeste(conteneur: Conteneur) -> Iterator[Anomalie]:
    """MANIFEST_FILE_NAME_CHECK : un bordereau au nom attendu, à la racine."""
    if not conteneur.manifestes:
        yield Anomalie(
            message="Le bordereau manque. Placez à la racine du paquet un fichier nommé "
            "« manifest.xml »."
        )


def check_racine(conteneur: Conteneur) -> Iterator[Anomalie]:
    """CHECK_SEDA.CONTAINER_FORMAT : un seul fichier et un seul dossier « content » à la racine."""
    if len(conteneur.racine) > 1:
        yield Anomalie(
            detail="FILE",
            lieu=", ".join(sorted(conteneur.racine)[:5]),
            message="La racine du paquet contient plusieurs fichiers. "
            "N’y laissez que le bordereau.",
        )
    intrus = [dossier for dossier in conteneur.dossiers if dossier.lower() != "content"]
    if intrus or len(conteneur.dossiers) > 1:
        yield Anomalie(
            detail="DIRECTORY",
            lieu=", ".join(sorted(conteneur.dossiers)[:5]),
            message="La racine du paquet ne doit contenir qu’un dossier, nommé « content ». "
            "Rangez-y tous les fichiers.",
        )


def check_noms(conteneur: Conteneur) -> Iterator[Anomalie]:
    """STP_UPLOAD_SIP : noms de fichiers sûrs."""
    for nom in conteneur.fichiers:
        if is_chemin_dangereux(nom):
            yield Anomalie(
                lieu=nom,
                message="Le nom de cette entrée sort du paquet (« .. », chemin absolu ou barre "
                "inverse). Refaites le paquet sans ce fichier.",
            )
        elif not _NOM_SUR.fullmatch(nom.rsplit("/", 1)[-1]):
            yield Anomalie(
                lieu=nom,
                message="Ce nom de fichier contient un caractère interdit. N’employez que lettres "
                "sans accent, chiffres, tiret, soulignement, arobase et point.",
            )


def is_chemin_dangereux(nom: str) -> bool:
    """Dit si un nom d’entrée sortirait du dossier où on le déploierait."""
    return (
        nom.startswith("/")
        or "\\" in nom
        or "\0" in nom
        or bool(re.match(r"[A-Za-z]:", nom))
        or ".." in nom.split("/")
    )
