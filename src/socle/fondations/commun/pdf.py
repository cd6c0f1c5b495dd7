"""Fabrique de PDF : PDF/A-3a et PDF/UA-1 dans un même fichier, par typst.

Un gabarit `<app>/typst/<nom>.typ` se nomme « <app>/<nom>.typ » et ne lit rien hors de ce dossier,
sauf le paquet `@local/socle` (en-tête de lettre, blocs de texte). Les données y entrent en JSON :
elles s’impriment, elles ne s’exécutent jamais.
"""

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps

from socle.fondations.commun.errors import ErreurMetier

if TYPE_CHECKING:
    import typst

DOSSIER = Path(__file__).resolve().parent / "typst"
NORMES = ["a-3a", "ua-1"]
NOM_GABARIT = re.compile(r"(?:([a-z_]+)/)?([a-z0-9_]+\.typ)", re.ASCII)
TAILLE_MAX_DONNEES = 2_000_000  # caractères de JSON : plusieurs centaines de pages
TAILLE_MAX_PIECES = 20 * 1024 * 1024
SANS_DESSIN = "□"
# Ce qui précise un émoji et ne se dessine pas seul : variante, couleur de peau, touche, étiquette,
# signe joint au précédent.
SUITE_D_EMOJI = re.compile(
    "(?:[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d\\S)+"
)
DRAPEAUX = {0x1F1E6 + rang: chr(ord("A") + rang) for rang in range(26)}  # un drapeau : « FR »
REMPLACES = DRAPEAUX | str.maketrans(
    {"\u202f": "\u00a0", "\t": " ", "\r": None, "\v": "\n", "\f": "\n"}
)
_local = threading.local()


class DocumentTropLong(ErreurMetier):
    message = "Ce document est trop long pour être mis en page."
    suite = "Raccourcissez le texte, ou joignez-le comme un fichier à part."


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceJointe:
    """Fichier texte (JSON, XML, CSV) rangé dans le PDF, lisible par un logiciel.

    Attributes:
        nom: nom du fichier, « data.json ».
        contenu: texte UTF-8.
        relation: rôle au sens du PDF/A-3 : data, source, alternative, supplement.
    """

    nom: str
    contenu: bytes
    type_mime: str
    description: str
    relation: str = "data"


def compile_pdf(
    gabarit: str,
    donnees: Mapping[str, Any],
    *,
    titre: str,
    maintenant: datetime,
    pieces: Sequence[PieceJointe] = (),
    images: Mapping[str, str] | None = None,
    langue: str = "fr",
    auteur: str = "",
) -> bytes:
    """Met un document en page. Mêmes arguments, mêmes octets.

    Compter 3 à 6 ms de processeur par lettre, et 80 Mo de mémoire au premier appel du processus.

    Args:
        gabarit: « dossiers/accuse.typ ».
        donnees: valeurs simples (JSON) que lit le gabarit ; `lettre.describe_lettre` fait celles
            d’une lettre. Un caractère que nos polices ne dessinent pas devient « □ ».
        titre: titre du document, dit par les lecteurs d’écran à l’ouverture.
        maintenant: date de création inscrite dans le fichier.
        images: nom → SVG (`lettre.build_logo`), lus par le gabarit dans `images`.

    Raises:
        DocumentTropLong: plus de deux millions de caractères, ou de 20 Mo de pièces.
        RuntimeError: gabarit en défaut (typst refuse un fichier non conforme aux deux normes).

    Source: ISO 19005-3 (PDF/A-3), ISO 14289-1 (PDF/UA-1).
    """
    dossier, fichier = find_gabarit(gabarit)
    entrees = {
        "titre": clean_texte(titre),
        "auteur": clean_texte(auteur),
        "langue": langue,
        "images": json.dumps(images or {}),
    } | _describe_pieces(pieces)
    propres = _clean(donnees)
    try:
        return _compile(dossier, fichier, entrees | {"donnees": _dump(propres)}, maintenant)
    except RuntimeError as erreur:
        if "could not be displayed" not in str(erreur):
            raise
    # Un signe combiné à une lettre d’une autre police : aucun dessin commun. On simplifie.
    return _compile(
        dossier, fichier, entrees | {"donnees": _dump(_clean(propres, latin=True))}, maintenant
    )


