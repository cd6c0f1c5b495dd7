"""Écriture des règles de gestion et des événements."""

from collections.abc import Iterable

from socle.normes.seda.bordereau.versions import PlumeSeda
from socle.normes.seda.modele import (
    BlocDeClassification,
    BlocDeGel,
    BlocDeRegles,
    Evenement,
    Gestion,
    GestionDuVersement,
    Regle,
)

_EVENEMENT = (
    ("EventIdentifier", "identifiant"),
    ("EventTypeCode", "code"),
    ("EventType", "type"),
    ("EventDateTime", "date"),
    ("EventDetail", "detail"),
    ("Outcome", "resultat"),
    ("OutcomeDetail", "resultat_detail"),
    ("OutcomeDetailMessage", "message"),
    ("EventDetailData", "donnees"),
)


def write_gestion_du_versement(plume: PlumeSeda, gestion: GestionDuVersement) -> None:
    """Écrit ManagementMetadata."""
    with plume.element("ManagementMetadata"):
        plume.feuille("ArchivalProfile", gestion.profil)
        plume.feuille("ServiceLevel", gestion.niveau_de_service)
        plume.feuille("AcquisitionInformation", gestion.modalite_entree)
        plume.feuille("LegalStatus", gestion.statut_juridique)
        plume.feuille("OriginatingAgencyIdentifier", gestion.service_producteur)
        plume.feuille("SubmissionAgencyIdentifier", gestion.service_versant)
        write_gestion(plume, gestion.regles)


def write_gestion(plume: PlumeSeda, gestion: Gestion) -> None:
    """Écrit les règles, catégorie par catégorie, dans l’ordre du schéma."""
    _bloc_de_regles(plume, "StorageRule", gestion.stockage)
    _bloc_de_regles(plume, "AppraisalRule", gestion.sort_final)
    _bloc_de_regles(plume, "AccessRule", gestion.acces)
    _bloc_de_regles(plume, "DisseminationRule", gestion.diffusion)
    _bloc_de_regles(plume, "ReuseRule", gestion.reutilisation)
    if gestion.classification:
        _classification(plume, gestion.classification)
    if gestion.journal:
        with plume.element("LogBook"):
            for evenement in gestion.journal:
                write_evenement(plume, evenement)
    plume.feuille("NeedAuthorization", gestion.autorisation_requise)
    if gestion.gel:
        plume.check("HoldRule", depuis="2.2")
        _gel(plume, gestion.gel)


def _bloc_de_regles(plume: PlumeSeda, nom: str, bloc: BlocDeRegles | None) -> None:
    if bloc is None:
        return
    with plume.element(nom):
        _regles(plume, bloc.regles)
        _heritage(plume, bloc)
        plume.feuille("FinalAction", bloc.action)


def _regles(plume: PlumeSeda, regles: Iterable[Regle]) -> None:
    for regle in regles:
        plume.feuille("Rule", regle.code)
        plume.feuille("StartDate", regle.depart)


def _heritage(plume: PlumeSeda, bloc: BlocDeRegles | BlocDeClassification | BlocDeGel) -> None:
    if bloc.sans_heritage:
        plume.feuille("PreventInheritance", valeur=True)
    else:
        plume.feuilles("RefNonRuleId", bloc.exclues)


def _classification(plume: PlumeSeda, bloc: BlocDeClassification) -> None:
    with plume.element("ClassificationRule"):
        _regles(plume, bloc.regles)
        plume.feuille("ClassificationAudience", bloc.audience)
        _heritage(plume, bloc)
        plume.feuille("ClassificationLevel", bloc.niveau)
        plume.feuille("ClassificationOwner", bloc.proprietaire)
        plume.feuille("ClassificationReassessingDate", bloc.reexamen)
        plume.feuille("NeedReassessingAuthorization", bloc.reexamen_autorise)


def _gel(plume: PlumeSeda, bloc: BlocDeGel) -> None:
    with plume.element("HoldRule"):
        for regle in bloc.regles:
            plume.feuille("Rule", regle.code)
            plume.feuille("StartDate", regle.depart)
            plume.feuille("HoldEndDate", regle.fin)
            plume.feuille("HoldOwner", regle.proprietaire)
            plume.feuille("HoldReassessingDate", regle.reexamen)
            plume.feuille("HoldReason", regle.motif)
            plume.feuille("PreventRearrangement", regle.sans_reclassement)
        _heritage(plume, bloc)


def write_evenement(plume: PlumeSeda, evenement: Evenement) -> None:
    """Écrit un événement (Event)."""
    with plume.element("Event"):
        for nom, champ in _EVENEMENT:
            plume.feuille(nom, getattr(evenement, champ))
        if evenement.agent:
            plume.check("LinkingAgentIdentifier", depuis="2.2")
            with plume.element("LinkingAgentIdentifier"):
                plume.feuille("LinkingAgentIdentifierType", evenement.agent.type)
                plume.feuille("LinkingAgentIdentifierValue", evenement.agent.valeur)
                plume.feuille("LinkingAgentRole", evenement.agent.role)
