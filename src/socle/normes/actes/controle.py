"""Un fichier d’un inconnu : reconnu, lu, contrôlé. Toujours un rapport, jamais une exception."""

import io
from datetime import date

from socle.normes.actes import totem
from socle.normes.actes.archive import Limites, Lisible, read_archive
from socle.normes.actes.classification import Classification
from socle.normes.actes.coherence import Reperes, check_archive, check_message, check_taille
from socle.normes.actes.conformite import INTERNE, Schema
from socle.normes.actes.contenu import describe_archive, describe_budget, describe_message
from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.lecture import build_message
from socle.normes.actes.noms import parse_nom_archive
from socle.normes.actes.rapport import Anomalie, Niveau, Rapport
from socle.normes.actes.vocabulaire import Genre
from socle.normes.actes.xml import drop_instructions, parse_xml

_GZIP = b"\x1f\x8b"
_ENVELOPPES = {Genre.ENVELOPPE, Genre.ENVELOPPE_RETOUR, Genre.ANOMALIE_ENVELOPPE}
CONTROLES_TOTEM = "contrôles de Socle (le schéma docbudgetaire ne se charge pas)"


def check_fichier(
    source: bytes | Lisible,
    nom: str = "",
    *,
    schema: Schema | None = None,
    classification: Classification | None = None,
    aujourd_hui: date | None = None,
    limites: Limites | None = None,
) -> Rapport:
    """Reconnaît une archive, un message, une enveloppe, une classification ou un budget.

    Args:
        source: octets, ou flux binaire lu une fois ; au plus 150 Mo pour une archive.
        nom: nom du fichier, contrôlé s’il est donné.
        schema: schéma officiel (`conformite.load_schema`) ; sans lui, notre grammaire.
        classification: celle de la préfecture ; sans elle, ce qui en dépend avertit seulement.
        aujourd_hui: jour qu’aucune décision ne dépasse.
    """
    flux = io.BytesIO(source) if isinstance(source, bytes) else source
    reperes = Reperes(schema=schema, classification=classification, aujourd_hui=aujourd_hui)
    try:
        debut = flux.read(2)
        if debut == _GZIP:
            rapport = _check_archive(_Suite(debut, flux), nom, reperes, limites)
        else:
            octets = debut + flux.read(totem.OCTETS_MAX + 1)
            rapport = _check_xml(octets, nom, reperes)
    except ActeIllisible as refus:
        anomalie = Anomalie(code=refus.code, message=refus.message)
        return Rapport(titre="Fichier illisible", lisible=False, anomalies=[anomalie])
    if not rapport.schema:
        rapport.schema = schema.nom if schema else INTERNE
    return rapport


def _check_archive(source: Lisible, nom: str, reperes: Reperes, limites: Limites | None) -> Rapport:
    lue = read_archive(source, limites=limites)
    envoi, anomalies = check_archive(lue, nom, reperes)
    contenu = describe_archive(lue, envoi)
    nom_lu = parse_nom_archive(nom)
    contenu["operateur"] = nom_lu.operateur if nom_lu else None
    genres = [message.genre.libelle for message in envoi.messages.values()]
    titre = f"Archive : {', '.join(genres[:3]) or 'aucun message'}"
    return Rapport(genre="archive", titre=titre, anomalies=anomalies, contenu=contenu)


def _check_xml(octets: bytes, nom: str, reperes: Reperes) -> Rapport:
    if not octets.strip():
        raise ActeIllisible("Ce fichier est vide.", code="xml.vide")
    racine, force = parse_xml(octets, octets_max=totem.OCTETS_MAX, elements_max=totem.ELEMENTS_MAX)
    if totem.is_totem(racine):
        budget, anomalies = totem.build_budget(racine)
        rapport = Rapport(
            genre="totem", titre=f"Budget TotEM : {budget.titre}", anomalies=anomalies,
            contenu=describe_budget(budget), schema=CONTROLES_TOTEM,
        )  # fmt: skip
    else:
        drop_instructions(racine)
        check_taille(octets, racine)
        message = build_message(racine)
        enveloppe = message.genre in _ENVELOPPES
        flux = f" ({message.genre.flux})" if message.genre.flux else ""
        rapport = Rapport(
            genre="enveloppe" if enveloppe else "message",
            titre=f"{message.genre.libelle}{flux}",
            anomalies=list(check_message(racine, message, nom, reperes)),
            contenu=describe_message(message),
        )
    if force:
        rapport.anomalies.insert(0, Anomalie(
            code="xml.encodage", niveau=Niveau.AVERTISSEMENT,
            message="Ce fichier n’est pas dans l’encodage qu’il annonce : il a été lu en"
            " Windows-1252. Enregistrez-le en ISO-8859-1.",
        ))  # fmt: skip
    return rapport


class _Suite:
    """Un flux dont les premiers octets ont déjà été lus."""

    def __init__(self, debut: bytes, flux: Lisible) -> None:
        self._debut, self._flux = debut, flux

    def read(self, taille: int, /) -> bytes:
        debut, self._debut = self._debut, b""
        return debut + self._flux.read(taille)
