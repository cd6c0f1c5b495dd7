"""Cases, oui ou non, choix simple et multiple, civilité."""

from datetime import date
from typing import Any, TypeVar

from socle.fondations.formulaires.definition import (
    CaseACocher,
    ChampBase,
    ChampSaisi,
    ChoixMultiple,
    ChoixSimple,
    Civilite,
    OuiNon,
)
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.types.base import Donnees, Lecture, TypeChamp
from socle.fondations.formulaires.types.texte import check_longueur
from socle.fondations.formulaires.valeurs import AUTRE, Json

AUTRE_MAX = 200
RADIOS_MAX = 7  # au-delà, une liste déroulante prend moins de place qu’elle ne coûte de lecture
_OUI = frozenset({"oui", "on", "true", "1", "vrai"})
_NON = frozenset({"non", "off", "false", "0", "faux"})
_INCONNUE = "Choisissez une réponse de la liste."
B = TypeVar("B", bound=ChampSaisi)


class _TypeBooleen(TypeChamp[B]):
    nature = Nature.BOOLEEN

    def check(self, champ: B, valeur: Json, jour: date) -> str:
        return "" if isinstance(valeur, bool) else _INCONNUE

    def read(self, champ: B, valeur: Json) -> bool | None:
        return valeur if isinstance(valeur, bool) else None

    def search_text(self, champ: B, valeur: Json) -> str:
        return ""

    def export_schema(self, champ: B) -> dict[str, Any]:
        return {"type": "boolean"}


class TypeCaseACocher(_TypeBooleen[CaseACocher]):
    code = "case_a_cocher"
    nom = "Case à cocher"
    gabarit = "formulaires_types/case.html"
    message_vide = "Cochez cette case pour continuer."

    def parse(self, champ: CaseACocher, donnees: Donnees, nom: str) -> Lecture:
        return Lecture(valeur=donnees.ligne(nom).casefold() in _OUI)

    def read(self, champ: CaseACocher, valeur: Json) -> bool:
        return valeur is True

    def is_vide(self, champ: CaseACocher, valeur: Json) -> bool:
        return valeur is not True

    def serialize(self, champ: CaseACocher, valeur: Json) -> str:
        return "true" if valeur is True else "false"

    def make_contexte(
        self, champ: CaseACocher, valeur: Json, brut: Json, nom: str
    ) -> dict[str, Any]:
        return {"coche": valeur is True}


