"""Lecture indulgente et bornée de tous les messages SEDA 2.1 à 2.3, au fil de l’eau.

Un message réel n’est pas toujours valide au schéma (les refus de Vitam ne le sont pas) : on lit ce
qui est là, on dit ce qui manque, et l’appelant juge. Aucun arbre n’est gardé.

Source : NF Z44-022, les quinze messages du standard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import IO

from lxml import etree

from socle.normes.seda.grammaire import PREFIXE, VERSIONS
from socle.normes.seda.grammaire.noeuds import get_grammaire
from socle.normes.seda.reponse import (
    CARACTERES_MAX,
    CodeDeReponse,
    EvenementLu,
    ReponseIllisible,
    parse_instant,
)

OCTETS_MAX = 256 << 20
NIVEAUX_MAX = 250
EVENEMENTS_MAX = 1_000
UNITES_MAX = 200_000
VALEURS_MAX = 10_000
_MORCEAU = 64 << 10


class Genre(StrEnum):
    """Les quinze messages, par le nom de leur racine."""

    TRANSFERT = "ArchiveTransfer"
    ACCUSE = "Acknowledgement"
    DEMANDE_DE_TRANSFERT = "ArchiveTransferRequest"
    REPONSE_A_DEMANDE_DE_TRANSFERT = "ArchiveTransferRequestReply"
    REPONSE_A_TRANSFERT = "ArchiveTransferReply"
    DEMANDE_DE_COMMUNICATION = "ArchiveDeliveryRequest"
    REPONSE_DE_COMMUNICATION = "ArchiveDeliveryRequestReply"
    DEMANDE_DE_RESTITUTION = "ArchiveRestitutionRequest"
    REPONSE_DE_RESTITUTION = "ArchiveRestitutionRequestReply"
    NOTIFICATION_D_ELIMINATION = "ArchiveDestructionNotification"
    NOTIFICATION_DE_MODIFICATION = "ArchiveModificationNotification"
    DEMANDE_AU_PRODUCTEUR = "AuthorizationOriginatingAgencyRequest"
    REPONSE_DU_PRODUCTEUR = "AuthorizationOriginatingAgencyRequestReply"
    DEMANDE_AU_CONTROLE = "AuthorizationControlAuthorityRequest"
    REPONSE_DU_CONTROLE = "AuthorizationControlAuthorityRequestReply"


class MessageIllisible(ReponseIllisible):
    """Le fichier n’est pas un message SEDA lisible. `message` dit quoi, `suite` quoi faire."""


@dataclass(slots=True)
class UniteDuMessage:
    """Unité décrite dans le message ; textes vides s’ils manquent."""

    titre: str = ""
    systeme: str = ""  # SystemId
    cote: str = ""  # ArchivalAgencyArchiveUnitIdentifier


@dataclass(slots=True)
class DemandeDAutorisation:
    """Ce que demande un message d’autorisation (AuthorizationRequestContent)."""

    motif: str = ""
    date: datetime | None = None
    demandeur: str = ""


@dataclass(slots=True)
class MessageLu:
    """Un message, quel qu’il soit ; ce qu’il n’a pas reste vide.

    Attributes:
        repond_a: message auquel il répond, ou dont il accuse réception.
        organismes: rôle SEDA (« ArchivalAgency », « Requester »…) → identifiant.
        unites_visees: identifiants d’unités archivées que le message concerne (UnitIdentifier).
        unites: identifiant dans le message → unité ; `objets` : de même, l’identifiant donné.
        manques: éléments que le standard exige et que le message n’a pas.
        coupe: vrai si une borne a fait oublier une partie des unités, objets ou événements.
    """

    genre: Genre
    version: str
    identifiant: str = ""
    date: datetime | None = None
    commentaires: list[str] = field(default_factory=list)
    accord: str = ""
    repond_a: str = ""
    code: CodeDeReponse | None = None
    code_ecrit: str = ""
    prise_en_charge: datetime | None = None
    date_de_transfert: datetime | None = None
    derogation: bool | None = None
    autorisation: str = ""
    transferts_lies: list[str] = field(default_factory=list)
    organismes: dict[str, str] = field(default_factory=dict)
    unites_visees: list[str] = field(default_factory=list)
    evenements: list[EvenementLu] = field(default_factory=list)
    unites: dict[str, UniteDuMessage] = field(default_factory=dict)
    objets: dict[str, str] = field(default_factory=dict)
    demande: DemandeDAutorisation | None = None
    manques: list[str] = field(default_factory=list)
    coupe: bool = False


def read_message(flux: IO[bytes]) -> MessageLu:
    """Lit un message SEDA de n’importe quel genre, en mémoire bornée.

    Raises:
        MessageIllisible: trop lourd, mal formé, DTD, trop profond, autre racine, autre version.
    """
    cible = _Cible()
    analyseur = etree.XMLParser(  # type: ignore[call-overload]
        target=cible, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    lus = 0
    try:
        while morceau := flux.read(_MORCEAU):
            lus += len(morceau)
            if lus > OCTETS_MAX:
                raise MessageIllisible(
                    f"Ce message dépasse {OCTETS_MAX >> 20} Mo.",
                    "Demandez-le en plusieurs messages.",
                )
            analyseur.feed(morceau)
        analyseur.close()
    except (etree.XMLSyntaxError, UnicodeError) as cause:
        raise _mal_forme(cause) from cause
    if cible.lu is None:
        raise _mal_forme(None)
    return cible.finish()


def _mal_forme(cause: Exception | None) -> MessageIllisible:
    ligne = getattr(cause, "lineno", None)
    lieu = f" (ligne {ligne})" if ligne else ""
    return MessageIllisible(
        f"Ce fichier n’est pas un XML bien formé{lieu}.",
        "Demandez de nouveau le message, sans l’ouvrir ni le modifier.",
    )


_EVENEMENT = {
    "EventTypeCode": "code",
    "EventType": "libelle",
    "Outcome": "resultat",
    "OutcomeDetail": "detail",
    "OutcomeDetailMessage": "message",
    "EventDetailData": "donnees",
}
_UNITE = {
    "Title": "titre",
    "SystemId": "systeme",
    "ArchivalAgencyArchiveUnitIdentifier": "cote",
}
_TEXTES = {
    "MessageIdentifier": "identifiant",
    "ArchivalAgreement": "accord",
    "MessageReceivedIdentifier": "repond_a",
    "MessageRequestIdentifier": "repond_a",
    "AuthorizationRequestReplyIdentifier": "autorisation",
}
_INSTANTS = {
    "Date": "date",
    "GrantDate": "prise_en_charge",
    "TransferDate": "date_de_transfert",
}
_LISTES = {
    "Comment": "commentaires",
    "UnitIdentifier": "unites_visees",
    "RelatedTransferReference": "transferts_lies",
}
_OBJETS = frozenset(("BinaryDataObject", "PhysicalDataObject"))


class _Cible:
    """Reçoit l’analyse au fil de l’eau et remplit un `MessageLu`."""

    def __init__(self) -> None:
        self.lu: MessageLu | None = None
        self._chemin: list[str] = []
        self._espace = ""
        self._texte: list[str] | None = None
        self._reste = 0
        self._unites: list[str] = []
        self._objet = ""
        self._vus: set[str] = set()

    def doctype(self, *_: object) -> None:
        raise MessageIllisible(
            "Ce message déclare une DTD, ce qui permet des attaques par entités.",
            "Demandez-le sans la ligne « <!DOCTYPE … > ».",
        )

    def start(self, balise: str, attributs: Mapping[str, str]) -> None:
        if self.lu is None:
            self.lu = self._read_racine(balise)
        if len(self._chemin) >= NIVEAUX_MAX:
            raise MessageIllisible(
                f"Ce message emboîte plus de {NIVEAUX_MAX} éléments.",
                "Ce n’est pas un message ordinaire.",
            )
        nom = balise.removeprefix(self._espace)
        self._chemin.append(nom)
        if len(self._chemin) == 2:
            self._vus.add(nom)
        if nom == "ArchiveUnit":
            self._unites.append(attributs.get("id", "")[:CARACTERES_MAX])
        elif nom in _OBJETS:
            self._objet = attributs.get("id", "")[:CARACTERES_MAX]
        elif self._chemin[1:] == ["Operation", "Event"]:
            self._add_evenement(self.lu)
        self._texte, self._reste = [], CARACTERES_MAX

    def data(self, texte: str) -> None:
        if self._texte is not None and self._reste > 0:
            self._texte.append(texte[: self._reste])
            self._reste -= len(texte)

    def end(self, balise: str) -> None:
        feuille = self._texte is not None
        texte = " ".join("".join(self._texte or ()).split())
        self._texte = None
        if feuille and texte and self.lu is not None:
            self._keep(self.lu, self._chemin[1:], texte)
        if self._chemin.pop() == "ArchiveUnit":
            self._unites.pop()

    def comment(self, texte: str) -> None:
        """Ignore un commentaire."""

    def pi(self, cible: str, donnees: str | None = None) -> None:
        """Ignore une instruction de traitement."""

    def close(self) -> None:
        """Termine : le message est dans `lu`."""

    def finish(self) -> MessageLu:
        """Rend le message, avec ce qui lui manque."""
        lu = self.lu
        assert lu is not None  # noqa: S101  l’appelant l’a vérifié
        exiges = get_grammaire(lu.version)[lu.genre].iter_elements()
        lu.manques = [e.nom for e in exiges if e.obligatoire and e.nom not in self._vus]
        return lu

    def _read_racine(self, balise: str) -> MessageLu:
        espace, _, nom = balise.removeprefix("{").rpartition("}")
        if nom not in {genre.value for genre in Genre} or not espace.startswith(PREFIXE):
            raise MessageIllisible(
                "Ce fichier n’est pas un message SEDA.",
                "Il faut l’un des quinze messages du standard, en XML.",
            )
        version = espace.removeprefix(PREFIXE)
        if version not in VERSIONS:
            raise MessageIllisible(
                f"Ce message est en SEDA {version[:10]}.",
                f"Socle lit les versions {', '.join(VERSIONS)}.",
            )
        self._espace = f"{{{espace}}}"
        return MessageLu(genre=Genre(nom), version=version)

    def _add_evenement(self, lu: MessageLu) -> None:
        if len(lu.evenements) < EVENEMENTS_MAX:
            lu.evenements.append(EvenementLu())
        else:
            lu.coupe = True
            self._chemin[-1] = ""  # au-delà : ses champs ne ressemblent plus à rien de suivi

    def _keep(self, lu: MessageLu, chemin: list[str], texte: str) -> None:
        """Range un texte d’après sa place."""
        if len(chemin) == 1:
            _keep_entete(lu, chemin[0], texte)
        elif chemin[:2] == ["Operation", "Event"] and len(chemin) == 3:
            _fill(lu.evenements[-1], _EVENEMENT.get(chemin[2], ""), texte)
        elif chemin[-1:] == ["DataObjectSystemId"]:
            self._keep_objet(lu, texte)
        elif chemin[-2:-1] == ["Content"] and self._unites:
            self._keep_unite(lu, _UNITE.get(chemin[-1], ""), texte)
        elif len(chemin) == 2 and chemin[1] == "Identifier":
            lu.organismes.setdefault(chemin[0], texte)
        elif chemin[0] == "AuthorizationRequestContent":
            _keep_demande(lu, chemin[1:], texte)

    def _keep_unite(self, lu: MessageLu, champ: str, texte: str) -> None:
        identifiant = self._unites[-1]
        if not champ:
            return
        if identifiant in lu.unites or len(lu.unites) < UNITES_MAX:
            _fill(lu.unites.setdefault(identifiant, UniteDuMessage()), champ, texte)
        else:
            lu.coupe = True

    def _keep_objet(self, lu: MessageLu, texte: str) -> None:
        if len(lu.objets) < UNITES_MAX:
            lu.objets.setdefault(self._objet, texte)
        else:
            lu.coupe = True


def _keep_entete(lu: MessageLu, nom: str, texte: str) -> None:
    if nom in _TEXTES:
        _fill(lu, _TEXTES[nom], texte)
    elif nom in _INSTANTS:
        if getattr(lu, _INSTANTS[nom]) is None:
            setattr(lu, _INSTANTS[nom], parse_instant(texte))
    elif nom in _LISTES:
        _append(lu, getattr(lu, _LISTES[nom]), texte)
    elif nom == "ReplyCode" and not lu.code_ecrit:
        lu.code_ecrit = texte
        lu.code = next((code for code in CodeDeReponse if code.value == texte), None)
    elif nom == "Derogation" and lu.derogation is None:
        lu.derogation = {"true": True, "1": True, "false": False, "0": False}.get(texte)


def _keep_demande(lu: MessageLu, chemin: list[str], texte: str) -> None:
    demande = lu.demande = lu.demande or DemandeDAutorisation()
    if chemin == ["AuthorizationReason"]:
        _fill(demande, "motif", texte)
    elif chemin == ["RequestDate"]:
        demande.date = demande.date or parse_instant(texte)
    elif chemin == ["Requester", "Identifier"]:
        _fill(demande, "demandeur", texte)
    elif chemin == ["UnitIdentifier"]:
        _append(lu, lu.unites_visees, texte)


def _append(lu: MessageLu, liste: list[str], texte: str) -> None:
    if len(liste) < VALEURS_MAX:
        liste.append(texte)
    else:
        lu.coupe = True


def _fill(objet: object, champ: str, texte: str) -> None:
    """Le premier gagne : une répétition ne change rien."""
    if champ and not getattr(objet, champ):
        setattr(objet, champ, texte)
