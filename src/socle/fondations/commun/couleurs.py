"""Couleur d’accent d’une collectivité : lue, mesurée, corrigée, déclinée pour les deux modes.

Une mairie choisit une couleur ; toutes les nuances de ses pages en sont calculées ici, sur le
serveur, pour que chaque navigateur reçoive les mêmes et que les tests prouvent leur contraste.

Sources : WCAG 2.2, critères 1.4.3 et 1.4.11 (contraste) ; CSS Color 4, §9 et §10 (OKLab, OKLCH).
"""

import hashlib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from socle.fondations.commun.errors import ErreurMetier

AA = 4.5  # texte ordinaire, WCAG 1.4.3
ACCENT_PAR_DEFAUT = "#a8401f"

# Mêmes valeurs que sass/_jetons.scss : un test les compare.
FONDS_CLAIRS = {"fond": "#fbf7f0", "feuille": "#fffdf9", "creux": "#f3ecdf"}
FONDS_SOMBRES = {"fond": "#17141c", "feuille": "#1f1b26", "creux": "#29242f"}
ENCRES_CLAIRES = {"encre": "#1d1a26", "encre-2": "#575163", "erreur": "#ad1f2d"}
ENCRES_SOMBRES = {"encre": "#f3ede3", "encre-2": "#b9b0bd", "erreur": "#ff9d98"}
BLANC = "#ffffff"
SUR_ACCENT_SOMBRE = "#17141c"

PAS_DE_CLARTE = 0.005
HEXA = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII | re.IGNORECASE)


class CouleurInvalide(ErreurMetier):
    """Le texte saisi n’est pas une couleur."""

    message = "Cette couleur n’est pas écrite comme il faut."
    suite = "Écrivez un dièse et six chiffres ou lettres de A à F, par exemple #12694f."


class Oklch(NamedTuple):
    """Clarté de 0 à 1, chroma à partir de 0, teinte en degrés."""

    clarte: float
    chroma: float
    teinte: float


@dataclass(frozen=True)
class Nuances:
    """Déclinaisons d’un accent dans un mode : « #rrggbb » partout."""

    fort: str  # texte, bouton plein, en-tête du portail
    doux: str  # fond teinté
    trait: str  # halo, décor ; ne porte pas de sens


@dataclass(frozen=True)
class Palette:
    """Toutes les couleurs tirées d’un accent."""

    accent: str
    clair: Nuances
    sombre: Nuances
    nuit: str  # ouverture du mode sombre et bouton de l’accusé : porte du blanc


def parse_couleur(texte: str) -> str:
    """Lit « #12694F », « 12694f » ou « #0a5 » et rend « #rrggbb ».

    Raises:
        CouleurInvalide: le texte n’est pas une couleur hexadécimale.
    """
    trouve = HEXA.fullmatch(texte.strip())
    if not trouve:
        raise CouleurInvalide
    chiffres = trouve[1].lower()
    if len(chiffres) == 3:
        chiffres = "".join(c * 2 for c in chiffres)
    return f"#{chiffres}"


