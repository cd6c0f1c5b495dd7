"""Listes fermées du standard, et versions des listes de codes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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


class RoleDeSignature(StrEnum):
    """Rôle d’une unité dans un acte signé (SigningRole, DetachedSigningRole)."""

    DOCUMENT = "SignedDocument"
    HORODATAGE = "Timestamp"
    SIGNATURE = "Signature"
    PREUVE = "AdditionalProof"


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
