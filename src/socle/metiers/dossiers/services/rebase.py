"""Faire suivre à un dossier déposé la version publiée de son formulaire, sans rien en perdre."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.comptes.models import Compte
from socle.fondations.documents import queries as documents
from socle.fondations.formulaires.moteur import ChangementReponse, compare_reponses
from socle.fondations.formulaires.types.structure import list_lignes
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.errors import (
    CorrectionCommencee,
    DossierModifieAilleurs,
    RienADeplacer,
    VersionPerimee,
)
from socle.metiers.dossiers.models import Dossier, ReponseChangee
from socle.metiers.dossiers.permissions import can_rebase
from socle.metiers.dossiers.queries.dossier import find_dossier, get_formulaire
from socle.metiers.dossiers.services.commun import project_personne, record_fait, record_preuve
from socle.metiers.dossiers.services.depot import build_engagements, index_dossier
from socle.metiers.dossiers.services.echanges import send_message
from socle.metiers.dossiers.services.pieces import iter_documents
from socle.metiers.dossiers.services.reponses import convert_reponses
from socle.metiers.dossiers.services.version import Passage, describe_passage, read_numeros

MOTIF_MAX = 1_000
QUESTIONS_DITES = 20  # un message reste lisible


def prepare_rebase(dossier: Dossier, version_id: int) -> Passage:
    """Compare les versions pour un dossier déposé : ce qui suivrait, ce qui le quitterait.

    Comme partout sur un dossier déposé, les calculs sont ceux du jour du dépôt. Un calcul que la
    nouvelle version ne refait pas, ou refait autrement, compte parmi ce qui quitte le dossier.
    """
    au_guichet = dossier.saisi_par_id is not None
    ancien = get_formulaire(dossier.version_id)
    nouveau = get_formulaire(version_id, au_guichet=au_guichet)
    avant, instant = dossier.reponses, dossier.depose_instant
    converties = convert_reponses(ancien, nouveau, avant, maintenant=instant)
    apres = nouveau.clean_masquees(converties, maintenant=instant)
    ecarts = compare_reponses(nouveau, avant, apres, maintenant=instant, formulaire_avant=ancien)
    perdues = [e for e in ecarts if e.avant and e.chemin.partition("-")[0] in avant]
    erreurs = nouveau.check_complet(apres, set(iter_documents(apres)), maintenant=instant)
    manquantes = tuple(dict.fromkeys(erreur.libelle for erreur in erreurs))
    passage = describe_passage(ancien, nouveau, perdues, apres, instant)
    return replace(passage, manquantes=manquantes)


@transaction.atomic
def rebase_dossier(
    *,
    dossier: Dossier,
    version_id: int,
    agent: Compte,
    motif: str,
    revision: int,
    maintenant: datetime,
) -> Dossier:
    """Fait suivre à un dossier déposé la version publiée du formulaire.

    Rien ne se perd : les réponses et la version du dépôt sont gardées à part, l’accusé ne change
    pas, et chaque réponse ôtée ou réduite entre dans l’histoire du dossier avec ses fichiers. La
    personne est prévenue si de nouvelles questions l’attendent.

    Args:
        version_id: celle dont l’administrateur a vu les différences.
        motif: 1 à 1 000 signes ; il entre dans le fil, jamais au journal.
        revision: celle du dossier qu’il a vu.

    Raises:
        AccesRefuse: l’agent n’est pas administrateur de la collectivité.
        RienADeplacer: le dossier suit déjà cette version, ou n’est plus ouvert.
        CorrectionCommencee: la personne corrige, ou doit corriger.
        VersionPerimee: une autre version a paru entre-temps.
        DossierModifieAilleurs: le dossier a changé depuis.
        ErreurMetier: motif vide ou trop long.
    """
    motif = motif.strip()
    if not motif or len(motif) > MOTIF_MAX:
        raise ErreurMetier("Le motif est vide ou trop long.", f"Écrivez de 1 à {MOTIF_MAX} signes.")
    lu = _lock_depose(dossier, version_id, agent)
    if lu.revision != revision:
        raise DossierModifieAilleurs
    passage = prepare_rebase(lu, version_id)
    de, vers = read_numeros(lu.version_id, version_id)
    _keep_anciennes(lu, passage.perdues, agent, maintenant)
    _write_rebase(lu, version_id, passage.reponses)
    record_fait(
        lu,
        Fait.VERSION_CHANGEE,
        auteur=agent,
        maintenant=maintenant,
        detail=f"De la version {de} à la version {vers}. Motif : {motif}",
    )
    record_preuve(
        lu,
        "deplace",
        acteur=agent.acteur,
        maintenant=maintenant,
        donnees={"de": de, "vers": vers, "reponses_perdues": len(passage.perdues)},
        engagements=build_engagements(lu, documents.list_documents(lu.objet)),
    )
    project_personne(lu, maintenant)
    _tell_usager(lu, passage, agent, maintenant)
    return lu


def is_en_correction(dossier: Dossier) -> bool:
    """Vrai si la personne corrige son dossier, ou si une correction lui est demandée."""
    return dossier.attend_correction or dossier.correction is not None


def _lock_depose(dossier: Dossier, version_id: int, agent: Compte) -> Dossier:
    lu = find_dossier(dossier.collectivite, dossier.numero, verrou=True)
    if lu is None:
        raise AccesRefuse
    lu.collectivite = dossier.collectivite
    if lu.version_en_vigueur is None:
        raise RienADeplacer
    if not can_rebase(agent, lu):
        raise AccesRefuse
    if is_en_correction(lu):
        raise CorrectionCommencee
    if lu.version_en_vigueur != version_id:
        raise VersionPerimee
    return lu


def _keep_anciennes(
    dossier: Dossier, perdues: list[ChangementReponse], agent: Compte, maintenant: datetime
) -> None:
    ReponseChangee.objects.bulk_create(
        ReponseChangee(
            collectivite_id=dossier.collectivite_id,
            dossier=dossier,
            champ=perdue.chemin[:100],
            libelle=perdue.libelle[:300],
            avant=perdue.avant,
            apres=perdue.apres,
            valeur={"valeur": find_valeur(dossier.reponses, perdue.chemin)},
            instant=maintenant,
            auteur_nom=agent.nom_affiche,
        )
        for perdue in perdues
    )


def find_valeur(reponses: Mapping[str, Any], chemin: str) -> Any:
    """Rend la réponse de ce chemin (« parts », ou « enfants-<ligne>-prenom »), None s’il n’y en a
    pas."""
    bloc, _, suite = chemin.partition("-")
    ligne, _, champ = suite.rpartition("-")
    if not ligne:
        return reponses.get(chemin)
    lignes = {str(lue["ligne"]): lue["valeurs"] for lue in list_lignes(reponses.get(bloc))}
    return lignes.get(ligne, {}).get(champ)


def _write_rebase(dossier: Dossier, version_id: int, reponses: dict[str, Any]) -> None:
    if dossier.reponses_deposees is None:
        dossier.reponses_deposees = dossier.reponses
    dossier.version_deposee_id = dossier.version_deposee_id or dossier.version_id
    dossier.version_id, dossier.reponses, dossier.onglet = version_id, reponses, ""
    index_dossier(dossier, get_formulaire(version_id), reponses, dossier.depose_instant)
    dossier.revision += 1
    dossier.save(
        update_fields=[
            "version_id", "version_deposee_id", "reponses", "reponses_deposees", "demandeur",
            "courriel", "projection", "recherche", "revision", "onglet", "modifie_le",
        ]
    )  # fmt: skip
    dossier.recherche = None


def _tell_usager(dossier: Dossier, passage: Passage, agent: Compte, maintenant: datetime) -> None:
    """Écrit à la personne si le nouveau formulaire attend d’elle des réponses qu’il n’a pas."""
    if not passage.manquantes:
        return
    questions = "\n".join(f"- {libelle}" for libelle in passage.manquantes[:QUESTIONS_DITES])
    suite = (
        "Vous pouvez y répondre dès maintenant, avec « Corriger mes réponses »."
        if dossier.is_modifiable_par_usager and dossier.saisi_par_id is None
        else "Le service vous écrira s’il a besoin de vos réponses."
    )
    corps = (
        "Bonjour,\n\nLe formulaire de votre demande a changé, et votre demande suit maintenant le"
        " nouveau. Sa date de dépôt reste la même, et ce que vous aviez déposé est gardé.\n\n"
        f"Le nouveau formulaire attend des réponses :\n\n{questions}\n\n{suite}"
    )
    send_message(dossier=dossier, auteur=agent, corps=corps, maintenant=maintenant)
