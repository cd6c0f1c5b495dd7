"""Titres, explications, blocs, calculs, sources : ce qui ne se tape pas au clavier."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from socle.fondations.formulaires.definition import (
    BlocRepetable,
    ChampBase,
    ChampCalcule,
    Explication,
    Source,
    TitreSection,
)
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import format_nombre, format_pluriel
from socle.fondations.formulaires.types.base import (
    Colonne,
    Donnees,
    FragmentSeda,
    Lecture,
    TypeChamp,
    show_valeur,
)
from socle.fondations.formulaires.valeurs import Json, Valeur, read_date_iso, read_decimal

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}\Z")
M = TypeVar("M", bound=ChampBase)


class _TypeMuet(TypeChamp[M]):
    """Un élément sans réponse."""

    nature = Nature.AUCUNE
    saisi = False
    duree = 0

    def parse(self, champ: M, donnees: Donnees, nom: str) -> Lecture:
        return Lecture()

    def check(self, champ: M, valeur: Json, jour: date) -> str:
        return ""

    def read(self, champ: M, valeur: Json) -> Valeur:
        return None

    def serialize(self, champ: M, valeur: Json) -> str:
        return ""

    def list_colonnes(self, champ: M) -> tuple[Colonne, ...]:
        return ()

    def list_cellules(self, champ: M, valeur: Json) -> tuple[Valeur, ...]:
        return ()

    def make_contexte(self, champ: M, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        return {}


class TypeTitreSection(_TypeMuet[TitreSection]):
    code = "titre_section"
    nom = "Titre de section"
    gabarit = "formulaires_types/titre.html"

    def make_contexte(
        self, champ: TitreSection, valeur: Json, brut: Json, nom: str
    ) -> dict[str, Any]:
        return {"balise": f"h{champ.niveau + 1}"}


class TypeExplication(_TypeMuet[Explication]):
    code = "explication"
    nom = "Explication"
    gabarit = "formulaires_types/explication.html"

    def make_contexte(
        self, champ: Explication, valeur: Json, brut: Json, nom: str
    ) -> dict[str, Any]:
        return {
            "paragraphes": [p for p in champ.texte.split("\n") if p.strip()],
            "replies": [p for p in champ.texte_replie.split("\n") if p.strip()],
        }


class TypeSource(_TypeMuet[Source]):
    """Bloc de source. Sa réponse est l’échange : état, libellé, instants, valeurs reçues."""

    code = "source"
    nom = "Données de l’État"
    gabarit = "formulaires_types/source.html"
    duree = 10


class TypeChampCalcule(TypeChamp[ChampCalcule]):
    """Valeur calculée. Stockée en texte pour un nombre, en booléen ou en texte sinon."""

    code = "champ_calcule"
    nom = "Champ calculé"
    nature = Nature.NOMBRE
    gabarit = "formulaires_types/calcul.html"
    saisi = False
    duree = 0

    def parse(self, champ: ChampCalcule, donnees: Donnees, nom: str) -> Lecture:
        return Lecture()

    def check(self, champ: ChampCalcule, valeur: Json, jour: date) -> str:
        return ""

    def store(self, valeur: Valeur) -> Json:
        """Rend la forme JSON d’un résultat de formule."""
        if isinstance(valeur, Decimal):
            return format(valeur, "f")
        return valeur.isoformat() if isinstance(valeur, date) else valeur

    def read(self, champ: ChampCalcule, valeur: Json) -> Valeur:
        if isinstance(valeur, bool) or not isinstance(valeur, str):
            return valeur if isinstance(valeur, bool) else None
        return read_date_iso(valeur) or read_decimal(valeur) or valeur or None

    def show(self, champ: ChampCalcule, valeur: Json) -> str:
        typee = self.read(champ, valeur)
        if isinstance(typee, Decimal):
            return format_nombre(typee, champ.unite, champ.decimales)
        return show_valeur(typee)

    def search_text(self, champ: ChampCalcule, valeur: Json) -> str:
        return ""

    def export_schema(self, champ: ChampCalcule) -> dict[str, Any]:
        return {"type": ["string", "boolean"], "readOnly": True}


class TypeBlocRepetable(TypeChamp[BlocRepetable]):
    """Lignes d’un bloc : liste de {"ligne": ULID, "valeurs": {identifiant: réponse}}.

    Le moteur lit et montre les champs de chaque ligne ; ce type ne connaît que la liste.
    """

    code = "bloc_repetable"
    nom = "Bloc répétable"
    nature = Nature.LIGNES
    gabarit = "formulaires_types/bloc.html"
    groupe = True
    duree = 0
    message_vide = "Ajoutez une ligne au moins."

    def parse(self, champ: BlocRepetable, donnees: Donnees, nom: str) -> Lecture:
        return Lecture()

    def check(self, champ: BlocRepetable, valeur: Json, jour: date) -> str:
        if not isinstance(valeur, list) or len(list_lignes(valeur)) != len(valeur):
            return "Ces lignes sont illisibles."
        if len(valeur) > champ.maximum:
            return f"{format_pluriel(champ.maximum, 'ligne')} au plus : retirez-en."
        return ""

    def read(self, champ: BlocRepetable, valeur: Json) -> Decimal | None:
        lignes = list_lignes(valeur)
        return Decimal(len(lignes)) if lignes else None

    def show(self, champ: BlocRepetable, valeur: Json) -> str:
        nombre = len(list_lignes(valeur))
        return format_pluriel(nombre, champ.libelle_ligne.lower()) if nombre else ""

    def search_text(self, champ: BlocRepetable, valeur: Json) -> str:
        return ""

    def serialize(self, champ: BlocRepetable, valeur: Json) -> str:
        return ""

    def export_schema(self, champ: BlocRepetable) -> dict[str, Any]:
        return {"type": "array", "maxItems": champ.maximum}

    def export_seda(self, champ: BlocRepetable, valeur: Json) -> FragmentSeda:
        return FragmentSeda(libelle=champ.libelle, valeur=self.show(champ, valeur))


def is_ulid(texte: Any) -> bool:
    """Dit si un identifiant de ligne est un ULID : il entre tel quel dans les noms HTML."""
    return isinstance(texte, str) and bool(_ULID.match(texte))


def list_lignes(valeur: Json) -> list[dict[str, Any]]:
    """Rend les lignes bien formées d’un bloc."""
    if not isinstance(valeur, list):
        return []
    return [
        ligne
        for ligne in valeur
        if isinstance(ligne, dict)
        and is_ulid(ligne.get("ligne"))
        and isinstance(ligne.get("valeurs"), dict)
    ]
