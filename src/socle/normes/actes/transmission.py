"""Un acte à transmettre : noms, message, enveloppe et archive, d’un seul geste."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from socle.normes.actes import modele as m
from socle.normes.actes import noms, regles
from socle.normes.actes.archive import write_archive
from socle.normes.actes.classification import Classification
from socle.normes.actes.classification import check_acte as check_classement
from socle.normes.actes.coherence import check_contenu, list_fichiers
from socle.normes.actes.conformite import Schema
from socle.normes.actes.ecriture import write_message
from socle.normes.actes.errors import ActeRefuse
from socle.normes.actes.rapport import Anomalie, Niveau
from socle.normes.actes.vocabulaire import Sens


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Un document à joindre.

    Attributes:
        typologie: type de pièce, « 99_DE ».
        extension: « pdf », « jpg », « png », ou « xml » pour un budget.
    """

    contenu: bytes
    typologie: str
    extension: str = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emetteur:
    """Qui transmet.

    Attributes:
        departement: trois signes (`noms.build_departement`).
        arrondissement: un chiffre.
        type_emetteur: deux chiffres, « 31 » pour une commune.
        courriels: adresses où l’État répond.
    """

    siren: str
    departement: str
    arrondissement: str
    type_emetteur: str
    courriels: tuple[str, ...]
    referent: m.Referent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Ce qu’on remet à l’opérateur.

    Attributes:
        nom: nom de l’archive.
        identifiant: identifiant de l’acte, qui rapproche les retours ; vide pour une demande de
            classification.
        fichiers: (nom, octets) de chaque fichier, enveloppe d’abord.
    """

    nom: str
    octets: bytes
    identifiant: str
    fichiers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envoi:
    """Le jour et le rang de l’envoi, l’opérateur, et s’il s’agit d’un essai."""

    jour: date
    serie: int = 1
    operateur: str = "SLO"
    essai: bool = False


def write_transmission(
    *,
    emetteur: Emetteur,
    acte: m.Acte,
    document: Piece,
    annexes: Sequence[Piece] = (),
    envoi: Envoi,
    schema: Schema | None = None,
    classification: Classification | None = None,
) -> Depot:
    """Nomme les fichiers d’un acte, écrit le message 1-1, son enveloppe et leur archive.

    Args:
        acte: ses champs `document`, `annexes` et `nombre_annexes` sont remplacés par les pièces.

    Raises:
        ActeRefuse: un champ, un nom ou une pièce serait refusé par l’opérateur ou par l’État.
    """
    _raise(_check_emetteur(emetteur))
    identifiant = acte.build_id(emetteur.departement, emetteur.siren)
    if identifiant is None:
        raise ActeRefuse([_faute("acte.identite", "Donnez la date et la nature de l’acte.")])
    fichiers = tuple(
        (noms.build_nom_document(identifiant, piece.typologie, rang, piece.extension), piece)
        for rang, piece in enumerate((document, *annexes), 1)
    )
    cites = [m.Fichier(nom=nom) for nom, _ in fichiers]
    acte = replace(acte, document=cites[0], annexes=tuple(cites[1:]), nombre_annexes=len(annexes))
    anomalies = [
        *regles.check_acte(acte, envoi.jour),
        *regles.check_pieces(acte, emetteur.departement, emetteur.siren),
        *check_classement(acte, [piece.typologie for _, piece in fichiers], classification),
    ]
    _raise(anomalies)
    return write_depot(
        emetteur=emetteur, messages=[(noms.build_nom_message(identifiant, "1-1"), acte)],
        documents=[(nom, piece.contenu) for nom, piece in fichiers],
        envoi=envoi, schema=schema, identifiant=str(identifiant),
    )  # fmt: skip


def write_reponse(
    *,
    emetteur: Emetteur,
    message: m.Courrier | m.Annulation,
    pieces: Sequence[Piece] = (),
    rang: int = 1,
    envoi: Envoi,
    schema: Schema | None = None,
) -> Depot:
    """Écrit une réponse à la préfecture (2-2, 3-2 à 3-4, 4-2 à 4-4) ou une annulation (6-1).

    Args:
        message: les documents d’un courrier sont remplacés par les pièces.
        rang: numéro du message dans son flux.

    Raises:
        ActeRefuse: identifiant, pièce ou message refusé.
    """
    identifiant = noms.parse_id_acte(message.id_acte)
    if identifiant is None or message.genre.sens is not Sens.ENVOI:
        raise ActeRefuse([_faute("acte.identifiant", "Donnez l’identifiant d’un acte transmis, et"
                                 " un message que la collectivité envoie.")])  # fmt: skip
    flux = message.genre.flux
    fichiers = [
        (noms.build_nom_document(identifiant, p.typologie, place, p.extension, flux), p.contenu)
        for place, p in enumerate(pieces, 1)
    ]
    if isinstance(message, m.Courrier):
        cites = tuple(m.Fichier(nom=nom) for nom, _ in fichiers)
        message = replace(message, documents=cites)
    _raise(
        _faute("nom.document", f"« {nom} » n’est pas un nom de document.")
        for nom, _ in fichiers
        if noms.parse_nom_document(nom) is None
    )
    return write_depot(
        emetteur=emetteur, messages=[(noms.build_nom_message(identifiant, flux, rang), message)],
        documents=fichiers, envoi=envoi, schema=schema, identifiant=message.id_acte,
    )  # fmt: skip


def write_depot(
    *,
    emetteur: Emetteur,
    messages: Sequence[tuple[str, m.Message]],
    documents: Sequence[tuple[str, bytes]] = (),
    envoi: Envoi,
    schema: Schema | None = None,
    identifiant: str = "",
) -> Depot:
    """Écrit l’enveloppe de messages déjà nommés, et leur archive.

    Raises:
        ActeRefuse: message, enveloppe, nom ou archive refusé ; un document cité manque.
    """
    _raise(_check_noms(emetteur, messages, documents, envoi))
    _raise(anomalie for nom, octets in documents for anomalie in check_contenu(nom, octets[:64]))
    quadrigramme = noms.ESSAI if envoi.essai else noms.PRODUCTION
    nom = noms.build_nom_enveloppe(emetteur.siren, envoi.jour, envoi.serie, quadrigramme)
    enveloppe = m.Enveloppe(
        siren=emetteur.siren, departement=emetteur.departement,
        arrondissement=emetteur.arrondissement, type_emetteur=emetteur.type_emetteur,
        courriels=emetteur.courriels, referent=emetteur.referent,
        messages=tuple(m.Fichier(nom=message) for message, _ in messages),
    )  # fmt: skip
    _raise(regles.check_enveloppe(enveloppe))
    fichiers = (
        (nom, write_message(enveloppe, schema)),
        *((cle, write_message(message, schema)) for cle, message in messages),
        *documents,
    )
    return Depot(
        nom=noms.build_nom_archive(envoi.operateur, nom), octets=write_archive(fichiers),
        identifiant=identifiant, fichiers=fichiers,
    )  # fmt: skip


def _check_noms(
    emetteur: Emetteur,
    messages: Sequence[tuple[str, m.Message]],
    documents: Sequence[tuple[str, bytes]],
    envoi: Envoi,
) -> list[Anomalie]:
    fournis = {nom for nom, _ in documents}
    cites = {fichier.nom for _, message in messages for fichier in list_fichiers(message)}
    anomalies = [
        _faute("archive.absent", f"« {nom} » est d’un seul côté : cité, ou joint.")
        for nom in sorted(fournis ^ cites)
    ]
    for nom, message in messages:
        lu = noms.parse_nom_message(nom)
        attendu = (emetteur.departement, emetteur.siren, message.genre.flux)
        if lu is None or (lu.departement, lu.siren, lu.flux) != attendu:
            anomalies.append(_faute("nom.message", f"« {nom} » n’est pas le nom de ce message."))
    if not 1 <= envoi.serie <= noms.SERIE_MAX:
        anomalies.append(_faute("nom.enveloppe", "Le rang de l’envoi va de 1 à 9999."))
    anomalies += _check_emetteur(emetteur)
    if not noms.OPERATEUR.fullmatch(envoi.operateur):
        anomalies.append(_faute("archive.fichier", "L’opérateur a trois signes : SLO, SIC."))
    return anomalies


def _check_emetteur(emetteur: Emetteur) -> list[Anomalie]:
    """Ce que les noms de tous les fichiers répètent, dit avant eux."""
    anomalies = []
    if not noms.SIREN.fullmatch(emetteur.siren):
        anomalies.append(_faute("enveloppe.siren", "Un SIREN a neuf chiffres."))
    if not noms.DEPARTEMENT.fullmatch(emetteur.departement):
        message = "Un département a trois signes : 035, 02A, 971."
        anomalies.append(_faute("enveloppe.departement", message))
    return anomalies


def _raise(anomalies: Iterable[Anomalie]) -> None:
    erreurs = [a for a in anomalies if a.niveau is Niveau.ERREUR]
    if erreurs:
        raise ActeRefuse(erreurs)


def _faute(code: str, message: str) -> Anomalie:
    return Anomalie(code=code, message=message)
