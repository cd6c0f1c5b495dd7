"""Demander, préparer et recevoir une correction. L’histoire de chaque champ est gardée."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.textes import format_jour
from socle.fondations.comptes.models import Compte
from socle.fondations.documents import queries as documents
from socle.fondations.formulaires.moteur import FormulaireCompile, compare_reponses
from socle.metiers.dossiers.enums import EtatDossier, Fait
from socle.metiers.dossiers.errors import (
    DossierFerme,
    DossierIncomplet,
    TransitionImpossible,
)
from socle.metiers.dossiers.models import Dossier, ReponseChangee
from socle.metiers.dossiers.permissions import Acces, can_edit, can_instruct
from socle.metiers.dossiers.queries.dossier import get_formulaire_a_remplir
from socle.metiers.dossiers.services import complements
from socle.metiers.dossiers.services.commun import (
    check_fil,
    lock_dossier,
    project_personne,
    record_fait,
    record_preuve,
    update_reponses,
)
from socle.metiers.dossiers.services.depot import build_engagements, index_dossier
from socle.metiers.dossiers.services.echanges import send_message
from socle.metiers.dossiers.services.guichet import check_reception
from socle.normes.delais.calculs import to_jour

CORRIGEABLES = (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION)


@transaction.atomic
def request_correction(
    *,
    dossier: Dossier,
    agent: Compte,
    texte: str,
    maintenant: datetime,
    limite: date | None = None,
    dernier_fait: int | None = None,
) -> Dossier:
    """Demande à l’usager de corriger : un message, et le dossier lui est rendu.

    Le délai légal de réponse s’arrête jusqu’à la correction.

    Args:
        limite: dernier jour pour corriger ; None pour celui que l’on propose (trente jours).
        dernier_fait: le dernier que l’agent a lu (voir `check_fil`).

    Raises:
        AccesRefuse: l’agent n’instruit pas ici.
        DossierChange: quelque chose s’est passé sur le dossier depuis.
        TransitionImpossible: le dossier est décidé, ou pas encore déposé.
        DateImpossible: la date limite est passée, ou à plus d’un an.

    Source: CRPA, art. L. 114-5 et R. 112-11-4 (pièces manquantes et délai pour les donner).
    """
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(agent, dossier):
        raise AccesRefuse
    check_fil(dossier, dernier_fait)
    if dossier.etat not in CORRIGEABLES or dossier.attend_correction:
        raise TransitionImpossible
    aujourdhui = to_jour(maintenant)
    limite = limite or complements.compute_limite(aujourdhui)
    complements.check_limite(limite, aujourdhui)
    complements.open_complement(dossier, limite=limite, aujourdhui=aujourdhui)
    dossier.etat = EtatDossier.EN_CONSTRUCTION
    dossier.attend_correction = True
    dossier.suivi_par = dossier.suivi_par or agent
    dossier.revision += 1
    dossier.save(
        update_fields=[
            "etat", "attend_correction", "suivi_par", "revision", "modifie_le",
            *complements.CHAMPS,
        ]
    )  # fmt: skip
    send_message(dossier=dossier, auteur=agent, corps=texte, maintenant=maintenant, correction=True)
    record_fait(
        dossier,
        Fait.CORRECTION_DEMANDEE,
        auteur=agent,
        maintenant=maintenant,
        detail=f"À faire jusqu’au {format_jour(limite)}",
    )
    record_preuve(
        dossier,
        "correction_demandee",
        acteur=agent.acteur,
        maintenant=maintenant,
        donnees=describe_delai(dossier) | {"limite": limite.isoformat()},
    )
    project_personne(dossier, maintenant)
    return dossier


@transaction.atomic
def cancel_correction(
    *, dossier: Dossier, agent: Compte, maintenant: datetime, dernier_fait: int | None = None
) -> Dossier:
    """Retire une demande de correction restée sans réponse.

    Avant son terme, le délai légal redevient celui du dépôt ; après, la suspension reste comptée.

    Raises:
        AccesRefuse, DossierChange: voir `request_correction`.
        TransitionImpossible: aucune correction n’est attendue.
    """
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(agent, dossier):
        raise AccesRefuse
    check_fil(dossier, dernier_fait)
    if not dossier.attend_correction:
        raise TransitionImpossible
    complements.cancel_complement(dossier, aujourdhui=to_jour(maintenant))
    dossier.attend_correction = False
    dossier.save(update_fields=["attend_correction", "modifie_le", *complements.CHAMPS])
    record_preuve(
        dossier,
        "correction_annulee",
        acteur=agent.acteur,
        maintenant=maintenant,
        donnees=describe_delai(dossier),
    )
    project_personne(dossier, maintenant)
    return dossier


@transaction.atomic
def save_correction(
    *,
    dossier: Dossier,
    reponses: Mapping[str, Any],
    revision: int,
    onglet: str = "",
    garde: bool = False,
) -> Dossier:
    """Enregistre à part les réponses corrigées : ce qui est déposé ne change pas encore.

    Raises:
        DossierFerme: l’instruction a commencé.
        DossierModifieAilleurs: une autre page a enregistré depuis.
    """
    if dossier.etat != EtatDossier.EN_CONSTRUCTION:
        raise DossierFerme
    correction = dict(reponses)
    update_reponses(dossier, correction=correction, revision=revision, onglet=onglet, garde=garde)
    dossier.correction = correction
    return dossier


@transaction.atomic
def submit_correction(
    *, numero: int, acces: Acces, maintenant: datetime, recue_le: date | None = None
) -> Dossier:
    """Dépose la correction : chaque champ changé entre dans l’histoire du dossier.

    Le délai légal repart (CRPA, art. L. 114-5). Rejouable : sans correction en cours, rend le
    dossier tel quel.

    Args:
        recue_le: jour où l’agent qui la saisit dit l’avoir reçue ; None, aujourd’hui.

    Raises:
        AccesRefuse: ni l’usager du dossier, ni un agent qui peut corriger pour lui.
        DossierIncomplet: la correction laisse une réponse manquante ou fausse.
        DateImpossible: jour de réception à venir, ou avant la demande de correction.
    """
    dossier = lock_dossier(numero)
    if dossier.correction is None:
        return dossier
    if dossier.etat != EtatDossier.EN_CONSTRUCTION:
        raise DossierFerme
    if not can_edit(acces, dossier):
        raise AccesRefuse
    recue_le = _check_recue(dossier, acces, recue_le, maintenant)
    formulaire = get_formulaire_a_remplir(dossier)
    pieces = documents.list_documents(dossier.objet)
    erreurs = formulaire.check_complet(
        dossier.correction, {str(piece.pk) for piece in pieces}, maintenant=maintenant
    )
    if erreurs:
        raise DossierIncomplet(erreurs)
    apres = formulaire.clean_masquees(dossier.correction, maintenant=maintenant)
    nom = acces.compte.nom_affiche if acces.compte else dossier.demandeur
    changements = compare_reponses(formulaire, dossier.reponses, apres, maintenant=maintenant)
    ReponseChangee.objects.bulk_create(
        ReponseChangee(
            collectivite_id=dossier.collectivite_id,
            dossier=dossier,
            champ=c.chemin[:100],
            libelle=c.libelle[:300],
            avant=c.avant,
            apres=c.apres,
            instant=maintenant,
            auteur_nom=nom,
        )
        for c in changements
    )
    par_agent = bool(acces.compte and acces.compte.is_agent)
    complements.close_complement(dossier, recu_le=recue_le)
    _write_correction(dossier, formulaire, apres, maintenant, par_agent=par_agent)
    detail = ", ".join(c.libelle for c in changements) or "Aucun changement"
    record_fait(
        dossier,
        Fait.CORRECTION_AGENT if par_agent else Fait.CORRECTION_DEPOSEE,
        auteur=acces.compte,
        auteur_nom=nom,
        maintenant=maintenant,
        detail=detail,
    )
    record_preuve(
        dossier,
        "correction_deposee",
        acteur=acces.acteur(),
        maintenant=maintenant,
        donnees=describe_delai(dossier)
        | {
            "champs": sorted({c.chemin.rpartition("-")[2] for c in changements}),
            "recue_le": recue_le.isoformat(),
        },
        engagements=build_engagements(dossier, pieces),
    )
    project_personne(dossier, maintenant)
    return dossier


def describe_delai(dossier: Dossier) -> dict[str, Any]:
    """Rend ce que le journal garde du délai légal : sa fin, ou rien s’il ne court pas."""
    return {"echeance": dossier.echeance.isoformat() if dossier.echeance else ""}


def _check_recue(
    dossier: Dossier, acces: Acces, recue_le: date | None, maintenant: datetime
) -> date:
    """Seul l’agent date une correction, entre la demande qu’il en a faite et aujourd’hui."""
    if recue_le is None or not (acces.compte and acces.compte.is_agent):
        return to_jour(maintenant)
    demandes = complements.read_complements(dossier)
    depuis = demandes[-1].demande_le if demandes else to_jour(dossier.depose_instant)
    check_reception(recue_le, maintenant, depuis=depuis)
    return recue_le


def _write_correction(
    dossier: Dossier,
    formulaire: FormulaireCompile,
    apres: dict[str, Any],
    maintenant: datetime,
    *,
    par_agent: bool,
) -> None:
    if dossier.reponses_deposees is None:
        dossier.reponses_deposees = dossier.reponses
    dossier.reponses = apres
    dossier.correction = None
    dossier.attend_correction = False
    dossier.message_non_lu = dossier.message_non_lu or not par_agent
    index_dossier(dossier, formulaire, apres, maintenant)
    dossier.revision += 1
    dossier.save(
        update_fields=[
            "reponses", "reponses_deposees", "correction", "attend_correction", "message_non_lu",
            "demandeur", "courriel", "projection", "recherche", "revision", "modifie_le",
            *complements.CHAMPS,
        ]
    )  # fmt: skip
    dossier.recherche = None
