"""Ce qu’un type de champ sait faire, du formulaire HTML à l’archive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from socle.fondations.commun.textes import format_jour
from socle.fondations.formulaires.definition import ChampBase
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.textes import clean_ligne, clean_texte, format_nombre
from socle.fondations.formulaires.valeurs import Json, Lieu, Valeur

BRUT_MAX = 100_000
VALEURS_MAX = 1000

C = TypeVar("C", bound=ChampBase)


class Donnees:
    """Données postées, lues sans surprise : textes bornés et nettoyés, listes bornées.

    Accepte un `QueryDict` ou un simple dictionnaire.
    """

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source
        self._getlist = getattr(source, "getlist", None)

    def __contains__(self, nom: str) -> bool:
        return nom in self._source

    def __iter__(self) -> Iterator[str]:
        return iter(self._source)

    def ligne(self, nom: str, maximum: int = 1000) -> str:
        """Rend un texte d’une ligne. Au-delà de `maximum`, un caractère de trop est gardé pour que
        le contrôle de longueur le voie."""
        return clean_ligne(self._first(nom)[:BRUT_MAX])[: maximum + 1]

    def texte(self, nom: str, maximum: int = BRUT_MAX) -> str:
        """Rend un texte de plusieurs lignes, borné de la même façon."""
        return clean_texte(self._first(nom)[:BRUT_MAX])[: maximum + 1]

    def liste(self, nom: str) -> list[str]:
        """Rend toutes les valeurs d’un nom, chacune d’une ligne."""
        brutes = self._getlist(nom) if self._getlist else self._source.get(nom, [])
        if isinstance(brutes, str):
            brutes = [brutes]
        if not isinstance(brutes, list | tuple):
            return []
        return [clean_ligne(b[:1000]) for b in brutes[:VALEURS_MAX] if isinstance(b, str)]

    def _first(self, nom: str) -> str:
        valeur = self._source.get(nom, "")
        if isinstance(valeur, list | tuple):
            valeur = valeur[-1] if valeur else ""
        return valeur if isinstance(valeur, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lecture:
    """Ce que donne la lecture d’un champ posté.

    Attributes:
        valeur: forme JSON à stocker ; None si le champ est vide ou illisible.
        erreur: phrase pour la personne ; vide si tout va bien.
        avis: remarque qui ne bloque pas (« Vouliez-vous dire gmail.com ? »).
        brut: ce qu’il faut remontrer tel que tapé quand la valeur est illisible.
    """

    valeur: Json = None
    erreur: str = ""
    avis: str = ""
    brut: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colonne:
    """Une colonne d’export ou de liste. `code` suit l’identifiant du champ (« adresse.voie »)."""

    code: str
    libelle: str
    nature: Nature


@dataclass(frozen=True, slots=True, kw_only=True)
class FragmentSeda:
    """Réponse prête pour la description d’une unité d’archives.

    Attributes:
        libelle, valeur: la question et la réponse en texte.
        mot_cle: type de mot-clé SEDA 2.2 (`KeywordType` : geogname, persname, corpname, subject)
            quand la réponse peut indexer le dossier ; vide sinon.
    """

    libelle: str
    valeur: str
    mot_cle: str = ""


class TypeChamp(Generic[C]):
    """Un type de champ. Sans état : une instance sert à tous les champs de ce type.

    Attributes:
        code: valeur de `type` dans la définition.
        nom: nom montré à l’agent qui construit le formulaire.
        nature: nature de la valeur pour une condition, une formule, un tri.
        gabarit: gabarit de la saisie.
        groupe: vrai si la saisie a plusieurs contrôles (fieldset et legend).
        saisi: faux pour un titre, une explication, un calcul, une source.
        duree: secondes estimées pour répondre (règle de Démarche numérique : 10, 60, 180).
        message_vide: phrase quand une réponse obligatoire manque.
    """

    code: ClassVar[str]
    nom: ClassVar[str]
    nature: ClassVar[Nature] = Nature.TEXTE
    gabarit: ClassVar[str] = "formulaires_types/texte.html"
    groupe: ClassVar[bool] = False
    saisi: ClassVar[bool] = True
    duree: ClassVar[int] = 10
    message_vide: ClassVar[str] = "Remplissez ce champ."

    def parse(self, champ: C, donnees: Donnees, nom: str) -> Lecture:
        """Lit la saisie d’un champ ; la contrainte du champ est vérifiée par `check`."""
        texte = donnees.ligne(nom)
        return Lecture(valeur=texte or None)

    def check(self, champ: C, valeur: Json, jour: date) -> str:
        """Vérifie une réponse stockée (forme et contraintes). Vide si elle convient."""
        return "" if isinstance(valeur, str) else "Cette réponse est illisible."

    def read(self, champ: C, valeur: Json) -> Valeur:
        """Rend la valeur typée d’une réponse stockée ; None si elle est vide ou illisible."""
        return valeur if isinstance(valeur, str) and valeur else None

    def is_vide(self, champ: C, valeur: Json) -> bool:
        """Dit si une réponse obligatoire manque."""
        return valeur in (None, "", [], {})

    def merge(self, champ: C, ancienne: Json, nouvelle: Json) -> Json:
        """Rend la réponse à garder quand une nouvelle arrive. Par défaut la nouvelle."""
        return nouvelle

    def show(self, champ: C, valeur: Json) -> str:
        """Rend la réponse en texte, telle qu’une personne la lit. Vide si elle est vide."""
        return show_valeur(self.read(champ, valeur))

    def show_html(self, champ: C, valeur: Json) -> SafeString:
        """Rend la réponse en HTML sûr, sauts de ligne gardés."""
        texte = escape(self.show(champ, valeur))
        return mark_safe(texte.replace("\n", "<br>"))  # noqa: S308 (échappé juste avant)

    def serialize(self, champ: C, valeur: Json) -> str | None:
        """Rend la réponse comme le `stringValue` de l’API Démarche numérique."""
        return self.show(champ, valeur)

    def list_colonnes(self, champ: C) -> tuple[Colonne, ...]:
        """Rend les colonnes d’export du champ."""
        return (Colonne(code=champ.id, libelle=champ.libelle, nature=self.nature),)

    def list_cellules(self, champ: C, valeur: Json) -> tuple[Valeur, ...]:
        """Rend les cellules d’export, typées, une par colonne."""
        return (self.project(champ, valeur),)

    def project(self, champ: C, valeur: Json) -> Valeur:
        """Rend la valeur d’une liste ou d’un tri : texte, Decimal, date ou booléen."""
        typee = self.read(champ, valeur)
        if isinstance(typee, frozenset | Lieu):
            return self.show(champ, valeur)
        return typee

    def search_text(self, champ: C, valeur: Json) -> str:
        """Rend ce que la recherche en texte intégral doit trouver."""
        return self.show(champ, valeur)

    def export_schema(self, champ: C) -> dict[str, Any]:
        """Rend le JSON Schema de la réponse stockée."""
        return {"type": "string"}

    def export_seda(self, champ: C, valeur: Json) -> FragmentSeda:
        """Rend la réponse pour la description archivistique."""
        return FragmentSeda(libelle=champ.libelle, valeur=self.show(champ, valeur))

    def make_contexte(self, champ: C, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        """Rend ce que le gabarit du type attend, en plus du contexte commun."""
        return {"texte": brut if isinstance(brut, str) else self.edit_texte(champ, valeur)}

    def write_aide(self, champ: C) -> str:
        """Rend l’aide montrée sous le libellé : celle de l’auteur, complétée par le type."""
        return champ.aide

    def edit_texte(self, champ: C, valeur: Json) -> str:
        """Rend la réponse telle qu’elle se modifie dans une zone de texte."""
        return valeur if isinstance(valeur, str) else ""

    def import_donnee(self, champ: C, donnee: Any, jour: date) -> Lecture:
        """Convertit une donnée reçue d’une source, ou préremplie, en réponse stockée."""
        if isinstance(donnee, dict | list):
            erreur = self.check_sur(champ, donnee, jour)
            return Lecture(valeur=None if erreur else donnee, erreur=erreur)
        lecture = self.parse(champ, Donnees({champ.id: _write_donnee(donnee)}), champ.id)
        if lecture.erreur or lecture.valeur is None:
            return lecture
        erreur = self.check_sur(champ, lecture.valeur, jour)
        return Lecture(valeur=None if erreur else lecture.valeur, erreur=erreur)

    def check_sur(self, champ: C, valeur: Json, jour: date) -> str:
        """Comme `check`, pour une valeur venue d’ailleurs : une forme inattendue est une erreur."""
        try:
            return self.check(champ, valeur, jour)
        except (AttributeError, KeyError, TypeError, ValueError):
            return "Cette réponse est illisible."


def show_valeur(valeur: Valeur) -> str:
    """Écrit une valeur typée simple en français."""
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, Decimal):
        return format_nombre(valeur, decimales=6)
    if isinstance(valeur, date):
        return format_jour(valeur)
    return valeur if isinstance(valeur, str) else ""


def _write_donnee(donnee: Any) -> str:
    if isinstance(donnee, bool):
        return "oui" if donnee else "non"
    if isinstance(donnee, date):
        return donnee.isoformat()[:10]
    if isinstance(donnee, Decimal):
        return format(donnee, "f")
    return str(donnee)[:1000] if isinstance(donnee, str | int) else ""
