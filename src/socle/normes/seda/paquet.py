"""Écriture du paquet SIP : un ZIP avec `content/` et `manifest.xml`, en flux et reproductible.

Chaque fichier est lu une seule fois. Jusqu’à 8 Mio il passe par la mémoire ; au-delà, par un
fichier de travail : la place de travail est celle du plus gros fichier. Le bordereau s’écrit à
mesure. Les entrées portent une date fixe ; sans compression, le même transfert donne le même
paquet, octet pour octet, quelle que soit la bibliothèque de compression.
"""

import hashlib
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from socle.normes.seda.bordereau import write_bordereau
from socle.normes.seda.formats import Identifieur
from socle.normes.seda.modele import (
    Format,
    GroupeDepose,
    GroupeObjets,
    ObjetBinaire,
    ObjetDepose,
    Transfert,
)

_DATE_FIXE = (1980, 1, 1, 0, 0, 0)
_MORCEAU = 1 << 20
_EN_MEMOIRE = 8 << 20
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,10})$")
# Déjà compressés : les compresser encore coûte du temps et ne gagne rien.
_COMPRESSES = (
    ".7z", ".avi", ".bz2", ".docx", ".gif", ".gz", ".jpeg", ".jpg", ".mov", ".mp3", ".mp4", ".odp",
    ".ods", ".odt", ".ogg", ".pdf", ".png", ".pptx", ".rar", ".tgz", ".webm", ".webp", ".xlsx",
    ".xz", ".zip",
)  # fmt: skip


class Compression(Enum):
    """Rangement des fichiers dans le ZIP."""

    AUCUNE = "aucune"
    RAPIDE = "rapide"  # deflate de niveau 1 : le niveau 6 ne gagne que 1 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Sip:
    """Résultat de l’écriture : nombre d’objets, taille de leurs contenus, groupes si gardés."""

    groupes: tuple[GroupeDepose, ...] = ()
    nombre_objets: int = 0
    octets: int = 0


def write_sip(
    sortie: BinaryIO,
    transfert: Transfert,
    *,
    identifieur: Identifieur | None = None,
    compression: Compression = Compression.AUCUNE,
    garde_groupes: bool = False,
) -> Sip:
    """Écrit le paquet SIP de `transfert` dans `sortie`.

    Args:
        sortie: fichier binaire ouvert en écriture, où l’on peut se déplacer (`seek`).
        transfert: message ; ses groupes puis ses unités sont parcourus une fois.
        identifieur: reconnaît les formats ; sans lui, aucun PUID n’est écrit.
        compression: des fichiers ; ceux qui le sont déjà ne le sont pas deux fois.
        garde_groupes: rend aussi les groupes déposés ; sinon la mémoire reste constante.

    Returns:
        Les objets déposés, avec adresse, empreinte SHA-512 (hexadécimal minuscule) et taille.

    Raises:
        ValueError: `sortie` ne permet pas de se déplacer, instant sans fuseau, mauvais
            identifiant, champ que la version de SEDA choisie ne connaît pas.
        OSError: un fichier à verser ne se lit pas.

    Source: SEDA 2.1 à 2.3 ; structure de paquet de la documentation du SIP de Vitam.
    """
    if not sortie.seekable():
        raise ValueError("Un paquet SIP s’écrit dans un fichier où l’on peut se déplacer.")
    gardes: list[GroupeDepose] = []
    with (
        tempfile.TemporaryDirectory(prefix="sip-") as travail,
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED, allowZip64=True) as paquet,
    ):
        rangement = _Rangement(paquet, Path(travail), identifieur, compression)

        def deposer() -> Iterator[GroupeDepose]:
            for groupe in transfert.groupes:
                depose = rangement.store_groupe(groupe)
                if garde_groupes:
                    gardes.append(depose)
                yield depose

        manifeste = Path(travail) / "manifest.xml"
        with manifeste.open("w", encoding="utf-8", newline="\n", buffering=1 << 18) as flux:
            write_bordereau(flux.write, transfert, deposer())
        rangement.store_manifeste(manifeste)
    return Sip(
        groupes=tuple(gardes), nombre_objets=rangement.nombre_objets, octets=rangement.octets
    )


