"""Contenu d’une lettre : en-tête de la collectivité, destinataire, blocs de texte.

Le texte riche est une liste de blocs JSON, sans HTML ni Markdown ; `parse_texte` en fait à partir
de ce qu’un agent tape au clavier (paragraphes, listes à tirets, listes numérotées).
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from socle.fondations.commun.couleurs import build_palette
from socle.fondations.commun.images import measure_image
from socle.fondations.commun.textes import format_jour

PUCE = re.compile(r"\s*[-–•*]\s+(.*)")
NUMERO = re.compile(r"\s*\d{1,3}[.)]\s+(.*)")
Bloc = dict[str, Any]
Texte = str | list[str | dict[str, Any]]


class Emettrice(Protocol):
    """Ce qu’une lettre dit de la collectivité."""

    nom: str
    couleur: str
    adresse: str
    telephone: str
    courriel: str
    site: str


class ServiceEmetteur(Protocol):
    """Coordonnées du service qui répond (CRPA, art. R. 112-11-1)."""

    nom: str
    courriel: str
    telephone: str
    adresse: str
    horaires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signataire:
    """Auteur d’une décision : prénom, nom, qualité (CRPA, art. L. 212-1)."""

    nom: str
    qualite: str
    mention: str = ""


def describe_lettre(
    *,
    collectivite: Emettrice,
    service: ServiceEmetteur | None,
    destinataire: Sequence[str],
    objet: str,
    corps: Sequence[Bloc],
    jour: date,
    reference: str = "",
    lieu: str = "",
    signature: Signataire | None = None,
    mentions: Sequence[Bloc] = (),
) -> dict[str, Any]:
    """Rassemble les données qu’attend le gabarit de lettre (`#show: lettre`).

    Args:
        destinataire: lignes de l’adresse, le nom en premier.
        objet: titre visible de la lettre.
        corps: blocs `paragraphe`, `titre`, `liste`… de ce module.
        lieu: commune de signature ; vide, la lettre dit seulement « Le … ».
        mentions: blocs en petits caractères après la signature (voies de recours).
    """
    quand = f"le {format_jour(jour)}"
    return {
        "collectivite": {
            champ: getattr(collectivite, champ)
            for champ in ("nom", "adresse", "telephone", "courriel", "site")
        },
        "couleur": build_palette(collectivite.couleur).clair.fort,
        "service": _describe_service(service or collectivite),
        "reference": reference,
        "destinataire": [ligne for ligne in destinataire if ligne.strip()],
        "lieu_date": f"{lieu}, {quand}" if lieu else quand.capitalize(),
        "objet": objet,
        "corps": list(corps),
        "signature": signature
        and {"nom": signature.nom, "qualite": signature.qualite, "mention": signature.mention},
        "mentions": list(mentions),
    }


def _describe_service(service: Any) -> dict[str, str]:
    champs = ("nom", "telephone", "courriel", "adresse", "horaires")
    return {champ: getattr(service, champ, "") or "" for champ in champs}


def build_images(logo: bytes | memoryview | None) -> dict[str, str]:
    """Rend l’argument `images` de `compile_pdf` pour une collectivité (vide sans logo)."""
    return {"logo": build_logo(bytes(logo))} if logo else {}


def build_logo(contenu: bytes) -> str:
    """Enveloppe une image PNG, JPEG ou WebP dans un SVG, seule forme que typst lit d’un texte.

    Raises:
        ImageRefusee: le contenu n’est pas une image de ces trois formats.
    """
    image = measure_image(contenu)
    donnees = base64.b64encode(contenu).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{image.largeur}" height="{image.hauteur}"'
        f' viewBox="0 0 {image.largeur} {image.hauteur}"><image width="{image.largeur}"'
        f' height="{image.hauteur}" href="data:{image.type_mime};base64,{donnees}"/></svg>'
    )


def paragraphe(texte: Texte) -> Bloc:
    """Un paragraphe ; `texte` est une chaîne, ou des morceaux {texte, gras, italique, lien}."""
    return {"genre": "paragraphe", "texte": texte}


def titre(texte: str, niveau: int = 1) -> Bloc:
    """Un intertitre de niveau 1 ou 2. Le premier d’un document est de niveau 1 (PDF/UA)."""
    return {"genre": "titre", "texte": texte, "niveau": niveau}


def liste(elements: Sequence[Texte], *, numerotee: bool = False) -> Bloc:
    return {"genre": "liste", "elements": list(elements), "numerotee": numerotee}


def champs(
    elements: Sequence[tuple[str, str]], *, entetes: tuple[str, str] = ("Question", "Réponse")
) -> Bloc:
    """Une suite « libellé, valeur », pour relire des réponses."""
    return {
        "genre": "champs",
        "entetes": list(entetes),
        "elements": [list(element) for element in elements],
    }


def tableau(
    entetes: Sequence[Texte],
    lignes: Sequence[Sequence[Texte]],
    *,
    legende: str = "",
    largeurs: Sequence[float] = (),
    nombres: Sequence[int] = (),
) -> Bloc:
    """Un tableau avec sa ligne d’en-têtes ; `nombres` : rangs des colonnes alignées à droite.

    Les cellules sont des chaînes : une liste de morceaux y serait prise pour plusieurs cellules.
    """
    bloc: Bloc = {"genre": "tableau", "entetes": list(entetes), "legende": legende}
    bloc["lignes"] = [list(ligne) for ligne in lignes]
    bloc["nombres"] = list(nombres)
    return bloc | ({"largeurs": list(largeurs)} if largeurs else {})


def encadre(blocs: Sequence[Bloc], *, titre: str = "") -> Bloc:
    return {"genre": "encadre", "titre": titre, "blocs": list(blocs)}


def parse_texte(texte: str) -> list[Bloc]:
    """Convertit un texte tapé en blocs : ligne vide = paragraphe, « - » = liste, « 1. » = numéros.

    Tout le reste s’imprime tel quel : aucun autre signe n’a de sens caché.
    """
    blocs: list[Bloc] = []
    for morceau in re.split(r"\n[ \t]*\n", texte.replace("\r\n", "\n").replace("\r", "\n")):
        for ligne in morceau.strip("\n").split("\n"):
            _append_ligne(blocs, ligne)
        blocs.append({"genre": "fin"})
    return [bloc for bloc in blocs if bloc["genre"] != "fin"]


def _append_ligne(blocs: list[Bloc], ligne: str) -> None:
    """Ajoute une ligne au bloc en cours s’il est de même nature, sinon en ouvre un."""
    dernier = blocs[-1] if blocs else {"genre": "fin"}
    puce, numero = PUCE.fullmatch(ligne), NUMERO.fullmatch(ligne)
    if puce or numero:
        element = (puce or numero)[1]  # type: ignore[index]
        if dernier["genre"] != "liste" or dernier["numerotee"] is not bool(numero):
            blocs.append(liste([], numerotee=bool(numero)))
        blocs[-1]["elements"].append(element)
    elif not ligne.strip():
        return
    elif dernier["genre"] == "paragraphe":
        dernier["texte"] += "\n" + ligne.strip()
    else:
        blocs.append(paragraphe(ligne.strip()))
