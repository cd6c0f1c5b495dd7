"""Écriture d’un dossier de preuve : l’archive qu’un tiers vérifie seul, sans base ni réseau."""

import io
from collections.abc import Sequence
from datetime import datetime
from hashlib import file_digest, sha256
from typing import BinaryIO

from socle.normes.preuve.archive import Source, write_archive
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.json_canonique import encode_json
from socle.normes.preuve.lisezmoi import build_lisezmoi
from socle.normes.preuve.notes import ClePublique, Signataire
from socle.normes.preuve.pieces import (
    DOCUMENTS,
    ENTETE_SOMMAIRE,
    ENTREES_MAX,
    TETES_MAX,
    VERSION,
    ContenuPreuve,
    DocumentProuve,
    EntreeProuvee,
    TeteProuvee,
    encode_chemin,
    format_instant,
)


def write_dossier_de_preuve(
    sortie: BinaryIO,
    contenu: ContenuPreuve,
    *,
    signataire: Signataire,
    cles: Sequence[ClePublique],
    maintenant: datetime,
) -> int:
    """Écrit un dossier de preuve et rend sa taille en octets.

    Args:
        sortie: flux binaire ; rien n’y est relu.
        signataire: clé courante de l’installation, qui signe le sommaire.
        cles: clés publiques à joindre, la courante et les anciennes qui ont signé un point.
        maintenant: instant de l’export, écrit dans le sommaire.

    Raises:
        PreuveInvalide: aucune entrée, trop d’entrées, deux documents de même nom, plus de 2 Gio…
    """
    _check_contenu(contenu)
    fichiers: dict[str, Source] = {}
    for rang, entree in enumerate(contenu.entrees, 1):
        fichiers |= _build_entree(rang, entree)
    for rang, tete in enumerate(contenu.tetes, 1):
        fichiers |= _build_tete(rang, tete)
    for document in contenu.documents:
        _add(fichiers, DOCUMENTS + document.nom, document.source)
    fichiers |= _build_cles([signataire.cle_publique, *cles])
    fichiers["ouvertures.json"] = encode_json(_list_ouvertures(contenu.documents))
    fichiers["LISEZMOI.txt"] = build_lisezmoi(contenu, signataire.cle_publique, maintenant)
    sommaire = _build_sommaire(contenu, fichiers, maintenant)
    fichiers["sommaire.json"] = sommaire
    fichiers["sommaire.note"] = signataire.sign_note(build_texte_sommaire(sommaire))
    return write_archive(sortie, fichiers)


def build_dossier_de_preuve(
    contenu: ContenuPreuve,
    *,
    signataire: Signataire,
    cles: Sequence[ClePublique],
    maintenant: datetime,
) -> bytes:
    """Comme `write_dossier_de_preuve`, en mémoire."""
    sortie = io.BytesIO()
    write_dossier_de_preuve(
        sortie, contenu, signataire=signataire, cles=cles, maintenant=maintenant
    )
    return sortie.getvalue()


def build_texte_sommaire(sommaire: bytes) -> str:
    """Texte signé du sommaire. Sa deuxième ligne ne peut pas être celle d’un point de contrôle."""
    return f"{ENTETE_SOMMAIRE}\nsha256 {sha256(sommaire).hexdigest()}\n"


def _check_contenu(contenu: ContenuPreuve) -> None:
    if not contenu.entrees or not contenu.tetes:
        raise PreuveInvalide("Un dossier de preuve contient au moins une entrée scellée.")
    if len(contenu.entrees) > ENTREES_MAX or len(contenu.tetes) > TETES_MAX:
        raise PreuveInvalide(f"Un dossier de preuve contient au plus {ENTREES_MAX} entrées.")


def _build_entree(rang: int, entree: EntreeProuvee) -> dict[str, Source]:
    preuve = {
        "chemin": encode_chemin(entree.chemin),
        "indice": entree.indice,
        "tete": entree.tete,
    }
    return {
        f"entrees/{rang:04}.json": entree.contenu,
        f"entrees/{rang:04}.preuve.json": encode_json(preuve),
    }


def _build_tete(rang: int, tete: TeteProuvee) -> dict[str, Source]:
    preuve = {
        "chemin": encode_chemin(tete.chemin),
        "coherence_point": encode_chemin(tete.coherence_point),
        "coherence_tete": encode_chemin(tete.coherence_tete),
        "indice": tete.indice,
    }
    fichiers: dict[str, Source] = {
        f"tetes/{rang:04}.json": tete.contenu,
        f"tetes/{rang:04}.preuve.json": encode_json(preuve),
        f"points/{rang:04}.note": tete.note,
    }
    if tete.jeton:
        fichiers[f"horodatages/{rang:04}.tsr"] = tete.jeton
    return fichiers


def _build_cles(cles: Sequence[ClePublique]) -> dict[str, Source]:
    uniques = list(dict.fromkeys(cles))
    fichiers: dict[str, Source] = {
        "cles/cles.txt": "".join(f"{cle.to_texte()}\n" for cle in uniques).encode()
    }
    for cle in uniques:
        _add(fichiers, f"cles/{cle.identifiant.hex()}.pem", cle.to_pem())
    return fichiers


def _list_ouvertures(documents: Sequence[DocumentProuve]) -> list[dict[str, object]]:
    return [
        {
            "document": document.nom,
            "engagement": document.engagement,
            "entree": document.entree,
            "sel": document.sel.hex(),
        }
        for document in documents
        if document.entree is not None
    ]


def _build_sommaire(
    contenu: ContenuPreuve, fichiers: dict[str, Source], maintenant: datetime
) -> bytes:
    return encode_json(
        {
            "collectivite": contenu.collectivite,
            "en_attente": contenu.en_attente,
            "fichiers": {nom: _hash_source(source) for nom, source in fichiers.items()},
            "objets": sorted(contenu.objets),
            "produit_le": format_instant(maintenant),
            "type": "dossier-de-preuve",
            "version": VERSION,
        }
    )


def _hash_source(source: Source) -> str:
    if isinstance(source, bytes):
        return sha256(source).hexdigest()
    with source.open("rb") as flux:
        return file_digest(flux, "sha256").hexdigest()


def _add(fichiers: dict[str, Source], nom: str, source: Source) -> None:
    if nom in fichiers:
        raise PreuveInvalide(f"Deux fichiers portent le nom « {nom} ».")
    fichiers[nom] = source
