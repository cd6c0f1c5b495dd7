"""Description d’une unité (Content) : agents, mots-clés, dates, signatures."""

from dataclasses import dataclass
from datetime import date, datetime

from socle.normes.seda.modele.codes import DateSeda, Niveau, RoleDeSignature
from socle.normes.seda.modele.gestion import Evenement
from socle.normes.seda.modele.objets import IdentifiantPerenne


@dataclass(frozen=True, slots=True, kw_only=True)
class Lieu:
    """Lieu de naissance ou de décès (BirthPlace, DeathPlace)."""

    nom: str = ""  # Geogname
    adresse: str = ""
    code_postal: str = ""
    ville: str = ""
    region: str = ""
    pays: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Personne ou organisme (AgentType). `organisme` exclut l’état civil."""

    prenom: str = ""
    nom_naissance: str = ""
    nom_complet: str = ""
    nom_usage: str = ""  # GivenName
    genre: str = ""
    naissance: date | None = None
    lieu_naissance: Lieu | None = None
    deces: date | None = None
    lieu_deces: Lieu | None = None
    nationalites: tuple[str, ...] = ()
    organisme: str = ""  # Corpname
    identifiants: tuple[str, ...] = ()
    fonctions: tuple[str, ...] = ()
    activites: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    mandats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse un agent qui serait à la fois une personne et un organisme."""
        personne = self.prenom or self.nom_naissance or self.nom_complet or self.nom_usage
        if self.organisme and personne:
            raise ValueError("Un agent est une personne ou un organisme, pas les deux.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MotCle:
    """Mot-clé d’indexation (Keyword)."""

    contenu: str
    reference: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Couverture:
    """Couverture spatiale, temporelle et juridictionnelle (Coverage)."""

    lieux: tuple[str, ...] = ()
    periodes: tuple[str, ...] = ()
    juridictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EtapeDeConservation:
    """Moment de l’histoire de la conservation (CustodialHistoryItem)."""

    texte: str
    date: DateSeda | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signataire:
    """Signataire (Signer) ou vérificateur (Validator), et l’instant de son geste."""

    agent: Agent
    instant: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Signature d’un objet, jusqu’à SEDA 2.2 (Signature)."""

    signataires: tuple[Signataire, ...]
    verificateur: Signataire
    objet: str  # SignedObjectId
    empreinte: str  # SignedObjectDigest, hexadécimal
    algorithme: str = "SHA-512"
    reference: str = ""  # Masterdata


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionDeSignature:
    """Qui a signé, qui a vérifié, quel genre de signature (SignatureDescription)."""

    signataire: Signataire | None = None
    verificateur: Signataire | None = None
    genre: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationDeSignature:
    """Rôle de l’unité dans un acte signé, depuis SEDA 2.3 (SigningInformation)."""

    roles: tuple[RoleDeSignature, ...]
    roles_detaches: tuple[RoleDeSignature, ...] = ()
    documents_signes: tuple[str, ...] = ()  # SignedDocumentReferenceId : identifiants d’unités
    descriptions: tuple[DescriptionDeSignature, ...] = ()
    horodatages: tuple[datetime, ...] = ()
    preuves: tuple[str, ...] = ()  # AdditionalProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Coordonnées géographiques (Gps), telles que l’appareil les a notées."""

    version: str = ""
    altitude: int | None = None
    reference_altitude: str = ""
    latitude: str = ""
    reference_latitude: str = ""
    longitude: str = ""
    reference_longitude: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """Liens avec d’autres documents (RelatedObjectReference), par référence extérieure."""

    version_de: tuple[str, ...] = ()
    remplace: tuple[str, ...] = ()
    exige: tuple[str, ...] = ()
    partie_de: tuple[str, ...] = ()
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contenu:
    """Description d’une unité (Content). L’ordre du schéma est l’affaire de l’écriture."""

    titre: str
    niveau: Niveau | None = Niveau.PIECE
    plans_de_classement: tuple[str, ...] = ()  # FilePlanPosition
    identifiants_origine: tuple[str, ...] = ()  # OriginatingSystemId
    identifiants_archives: tuple[str, ...] = ()  # ArchivalAgencyArchiveUnitIdentifier
    identifiants_producteur: tuple[str, ...] = ()  # OriginatingAgencyArchiveUnitIdentifier
    identifiants_versant: tuple[str, ...] = ()  # TransferringAgencyArchiveUnitIdentifier
    description: str = ""
    histoire: tuple[EtapeDeConservation, ...] = ()  # CustodialHistory
    type: str = ""
    type_document: str = ""
    langues: tuple[str, ...] = ("fra",)
    langue_description: str = "fra"
    statut: str = ""
    version: str = ""
    etiquettes: tuple[str, ...] = ()  # Tag
    mots_cles: tuple[MotCle, ...] = ()
    couverture: Couverture | None = None
    service_producteur: str = ""  # OriginatingAgency
    service_versant: str = ""  # SubmissionAgency
    agents: tuple[Agent, ...] = ()
    agents_autorises: tuple[Agent, ...] = ()  # AuthorizedAgent
    auteurs: tuple[Agent, ...] = ()  # Writer
    destinataires: tuple[Agent, ...] = ()  # Addressee
    destinataires_en_copie: tuple[Agent, ...] = ()  # Recipient
    transmetteurs: tuple[Agent, ...] = ()  # Transmitter
    expediteurs: tuple[Agent, ...] = ()  # Sender
    source: str = ""
    cree: DateSeda | None = None
    transaction: DateSeda | None = None
    acquis: DateSeda | None = None
    envoye: DateSeda | None = None
    recu: DateSeda | None = None
    enregistre: DateSeda | None = None
    debut: DateSeda | None = None
    fin: DateSeda | None = None
    date_litterale: str = ""
    evenements: tuple[Evenement, ...] = ()
    identifiant_reponse: str = ""  # OriginatingSystemIdReplyTo
    texte: str = ""  # TextContent
    relations: Relations | None = None
    signatures: tuple[Signature, ...] = ()  # jusqu’à SEDA 2.2
    signature: InformationDeSignature | None = None  # depuis SEDA 2.3
    position: Position | None = None
    identifiants_perennes: tuple[IdentifiantPerenne, ...] = ()  # depuis SEDA 2.3