class TypeOuiNon(_TypeBooleen[OuiNon]):
    code = "oui_non"
    nom = "Oui ou non"
    gabarit = "formulaires_types/radios.html"
    groupe = True
    message_vide = "Répondez par oui ou par non."

    def parse(self, champ: OuiNon, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom).casefold()
        if texte in _OUI:
            return Lecture(valeur=True)
        if texte in _NON:
            return Lecture(valeur=False)
        return Lecture(erreur=self.message_vide if texte else "")

    def serialize(self, champ: OuiNon, valeur: Json) -> str:
        return {True: "true", False: "false"}.get(valeur, "") if isinstance(valeur, bool) else ""

    def make_contexte(self, champ: OuiNon, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        options = [("oui", "Oui", valeur is True), ("non", "Non", valeur is False)]
        return {"options": options, "autre": None}


class TypeChoixSimple(TypeChamp[ChoixSimple]):
    code = "choix_simple"
    nom = "Choix simple"
    nature = Nature.CHOIX
    gabarit = "formulaires_types/radios.html"
    groupe = True
    message_vide = "Choisissez une réponse."

    def parse(self, champ: ChoixSimple, donnees: Donnees, nom: str) -> Lecture:
        choix = donnees.ligne(nom, 200)
        if champ.autre and choix == AUTRE:
            texte = donnees.ligne(f"{nom}-{AUTRE}", 10_000)
            if not texte:
                return Lecture(erreur="Précisez votre réponse.", brut={AUTRE: ""})
            return Lecture(valeur={AUTRE: texte})
        return Lecture(valeur=choix or None)

    def check(self, champ: ChoixSimple, valeur: Json, jour: date) -> str:
        if isinstance(valeur, dict):
            texte = valeur.get(AUTRE)
            if not champ.autre or not isinstance(texte, str) or set(valeur) != {AUTRE}:
                return _INCONNUE
            return check_longueur(texte, AUTRE_MAX)
        return "" if any(option.id == valeur for option in champ.options) else _INCONNUE

    def read(self, champ: ChoixSimple, valeur: Json) -> str | None:
        if isinstance(valeur, dict):
            return AUTRE
        return valeur if isinstance(valeur, str) and valeur else None

    def show(self, champ: ChoixSimple, valeur: Json) -> str:
        if isinstance(valeur, dict):
            return str(valeur.get(AUTRE, ""))
        return next((o.libelle for o in champ.options if o.id == valeur), str(valeur or ""))

    def project(self, champ: ChoixSimple, valeur: Json) -> str | None:
        return self.show(champ, valeur) or None

    def export_schema(self, champ: ChoixSimple) -> dict[str, Any]:
        enumeration = {"enum": [option.id for option in champ.options]}
        if not champ.autre:
            return enumeration
        libre = {"type": "string", "maxLength": AUTRE_MAX}
        objet = {"type": "object", "properties": {AUTRE: libre}, "required": [AUTRE]}
        return {"anyOf": [enumeration, objet | {"additionalProperties": False}]}

    def make_contexte(
        self, champ: ChoixSimple, valeur: Json, brut: Json, nom: str
    ) -> dict[str, Any]:
        libre = brut if isinstance(brut, dict) else valeur if isinstance(valeur, dict) else None
        choisi = None if libre is not None else valeur
        options = [(o.id, o.libelle, o.id == choisi) for o in champ.options]
        autre = None
        if champ.autre:
            autre = {"choisi": libre is not None, "texte": (libre or {}).get(AUTRE, "")}
        return {"options": options, "autre": autre, "deroulant": is_deroulant(champ)}


def is_deroulant(champ: ChampBase) -> bool:
    """Dit si un choix simple se montre en liste déroulante plutôt qu’en boutons radio."""
    return isinstance(champ, ChoixSimple) and len(champ.options) > RADIOS_MAX


class TypeChoixMultiple(TypeChamp[ChoixMultiple]):
    code = "choix_multiple"
    nom = "Choix multiple"
    nature = Nature.CHOIX_MULTIPLE
    gabarit = "formulaires_types/cases.html"
    groupe = True
    message_vide = "Choisissez une réponse au moins."

    def parse(self, champ: ChoixMultiple, donnees: Donnees, nom: str) -> Lecture:
        coches = {c for c in donnees.liste(nom) if c}
        connues = [option.id for option in champ.options if option.id in coches]
        if len(connues) != len(coches):
            return Lecture(valeur=connues or None, erreur=_INCONNUE)
        return Lecture(valeur=connues or None)

    def check(self, champ: ChoixMultiple, valeur: Json, jour: date) -> str:
        connues = {option.id for option in champ.options}
        if not isinstance(valeur, list) or not all(isinstance(v, str) for v in valeur):
            return _INCONNUE
        if not connues.issuperset(valeur) or len(set(valeur)) != len(valeur):
            return _INCONNUE
        if champ.maximum is not None and len(valeur) > champ.maximum:
            return f"Choisissez {champ.maximum} réponse{'s' * (champ.maximum > 1)} au plus."
        return ""

    def read(self, champ: ChoixMultiple, valeur: Json) -> frozenset[str] | None:
        if not isinstance(valeur, list) or not valeur:
            return None
        return frozenset(v for v in valeur if isinstance(v, str))

    def show(self, champ: ChoixMultiple, valeur: Json) -> str:
        coches = self.read(champ, valeur) or frozenset()
        return ", ".join(option.libelle for option in champ.options if option.id in coches)

    def export_schema(self, champ: ChoixMultiple) -> dict[str, Any]:
        options = [option.id for option in champ.options]
        return {"type": "array", "items": {"enum": options}, "uniqueItems": True}

    def make_contexte(
        self, champ: ChoixMultiple, valeur: Json, brut: Json, nom: str
    ) -> dict[str, Any]:
        coches = self.read(champ, valeur) or frozenset()
        return {"options": [(o.id, o.libelle, o.id in coches) for o in champ.options]}


class TypeCivilite(TypeChamp[Civilite]):
    code = "civilite"
    nom = "Civilité"
    nature = Nature.CHOIX
    gabarit = "formulaires_types/radios.html"
    groupe = True
    message_vide = "Choisissez une civilité."
    libelles = {"Mme": "Madame", "M.": "Monsieur"}
    _lectures = {"mme": "Mme", "madame": "Mme", "female": "Mme", "m.": "M.", "m": "M.",
                 "monsieur": "M.", "male": "M."}  # fmt: skip

    def parse(self, champ: Civilite, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 50)
        lue = self._lectures.get(texte.casefold())
        return Lecture(valeur=lue, erreur="" if lue or not texte else self.message_vide)

    def check(self, champ: Civilite, valeur: Json, jour: date) -> str:
        return "" if valeur in ("Mme", "M.") else self.message_vide

    def show(self, champ: Civilite, valeur: Json) -> str:
        return self.libelles.get(valeur, "") if isinstance(valeur, str) else ""

    def serialize(self, champ: Civilite, valeur: Json) -> str:
        return valeur if isinstance(valeur, str) else ""

    def search_text(self, champ: Civilite, valeur: Json) -> str:
        return ""

    def export_schema(self, champ: Civilite) -> dict[str, Any]:
        return {"enum": ["Mme", "M."]}

    def make_contexte(self, champ: Civilite, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        options = [(code, libelle, code == valeur) for code, libelle in self.libelles.items()]
        return {"options": options, "autre": None}
