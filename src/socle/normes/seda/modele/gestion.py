"""Règles de gestion et événements (Management, ManagementMetadata, Event)."""

from dataclasses import dataclass, field
from datetime import date

from socle.normes.seda.modele.codes import ActionStockage, DateSeda, SortFinal, StatutJuridique


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
