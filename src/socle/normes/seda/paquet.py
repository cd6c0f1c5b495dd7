"""Écriture du paquet SIP : un ZIP avec `content/` et `manifest.xml`, en flux et reproductible.

Chaque fichier est lu une seule fois : copié dans un fichier de travail pendant le calcul de son
empreinte, identifié, rangé dans le ZIP, puis effacé. La place de travail est celle du plus gros
fichier. Les entrées ne sont pas compressées et portent une date fixe : le même transfert donne
le même paquet, octet pour octet, quelle que soit la bibliothèque de compression.
"""

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from socle.normes.seda.bordereau import write_bordereau
from socle.normes.seda.formats import Identifieur
from socle.normes.seda.modele import (
    GroupeDepose,
    GroupeObjets,
    ObjetBinaire,
    ObjetDepose,
    Transfert,
)

_DATE_FIXE = (1980, 1, 1, 0, 0, 0)
_MORCEAU = 1 << 20
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,10})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sip:
    """Résultat de l’écriture : groupes déposés et nombre d’objets, taille de leurs contenus."""

    groupes: tuple[GroupeDepose, ...]

    @property
    def nombre_objets(self) -> int:
        """Nombre de fichiers dans `content/`."""
        return sum(len(groupe.objets) for groupe in self.groupes)

    @property
    def octets(self) -> int:
        """Taille totale des fichiers versés, en octets."""
        return sum(objet.taille for groupe in self.groupes for objet in groupe.objets)


def write_sip(
    sortie: BinaryIO, transfert: Transfert, *, identifieur: Identifieur | None = None
) -> Sip:
    """Écrit le paquet SIP de `transfert` dans `sortie`.

    Args:
        sortie: fichier binaire ouvert en écriture, où l’on peut se déplacer (`seek`).
        transfert: message ; ses groupes puis ses unités sont parcourus une fois.
        identifieur: reconnaît les formats ; sans lui, aucun PUID n’est écrit.

    Returns:
        Les objets déposés, avec adresse, empreinte SHA-512 (hexadécimal minuscule) et taille.

    Raises:
        ValueError: `sortie` ne permet pas de se déplacer, instant sans fuseau, mauvais identifiant.
        OSError: un fichier à verser ne se lit pas.

    Source: SEDA 2.2 ; structure de paquet décrite par la documentation du SIP de Vitam.
    """
    if not sortie.seekable():
        raise ValueError("Un paquet SIP s’écrit dans un fichier où l’on peut se déplacer.")
    with (
        tempfile.TemporaryDirectory(prefix="sip-") as travail,
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED, allowZip64=True) as paquet,
    ):
        rangement = _Rangement(paquet, Path(travail), identifieur)
        groupes = tuple(rangement.store_groupe(groupe) for groupe in transfert.groupes)
        manifeste = Path(travail) / "manifest.xml"
        with manifeste.open("w", encoding="utf-8", newline="\n") as flux:
            write_bordereau(flux.write, transfert, groupes)
        _range(paquet, manifeste, "manifest.xml")
    return Sip(groupes=groupes)


class _Rangement:
    """Range des objets dans un paquet ouvert, sous un nom sûr et unique."""

    def __init__(
        self, paquet: zipfile.ZipFile, travail: Path, identifieur: Identifieur | None
    ) -> None:
        self._paquet = paquet
        self._travail = travail
        self._identifieur = identifieur
        self._noms: dict[str, int] = {}

    def store_groupe(self, groupe: GroupeObjets) -> GroupeDepose:
        return GroupeDepose(
            identifiant=groupe.identifiant,
            objets=tuple(self._store_objet(objet) for objet in groupe.objets),
        )

    def _store_objet(self, objet: ObjetBinaire) -> ObjetDepose:
        extension = _extension(objet.nom)
        copie = self._travail / f"objet{extension}"
        empreinte, taille = _copy_et_hache(objet, copie)
        format_ = self._identifieur.identify(copie) if self._identifieur and taille else None
        uri = f"content/{self._nom_unique(empreinte, extension)}"
        _range(self._paquet, copie, uri)
        copie.unlink()
        return ObjetDepose(
            objet=replace(objet, nom=objet.nom.strip() or uri),
            uri=uri,
            empreinte=empreinte,
            taille=taille,
            format=format_,
        )

    def _nom_unique(self, empreinte: str, extension: str) -> str:
        """Deux pièces identiques gardent chacune leur fichier : une adresse ne sert qu’une fois."""
        rang = self._noms[empreinte + extension] = self._noms.get(empreinte + extension, 0) + 1
        suffixe = f"_{rang}" if rang > 1 else ""
        return f"{empreinte}{suffixe}{extension}"


def _extension(nom: str) -> str:
    trouvee = _EXTENSION.search(nom)
    return f".{trouvee[1].lower()}" if trouvee else ""


def _copy_et_hache(objet: ObjetBinaire, copie: Path) -> tuple[str, int]:
    empreinte, taille = hashlib.sha512(), 0
    with objet.ouvrir() as source, copie.open("wb") as destination:
        for morceau in _morceaux(source):
            empreinte.update(morceau)
            destination.write(morceau)
            taille += len(morceau)
    return empreinte.hexdigest(), taille


def _morceaux(source: BinaryIO) -> Iterator[bytes]:
    while morceau := source.read(_MORCEAU):
        yield morceau


def _range(paquet: zipfile.ZipFile, fichier: Path, nom: str) -> None:
    entree = zipfile.ZipInfo(nom, _DATE_FIXE)
    entree.compress_type = zipfile.ZIP_STORED
    entree.create_system = 3  # Unix, partout
    entree.external_attr = 0o100644 << 16
    entree.file_size = fichier.stat().st_size
    with fichier.open("rb") as source, paquet.open(entree, "w") as destination:
        shutil.copyfileobj(source, destination, _MORCEAU)
