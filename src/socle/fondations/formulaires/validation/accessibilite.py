"""Accessibilité et clarté d’un formulaire : ce que son auteur peut abîmer, vérifié ici.

Source: RGAA 4.1.2, critères 3.1 (couleur), 6.1 (liens explicites), 8.9 (balises), 10.9 (forme et
place), 11.1, 11.2 (étiquettes pertinentes), 11.10 (formats indiqués), 11.13 (saisie automatique).
"""

import re
from collections.abc import Iterator

from socle.fondations.formulaires.definition import (
    ChampSaisi,
    Courriel,
    Explication,
    PieceJustificative,
    Telephone,
    TexteCourt,
    TitreSection,
)
from socle.fondations.formulaires.enums import Gravite
from socle.fondations.formulaires.textes import fold
from socle.fondations.formulaires.types import get_type
from socle.fondations.formulaires.validation.anomalie import (
    Anomalie,
    Element,
    Index,
    make_anomalie_page,
)

CHAMPS_PAR_PAGE = 20
LIBELLE_LONG = 160
SIGLE_MAX = 8

# Jetons de la spécification HTML (« Autofill »), sans les jetons de carte bancaire.
JETONS = frozenset(
    {"name", "honorific-prefix", "given-name", "additional-name", "family-name", "honorific-suffix",
     "nickname", "organization-title", "organization", "street-address", "address-line1",
     "address-line2", "address-line3", "address-level4", "address-level3", "address-level2",
     "address-level1", "country", "country-name", "postal-code", "language", "bday", "bday-day",
     "bday-month", "bday-year", "sex", "url", "photo", "tel", "tel-country-code", "tel-national",
     "tel-area-code", "tel-local", "email", "off", "on", "username"}
)  # fmt: skip

_BALISE = re.compile(r"</?[a-z][^>]{0,200}>", re.IGNORECASE)
_ADRESSE_WEB = re.compile(r"https?://|www\.", re.IGNORECASE)
_CLIQUEZ = re.compile(r"\b(cliquez|cliquer|clic) (ici|la|ci)\b|^(ici|en savoir plus|lien)$")
_PLACE = re.compile(r"\b(ci-contre|ci contre|a droite|a gauche|colonne de (droite|gauche))\b")
_COULEUR = re.compile(r"\ben (rouge|vert|bleu|jaune|orange|gris)\b")
_IMAGE = re.compile(r"!\[|\.(png|jpe?g|gif|svg|webp)\b|voir l'image|image ci-")
_OBLIGATOIRE = re.compile(r"\*$|\((obligatoire|facultatif|requis|optionnel)\)", re.IGNORECASE)
_FORMAT = re.compile(r"\b(numero|n°|code|reference|matricule|immatriculation|identifiant|nir)\b")
# Ce que le navigateur peut proposer, dans les mots des réglages du champ.
_AUTOMATIQUES = {Courriel: "Adresse électronique", Telephone: "Téléphone"}
_PERSONNE = {
    "nom": "Nom de famille",
    "nom de famille": "Nom de famille",
    "votre nom": "Nom de famille",
    "prenom": "Prénom",
    "votre prenom": "Prénom",
}


def check_accessibilite(index: Index) -> Iterator[Anomalie]:
    """Contrôle les textes écrits par l’auteur du formulaire."""
    for element in index.elements:
        yield from _check_libelle(element)
        yield from _check_textes(element)
        yield from _check_saisie(element)
    for rang, page in enumerate(index.definition.pages):
        if _is_capitales(page.titre):
            message = "Ce titre est tout en capitales : il se lit mal et s’épelle à l’oreille."
            yield make_anomalie_page(rang, page, "capitales", message)
        nombre = sum(get_type(e.champ).saisi for e in index.iter_page(rang))
        if nombre > CHAMPS_PAR_PAGE:
            message = f"Cette page pose {nombre} questions : partagez-la en plusieurs étapes."
            yield make_anomalie_page(rang, page, "page_longue", message, gravite=Gravite.CONSEIL)


def _check_libelle(element: Element) -> Iterator[Anomalie]:
    libelle = element.champ.libelle
    if _is_capitales(libelle):
        message = "Ce libellé est tout en capitales : écrivez-le en minuscules."
        yield element.make_anomalie("capitales", message, attribut="libelle")
    if _CLIQUEZ.search(fold(libelle)):
        message = "« Cliquez ici » ne dit pas où l’on va : nommez ce que l’on trouve."
        yield element.make_anomalie("cliquez_ici", message, attribut="libelle")
    if _BALISE.search(libelle):
        message = "Les balises HTML ne sont pas lues : retirez-les du libellé."
        yield element.make_anomalie("balises", message, attribut="libelle")
    if libelle and not any(c.isalnum() for c in libelle):
        message = "Ce libellé n’a aucun mot."
        yield element.make_anomalie("libelle_sans_mot", message, attribut="libelle")
    for regle, message in _list_conseils_libelle(element, libelle):
        yield element.make_anomalie(regle, message, attribut="libelle", gravite=Gravite.CONSEIL)


