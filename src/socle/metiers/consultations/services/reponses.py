"""Répondre : commencer, enregistrer, déposer, corriger, retirer. L’heure est celle du serveur."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.identifiants import uuid7
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.documents.queries import read_documents
from socle.fondations.referentiels.models import Autorite, normalize_nom
from socle.metiers.consultations.enums import EtatReponse, Moment
from socle.metiers.consultations.errors import (
    CampagneFermee,
    HorsPerimetre,
    ModifieAilleurs,
    PasCorrigeable,
    PasEncoreOuverte,
    PasRetirable,
    ReponseIncomplete,
)
from socle.metiers.consultations.models import Campagne, DepotDeReponse, Reponse
from socle.metiers.consultations.permissions import Titre, hash_jeton
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.services.courriels import notify_depot, notify_retrait
from socle.metiers.consultations.services.trace import record_action
from socle.metiers.consultations.signals import reponse_changee

SYSTEME = "systeme"
MOTS_MAX = 20_000


@transaction.atomic
def start_reponse(
    *, campagne: Campagne, compte: Compte, titre: Titre, maintenant: datetime
) -> Reponse:
    """Commence une réponse, ou rend celle que ce répondant a déjà commencée ou déposée.

    Raises:
        PasEncoreOuverte, CampagneFermee.
    """
    # Deux onglets qui commencent ensemble n’ouvrent qu’un brouillon.
    campagne = Campagne.objects.select_for_update(of=["self"], no_key=True).get(pk=campagne.pk)
    siennes = Reponse.objects.filter(campagne=campagne, repondant=titre.cle)
    deja = siennes.exclude(etat=EtatReponse.RETIREE).order_by("pk").first()
    if deja is not None:
        return deja
    check_ouverte(campagne, maintenant)
    return Reponse.objects.create(
        campagne=campagne, repondant=titre.cle, compte=compte, nom=compte.nom_affiche[:300],
        courriel=compte.courriel_envoi, **_describe_territoire(titre.autorite),
    )  # fmt: skip


@transaction.atomic
def start_invite(*, campagne: Campagne, courriel: str, maintenant: datetime) -> tuple[Reponse, str]:
    """Commence une réponse sans compte ; rend aussi le jeton, montré une seule fois.

    Raises:
        HorsPerimetre: la campagne demande un compte.
        PasEncoreOuverte, CampagneFermee.
    """
    if not campagne.anonyme:
        raise HorsPerimetre("Cette campagne demande un compte.", "Connectez-vous pour répondre.")
    check_ouverte(campagne, maintenant)
    cle, jeton = uuid7(), secrets.token_urlsafe(32)
    reponse = Reponse.objects.create(
        campagne=campagne, cle=cle, repondant=f"invite:{cle}", jeton=hash_jeton(jeton),
        courriel=courriel,
    )  # fmt: skip
    return reponse, jeton


def check_ouverte(campagne: Campagne, maintenant: datetime) -> None:
    """Raises: PasEncoreOuverte, CampagneFermee."""
    moment = campagne.find_moment(maintenant)
    if moment == Moment.A_VENIR:
        raise PasEncoreOuverte
    if moment == Moment.CLOSE:
        raise CampagneFermee


@transaction.atomic
def save_reponses(
    *,
    reponse: Reponse,
    reponses: Mapping[str, Any],
    revision: int,
    maintenant: datetime,
    onglet: str = "",
    garde: bool = False,
) -> Reponse:
    """Enregistre le brouillon ou la correction, sans rien écraser d’une autre page.

    Un brouillon s’enregistre encore après la clôture : seul le dépôt est refusé. Une page qui
    enregistre au fil de la saisie se suit elle-même : presser « Continuer » avant la réponse d’un
    de ses envois n’est pas un conflit.

    Args:
        revision: celle que la page montrait.
        onglet: nom de cette page, s’il y en a un.
        garde: la page enregistre au fil de la saisie, et enregistrera encore.

    Raises:
        ModifieAilleurs: une autre page, ou une autre personne, a enregistré depuis.
        PasCorrigeable: la réponse est déposée et aucune correction n’est ouverte.
    """
    ligne = lock_reponse(reponse)
    if ligne.revision != revision and not (onglet and ligne.onglet == onglet):
        raise ModifieAilleurs
    if ligne.is_brouillon:
        ligne.reponses = dict(reponses)
    elif ligne.is_deposee and ligne.correction is not None:
        ligne.correction = dict(reponses)
    else:
        raise PasCorrigeable
    ligne.onglet = onglet[:32] if garde else ""
    ligne.revision += 1
    ligne.save(update_fields=["reponses", "correction", "onglet", "revision", "modifie_le"])
    return ligne


@transaction.atomic
def file_reponse(
    *, reponse: Reponse, acteur: str, maintenant: datetime, revision: int | None = None
) -> Reponse:
    """Dépose la réponse ou sa correction ; rejouée, rend ce qui est déjà déposé.

    Args:
        revision: celle que la relecture montrait ; None ne la vérifie pas.

    Raises:
        ModifieAilleurs: ce qui serait déposé n’est plus ce qui a été relu.
        CampagneFermee, PasEncoreOuverte: rien n’est perdu, rien n’est déposé.
        ReponseIncomplete: avec chaque erreur et sa place.
        PasCorrigeable: la réponse est retirée.
    """
    ligne = lock_reponse(reponse)
    if ligne.is_deposee and ligne.correction is None:
        return ligne
    if ligne.etat == EtatReponse.RETIREE:
        raise PasCorrigeable
    if revision is not None and ligne.revision != revision:
        raise ModifieAilleurs(suite="Relisez ce qui est enregistré, puis déposez.")
    check_ouverte(ligne.campagne, maintenant)
    corrige = ligne.is_deposee
    ligne.reponses = check_reponses(ligne, maintenant)
    ligne.correction, ligne.refusee_le = None, None
    ligne.etat, ligne.depose_le = EtatReponse.DEPOSEE, maintenant
    ligne.numero = ligne.numero or f"R{maintenant.year}-{ligne.pk:06d}"
    ligne.mots = build_mots(ligne, maintenant)
    ligne.revision += 1
    ligne.save()
    rang = ligne.depots.count() + 1
    DepotDeReponse.objects.create(
        reponse=ligne, rang=rang, reponses=ligne.reponses, acteur=acteur, instant=maintenant
    )
    fait = "corrigee" if corrige else "deposee"
    record_action(
        "reponse.corrigee" if corrige else "reponse.deposee", ligne.objet, acteur, maintenant,
        {"consultation": ligne.campagne.slug, "rang": rang},
    )  # fmt: skip
    notify_depot(ligne, maintenant=maintenant)
    reponse_changee.send(sender=Reponse, reponse=ligne, fait=fait, maintenant=maintenant)
    return ligne


@transaction.atomic
def note_refus(*, reponse: Reponse, maintenant: datetime) -> None:
    """Garde la trace d’un dépôt présenté après la clôture ; le brouillon reste."""
    change = Reponse.objects.filter(pk=reponse.pk, refusee_le__isnull=True).update(
        refusee_le=maintenant
    )
    if change:
        record_action("reponse.hors_delai", reponse.objet, SYSTEME, maintenant)


@transaction.atomic
def open_correction(*, reponse: Reponse, acteur: str, maintenant: datetime) -> Reponse:
    """Ouvre la correction d’une réponse déposée ; l’ancienne compte jusqu’au nouveau dépôt.

    Raises:
        PasCorrigeable.
    """
    ligne = lock_reponse(reponse)
    if not can_correct(ligne, maintenant):
        raise PasCorrigeable
    if ligne.correction is None:
        ligne.correction = dict(ligne.reponses)
        ligne.revision += 1
        ligne.save(update_fields=["correction", "revision", "modifie_le"])
        record_action("reponse.correction_ouverte", ligne.objet, acteur, maintenant)
    return ligne


@transaction.atomic
def drop_correction(*, reponse: Reponse, acteur: str, maintenant: datetime) -> Reponse:
    """Abandonne la correction : ce qui était déposé reste."""
    ligne = lock_reponse(reponse)
    if ligne.correction is not None:
        ligne.correction = None
        ligne.revision += 1
        ligne.save(update_fields=["correction", "revision", "modifie_le"])
        record_action("reponse.correction_abandonnee", ligne.objet, acteur, maintenant)
    return ligne


def can_correct(reponse: Reponse, maintenant: datetime) -> bool:
    """Vrai d’une réponse déposée, tant que la campagne est ouverte et l’admet."""
    campagne = reponse.campagne
    return reponse.is_deposee and campagne.correction_permise and campagne.is_ouverte(maintenant)


@transaction.atomic
def withdraw_reponse(*, reponse: Reponse, acteur: str, maintenant: datetime) -> Reponse:
    """Retire une réponse ou abandonne un brouillon ; on peut ensuite en commencer une autre.

    Raises:
        PasRetirable: déposée, et la campagne est close.
    """
    ligne = lock_reponse(reponse)
    if ligne.etat == EtatReponse.RETIREE:
        return ligne
    if ligne.is_deposee and not ligne.campagne.is_ouverte(maintenant):
        raise PasRetirable
    deposee = ligne.is_deposee
    ligne.etat, ligne.retiree_le, ligne.correction = EtatReponse.RETIREE, maintenant, None
    ligne.revision += 1
    ligne.save(update_fields=["etat", "retiree_le", "correction", "revision", "modifie_le"])
    record_action("reponse.retiree", ligne.objet, acteur, maintenant,
                  {"consultation": ligne.campagne.slug})  # fmt: skip
    if deposee:
        notify_retrait(ligne, maintenant=maintenant)
        reponse_changee.send(sender=Reponse, reponse=ligne, fait="retiree", maintenant=maintenant)
    return ligne


def check_reponses(reponse: Reponse, maintenant: datetime) -> dict[str, Any]:
    """Rend les réponses prêtes à être déposées.

    Raises:
        ReponseIncomplete.
    """
    formulaire = get_formulaire(reponse.campagne)
    programme = get_programme()
    with locataire(programme.pk):
        pieces = {str(d.pk) for d in read_documents(reponse.objet)}
    erreurs = formulaire.check_complet(reponse.saisie, pieces, maintenant=maintenant)
    if erreurs:
        raise ReponseIncomplete(erreurs)
    return formulaire.clean_masquees(reponse.saisie, maintenant=maintenant)


def build_mots(reponse: Reponse, maintenant: datetime) -> str:
    """Rend le texte où l’équipe cherche : qui, d’où, et les réponses."""
    texte = get_formulaire(reponse.campagne).search_text(reponse.reponses, maintenant=maintenant)
    qui = f"{reponse.numero} {reponse.nom_montre} {reponse.nom} {reponse.departement}"
    return normalize_nom(f"{qui} {texte}")[:MOTS_MAX]


def lock_reponse(reponse: Reponse) -> Reponse:
    """Verrouille la réponse ; la campagne est relue avec elle."""
    return (
        Reponse.objects.select_for_update(of=["self"]).select_related("campagne").get(pk=reponse.pk)
    )


def _describe_territoire(autorite: Autorite | None) -> dict[str, str]:
    if autorite is None:
        return {}
    return {
        "autorite": autorite.cle,
        "nom_autorite": autorite.nom,
        "genre_autorite": autorite.genre,
        "departement": autorite.departement,
        "region": autorite.region,
    }
