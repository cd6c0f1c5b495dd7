"""Les pièces d’un dossier de preuve et leur forme exacte, pour qui écrit et pour qui vérifie.

LISEZMOI.txt                comment vérifier, avec des outils courants
cles/cles.txt               clés publiques, une par ligne ; cles/<identifiant>.pem, les mêmes
documents/<nom>             les documents ; « reponses.json », les réponses de la personne
entrees/0001.json           contenu exact d’une entrée du journal (la feuille)
entrees/0001.preuve.json    sa place dans l’arbre de la collectivité
ouvertures.json             ce qui relie un document à une entrée
points/0001.note            point de contrôle signé ; horodatages/0001.tsr, son jeton éventuel
sommaire.json               empreinte de chaque fichier ; sommaire.note, sa signature
tetes/0001.json             tête de l’arbre de la collectivité, feuille de l’arbre du sommet
tetes/0001.preuve.json      sa place au sommet, et la preuve que rien n’a été réécrit depuis
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from socle.normes.preuve.archive import Source
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.json_canonique import encode_json
from socle.normes.preuve.merkle import CHEMIN_MAX, TAILLE_EMPREINTE
from socle.normes.preuve.notes import decode_base64
from socle.normes.preuve.points import TAILLE_ARBRE_MAX

VERSION = 1
ENTREES_MAX = 5_000
TETES_MAX = 2_000
DOCUMENTS = "documents/"
REPONSES = "reponses.json"
"""Réponses actuelles. Le journal en garde l’engagement « reponses », refait à chaque changement."""
REPONSES_AU_DEPOT = "reponses-au-depot.json"
ENGAGEMENT_REPONSES = "reponses"
ENTETE_SOMMAIRE = "socle/dossier-de-preuve/v1"
NOM_PERMIS = re.compile(
    r"LISEZMOI\.txt|ouvertures\.json|sommaire\.(json|note)|cles/(cles\.txt|[0-9a-f]{8}\.pem)"
    r"|documents/[^/]+|entrees/[0-9]{4}(\.preuve)?\.json|tetes/[0-9]{4}(\.preuve)?\.json"
    r"|points/[0-9]{4}\.note|horodatages/[0-9]{4}\.tsr"
)


@dataclass(frozen=True)
class EntreeProuvee:
    """Entrée du journal et sa place dans l’arbre de sa collectivité.

    Attributes:
        contenu: feuille exacte (`encode_entree`).
        tete: rang, dans le dossier, de la tête qui la scelle.
        indice: place dans l’arbre.
        chemin: chemin d’inclusion dans l’arbre de la tête.
    """

    contenu: bytes
    tete: int
    indice: int
    chemin: Sequence[bytes]


@dataclass(frozen=True)
class TeteProuvee:
    """Tête de l’arbre d’une collectivité et le point de contrôle signé qui la porte.

    Attributes:
        contenu: feuille exacte de l’arbre du sommet (`encode_tete`).
        indice: place dans l’arbre du sommet.
        chemin: chemin d’inclusion dans l’arbre du point de contrôle.
        note: point de contrôle signé.
        coherence_tete: preuve que la dernière tête du dossier prolonge celle-ci.
        coherence_point: preuve que le dernier point du dossier prolonge celui-ci.
        jeton: réponse d’horodatage du point, vide s’il n’y en a pas.
    """

    contenu: bytes
    indice: int
    chemin: Sequence[bytes]
    note: bytes
    coherence_tete: Sequence[bytes] = ()
    coherence_point: Sequence[bytes] = ()
    jeton: bytes = b""


@dataclass(frozen=True)
class DocumentProuve:
    """Document remis, et ce qui le relie au journal.

    Attributes:
        nom: nom du fichier, sans dossier.
        source: octets, ou chemin d’un fichier qui ne bouge pas.
        entree: rang de l’entrée qui l’atteste, ou None : il n’est alors attesté que par la
            signature du dossier.
        engagement: nom de l’engagement à ouvrir ; vide si l’entrée porte l’empreinte en clair.
        sel: sel de cet engagement.
    """

    nom: str
    source: Source
    entree: int | None = None
    engagement: str = ""
    sel: bytes = b""


@dataclass(frozen=True)
class ContenuPreuve:
    """Tout ce qu’un dossier de preuve contient.

    Attributes:
        collectivite: identifiant du journal (0 : celui de l’installation).
        objets: références prouvées, par exemple « dossier:44171 ».
        tetes: dans l’ordre des scellements ; toutes les autres se rattachent à la dernière.
        en_attente: entrées plus récentes, pas encore scellées, qui ne sont pas dans le dossier.
    """

    collectivite: int
    objets: Sequence[str]
    entrees: Sequence[EntreeProuvee]
    tetes: Sequence[TeteProuvee]
    documents: Sequence[DocumentProuve] = field(default=())
    en_attente: int = 0


def encode_entree(
    *,
    identifiant: str,
    collectivite: int,
    action: str,
    objet: str,
    acteur: str,
    survenu_le: datetime,
    donnees: Mapping[str, Any],
    engagements: Mapping[str, str],
) -> bytes:
    """Feuille du journal : le contenu canonique d’une entrée, dont l’empreinte entre dans l’arbre.

    Args:
        survenu_le: instant avec fuseau, écrit en UTC à la microseconde.

    Raises:
        PreuveInvalide: instant sans fuseau, ou donnée sans forme canonique.
    """
    return encode_json(
        {
            "acteur": acteur,
            "action": action,
            "collectivite": collectivite,
            "donnees": donnees,
            "engagements": engagements,
            "id": identifiant,
            "objet": objet,
            "survenu_le": format_instant(survenu_le),
            "type": "entree",
            "version": VERSION,
        }
    )


def encode_tete(*, collectivite: int, taille: int, racine: bytes) -> bytes:
    """Feuille de l’arbre du sommet : la tête de l’arbre d’une collectivité."""
    return encode_json(
        {
            "collectivite": collectivite,
            "racine": b64encode(racine).decode(),
            "taille": taille,
            "type": "tete",
            "version": VERSION,
        }
    )


def format_instant(instant: datetime) -> str:
    """Écrit un instant en UTC, à la microseconde, par exemple « 2026-11-21T09:30:00.000000Z »."""
    if instant.tzinfo is None:
        raise PreuveInvalide("Un instant du journal porte son fuseau horaire.")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def encode_chemin(chemin: Sequence[bytes]) -> list[str]:
    """Écrit un chemin de preuve en base64."""
    return [b64encode(pas).decode() for pas in chemin]


def decode_chemin(valeur: object) -> list[bytes]:
    """Lit un chemin de preuve.

    Raises:
        PreuveInvalide: ce n’est pas une liste de 64 empreintes au plus.
    """
    if not isinstance(valeur, list) or len(valeur) > CHEMIN_MAX:
        raise PreuveInvalide("Un chemin de preuve est mal formé.")
    return [decode_empreinte(pas) for pas in valeur]


def decode_empreinte(valeur: object) -> bytes:
    """Lit une empreinte de 32 octets écrite en base64."""
    octets = decode_base64(valeur) if isinstance(valeur, str) else b""
    if len(octets) != TAILLE_EMPREINTE:
        raise PreuveInvalide("Une empreinte est mal formée.")
    return octets


def take_entier(objet: Mapping[str, Any], cle: str) -> int:
    """Prend un entier naturel d’un objet JSON."""
    valeur = objet.get(cle)
    if type(valeur) is not int or not 0 <= valeur <= TAILLE_ARBRE_MAX:
        raise PreuveInvalide(f"« {cle} » n’est pas un entier naturel.")
    return valeur


def take_texte(objet: Mapping[str, Any], cle: str) -> str:
    """Prend un texte d’un objet JSON."""
    valeur = objet.get(cle)
    if not isinstance(valeur, str):
        raise PreuveInvalide(f"« {cle} » n’est pas un texte.")
    return valeur


def check_cles(objet: object, *cles: str) -> dict[str, Any]:
    """Exige un objet JSON qui a exactement ces clés."""
    if not isinstance(objet, dict) or set(objet) != set(cles):
        raise PreuveInvalide("Une pièce n’a pas les champs attendus.")
    return objet
