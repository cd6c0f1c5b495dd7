"""Textes saisis, textes montrés : nettoyage, comparaison sans accent, écriture à la française."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from socle.fondations.commun.textes import INSECABLE

FINE = "\u202f"  # espace fine insécable : entre les milliers

# Commandes (dont NUL, refusé par PostgreSQL), demi-codets, marques de sens d’écriture (qui
# permettent de maquiller un nom de fichier ou une phrase), espaces de largeur nulle.
_INTERDITS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\uffff]"
)
_BLANCS = re.compile(r"\s+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "œ": "oe", "Œ": "OE", "æ": "ae"})
_HORS_IDENTIFIANT = re.compile(r"[^a-z0-9]+")


def clean_texte(texte: str) -> str:
    """Rend un texte de plusieurs lignes sans caractère de commande, en Unicode NFC."""
    texte = _INTERDITS.sub("", texte).replace("\r\n", "\n").replace("\r", "\n")
    if not texte.isascii():
        texte = unicodedata.normalize("NFC", texte)
    return texte.strip()


def clean_ligne(texte: str) -> str:
    """Rend un texte d’une ligne : comme `clean_texte`, espaces et sauts de ligne réduits à un."""
    return _BLANCS.sub(" ", clean_texte(texte)).strip()


def fold(texte: str) -> str:
    """Rend la forme de comparaison : sans accent, sans casse, espaces réduits."""
    texte = texte.translate(_APOSTROPHES)
    if not texte.isascii():
        decompose = unicodedata.normalize("NFKD", texte)
        texte = "".join(c for c in decompose if not unicodedata.combining(c))
    return _BLANCS.sub(" ", texte).strip().casefold()


def slugify(texte: str, defaut: str = "option") -> str:
    """Rend un identifiant stable tiré d’un libellé : « Garde alternée » → « garde_alternee »."""
    return _HORS_IDENTIFIANT.sub("_", fold(texte)).strip("_")[:63].strip("_") or defaut


def format_nombre(nombre: Decimal | int, unite: str = "", decimales: int = 2) -> str:
    """Écrit un nombre à la française : « 21 600 € », « 3,40 € », « 1,5 ».

    Un nombre entier n’a pas de décimale ; un montant en euros en a deux ou aucune ; le reste perd
    ses zéros inutiles. L’arrondi est commercial (0,005 → 0,01).
    """
    valeur = Decimal(nombre)
    pas = Decimal(1).scaleb(-decimales)
    arrondi = valeur.quantize(pas, rounding=ROUND_HALF_UP) if valeur else Decimal(0)
    signe = "−" if arrondi < 0 else ""
    entier, _, fraction = format(abs(arrondi), "f").partition(".")
    fraction = fraction.rstrip("0")
    if fraction and unite == "€" and len(fraction) == 1:
        fraction += "0"
    entier = f"{int(entier):,}".replace(",", FINE)
    texte = f"{signe}{entier},{fraction}" if fraction else f"{signe}{entier}"
    return f"{texte}{INSECABLE}{unite}" if unite else texte


def format_pluriel(nombre: int, singulier: str, pluriel: str = "") -> str:
    """Écrit un nombre et son mot : « 1 fichier », « 3 fichiers »."""
    mot = singulier if abs(nombre) < 2 else pluriel or f"{singulier}s"
    return f"{format_nombre(nombre)}{INSECABLE}{mot}"
