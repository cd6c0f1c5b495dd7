"""Un message SEDA tel que lu : quel genre, ce qu’il dit, et ce qu’on accepte d’en lire."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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


REPONSES = frozenset((Genre.ACCUSE, Genre.REPONSE_A_TRANSFERT))  # à un versement


@dataclass(frozen=True, slots=True)
class Bornes:
    """Ce qu’un message peut être : taille, profondeur, ce qui en est gardé, genres admis."""

    octets: int = 256 << 20
    niveaux: int = 250
    evenements: int = 1_000
    unites: int = 200_000
    genres: frozenset[Genre] = frozenset(Genre)

    @property
    def attendu(self) -> tuple[str, str]:
        """Ce que le fichier n’est pas, et ce qu’il fallait."""
        if self.genres == REPONSES:
            return (
                "Ce fichier n’est pas une réponse SEDA à un versement.",
                "Il faut le message ArchiveTransferReply (réponse) ou Acknowledgement (accusé) du"
                " système d’archivage, pas le bordereau ni le paquet.",
            )
        return (
            "Ce fichier n’est pas un message SEDA.",
            "Il faut l’un des quinze messages du standard, en XML.",
        )


MESSAGE = Bornes()
REPONSE = Bornes(octets=4 << 20, niveaux=120, evenements=200, unites=5_000, genres=REPONSES)


class MessageIllisible(Exception):
    """Le fichier n’est pas un message SEDA lisible. `message` dit quoi, `suite` quoi faire."""

    def __init__(self, message: str, suite: str) -> None:
        super().__init__(message)
        self.message, self.suite = message, suite


class CodeDeReponse(StrEnum):
    """Ce que dit `ReplyCode` ; WARNING : pris en charge, avec des remarques."""

    OK = "OK"
    WARNING = "WARNING"
    KO = "KO"


@dataclass(slots=True)
class EvenementLu:
    """Un événement d’`Operation`. Textes tels quels, vides s’ils manquent."""

    code: str = ""
    libelle: str = ""
    resultat: str = ""
    detail: str = ""
    message: str = ""
    donnees: str = ""


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
        date: heure de Paris si le fichier ne dit pas le fuseau ; None si elle est illisible.
        code: None s’il n’y en a pas ; `code_ecrit` : tel quel, même inconnu.
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

    @property
    def service(self) -> str:
        """Identifiant du service d’archives qui répond ; il est l’émetteur d’un accusé."""
        role = "Sender" if self.genre == Genre.ACCUSE else "ArchivalAgency"
        return self.organismes.get(role, "")
