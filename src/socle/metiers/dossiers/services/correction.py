"""Demander, préparer et recevoir une correction. L’histoire de chaque champ est gardée."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse
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
from socle.metiers.dossiers.permissions import Acces, can_instruct
from socle.metiers.dossiers.queries.dossier import get_formulaire
from socle.metiers.dossiers.services.commun import (
    lock_dossier,
    project_personne,
    record_fait,
    record_preuve,
    update_reponses,
)
from socle.metiers.dossiers.services.depot import build_engagements, index_dossier
from socle.metiers.dossiers.services.echanges import send_message

CORRIGEABLES = (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION)


@transaction.atomic
def request_correction(
    *, dossier: Dossier, agent: Compte, texte: str, maintenant: datetime
) -> Dossier:
    """Demande à l’usager de corriger : un message, et le dossier lui est rendu.

    Raises:
        AccesRefuse: l’agent n’instruit pas ici.
        TransitionImpossible: le dossier est décidé, ou pas encore déposé.
    """
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(agent, dossier):
        raise AccesRefuse
    if dossier.etat not in CORRIGEABLES or dossier.attend_correction:
        raise TransitionImpossible
    dossier.etat = EtatDossier.EN_CONSTRUCTION
    dossier.attend_correction = True
    dossier.suivi_par = dossier.suivi_par or agent
    dossier.revision += 1
    dossier.save(update_fields=["etat", "attend_correction", "suivi_par", "revision", "modifie_le"])
    send_message(dossier=dossier, auteur=agent, corps=texte, maintenant=maintenant, correction=True)
    record_fait(dossier, Fait.CORRECTION_DEMANDEE, auteur=agent, maintenant=maintenant)
    record_preuve(dossier, "correction_demandee", acteur=agent.acteur, maintenant=maintenant)
    project_personne(dossier, maintenant)
    return dossier


@transaction.atomic
def cancel_correction(*, dossier: Dossier, agent: Compte, maintenant: datetime) -> Dossier:
    """Retire une demande de correction restée sans réponse."""
    dossier = lock_dossier(dossier.numero)
    if not can_instruct(agent, dossier):
        raise AccesRefuse
    if not dossier.attend_correction:
        raise TransitionImpossible
    dossier.attend_correction = False
    dossier.save(update_fields=["attend_correction", "modifie_le"])
    record_preuve(dossier, "correction_annulee", acteur=agent.acteur, maintenant=maintenant)
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
def submit_correction(*, numero: int, acces: Acces, maintenant: datetime) -> Dossier:
    """Dépose la correction : chaque champ changé entre dans l’histoire du dossier.

    Rejouable : sans correction en cours, rend le dossier tel quel.

    Raises:
        DossierIncomplet: la correction laisse une réponse manquante ou fausse.
    """
    dossier = lock_dossier(numero)
    if dossier.correction is None:
        return dossier
    if dossier.etat != EtatDossier.EN_CONSTRUCTION:
        raise DossierFerme
    formulaire = get_formulaire(dossier.version_id)
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
    _write_correction(dossier, formulaire, apres, maintenant)
    detail = ", ".join(c.libelle for c in changements) or "Aucun changement"
    record_fait(
        dossier,
        Fait.CORRECTION_DEPOSEE,
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
        donnees={"champs": sorted({c.chemin.rpartition("-")[2] for c in changements})},
        engagements=build_engagements(dossier, pieces),
    )
    project_personne(dossier, maintenant)
    return dossier


def _write_correction(
    dossier: Dossier, formulaire: FormulaireCompile, apres: dict[str, Any], maintenant: datetime
) -> None:
    dossier.reponses = apres
    dossier.correction = None
    dossier.attend_correction = False
    dossier.message_non_lu = True
    index_dossier(dossier, formulaire, apres, maintenant)
    dossier.revision += 1
    dossier.save(
        update_fields=[
            "reponses", "correction", "attend_correction", "message_non_lu", "demandeur",
            "courriel", "projection", "recherche", "revision", "modifie_le",
        ]
    )  # fmt: skip
    dossier.recherche = None