def _list_conseils_libelle(element: Element, libelle: str) -> Iterator[tuple[str, str]]:
    if len(libelle) > LIBELLE_LONG:
        yield "libelle_long", "Ce libellé est long : gardez la question, mettez le reste en aide."
    if _OBLIGATOIRE.search(libelle):
        yield "mention_double", "Le formulaire dit déjà ce qui est facultatif : retirez la mention."
    if isinstance(element.champ, TitreSection) and libelle.endswith((".", ":")):
        yield "titre_ponctue", "Un titre ne se termine pas par un point ni par deux-points."


def _check_textes(element: Element) -> Iterator[Anomalie]:
    champ = element.champ
    textes = {"aide": champ.aide}
    if isinstance(champ, Explication):
        textes |= {"texte": champ.texte, "texte_replie": champ.texte_replie}
    for attribut, texte in textes.items():
        if not texte:
            continue
        if _CLIQUEZ.search(fold(texte)):
            message = "« Cliquez ici » ne dit pas où l’on va : nommez ce que l’on trouve."
            yield element.make_anomalie("cliquez_ici", message, attribut=attribut)
        if _BALISE.search(texte):
            message = "Les balises HTML ne sont pas lues : retirez-les de ce texte."
            yield element.make_anomalie("balises", message, attribut=attribut)
        for regle, message in _list_conseils_texte(texte):
            yield element.make_anomalie(regle, message, attribut=attribut, gravite=Gravite.CONSEIL)


def _list_conseils_texte(texte: str) -> Iterator[tuple[str, str]]:
    plat = fold(texte)
    if _is_capitales(texte):
        yield "capitales", "Ce texte est tout en capitales : écrivez-le en minuscules."
    if _PLACE.search(plat):
        yield "place", "La place à l’écran change d’un appareil à l’autre : nommez l’élément."
    if _COULEUR.search(plat):
        yield "couleur", "Une couleur seule ne se voit pas de tous : ajoutez un mot."
    if _IMAGE.search(plat):
        yield "image_de_texte", "Une image de texte ne se lit pas à l’oreille : écrivez son texte."
    if _ADRESSE_WEB.search(plat) and len(plat.split()) == 1:
        yield "adresse_nue", "Une adresse seule se comprend mal : dites ce qu’on y trouve."


def _check_saisie(element: Element) -> Iterator[Anomalie]:
    champ = element.champ
    if not isinstance(champ, ChampSaisi):
        return
    jeton = champ.autocomplete.split(" ")[-1] if champ.autocomplete else ""
    if jeton and jeton not in JETONS:
        message = f"« {champ.autocomplete} » n’est pas un jeton de saisie automatique."
        yield element.make_anomalie("autocomplete", message, attribut="autocomplete")
    attendu = _guess_proposition(champ)
    if attendu and not jeton:
        message = (
            "Si cette question porte sur la personne elle-même, réglez « Le navigateur peut"
            f" proposer » sur « {attendu} »."
        )
        yield element.make_anomalie(
            "autocomplete", message, attribut="autocomplete", gravite=Gravite.CONSEIL
        )
    plat = fold(champ.libelle)
    if isinstance(champ, TexteCourt) and _FORMAT.search(plat) and not champ.aide:
        message = "Donnez un exemple en aide : on ne sait pas sous quelle forme répondre."
        yield element.make_anomalie(
            "format_sans_aide", message, attribut="aide", gravite=Gravite.CONSEIL
        )
    if isinstance(champ, PieceJustificative) and champ.modele and not champ.aide:
        message = "Dites en aide comment remplir et renvoyer le modèle."
        yield element.make_anomalie(
            "modele_sans_aide", message, attribut="aide", gravite=Gravite.CONSEIL
        )


def _guess_proposition(champ: ChampSaisi) -> str:
    for modele, proposition in _AUTOMATIQUES.items():
        if isinstance(champ, modele):
            return proposition
    return _PERSONNE.get(fold(champ.libelle), "") if isinstance(champ, TexteCourt) else ""


def _is_capitales(texte: str) -> bool:
    """Dit si un texte crie : tout en capitales, plus long qu’un sigle."""
    lettres = [c for c in texte if c.isalpha()]
    mots = [mot for mot in texte.split() if any(c.isalpha() for c in mot)]
    assez_long = len(lettres) > SIGLE_MAX or (len(mots) > 1 and len(lettres) > 4)
    return assez_long and all(c.isupper() for c in lettres)
