"""Modèle du message ArchiveTransfer de SEDA 2.2, en dataclasses figées.

Un champ vide (`None`, chaîne vide, tuple vide) n’est pas écrit. Noms SEDA en commentaire.
Source : NF Z44-022, schémas SEDA 2.2 du Service interministériel des Archives de France.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

# Date ou instant ; une chaîne sert aux dates incomplètes (« 2026 », « 2026-03 »).
DateSeda = date | datetime | str


class Niveau(StrEnum):
    """Niveau de description (DescriptionLevel)."""

    FONDS = "Fonds"
    SOUS_FONDS = "Subfonds"
    CLASSE = "Class"
    COLLECTION = "Collection"
    SERIE = "Series"
    SOUS_SERIE = "Subseries"
    GROUPE_DE_DOSSIERS = "RecordGrp"
    SOUS_GROUPE = "SubGrp"
    DOSSIER = "File"
    PIECE = "Item"
    AUTRE = "OtherLevel"


class SortFinal(StrEnum):
    """Sort final (FinalAction d’AppraisalRule). Le SEDA ignore le tri : un humain tranche."""

    CONSERVER = "Keep"
    DETRUIRE = "Destroy"


class ActionStockage(StrEnum):
    """Action au terme de la durée d’utilité courante (FinalAction de StorageRule)."""

    RESTREINDRE = "RestrictAccess"
    TRANSFERER = "Transfer"
    COPIER = "Copy"


class StatutJuridique(StrEnum):
    """Statut des archives (LegalStatus)."""

    PUBLIC = "Public Archive"
    PRIVE = "Private Archive"
    MIXTE = "Public and Private Archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListesDeCodes:
    """Versions des listes de codes (CodeListVersions), dans l’ordre imposé par le schéma."""

    reponses: str = "ReplyCodeListVersion0"
    empreintes: str = "MessageDigestAlgorithmCodeListVersion0"
    types_mime: str = "MimeTypeCodeListVersion0"
    encodages: str = ""
    formats: str = "FileFormatCodeListVersion0"
    compressions: str = ""
    usages: str = "DataObjectVersionCodeListVersion0"
    stockage: str = "StorageRuleCodeListVersion0"
    sort_final: str = "AppraisalRuleCodeListVersion0"
    acces: str = "AccessRuleCodeListVersion0"
    diffusion: str = "DisseminationRuleCodeListVersion0"
    reutilisation: str = "ReuseRuleCodeListVersion0"
    classification: str = "ClassificationRuleCodeListVersion0"
    gel: str = "HoldRuleCodeListVersion0"
    modalites_entree: str = "AcquisitionInformationCodeListVersion0"
    autorisations: str = ""
    relations: str = "RelationshipCodeListVersion0"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLie:
    """Agent cité dans un événement (LinkingAgentIdentifier)."""

    type: str = ""
    valeur: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evenement:
    """Événement de la vie d’une unité (Event). `donnees` est du JSON, comme Vitam l’exige."""

    date: DateSeda
    identifiant: str = ""
    code: str = ""
    type: str = ""
    detail: str = ""
    resultat: str = ""
    resultat_detail: str = ""
    message: str = ""
    donnees: str = ""
    agent: AgentLie | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regle:
    """Référence à une règle de gestion et date de départ de son calcul."""

    code: str
    depart: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegleDeGel:
    """Règle de gel (HoldRule), propre à SEDA 2.2 et suivants."""

    code: str
    depart: date | None = None
    fin: date | None = None
    proprietaire: str = ""
    reexamen: date | None = None
    motif: str = ""
    sans_reclassement: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocDeRegles:
    """Règles d’une catégorie ; `action` n’existe que pour StorageRule et AppraisalRule."""

    regles: tuple[Regle, ...] = ()
    sans_heritage: bool = False  # PreventInheritance
    exclues: tuple[str, ...] = ()  # RefNonRuleId
    action: SortFinal | ActionStockage | None = None  # FinalAction


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocDeClassification:
    """Règles de classification (ClassificationRule)."""

    niveau: str
    proprietaire: str
    regles: tuple[Regle, ...] = ()
    audience: str = ""
    sans_heritage: bool = False
    exclues: tuple[str, ...] = ()
    reexamen: date | None = None
    reexamen_autorise: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocDeGel:
    """Règles de gel (HoldRule)."""

    regles: tuple[RegleDeGel, ...] = ()
    sans_heritage: bool = False
    exclues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gestion:
    """Règles de gestion d’une unité ou du versement entier (Management, ManagementMetadata)."""

    stockage: BlocDeRegles | None = None  # StorageRule, durée d’utilité courante
    sort_final: BlocDeRegles | None = None  # AppraisalRule, durée d’utilité administrative
    acces: BlocDeRegles | None = None  # AccessRule, communicabilité
    diffusion: BlocDeRegles | None = None
    reutilisation: BlocDeRegles | None = None
    classification: BlocDeClassification | None = None
    journal: tuple[Evenement, ...] = ()  # LogBook
    autorisation_requise: bool | None = None  # NeedAuthorization
    gel: BlocDeGel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GestionDuVersement:
    """Métadonnées de gestion de tout le versement (ManagementMetadata)."""

    service_producteur: str  # OriginatingAgencyIdentifier, exigé par Vitam
    service_versant: str = ""  # SubmissionAgencyIdentifier
    profil: str = ""  # ArchivalProfile
    niveau_de_service: str = ""
    modalite_entree: str = ""  # AcquisitionInformation
    statut_juridique: StatutJuridique | None = StatutJuridique.PUBLIC
    regles: Gestion = field(default_factory=Gestion)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unite:
    """Unité archivistique (ArchiveUnit) : description, gestion, unités filles, groupe d’objets."""

    identifiant: str
    contenu: Contenu
    gestion: Gestion | None = None
    profil: str = ""  # ArchiveUnitProfile
    unites: Iterable["Unite"] = ()
    groupe: str = ""  # DataObjectGroupReferenceId ; Vitam n’en admet qu’un


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjetBinaire:
    """Fichier à verser (BinaryDataObject).

    `ouvrir` rend un flux binaire neuf à chaque appel. `nom` est le nom d’origine, gardé dans
    FileInfo/Filename ; le fichier du paquet porte son empreinte, jamais ce nom.
    """

    identifiant: str
    nom: str
    ouvrir: Callable[[], BinaryIO]
    type_mime: str = ""
    usage: str = "BinaryMaster_1"
    modifie: datetime | None = None
    logiciel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeObjets:
    """Groupe d’objets (DataObjectGroup) : une même pièce sous plusieurs usages."""

    identifiant: str
    objets: tuple[ObjetBinaire, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfert:
    """Message ArchiveTransfer. `groupes` et `unites` : lus une fois, générateurs admis."""

    identifiant: str  # MessageIdentifier
    date: datetime
    accord: str  # ArchivalAgreement, contrat d’entrée
    service_archives: str  # ArchivalAgency
    service_versant: str  # TransferringAgency
    gestion: GestionDuVersement
    groupes: Iterable[GroupeObjets]
    unites: Iterable[Unite]
    commentaire: str = ""
    listes_de_codes: ListesDeCodes = field(default_factory=ListesDeCodes)
    transferts_lies: tuple[str, ...] = ()
    reponse_a_demande: str = ""  # TransferRequestReplyIdentifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Format reconnu d’un fichier : identifiant PRONOM (« fmt/276 »), nom, type MIME."""

    puid: str
    nom: str = ""
    type_mime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjetDepose:
    """Objet rangé dans le paquet : adresse, empreinte SHA-512, taille en octets, format."""

    objet: ObjetBinaire
    uri: str
    empreinte: str
    taille: int
    format: Format | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupeDepose:
    """Groupe dont tous les objets sont dans le paquet."""

    identifiant: str
    objets: tuple[ObjetDepose, ...]