class _Rangement:
    """Range des objets dans un paquet ouvert, sous un nom sûr et unique."""

    def __init__(
        self,
        paquet: zipfile.ZipFile,
        travail: Path,
        identifieur: Identifieur | None,
        compression: Compression,
    ) -> None:
        self._paquet = paquet
        self._travail = travail
        self._identifieur = identifieur
        self._compression = compression
        self._noms: dict[bytes, int] = {}
        self.nombre_objets = self.octets = 0

    def store_groupe(self, groupe: GroupeObjets) -> GroupeDepose:
        return GroupeDepose(
            identifiant=groupe.identifiant,
            objets=tuple(self._store_objet(objet) for objet in groupe.objets),
            physiques=groupe.physiques,
        )

    def store_manifeste(self, manifeste: Path) -> None:
        with manifeste.open("rb") as source:
            self._copy(source, "manifest.xml", manifeste.stat().st_size)

    def _store_objet(self, objet: ObjetBinaire) -> ObjetDepose:
        extension = _extension(objet.nom)
        with objet.ouvrir() as source:
            debut = source.read(_EN_MEMOIRE)
            if len(debut) < _EN_MEMOIRE:
                debut += source.read()  # un flux peut rendre moins qu’on ne demande
            if len(debut) < _EN_MEMOIRE:
                uri, empreinte, taille, format_ = self._store_petit(debut, extension)
            else:
                uri, empreinte, taille, format_ = self._store_gros(debut, source, extension)
        self.nombre_objets += 1
        self.octets += taille
        nom = objet.nom.strip() or uri
        return ObjetDepose(
            objet=objet if nom == objet.nom else replace(objet, nom=nom),
            uri=uri,
            empreinte=empreinte,
            taille=taille,
            format=format_,
        )

    def _store_petit(self, octets: bytes, extension: str) -> tuple[str, str, int, Format | None]:
        empreinte = hashlib.sha512(octets).hexdigest()
        format_ = None
        if self._identifieur and octets:
            copie = self._travail / f"objet{extension}"
            copie.write_bytes(octets)
            format_ = self._identifieur.identify(copie)
            copie.unlink()
        uri = f"content/{self._nom_unique(empreinte, extension)}"
        self._paquet.writestr(self._entree(uri, len(octets)), octets, compresslevel=1)
        return uri, empreinte, len(octets), format_

    def _store_gros(
        self, debut: bytes, source: BinaryIO, extension: str
    ) -> tuple[str, str, int, Format | None]:
        copie = self._travail / f"objet{extension}"
        empreinte, taille = hashlib.sha512(), 0
        with copie.open("wb") as destination:
            for morceau in _morceaux(debut, source):
                empreinte.update(morceau)
                destination.write(morceau)
                taille += len(morceau)
        format_ = self._identifieur.identify(copie) if self._identifieur else None
        uri = f"content/{self._nom_unique(empreinte.hexdigest(), extension)}"
        with copie.open("rb") as relue:
            self._copy(relue, uri, taille)
        copie.unlink()
        return uri, empreinte.hexdigest(), taille, format_

    def _copy(self, source: BinaryIO, nom: str, taille: int) -> None:
        entree = self._entree(nom, taille)
        entree.file_size = taille
        with self._paquet.open(entree, "w") as destination:
            shutil.copyfileobj(source, destination, _MORCEAU)

    def _entree(self, nom: str, taille: int) -> zipfile.ZipInfo:
        entree = zipfile.ZipInfo(nom, _DATE_FIXE)
        entree.compress_type = zipfile.ZIP_STORED
        if self._compression is Compression.RAPIDE and taille:
            deja = nom.endswith(_COMPRESSES)
            entree.compress_type = zipfile.ZIP_STORED if deja else zipfile.ZIP_DEFLATED
            vars_de_zip = {"_compresslevel": 1}  # zipfile n’offre pas d’autre accès
            for champ, valeur in vars_de_zip.items():
                setattr(entree, champ, valeur)
        entree.create_system = 3  # Unix, partout
        entree.external_attr = 0o100644 << 16
        return entree

    def _nom_unique(self, empreinte: str, extension: str) -> str:
        """Deux pièces identiques gardent chacune leur fichier : une adresse ne sert qu’une fois."""
        cle = bytes.fromhex(empreinte[:32]) + extension.encode()
        rang = self._noms[cle] = self._noms.get(cle, 0) + 1
        suffixe = f"_{rang}" if rang > 1 else ""
        return f"{empreinte}{suffixe}{extension}"


def _extension(nom: str) -> str:
    trouvee = _EXTENSION.search(nom)
    return f".{trouvee[1].lower()}" if trouvee else ""


def _morceaux(debut: bytes, source: BinaryIO) -> Iterator[bytes]:
    reste = io.BytesIO(debut)
    for flux in (reste, source):
        while morceau := flux.read(_MORCEAU):
            yield morceau
