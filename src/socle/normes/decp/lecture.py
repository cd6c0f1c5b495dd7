"""Lire un fichier d’inconnu : taille, profondeur, nombre de valeurs et DOCTYPE bornés."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from socle.normes.decp.errors import DecpIllisible, DecpInvalide
from socle.normes.decp.jugement import Juge
from socle.normes.decp.modele import Contrats, build_concession, build_marche
from socle.normes.decp.rapport import Chemin, Rapport
from socle.normes.decp.simples import read_decimal

TAILLE_MAX = 32 * 1024 * 1024  # octets
CONTENANTS_MAX = 1_000_000  # objets et listes d’un JSON
VALEURS_MAX = 2_500_000  # virgules d’un JSON
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{", b"[\0", b"\0[")

Lus = Iterator[tuple[str, Chemin, dict[str, Any]]]


@dataclass(slots=True)
class Source:
    """Un fichier reconnu : son format, son texte (JSON) et ce que la lecture y a vu."""

    format: str
    octets: bytes
    texte: str = ""
    repetees: set[str] = field(default_factory=set)  # clés écrites deux fois dans un objet
    lignes: dict[Chemin, int] = field(default_factory=dict)  # du contrat XML en cours


def open_source(octets: bytes) -> Source:
    """Reconnaît un JSON ou un XML à son premier signe.

    Raises:
        DecpIllisible: trop gros, vide, ou ni l’un ni l’autre.
    """
    if len(octets) > TAILLE_MAX:
        message = f"Le fichier dépasse {TAILLE_MAX >> 20} Mo. Découpez-le par année."
        raise DecpIllisible("taille", message)
    debut = octets[:1024].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not debut:
        raise DecpIllisible("vide", "Le fichier est vide.")
    if debut.startswith(b"<") or octets[:4] in {b"\xff\xfe<\0", b"\xfe\xff\0<"}:
        return Source("xml", octets)
    if debut.startswith(_UTF16):
        raise DecpIllisible("encodage", "Enregistrez le fichier en UTF-8.")
    if debut[:1] in b"{[":
        return Source("json", octets)
    raise DecpIllisible("format", "Ce n’est ni du JSON ({ … }) ni du XML (<marches> … ).")


def iterate_contrats(source: Source, rapport: Rapport) -> Lus:
    """Juge le fichier et rend ses contrats sous leur forme JSON, à mesure.

    Raises:
        DecpIllisible: le fichier ne se lit pas jusqu’au bout.
    """
    if source.format == "xml":
        from socle.normes.decp import jugement_xml  # noqa: PLC0415  lxml n’est chargé qu’au besoin

        return jugement_xml.iterate_contrats(source.octets, rapport, source.lignes)
    return Juge(rapport).judge_racine(parse_json(source))


def parse_json(source: Source) -> Any:
    """Rend la valeur qu’écrit un JSON, nombres exacts, et remplit `source.texte`.

    Raises:
        DecpIllisible: trop de valeurs, trop profond, mal formé, ou pas en UTF-8.
    """
    octets = source.octets
    if octets.count(b"{") + octets.count(b"[") > CONTENANTS_MAX or octets.count(b",") > VALEURS_MAX:
        raise DecpIllisible("taille", "Le fichier compte trop de valeurs. Découpez-le.")
    source.texte = _decode(octets)

    def build(paires: list[tuple[str, Any]]) -> dict[str, Any]:
        objet = dict(paires)
        if len(objet) < len(paires) and len(source.repetees) < 100:
            vues: set[str] = set()
            source.repetees |= {cle for cle, _ in paires if cle in vues or vues.add(cle)}  # type: ignore[func-returns-value]
        return objet

    try:
        return json.loads(
            source.texte,
            parse_float=read_decimal,
            parse_constant=_refuse_constante,
            object_pairs_hook=build,
        )
    except json.JSONDecodeError as cause:
        message = f"Ce n’est pas du JSON bien formé : {_explain(cause)}"
        raise DecpIllisible("json", message, ligne=cause.lineno) from cause
    except RecursionError as cause:
        raise DecpIllisible("profondeur", "Trop de niveaux imbriqués.") from cause
    except ValueError as cause:  # nombre démesuré, NaN
        raise DecpIllisible("nombre", "Un nombre est démesuré, ou n’en est pas un.") from cause


def _refuse_constante(nom: str) -> NoReturn:
    raise ValueError(nom)


def _explain(cause: json.JSONDecodeError) -> str:
    phrases = {
        "Expecting property name enclosed in double quotes": "il manque un nom entre guillemets.",
        "Expecting ',' delimiter": "il manque une virgule ou une fermeture.",
        "Expecting ':' delimiter": "il manque deux-points.",
        "Expecting value": "il manque une valeur (une virgule de trop ?).",
        "Extra data": "quelque chose suit la fin.",
        "Unterminated string starting at": "un guillemet n’est pas fermé.",
        "Invalid control character at": "un texte contient un signe de contrôle.",
        "Invalid \\escape": "un « \\ » est mal employé.",
    }
    return phrases.get(cause.msg, "vérifiez les guillemets et les virgules.")


def _decode(octets: bytes) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        ligne = octets.count(b"\n", 0, cause.start) + 1
        message = "Ce texte n’est pas en UTF-8. Enregistrez le fichier en UTF-8."
        raise DecpIllisible("encodage", message, ligne=ligne) from cause


def read_decp(octets: bytes) -> Contrats:
    """Lit des données essentielles conformes.

    Args:
        octets: le fichier, JSON ou XML, 32 Mo au plus.

    Raises:
        DecpIllisible: le fichier ne se lit pas.
        DecpInvalide: il n’est pas conforme ; porte les anomalies.
    """
    rapport = Rapport()
    marches, concessions = [], []
    source = open_source(octets)
    for nom, _chemin, contrat in iterate_contrats(source, rapport):
        if rapport.valide and nom == "marche":
            marches.append(build_marche(contrat))
        elif rapport.valide:
            concessions.append(build_concession(contrat))
    if not rapport.valide:
        raise DecpInvalide(rapport.erreurs)
    return Contrats(tuple(marches), tuple(concessions))
