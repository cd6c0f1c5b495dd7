"""Unités archivistiques et message de transfert."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from socle.normes.seda.modele.codes import ListesDeCodes
from socle.normes.seda.modele.description import Contenu
from socle.normes.seda.modele.gestion import Gestion, GestionDuVersement
from socle.normes.seda.modele.objets import GroupeObjets


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
    version: str = "2.2"  # de SEDA : « 2.1 », « 2.2 » ou « 2.3 »
