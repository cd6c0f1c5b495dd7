"""Courriel et téléphone."""

import difflib
import re
from datetime import date
from typing import Any

from socle.fondations.commun.textes import INSECABLE
from socle.fondations.formulaires.definition import Courriel, Telephone
from socle.fondations.formulaires.textes import format_pluriel
from socle.fondations.formulaires.types.base import Donnees, Lecture, TypeChamp
from socle.fondations.formulaires.valeurs import Json

_ADRESSE = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,55})\Z"
)
_DOMAINES = (
    "gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "hotmail.fr", "hotmail.com", "outlook.fr",
    "outlook.com", "yahoo.fr", "yahoo.com", "laposte.net", "sfr.fr", "bbox.fr", "icloud.com",
    "live.fr", "neuf.fr", "numericable.fr", "protonmail.com", "proton.me", "msn.com",
)  # fmt: skip
# Indicatifs français : la métropole puis les territoires, dans l’ordre de leur population.
_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT", "NC", "PF", "PM", "BL", "MF", "WF")
_INDICATIFS = frozenset({33, 262, 590, 594, 596, 508, 681, 687, 689})
# Numéros réservés à la fiction par l’Arcep (décision 2018-0881) : essais et démonstration.
_FICTION = re.compile(r"\+33(?:19900|26191|35301|46571|53649|63998)\d{4}\Z", re.ASCII)
_EXEMPLE = "Exemple : 06 00 00 00 00."


class TypeCourriel(TypeChamp[Courriel]):
    code = "courriel"
    nom = "Adresse électronique"
    gabarit = "formulaires_types/courriel.html"
    message_vide = "Donnez une adresse électronique."

    def parse(self, champ: Courriel, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 1000)
        if not texte:
            return Lecture()
        adresse = texte.replace(" ", "").removeprefix("mailto:").lower()
        erreur = self.check(champ, adresse, date.min)
        if erreur:
            return Lecture(erreur=erreur, brut=texte)
        return Lecture(valeur=adresse, avis=suggest_domaine(adresse))

    def check(self, champ: Courriel, valeur: Json, jour: date) -> str:
        if not isinstance(valeur, str) or "@" not in valeur:
            return "Il manque le signe @ : une adresse s’écrit nom@exemple.fr."
        if len(valeur) > 254 or not _ADRESSE.match(valeur):
            return "Cette adresse n’est pas complète ou contient un signe interdit."
        return ""

    def export_schema(self, champ: Courriel) -> dict[str, Any]:
        return {"type": "string", "format": "email", "maxLength": 254}


def suggest_domaine(adresse: str) -> str:
    """Propose le domaine courant le plus proche quand il y a sans doute une faute de frappe."""
    domaine = adresse.rpartition("@")[2]
    if domaine in _DOMAINES:
        return ""
    proches = difflib.get_close_matches(domaine, _DOMAINES, n=1, cutoff=0.85)
    return f"Vouliez-vous écrire « {proches[0]} » après le signe @ ?" if proches else ""


class TypeTelephone(TypeChamp[Telephone]):
    """Numéro stocké en E.164 (« +33612345678 »), montré à la façon du pays."""

    code = "telephone"
    nom = "Téléphone"
    gabarit = "formulaires_types/telephone.html"
    message_vide = "Donnez un numéro de téléphone."

    def parse(self, champ: Telephone, donnees: Donnees, nom: str) -> Lecture:
        texte = donnees.ligne(nom, 200)
        if not texte:
            return Lecture()
        numero = normalize_telephone(texte)
        if numero is None:
            return Lecture(erreur=_explain(texte), brut=texte)
        return Lecture(valeur=numero)

    def check(self, champ: Telephone, valeur: Json, jour: date) -> str:
        correct = isinstance(valeur, str) and re.match(r"\+\d{6,15}\Z", valeur, re.ASCII)
        return "" if correct else f"Ce numéro n’est pas lisible. {_EXEMPLE}"

    def show(self, champ: Telephone, valeur: Json) -> str:
        """Rend le numéro à lire : ses espaces sont insécables, il ne se coupe pas en deux."""
        return self.edit_texte(champ, valeur).replace(" ", INSECABLE)

    def edit_texte(self, champ: Telephone, valeur: Json) -> str:
        return format_telephone(valeur) if isinstance(valeur, str) else ""

    def serialize(self, champ: Telephone, valeur: Json) -> str:
        return self.edit_texte(champ, valeur)

    def search_text(self, champ: Telephone, valeur: Json) -> str:
        texte = self.edit_texte(champ, valeur)
        return f"{texte} {texte.replace(' ', '')}" if texte else ""

    def export_schema(self, champ: Telephone) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\+\d{6,15}$"}


def normalize_telephone(texte: str) -> str | None:
    """Rend un numéro en E.164 ; None s’il n’est valable ni en France ni ailleurs.

    Un numéro français doit être attribuable ; un numéro étranger, commencé par son indicatif,
    doit être d’une longueur possible (même règle que Démarche numérique).
    """
    # Import tardif : 45 ms et 6 Mio, payés par les seuls formulaires qui demandent un numéro.
    import phonenumbers  # noqa: PLC0415

    if len(texte) > 40 or any(c.isalpha() for c in texte):
        return None
    regions: tuple[str | None, ...] = (None,) if texte.startswith(("+", "00")) else _REGIONS
    texte = f"+{texte[2:]}" if texte.startswith("00") else texte
    for region in regions:
        try:
            numero = phonenumbers.parse(texte, region)
        except phonenumbers.NumberParseException:
            continue
        ecrit = phonenumbers.format_number(numero, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(numero) or _FICTION.match(ecrit):
            return ecrit
        etranger = region is None and numero.country_code not in _INDICATIFS
        if etranger and phonenumbers.is_possible_number(numero):
            return ecrit
    return None


def format_telephone(numero: str) -> str:
    """Écrit un numéro E.164 : « 06 12 34 56 78 » en France, « +32 2 555 12 34 » ailleurs."""
    if re.match(r"\+33\d{9}\Z", numero, re.ASCII):
        local = f"0{numero[3:]}"
        return " ".join(local[rang : rang + 2] for rang in range(0, 10, 2))
    import phonenumbers  # noqa: PLC0415

    try:
        lu = phonenumbers.parse(numero, None)
    except phonenumbers.NumberParseException:
        return numero
    francais = phonenumbers.region_code_for_number(lu) in _REGIONS
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(lu, style.NATIONAL if francais else style.INTERNATIONAL)


def _explain(texte: str) -> str:
    chiffres = sum(c.isdigit() for c in texte)
    if not texte.startswith(("+", "00")) and chiffres != 10:
        return f"Ce numéro a {format_pluriel(chiffres, 'chiffre')}, il en faut 10. {_EXEMPLE}"
    return f"Ce numéro n’existe pas. Vérifiez-le. {_EXEMPLE} À l’étranger : +32 2 555 12 34."
