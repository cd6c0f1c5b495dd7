"""Écriture de l’accusé de réception et de la réponse à un transfert (ATR), valides au schéma.

Source : NF Z44-022, messages Acknowledgement et ArchiveTransferReply ; événements de Vitam.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from socle.normes.seda.bordereau import write_listes_de_codes
from socle.normes.seda.bordereau.description import write_organisme
from socle.normes.seda.bordereau.gestion import write_evenement
from socle.normes.seda.bordereau.versions import PlumeSeda
from socle.normes.seda.controles.rapport import Rapport, Statut
from socle.normes.seda.grammaire import get_espace
from socle.normes.seda.modele import Evenement, ListesDeCodes
from socle.normes.seda.plume import check_nom_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuse:
    """Accusé de réception (Acknowledgement) : le message est arrivé, rien de plus."""

    identifiant: str
    date: datetime
    recu: str  # MessageReceivedIdentifier
    emetteur: str
    destinataire: str
    commentaire: str = ""
    version: str = "2.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseATransfert:
    """Réponse à un transfert (ArchiveTransferReply).

    Attributes:
        code: OK ou WARNING : pris en charge ; KO : refusé.
        unites, objets: identifiant du bordereau → identifiant donné par les archives.
        prise_en_charge: seulement si le transfert est accepté (GrantDate).
    """

    identifiant: str
    date: datetime
    demande: str  # MessageRequestIdentifier
    code: Statut
    service_archives: str
    service_versant: str
    accord: str = ""
    commentaire: str = ""
    evenements: tuple[Evenement, ...] = ()
    prise_en_charge: datetime | None = None
    unites: Mapping[str, str] = field(default_factory=dict)
    objets: Mapping[str, str] = field(default_factory=dict)
    version: str = "2.2"

    def __post_init__(self) -> None:
        """Un refus ne prend rien en charge."""
        if self.code is Statut.KO and (self.prise_en_charge or self.unites or self.objets):
            raise ValueError("Un transfert refusé n’est pas pris en charge.")


def build_evenements(rapport: Rapport, date: datetime) -> tuple[Evenement, ...]:
    """Met les défauts d’un contrôle en événements : code, issue, phrase, lieu.

    Un contrôle sans défaut n’est pas un événement de la réponse, comme chez Vitam.
    """
    return tuple(
        Evenement(
            date=date,
            code=_parente(defaut.code),
            type=defaut.nom,
            resultat=defaut.statut.value,
            resultat_detail=f"{defaut.code}.{defaut.statut.value}",
            message=defaut.message,
            detail=defaut.lieu,
        )
        for defaut in rapport.iter_defauts()
    )


def _parente(code: str) -> str:
    """« CHECK_DIGEST.INVALID » → « CHECK_DIGEST » : l’étape, sans le détail."""
    return code.split(".", 1)[0]


def write_accuse(ecrire: Callable[[str], object], accuse: Accuse) -> None:
    """Écrit un accusé de réception.

    Raises:
        ValueError: instant sans fuseau, version inconnue.
    """
    plume = _open(ecrire, accuse.version)
    with plume.element("Acknowledgement", xmlns=get_espace(accuse.version)):
        _entete(plume, accuse.commentaire, accuse.date, accuse.identifiant)
        plume.feuille("MessageReceivedIdentifier", accuse.recu)
        write_organisme(plume, "Sender", accuse.emetteur)
        write_organisme(plume, "Receiver", accuse.destinataire)


def write_reponse(ecrire: Callable[[str], object], reponse: ReponseATransfert) -> None:
    """Écrit une réponse à un transfert.

    Raises:
        ValueError: instant sans fuseau, version inconnue, identifiant non XML.
    """
    plume = _open(ecrire, reponse.version)
    with plume.element("ArchiveTransferReply", xmlns=get_espace(reponse.version)):
        _entete(plume, reponse.commentaire, reponse.date, reponse.identifiant)
        plume.feuille("ArchivalAgreement", reponse.accord)
        write_listes_de_codes(plume, ListesDeCodes())
        if reponse.unites or reponse.objets:
            _paquet(plume, reponse)
        plume.feuille("ReplyCode", reponse.code.value)
        if reponse.evenements:
            with plume.element("Operation"):
                for evenement in reponse.evenements:
                    write_evenement(plume, evenement)
        plume.feuille("MessageRequestIdentifier", reponse.demande)
        plume.feuille("GrantDate", reponse.prise_en_charge)
        write_organisme(plume, "ArchivalAgency", reponse.service_archives)
        write_organisme(plume, "TransferringAgency", reponse.service_versant)


def _open(ecrire: Callable[[str], object], version: str) -> PlumeSeda:
    plume = PlumeSeda(ecrire, version)
    ecrire('<?xml version="1.0" encoding="UTF-8"?>\n')
    return plume


def _entete(plume: PlumeSeda, commentaire: str, date: datetime, identifiant: str) -> None:
    plume.feuille("Comment", commentaire)
    plume.feuille("Date", date)
    plume.feuille("MessageIdentifier", identifiant)


def _paquet(plume: PlumeSeda, reponse: ReponseATransfert) -> None:
    """Ce que les archives ont donné à chaque unité et à chaque objet."""
    with plume.element("DataObjectPackage"):
        for rang, (objet, systeme) in enumerate(reponse.objets.items(), start=1):
            with (
                plume.element("DataObjectGroup", id=f"REPONSE-{rang}"),
                plume.element("BinaryDataObject", id=check_nom_xml(objet)),
            ):
                plume.feuille("DataObjectSystemId", systeme)
        with plume.element("DescriptiveMetadata"):
            for unite, systeme in reponse.unites.items():
                with (
                    plume.element("ArchiveUnit", id=check_nom_xml(unite)),
                    plume.element("Content"),
                ):
                    plume.feuille("SystemId", systeme)
        with plume.element("ManagementMetadata"):
            pass
