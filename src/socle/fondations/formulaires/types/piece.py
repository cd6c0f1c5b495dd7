"""Pièces justificatives : la réponse ne garde que la référence des documents reçus."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from socle.fondations.commun.textes import format_taille, join_mots
from socle.fondations.formulaires.definition import FORMATS, PieceJustificative
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import clean_ligne, format_pluriel
from socle.fondations.formulaires.types.base import Donnees, FragmentSeda, Lecture, TypeChamp
from socle.fondations.formulaires.valeurs import Json, Valeur

_NOMS_FORMATS = {
    "pdf": "PDF",
    "image": "photo",
    "document": "texte (Word, LibreOffice)",
    "tableur": "tableau (Excel, LibreOffice, CSV)",
    "presentation": "présentation",
    "texte": "texte simple",
    "donnees": "données (JSON, XML)",
    "archive": "archive ZIP",
    "audio": "son",
    "video": "vidéo",
}


class FichierPoste(Protocol):
    """Ce que le moteur lit d’un fichier posté (`UploadedFile` de Django convient)."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...


def list_extensions(champ: PieceJustificative) -> tuple[str, ...]:
    """Rend les extensions admises, sans point."""
    return tuple(extension for nom in champ.formats for extension in FORMATS[nom])


def describe_regles(champ: PieceJustificative) -> str:
    """Dit ce qui est admis : « PDF ou photo, 20 Mo au plus. »"""
    formats = join_mots([_NOMS_FORMATS[nom] for nom in champ.formats], "ou")
    taille = format_taille(champ.taille_max)
    debut = f"{formats[:1].upper()}{formats[1:]}"
    if champ.nombre == 1:
        return f"{debut}, {taille} au plus."
    return f"{debut}. {format_pluriel(champ.nombre, 'fichier')} au plus, {taille} chacun."


def refuse_fichier(champ: PieceJustificative, nom: str, taille: int) -> str:
    """Dit pourquoi un fichier est refusé ; vide s’il convient.

    Le contenu réel est vérifié ensuite par `documents`, qui ne croit ni le nom ni l’extension.
    """
    extension = nom.rpartition(".")[2].casefold()
    montre = nom if len(nom) <= 60 else f"{nom[:57]}…"
    if taille > champ.taille_max:
        return (
            f"« {montre} » pèse {format_taille(taille)}, "
            f"la limite est de {format_taille(champ.taille_max)}."
        )
    if taille <= 0:
        return f"« {montre} » est vide."
    if "." not in nom or extension not in list_extensions(champ):
        admis = join_mots([_NOMS_FORMATS[n] for n in champ.formats], "ou")
        return f"« {montre} » n’est pas d’un format admis : {admis}."
    return ""


def sort_fichiers(
    champ: PieceJustificative, fichiers: Sequence[FichierPoste], deja: Sequence[Mapping[str, Any]]
) -> tuple[list[FichierPoste], list[str]]:
    """Sépare les fichiers postés en fichiers admis et phrases de refus.

    Un champ plein à qui l’on renvoie un de ses fichiers n’a rien à refuser : la page l’avait déjà
    envoyé en s’enregistrant, juste avant que l’on presse le bouton.

    Args:
        deja: pièces déjà jointes à ce champ.
    """
    recus = {(piece["nom"].casefold(), piece["taille"]) for piece in deja}
    admis: list[FichierPoste] = []
    refus: list[str] = []
    for fichier in fichiers:
        nom = clean_ligne(fichier.name or "")[:255]
        raison = refuse_fichier(champ, nom, fichier.size or 0)
        if not raison and len(deja) + len(admis) >= champ.nombre:
            if (nom.casefold(), fichier.size) in recus:
                continue
            raison = (
                f"« {nom[:60]} » est en trop : "
                f"{format_pluriel(champ.nombre, 'fichier')} au plus pour ce champ."
            )
        if raison:
            refus.append(raison)
        else:
            admis.append(fichier)
    return admis, refus


class TypePieceJustificative(TypeChamp[PieceJustificative]):
    """La réponse est une liste de {"document", "nom", "taille", "type_mime"}."""

    code = "piece_justificative"
    nom = "Pièce justificative"
    nature = Nature.PIECES
    gabarit = "formulaires_types/piece.html"
    duree = 180
    message_vide = "Joignez le fichier demandé."

    def parse(self, champ: PieceJustificative, donnees: Donnees, nom: str) -> Lecture:
        """Les fichiers ne passent pas par les textes postés : voir `sort_fichiers`."""
        return Lecture()

    def check(self, champ: PieceJustificative, valeur: Json, jour: date) -> str:
        if not isinstance(valeur, list) or not all(_is_piece(piece) for piece in valeur):
            return "Les fichiers joints sont illisibles."
        if len(valeur) > champ.nombre:
            return f"{format_pluriel(champ.nombre, 'fichier')} au plus : retirez-en."
        refus = (refuse_fichier(champ, piece["nom"], piece["taille"]) for piece in valeur)
        return next((raison for raison in refus if raison), "")

    def merge(self, champ: PieceJustificative, ancienne: Json, nouvelle: Json) -> Json:
        return nouvelle if nouvelle is not None else ancienne

    def read(self, champ: PieceJustificative, valeur: Json) -> Decimal | None:
        return Decimal(len(valeur)) if isinstance(valeur, list) and valeur else None

    def show(self, champ: PieceJustificative, valeur: Json) -> str:
        return ", ".join(
            f"{piece['nom']}, {format_taille(piece['taille'])}" for piece in list_pieces(valeur)
        )

    def project(self, champ: PieceJustificative, valeur: Json) -> Valeur:
        return ", ".join(piece["nom"] for piece in list_pieces(valeur)) or None

    def serialize(self, champ: PieceJustificative, valeur: Json) -> None:
        return None

    def search_text(self, champ: PieceJustificative, valeur: Json) -> str:
        return " ".join(piece["nom"] for piece in list_pieces(valeur))

    def export_schema(self, champ: PieceJustificative) -> dict[str, Any]:
        textes = {cle: {"type": "string"} for cle in ("document", "nom", "type_mime")}
        proprietes = textes | {"taille": {"type": "integer", "maximum": champ.taille_max}}
        piece = {"type": "object", "properties": proprietes, "required": ["document", "nom"]}
        return {"type": "array", "maxItems": champ.nombre, "items": piece}

    def export_seda(self, champ: PieceJustificative, valeur: Json) -> FragmentSeda:
        return FragmentSeda(libelle=champ.libelle, valeur=self.search_text(champ, valeur))

    def write_aide(self, champ: PieceJustificative) -> str:
        return f"{champ.aide} {describe_regles(champ)}".strip()

    def make_contexte(
        self, champ: PieceJustificative, valeur: Json, brut: Json, nom: str
    ) -> dict[str, Any]:
        pieces = [
            piece | {"taille_lisible": format_taille(piece["taille"])}
            for piece in list_pieces(valeur)
        ]
        return {
            "pieces": pieces,
            "accept": ",".join(f".{extension}" for extension in list_extensions(champ)),
            "plusieurs": champ.nombre > 1,
            "complet": len(pieces) >= champ.nombre,
            "modele": champ.modele,
        }


def list_pieces(valeur: Json) -> list[dict[str, Any]]:
    """Rend les pièces bien formées d’une réponse."""
    return [piece for piece in valeur if _is_piece(piece)] if isinstance(valeur, list) else []


def _is_piece(piece: Any) -> bool:
    return (
        isinstance(piece, dict)
        and isinstance(piece.get("document"), str)
        and isinstance(piece.get("nom"), str)
        and isinstance(piece.get("taille"), int)
    )
