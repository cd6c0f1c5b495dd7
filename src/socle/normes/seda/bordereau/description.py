"""Écriture de la description d’une unité (Content)."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from socle.normes.seda.bordereau.agents import write_agent, write_information, write_signature
from socle.normes.seda.bordereau.gestion import write_evenement
from socle.normes.seda.bordereau.versions import PlumeSeda
from socle.normes.seda.modele import (
    Contenu,
    Couverture,
    EtapeDeConservation,
    IdentifiantPerenne,
    MotCle,
    Position,
    Relations,
)
from socle.normes.seda.plume import to_texte

_POSITION = (
    ("GpsVersionID", "version"),
    ("GpsAltitude", "altitude"),
    ("GpsAltitudeRef", "reference_altitude"),
    ("GpsLatitude", "latitude"),
    ("GpsLatitudeRef", "reference_latitude"),
    ("GpsLongitude", "longitude"),
    ("GpsLongitudeRef", "reference_longitude"),
    ("GpsDateStamp", "date"),
)
_RELATIONS = (
    ("IsVersionOf", "version_de"),
    ("Replaces", "remplace"),
    ("Requires", "exige"),
    ("IsPartOf", "partie_de"),
    ("References", "cite"),
)


def write_organisme(plume: PlumeSeda, nom: str, identifiant: str) -> None:
    """Écrit un organisme par son identifiant ; rien s’il est vide."""
    if identifiant:
        with plume.element(nom):
            plume.feuille("Identifier", identifiant)


def _mot_cle(plume: PlumeSeda, nom: str, mot: MotCle) -> None:
    with plume.element(nom):
        plume.feuille("KeywordContent", mot.contenu)
        plume.feuille("KeywordReference", mot.reference)
        plume.feuille("KeywordType", mot.type)


def _couverture(plume: PlumeSeda, nom: str, couverture: Couverture) -> None:
    with plume.element(nom):
        plume.feuilles("Spatial", couverture.lieux)
        plume.feuilles("Temporal", couverture.periodes)
        plume.feuilles("Juridictional", couverture.juridictions)


def _histoire(plume: PlumeSeda, nom: str, etapes: tuple[EtapeDeConservation, ...]) -> None:
    with plume.element(nom):
        for etape in etapes:
            attributs = {"when": to_texte(etape.date)} if etape.date else {}
            plume.feuille("CustodialHistoryItem", etape.texte, **attributs)


def _relations(plume: PlumeSeda, nom: str, relations: Relations) -> None:
    with plume.element(nom):
        for lien, champ in _RELATIONS:
            for reference in getattr(relations, champ):
                with plume.element(lien):
                    plume.feuille("ExternalReference", reference)


def _position(plume: PlumeSeda, nom: str, position: Position) -> None:
    with plume.element(nom):
        for element, champ in _POSITION:
            plume.feuille(element, getattr(position, champ))


def write_identifiant_perenne(plume: PlumeSeda, nom: str, perenne: IdentifiantPerenne) -> None:
    """Écrit un identifiant pérenne, depuis SEDA 2.3."""
    plume.check(nom, depuis="2.3")
    with plume.element(nom):
        plume.feuille("PersistentIdentifierType", perenne.type)
        plume.feuille("PersistentIdentifierOrigin", perenne.origine)
        plume.feuille("PersistentIdentifierReference", perenne.reference)
        plume.feuille("PersistentIdentifierContent", perenne.contenu)


def _depuis_2_2(plume: PlumeSeda, nom: str, valeur: Any) -> None:
    plume.check(nom, depuis="2.2")
    plume.feuille(nom, valeur)


def _agent_depuis_2_2(plume: PlumeSeda, nom: str, valeur: Any) -> None:
    plume.check(nom, depuis="2.2")
    write_agent(plume, nom, valeur)


# L’ordre de Content : (élément, champ, écriture). Un champ tuple s’écrit élément par élément,
# sauf « histoire », dont toutes les étapes vont dans un seul CustodialHistory.
_CONTENU: tuple[tuple[str, str, Callable[[PlumeSeda, str, Any], None]], ...] = (
    ("DescriptionLevel", "niveau", PlumeSeda.feuille),
    ("Title", "titre", PlumeSeda.feuille),
    ("FilePlanPosition", "plans_de_classement", PlumeSeda.feuille),
    ("OriginatingSystemId", "identifiants_origine", PlumeSeda.feuille),
    ("ArchivalAgencyArchiveUnitIdentifier", "identifiants_archives", PlumeSeda.feuille),
    ("OriginatingAgencyArchiveUnitIdentifier", "identifiants_producteur", PlumeSeda.feuille),
    ("TransferringAgencyArchiveUnitIdentifier", "identifiants_versant", PlumeSeda.feuille),
    ("Description", "description", PlumeSeda.feuille),
    ("CustodialHistory", "histoire", _histoire),
    ("Type", "type", PlumeSeda.feuille),
    ("DocumentType", "type_document", PlumeSeda.feuille),
    ("Language", "langues", PlumeSeda.feuille),
    ("DescriptionLanguage", "langue_description", PlumeSeda.feuille),
    ("Status", "statut", PlumeSeda.feuille),
    ("Version", "version", PlumeSeda.feuille),
    ("Tag", "etiquettes", PlumeSeda.feuille),
    ("Keyword", "mots_cles", _mot_cle),
    ("Coverage", "couverture", _couverture),
    ("OriginatingAgency", "service_producteur", write_organisme),
    ("SubmissionAgency", "service_versant", write_organisme),
    ("Agent", "agents", _agent_depuis_2_2),
    ("AuthorizedAgent", "agents_autorises", write_agent),
    ("Writer", "auteurs", write_agent),
    ("Addressee", "destinataires", write_agent),
    ("Recipient", "destinataires_en_copie", write_agent),
    ("Transmitter", "transmetteurs", write_agent),
    ("Sender", "expediteurs", write_agent),
    ("Source", "source", PlumeSeda.feuille),
    ("RelatedObjectReference", "relations", _relations),
    ("CreatedDate", "cree", PlumeSeda.feuille),
    ("TransactedDate", "transaction", PlumeSeda.feuille),
    ("AcquiredDate", "acquis", PlumeSeda.feuille),
    ("SentDate", "envoye", PlumeSeda.feuille),
    ("ReceivedDate", "recu", PlumeSeda.feuille),
    ("RegisteredDate", "enregistre", PlumeSeda.feuille),
    ("StartDate", "debut", PlumeSeda.feuille),
    ("EndDate", "fin", PlumeSeda.feuille),
    ("DateLitteral", "date_litterale", _depuis_2_2),
    ("Event", "evenements", lambda plume, _, evenement: write_evenement(plume, evenement)),
    ("Signature", "signatures", write_signature),
    ("SigningInformation", "signature", write_information),
    ("Gps", "position", _position),
    ("OriginatingSystemIdReplyTo", "identifiant_reponse", _depuis_2_2),
    ("TextContent", "texte", _depuis_2_2),
    ("PersistentIdentifier", "identifiants_perennes", write_identifiant_perenne),
)


# Toutes les valeurs d’un coup : ce parcours se fait une fois par unité.
_VALEURS = attrgetter(*(champ for _, champ, _ in _CONTENU))


def write_contenu(plume: PlumeSeda, contenu: Contenu) -> None:
    """Écrit Content, dans l’ordre du schéma."""
    with plume.element("Content"):
        for (nom, champ, ecrire), valeur in zip(_CONTENU, _VALEURS(contenu), strict=True):
            if not valeur:
                continue
            if type(valeur) is tuple and champ != "histoire":
                for element in valeur:
                    ecrire(plume, nom, element)
            else:
                ecrire(plume, nom, valeur)
