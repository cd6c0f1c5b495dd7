"""SIRET et IBAN, vérifiés par leur clé (python-stdnum)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from stdnum import iban as norme_iban
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siret as norme_siret

from socle.fondations.formulaires.definition import Iban, Siret
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.ports import Etablissement
from socle.fondations.formulaires.textes import clean_ligne, format_pluriel
from socle.fondations.formulaires.types.base import (
    Colonne,
    Donnees,
    FragmentSeda,
    Lecture,
    TypeChamp,
)
from socle.fondations.formulaires.valeurs import Json, Valeur

_SEPARATEURS = re.compile(r"[\s.\-–]")
_DETAILS = ("nom", "adresse", "code_commune", "libelle_source", "etat")
INTROUVABLE, FERME = "introuvable", "ferme"  # ce que l’annuaire dit d’un numéro pourtant bien formé


def refuse_siret(numero: str) -> str:
    """Dit pourquoi un SIRET est refusé ; vide s’il est bon. Les SIRET de La Poste, qui n’ont pas
    la clé de Luhn, sont admis."""
    if not numero.isdigit() or not numero.isascii():
        return "Un SIRET ne contient que des chiffres."
    if len(numero) == 9:
        return "C’est un SIREN (9 chiffres). Donnez le SIRET de l’établissement : 14 chiffres."
    if len(numero) != 14:
        return f"Ce SIRET a {format_pluriel(len(numero), 'chiffre')}, il en faut 14."
    try:
        norme_siret.validate(numero)
    except ValidationError:
        return "Ce SIRET n’existe pas : un chiffre au moins est faux."
    return ""


class TypeSiret(TypeChamp[Siret]):
    """SIRET. La réponse garde ce que l’annuaire a dit : {"siret", "nom", "adresse"…}."""

    code = "siret"
    nom = "Numéro SIRET"
    gabarit = "formulaires_types/siret.html"
    duree = 60
    message_vide = "Donnez un numéro SIRET."

    def parse(self, champ: Siret, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 200)
        numero = _SEPARATEURS.sub("", texte)
        if not numero:
            return Lecture()
        erreur = refuse_siret(numero)
        return Lecture(erreur=erreur, brut=texte) if erreur else Lecture(valeur={"siret": numero})

    def check(self, champ: Siret, valeur: Json, jour: date) -> str:
        numero = self.read(champ, valeur)
        return refuse_siret(numero) if numero else "Ce SIRET n’est pas lisible."

    def read(self, champ: Siret, valeur: Json) -> str | None:
        numero = valeur.get("siret") if isinstance(valeur, dict) else None
        return numero if isinstance(numero, str) and numero else None

    def merge(self, champ: Siret, ancienne: Json, nouvelle: Json) -> Json:
        """Garde le nom et l’adresse déjà trouvés tant que le numéro ne change pas."""
        meme = self.read(champ, ancienne) == self.read(champ, nouvelle)
        return ancienne if meme and nouvelle else nouvelle

    def show(self, champ: Siret, valeur: Json) -> str:
        numero = self.read(champ, valeur)
        if not numero:
            return ""
        ecrit = norme_siret.format(numero)
        nom, etat = str(valeur.get("nom", "")), valeur.get("etat")
        suite = {FERME: " (établissement fermé)", INTROUVABLE: " (absent de l’annuaire)"}
        return f"{ecrit}, {nom}{suite.get(etat, '')}" if nom else f"{ecrit}{suite.get(etat, '')}"

    def edit_texte(self, champ: Siret, valeur: Json) -> str:
        numero = self.read(champ, valeur)
        return norme_siret.format(numero) if numero else ""

    def serialize(self, champ: Siret, valeur: Json) -> str:
        return self.read(champ, valeur) or ""

    def search_text(self, champ: Siret, valeur: Json) -> str:
        numero = self.read(champ, valeur)
        return f"{numero} {numero[:9]} {valeur.get('nom', '')}".strip() if numero else ""

    def list_colonnes(self, champ: Siret) -> tuple[Colonne, ...]:
        return (
            Colonne(code=champ.id, libelle=champ.libelle, nature=Nature.TEXTE),
            Colonne(code=f"{champ.id}.nom", libelle=f"{champ.libelle} : nom", nature=Nature.TEXTE),
        )

    def list_cellules(self, champ: Siret, valeur: Json) -> tuple[Valeur, ...]:
        numero = self.read(champ, valeur)
        return (numero, str(valeur.get("nom", "")) or None) if numero else (None, None)

    def export_schema(self, champ: Siret) -> dict[str, Any]:
        details: dict[str, Any] = {cle: {"type": "string"} for cle in _DETAILS}
        proprietes = {"siret": {"type": "string", "pattern": r"^\d{14}$"}} | details
        return {"type": "object", "properties": proprietes, "required": ["siret"]}

    def export_seda(self, champ: Siret, valeur: Json) -> FragmentSeda:
        texte = self.show(champ, valeur)
        return FragmentSeda(libelle=champ.libelle, valeur=texte, mot_cle="corpname")

    def make_contexte(self, champ: Siret, valeur: Json, brut: Json, nom: str) -> dict[str, Any]:
        trouve = valeur if isinstance(valeur, dict) and not isinstance(brut, str) else {}
        return super().make_contexte(champ, valeur, brut, nom) | {
            "etablissement": {cle: trouve.get(cle, "") for cle in _DETAILS},
        }


def write_etablissement(siret: str, etablissement: Etablissement | None) -> dict[str, str]:
    """Rend la réponse d’un champ SIRET, complétée par l’annuaire ; None s’il ne le connaît pas."""
    if etablissement is None:
        return {"siret": siret, "etat": INTROUVABLE}
    noms = ("nom", "adresse", "code_commune", "libelle_source")
    details = {cle: clean_ligne(getattr(etablissement, cle))[:300] for cle in noms}
    details["etat"] = "" if etablissement.actif else FERME
    return {"siret": siret} | {cle: v for cle, v in details.items() if v}


def is_cherche(valeur: Mapping[str, Any]) -> bool:
    """Dit si l’annuaire a déjà répondu pour ce SIRET (le nom peut être masqué)."""
    return bool(valeur.get("libelle_source") or valeur.get("etat"))


class TypeIban(TypeChamp[Iban]):
    """IBAN, stocké sans espace, montré par groupes de quatre."""

    code = "iban"
    nom = "IBAN"
    gabarit = "formulaires_types/iban.html"
    duree = 60
    message_vide = "Donnez un IBAN."

    def parse(self, champ: Iban, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 200)
        numero = _SEPARATEURS.sub("", texte).upper().removeprefix("IBAN")
        if not numero:
            return Lecture()
        erreur = self.check(champ, numero, date.min)
        return Lecture(erreur=erreur, brut=texte) if erreur else Lecture(valeur=numero)

    def check(self, champ: Iban, valeur: Json, jour: date) -> str:
        if not isinstance(valeur, str) or not valeur.isascii() or not valeur.isalnum():
            return "Un IBAN ne contient que des lettres et des chiffres."
        if len(valeur) > 34 or (valeur.startswith("FR") and len(valeur) != 27):
            return f"Cet IBAN a {format_pluriel(len(valeur), 'signe')} ; un IBAN français en a 27."
        try:
            # La clé mod 97 suffit : les listes de banques de la bibliothèque vieillissent.
            norme_iban.validate(valeur, check_country=False)
        except (InvalidChecksum, InvalidLength):
            return "Cet IBAN n’existe pas : un signe au moins est faux."
        except ValidationError:
            return (
                "Cet IBAN n’est pas lisible. Recopiez-le depuis votre relevé d’identité bancaire."
            )
        return ""

    def show(self, champ: Iban, valeur: Json) -> str:
        return norme_iban.format(valeur) if isinstance(valeur, str) else ""

    def edit_texte(self, champ: Iban, valeur: Json) -> str:
        return self.show(champ, valeur)

    def serialize(self, champ: Iban, valeur: Json) -> str:
        return valeur if isinstance(valeur, str) else ""

    def search_text(self, champ: Iban, valeur: Json) -> str:
        """Un IBAN ne se retrouve pas par la recherche : c’est une donnée bancaire."""
        return ""

    def export_schema(self, champ: Iban) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$"}