def find_gabarit(nom: str) -> tuple[Path, Path]:
    """Rend le dossier et le fichier d’un gabarit nommé « app/nom.typ » (commun sans « app/ »)."""
    trouve = NOM_GABARIT.fullmatch(nom)
    if not trouve:
        raise ValueError(f"Nom de gabarit invalide : {nom!r}.")
    dossier = Path(apps.get_app_config(trouve[1] or "commun").path) / "typst"
    return dossier, dossier / trouve[2]


def clean_texte(texte: str, *, latin: bool = False) -> str:
    """Remplace ce que nos polices ne dessinent pas ; `latin` ne garde que l’alphabet latin.

    Un émoji composé ne laisse qu’un signe : son dessin s’il existe (« ❤ »), sinon « □ » ;
    un drapeau, les deux lettres de son pays.
    """
    propre = SUITE_D_EMOJI.sub("", texte.translate(REMPLACES))
    return _build_filtre(latin).sub(SANS_DESSIN, propre)


def _clean(valeur: Any, *, latin: bool = False) -> Any:
    if isinstance(valeur, str):
        return clean_texte(valeur, latin=latin)
    if isinstance(valeur, Mapping):
        return {str(cle): _clean(v, latin=latin) for cle, v in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [_clean(v, latin=latin) for v in valeur]
    return valeur


def _dump(donnees: Any) -> str:
    texte = json.dumps(donnees, ensure_ascii=False, allow_nan=False)
    if len(texte) > TAILLE_MAX_DONNEES:
        raise DocumentTropLong
    return texte


def _describe_pieces(pieces: Sequence[PieceJointe]) -> dict[str, str]:
    if sum(len(piece.contenu) for piece in pieces) > TAILLE_MAX_PIECES:
        raise DocumentTropLong
    fiches = [
        {
            "nom": piece.nom,
            "type_mime": piece.type_mime,
            "description": clean_texte(piece.description),
            "relation": piece.relation,
        }
        for piece in pieces
    ]
    contenus = {f"piece{rang}": piece.contenu.decode() for rang, piece in enumerate(pieces)}
    return {"pieces": json.dumps(fiches)} | contenus


def _compile(dossier: Path, fichier: Path, entrees: dict[str, str], maintenant: datetime) -> bytes:
    pdf = _get_compilateur(dossier).compile(
        input=fichier,
        format="pdf",
        sys_inputs=entrees,
        pdf_standards=NORMES,  # type: ignore[arg-type]
        timestamp=int(maintenant.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst n’a pas rendu de PDF.")
    return pdf


def _get_compilateur(dossier: Path) -> "typst.Compiler":
    """Un compilateur par fil d’exécution et par dossier : il garde ses gabarits en mémoire."""
    import typst  # noqa: PLC0415  77 Mo : au premier PDF seulement

    gardes: dict[Path, typst.Compiler] = _local.__dict__.setdefault("compilateurs", {})
    if dossier not in gardes:
        gardes[dossier] = typst.Compiler(
            root=dossier,
            font_paths=_load_polices(),
            ignore_system_fonts=True,
            package_path=DOSSIER,
            package_cache_path=DOSSIER / "absent",  # jamais de paquet venu du réseau
        )
    return gardes[dossier]


@cache
def _load_polices() -> "typst.Fonts":
    import typst  # noqa: PLC0415

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[DOSSIER / "polices"],
    )


@cache
def _build_filtre(latin: bool) -> re.Pattern[str]:
    """Motif des caractères à remplacer, tiré de `polices/couverture.txt`."""
    if latin:
        return re.compile("[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2013-\u2026\u20ac\u25a1]")
    intervalles = []
    for ligne in (DOSSIER / "polices" / "couverture.txt").read_text().split():
        debut, _, fin = ligne.partition("-")
        intervalles.append(f"\\U{int(debut, 16):08x}-\\U{int(fin or debut, 16):08x}")
    return re.compile(f"[^\n{''.join(intervalles)}]")