def compute_contraste(une: str, autre: str) -> float:
    """Rapport de contraste de deux couleurs, de 1 à 21 (WCAG 2.2, « contrast ratio »)."""
    claire, sombre = sorted((_luminance(une), _luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


def convert_oklch(couleur: str) -> Oklch:
    """Convertit « #rrggbb » en OKLCH."""
    clarte, a, b = _oklab(couleur)
    return Oklch(clarte, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def convert_hexa(couleur: Oklch) -> str:
    """Convertit OKLCH en « #rrggbb ». Hors de l’écran sRGB, la chroma baisse, la teinte reste."""
    basse, haute = 0.0, couleur.chroma
    if _is_affichable(_lineaire(couleur)):
        basse = haute
    for _ in range(24):
        milieu = (basse + haute) / 2
        if _is_affichable(_lineaire(couleur._replace(chroma=milieu))):
            basse = milieu
        else:
            haute = milieu
    return _encode(_lineaire(couleur._replace(chroma=basse)))


def correct_couleur(texte: str) -> tuple[str, bool, str]:
    """Vérifie à la saisie la couleur d’une collectivité et la fonce si elle se lit mal.

    Returns:
        La couleur à garder (« #rrggbb »), vrai si elle a été changée, et la phrase à montrer
        (vide si rien n’a changé). La teinte est toujours conservée.

    Raises:
        CouleurInvalide: le texte n’est pas une couleur.
    """
    demandee = parse_couleur(texte)
    retenue = _darken(demandee, _grounds_of(demandee))
    if retenue == demandee:
        return demandee, False, ""
    mesure = min(compute_contraste(demandee, fond) for fond in _grounds_of(demandee))
    return (
        retenue,
        True,
        f"La couleur {demandee} ne se lit pas assez sur un fond clair : son contraste est de "
        f"{_french(mesure)} pour 1, il en faut 4,5. Nous gardons sa teinte, plus foncée : "
        f"{retenue}.",
    )


@lru_cache(maxsize=512)
def build_palette(couleur: str) -> Palette:
    """Décline un accent : contraste AA des textes et boutons sur tous nos fonds, clair et sombre.

    Args:
        couleur: « #rrggbb ».
    """
    base = convert_oklch(couleur)
    fort = _darken(couleur, _grounds_of(couleur))
    doux_sombre = convert_hexa(Oklch(0.27, min(base.chroma, 0.035), base.teinte))
    fort_sombre = _lighten(
        Oklch(0.8, min(base.chroma, 0.11), base.teinte), [*FONDS_SOMBRES.values(), doux_sombre]
    )
    return Palette(
        accent=couleur,
        clair=Nuances(fort, _tint(couleur), _mix(fort, FONDS_CLAIRS["fond"], 0.32)),
        sombre=Nuances(fort_sombre, doux_sombre, _mix(fort_sombre, FONDS_SOMBRES["fond"], 0.32)),
        nuit=convert_hexa(Oklch(0.29, min(base.chroma, 0.06), base.teinte)),
    )


def render_feuille(couleur: str) -> str:
    """Écrit la feuille de style d’une collectivité : ses couleurs, et rien d’autre."""
    palette = build_palette(couleur)
    proprietes = {
        "accent": palette.accent,
        "ac-fort": palette.clair.fort,
        "ac-doux": palette.clair.doux,
        "ac-trait": palette.clair.trait,
        "ac-nuit": palette.nuit,
        "as-fort": palette.sombre.fort,
        "as-doux": palette.sombre.doux,
        "as-trait": palette.sombre.trait,
    }
    return ":root{" + ";".join(f"--{nom}:{valeur}" for nom, valeur in proprietes.items()) + "}\n"


@lru_cache(maxsize=512)
def compute_empreinte(couleur: str) -> str:
    """Huit premiers caractères du SHA-256 de la feuille : son adresse change avec son contenu."""
    return hashlib.sha256(render_feuille(couleur).encode()).hexdigest()[:8]


def build_chemin_feuille(couleur: str) -> str:
    """Adresse immuable de la feuille d’une couleur, « /theme/12694f-1a2b3c4d.css ».

    Elle porte la couleur elle-même : la servir ne demande rien à la base. Une couleur illisible
    rend celle de l’installation, plutôt qu’une page sans style.
    """
    try:
        lue = parse_couleur(couleur)
    except CouleurInvalide:
        lue = ACCENT_PAR_DEFAUT
    return f"/theme/{lue[1:]}-{compute_empreinte(lue)}.css"


def _grounds_of(couleur: str) -> list[str]:
    """Tous les fonds clairs sur lesquels l’accent s’écrit, plus le blanc qui s’écrit sur lui."""
    return [*FONDS_CLAIRS.values(), _tint(couleur), BLANC]


def _tint(couleur: str) -> str:
    base = convert_oklch(couleur)
    clair = convert_hexa(Oklch(0.93, min(base.chroma, 0.03), base.teinte))
    return _mix(clair, FONDS_CLAIRS["fond"], 0.7)


def _darken(couleur: str, fonds: list[str]) -> str:
    """Baisse la clarté pas à pas jusqu’au contraste AA ; rend la couleur intacte si elle y est."""
    essai, point = couleur, convert_oklch(couleur)
    while min(compute_contraste(essai, fond) for fond in fonds) < AA:
        point = point._replace(clarte=point.clarte - PAS_DE_CLARTE)
        essai = convert_hexa(point)
    return essai


def _lighten(point: Oklch, fonds: list[str]) -> str:
    essai = convert_hexa(point)
    while min(compute_contraste(essai, fond) for fond in [*fonds, SUR_ACCENT_SOMBRE]) < AA:
        point = point._replace(clarte=point.clarte + PAS_DE_CLARTE)
        essai = convert_hexa(point)
    return essai


def _mix(une: str, autre: str, part: float) -> str:
    """Mélange en OKLab, comme `color-mix(in oklab, une part, autre)`."""
    melange = [x * part + y * (1 - part) for x, y in zip(_oklab(une), _oklab(autre), strict=True)]
    clarte, a, b = melange
    return convert_hexa(Oklch(clarte, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360))


def _rgb_lineaire(couleur: str) -> tuple[float, float, float]:
    r, g, b = (int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _decode(r), _decode(g), _decode(b)


def _decode(canal: float) -> float:
    return canal / 12.92 if canal <= 0.04045 else ((canal + 0.055) / 1.055) ** 2.4


def _encode(rgb: tuple[float, float, float]) -> str:
    octets = []
    for canal in rgb:
        borne = min(max(canal, 0.0), 1.0)
        valeur = 12.92 * borne if borne <= 0.0031308 else 1.055 * borne ** (1 / 2.4) - 0.055
        octets.append(round(valeur * 255))
    return "#" + "".join(f"{octet:02x}" for octet in octets)


def _luminance(couleur: str) -> float:
    r, g, b = _rgb_lineaire(couleur)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _oklab(couleur: str) -> tuple[float, float, float]:
    r, g, b = _rgb_lineaire(couleur)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    moyen = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    court = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * moyen - 0.0040720468 * court,
        1.9779984951 * long - 2.4285922050 * moyen + 0.4505937099 * court,
        0.0259040371 * long + 0.7827717662 * moyen - 0.8086757660 * court,
    )


def _lineaire(couleur: Oklch) -> tuple[float, float, float]:
    angle = math.radians(couleur.teinte)
    a, b = couleur.chroma * math.cos(angle), couleur.chroma * math.sin(angle)
    long = (couleur.clarte + 0.3963377774 * a + 0.2158037573 * b) ** 3
    moyen = (couleur.clarte - 0.1055613458 * a - 0.0638541728 * b) ** 3
    court = (couleur.clarte - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * moyen + 0.2309699292 * court,
        -1.2684380046 * long + 2.6097574011 * moyen - 0.3413193965 * court,
        -0.0041960863 * long - 0.7034186147 * moyen + 1.7076147010 * court,
    )


def _is_affichable(rgb: tuple[float, float, float]) -> bool:
    return all(-1e-4 <= canal <= 1 + 1e-4 for canal in rgb)


def _french(nombre: float) -> str:
    """Un chiffre après la virgule, arrondi vers le bas : 4,49 ne doit pas s’afficher 4,5."""
    return f"{math.floor(nombre * 10) / 10:.1f}".replace(".", ",")
