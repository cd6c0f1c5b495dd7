"""Nombres entiers et décimaux. Un décimal est stocké en texte (« 12.50 ») : jamais de `float`."""

from abc import ABC, abstractmethod
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from socle.fondations.formulaires.definition import NombreDecimal, NombreEntier
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import format_nombre, format_pluriel
from socle.fondations.formulaires.types.base import Donnees, Lecture, TypeChamp
from socle.fondations.formulaires.valeurs import Json, read_decimal

NOMBRE_MAX = Decimal(10) ** 15
N = TypeVar("N", NombreEntier, NombreDecimal)


class _TypeNombre(TypeChamp[N], ABC):
    nature = Nature.NOMBRE
    gabarit = "formulaires_types/nombre.html"
    message_vide = "Donnez un nombre."
    exemple: ClassVar[str]

    def parse(self, champ: N, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 200)
        if not texte:
            return Lecture()
        nombre = read_decimal(texte.removesuffix(champ.unite).removesuffix("€"))
        if nombre is None or abs(nombre) > NOMBRE_MAX:
            return Lecture(erreur=f"Écrivez un nombre, par exemple {self.exemple}.", brut=texte)
        erreur = self.refuse_decimales(champ, nombre)
        if erreur:
            return Lecture(erreur=erreur, brut=texte)
        return Lecture(valeur=self.store(champ, nombre))

    @abstractmethod
    def refuse_decimales(self, champ: N, nombre: Decimal) -> str:
        """Dit pourquoi ces décimales ne vont pas ; vide si elles vont."""

    @abstractmethod
    def store(self, champ: N, nombre: Decimal) -> Json:
        """Rend la valeur à garder."""

    def check(self, champ: N, valeur: Json, jour: date) -> str:
        nombre = self.read(champ, valeur)
        if nombre is None:
            return f"Écrivez un nombre, par exemple {self.exemple}."
        if self.refuse_decimales(champ, nombre):
            return self.refuse_decimales(champ, nombre)
        if champ.minimum is not None and nombre < champ.minimum:
            return f"Ce nombre est trop petit : {self.write(champ, champ.minimum)} au moins."
        if champ.maximum is not None and nombre > champ.maximum:
            return f"Ce nombre est trop grand : {self.write(champ, champ.maximum)} au plus."
        return ""

    def read(self, champ: N, valeur: Json) -> Decimal | None:
        if isinstance(valeur, bool) or not isinstance(valeur, int | str):
            return None
        nombre = read_decimal(valeur) if isinstance(valeur, str) else Decimal(valeur)
        return nombre if nombre is not None and abs(nombre) <= NOMBRE_MAX else None

    def write(self, champ: N, nombre: Decimal | int) -> str:
        return format_nombre(nombre, champ.unite, decimales=6)

    def show(self, champ: N, valeur: Json) -> str:
        nombre = self.read(champ, valeur)
        return "" if nombre is None else self.write(champ, nombre)

    def serialize(self, champ: N, valeur: Json) -> str:
        return self.edit_texte(champ, valeur).replace(",", ".")

    def search_text(self, champ: N, valeur: Json) -> str:
        """Un nombre ne se cherche pas en texte : il se filtre dans la liste."""
        return ""

    def edit_texte(self, champ: N, valeur: Json) -> str:
        nombre = self.read(champ, valeur)
        return "" if nombre is None else format(nombre, "f").replace(".", ",")


class TypeNombreEntier(_TypeNombre[NombreEntier]):
    code = "nombre_entier"
    nom = "Nombre entier"
    exemple = "3"

    def refuse_decimales(self, champ: NombreEntier, nombre: Decimal) -> str:
        return "" if nombre == int(nombre) else "Écrivez un nombre entier, sans virgule."

    def store(self, champ: NombreEntier, nombre: Decimal) -> int:
        return int(nombre)

    def export_schema(self, champ: NombreEntier) -> dict[str, Any]:
        bornes = {"minimum": champ.minimum, "maximum": champ.maximum}
        return {"type": "integer"} | {nom: v for nom, v in bornes.items() if v is not None}


class TypeNombreDecimal(_TypeNombre[NombreDecimal]):
    code = "nombre_decimal"
    nom = "Nombre décimal"
    exemple = "12,50"

    def refuse_decimales(self, champ: NombreDecimal, nombre: Decimal) -> str:
        exposant = nombre.as_tuple().exponent
        if isinstance(exposant, int) and -exposant <= champ.decimales:
            return ""
        if nombre == round(nombre, champ.decimales):
            return ""
        return f"{format_pluriel(champ.decimales, 'chiffre')} après la virgule au plus."

    def store(self, champ: NombreDecimal, nombre: Decimal) -> str:
        return format(nombre.normalize() if nombre else Decimal(0), "f")

    def export_schema(self, champ: NombreDecimal) -> dict[str, Any]:
        motif = rf"^-?\d{{1,16}}(\.\d{{1,{champ.decimales}}})?$"
        return {"type": "string", "pattern": motif}
