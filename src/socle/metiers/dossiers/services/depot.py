"""Commencer une demande, enregistrer ses réponses, la déposer."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models.expressions import RawSQL

from socle.fondations.commun import taches
from socle.fondations.commun.ecritures import insert, update
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.comptes.models import Compte
from socle.fondations.documents import queries as documents
from socle.fondations.documents.models import Document
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.fondations.formulaires.valeurs import Lieu, Valeur
from socle.metiers.demarches.errors import DemarcheFermee
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.dossiers.enums import Canal, EtatDossier, Fait
from socle.metiers.dossiers.errors import (
    DossierFerme,
    DossierIncomplet,
)
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, hash_jeton
from socle.metiers.dossiers.queries.dossier import get_formulaire_a_remplir
from socle.metiers.dossiers.queries.mots import write_vecteur
from socle.metiers.dossiers.services.commun import (
    forget_personne,
    lock_dossier,
    project_personne,
    record_fait,
    record_preuve,
    update_reponses,
)
from socle.metiers.dossiers.services.demandeur import find_courriel, update_demandeur
from socle.metiers.dossiers.services.echeances import compute_echeance
from socle.metiers.dossiers.services.guichet import (
    check_accord,
    check_reception,
    compute_depose_le,
    describe_reception,
)
from socle.metiers.dossiers.services.pieces import keep_deposees
from socle.metiers.dossiers.signals import dossier_depose
from socle.normes.preuve.engagements import compute_engagement, derive_sel, engage
from socle.normes.preuve.json_canonique import encode_json


@transaction.atomic
def start_dossier(
    *,
    demarche: Demarche,
    version: Version,
    maintenant: datetime,
    compte: Compte | None = None,
    canal: Canal = Canal.EN_LIGNE,
    reponses: Mapping[str, Any] | None = None,
    demandeur: str = "",
    courriel: str = "",
    recue_le: date | None = None,
) -> tuple[Dossier, str]:
    """Commence une demande (brouillon). Rend aussi le jeton de l’invité, montré une seule fois.

    Sans compte, le jeton ouvre le brouillon ; avec un agent au guichet, le dossier est saisi pour
    une personne qui peut n’avoir ni compte ni courriel.

    Args:
        recue_le: jour où l’agent dit avoir reçu la demande ; il date le dépôt.

    Raises:
        DemarcheFermee: la démarche n’est pas ouverte.
        DateImpossible: jour de réception à venir ou trop ancien.
    """
    if not demarche.is_ouverte:
        raise DemarcheFermee
    au_guichet = canal != Canal.EN_LIGNE
    if recue_le is not None:
        check_reception(recue_le, maintenant)
    jeton = "" if compte else secrets.token_urlsafe(32)
    dossier = insert(
        Dossier(
            collectivite_id=demarche.collectivite_id,
            demarche=demarche,
            version=version,
            canal=canal,
            usager=None if au_guichet else compte,
            saisi_par=compte if au_guichet else None,
            jeton=hash_jeton(jeton) if jeton else "",
            reponses=dict(reponses or {}),
            demandeur=demandeur,
            courriel=courriel,
            recue_le=recue_le if au_guichet else None,
            sel=secrets.token_bytes(32),
        )
    )
    project_personne(dossier, maintenant)
    return dossier, jeton


@transaction.atomic
def save_reponses(
    *,
    dossier: Dossier,
    reponses: Mapping[str, Any],
    revision: int,
    onglet: str = "",
    garde: bool = False,
) -> Dossier:
    """Enregistre les réponses du brouillon, sans rien écraser d’un autre onglet.

    Args:
        reponses: toutes les réponses, telles que le moteur les a lues (`Saisie.valeurs`).
        revision: celle que la page montrait.
        onglet: nom de cette page, s’il y en a un.
        garde: la page enregistre au fil de la saisie, et enregistrera encore.

    Raises:
        DossierFerme: le dossier est déjà déposé.
        DossierModifieAilleurs: une autre page a enregistré depuis.
    """
    if dossier.etat != EtatDossier.BROUILLON:
        raise DossierFerme
    update_reponses(dossier, reponses=dict(reponses), revision=revision, onglet=onglet, garde=garde)
    dossier.reponses = dict(reponses)
    return dossier


@transaction.atomic
def file_dossier(
    *,
    numero: int,
    acces: Acces,
    maintenant: datetime,
    accord_portail: bool = False,
    recue_le: date | None = None,
    verrouille: Dossier | None = None,
) -> Dossier:
    """Dépose la demande : numéro, référence, échéance du silence, accusé mis en file.

    Rejouable : un second clic rend le dossier déjà déposé, sans rien refaire. La page qui suit est
    l’accusé d’enregistrement, instantané ; celui de réception est mis en file dans la même
    transaction : un travailleur arrêté le fera à son retour.

    Args:
        accord_portail: accord exprès pour être notifié par le portail (CRPA, art. R. 112-17).
        recue_le: jour de réception relu par l’agent qui a saisi la demande.
        verrouille: ce dossier, déjà lu et tenu dans cette transaction, pour ne pas le relire.

    Raises:
        DossierIncomplet: réponses ou pièces manquantes ; rien n’est changé.
        AccordSansAcces: accord donné pour une personne qui n’ouvrira pas le portail.
        DateImpossible: jour de réception à venir ou trop ancien.

    Source: CRPA, art. L. 112-11 et R. 112-11-1 à R. 112-11-3.
    """
    dossier = verrouille or lock_dossier(numero)
    if dossier.etat != EtatDossier.BROUILLON:
        return dossier
    if dossier.demarche.etat == "close":
        raise DemarcheFermee
    if recue_le is not None and dossier.saisi_par_id is not None:
        check_reception(recue_le, maintenant)
        dossier.recue_le = recue_le
    formulaire = get_formulaire_a_remplir(dossier)
    pieces = documents.read_documents(dossier.objet)
    erreurs = formulaire.check_complet(
        dossier.reponses, {str(piece.pk) for piece in pieces}, maintenant=maintenant
    )
    if erreurs:
        raise DossierIncomplet(erreurs)
    depose_le = compute_depose_le(dossier, maintenant)
    reponses = formulaire.clean_masquees(dossier.reponses, maintenant=depose_le)
    check_accord(dossier, accord_portail, find_courriel(formulaire, reponses))
    dossier.accord_portail = accord_portail
    _write_depot(dossier, formulaire, reponses, depose_le)
    _tell_depot(dossier, acces, keep_deposees(pieces, reponses, maintenant), maintenant)
    return dossier


def _tell_depot(
    dossier: Dossier, acces: Acces, pieces: Iterable[Document], maintenant: datetime
) -> None:
    """Raconte et prouve le dépôt à l’instant où il est fait, et met l’accusé en file."""
    auteur = acces.compte
    record_fait(
        dossier,
        Fait.DEPOSE,
        auteur=auteur,
        auteur_nom="" if auteur else dossier.demandeur,
        maintenant=maintenant,
        detail=describe_reception(dossier),
    )
    record_preuve(
        dossier,
        "depose",
        acteur=acces.acteur(),
        maintenant=maintenant,
        donnees={"reference": dossier.reference, "canal": dossier.canal}
        | _prove_reception(dossier),
        engagements=build_engagements(dossier, pieces),
    )
    project_personne(dossier, maintenant)
    taches.defer(
        "dossiers.emettre_accuse", collectivite_id=dossier.collectivite_id, numero=dossier.numero
    )
    dossier_depose.send(
        Dossier,
        collectivite_id=dossier.collectivite_id,
        numero=dossier.numero,
        reference=dossier.reference,
    )


def _prove_reception(dossier: Dossier) -> dict[str, str]:
    return {"recue_le": dossier.recue_le.isoformat()} if dossier.recue_le else {}


def _write_depot(
    dossier: Dossier, formulaire: FormulaireCompile, reponses: dict[str, Any], depose_le: datetime
) -> None:
    """Écrit le dépôt en une instruction, colonnes de liste et recherche comprises."""
    dossier.reponses = reponses
    dossier.etat = EtatDossier.EN_CONSTRUCTION
    dossier.depose_le = depose_le
    dossier.reference = build_reference(dossier, depose_le)
    dossier.echeance = compute_echeance(dossier.demarche, depose_le)
    index_dossier(dossier, formulaire, reponses, depose_le)
    dossier.revision += 1
    update(
        dossier,
        "reponses", "etat", "depose_le", "recue_le", "reference", "echeance", "projection",
        "demandeur", "courriel", "accord_portail", "recherche", "revision", "modifie_le",
    )  # fmt: skip
    dossier.recherche = None


def index_dossier(
    dossier: Dossier, formulaire: FormulaireCompile, reponses: dict[str, Any], instant: datetime
) -> None:
    """Prépare ce que la liste montre et cherche : demandeur, colonnes, mots."""
    update_demandeur(dossier, formulaire, reponses)
    projection = formulaire.projection(reponses, maintenant=instant)
    dossier.projection = {champ: to_json(valeur) for champ, valeur in projection.items()}
    mots = formulaire.search_text(reponses, maintenant=instant)
    texte = f"{dossier.demandeur} {dossier.courriel} {dossier.numero} {mots}"
    dossier.recherche = RawSQL(  # racines, et mots entiers
        "to_tsvector('fr', %s) || %s::tsvector",
        [texte, write_vecteur(texte)],
        output_field=SearchVectorField(),
    )


def to_json(valeur: Valeur) -> Any:
    """Met une valeur typée en JSON : nombre en texte décimal, date ISO, lieu par son code."""
    if isinstance(valeur, Decimal):
        return f"{valeur:f}"
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, frozenset):
        return sorted(valeur)
    return valeur.code if isinstance(valeur, Lieu) else valeur


def build_reference(dossier: Dossier, depose_le: datetime) -> str:
    """Rend « <siren>-<année du dépôt à Paris>-<numéro> », le fil de toute la chaîne."""
    siren = dossier.collectivite.siren
    return f"{siren}-{depose_le.astimezone(PARIS).year}-{dossier.numero}"


def build_engagements(dossier: Dossier, pieces: Iterable[Document]) -> dict[str, str]:
    """Rend les engagements salés du journal : réponses et pièces, sans donnée personnelle."""
    sel = bytes(dossier.sel)
    engagements = {"reponses": engage(sel, "reponses", encode_json(dossier.reponses))}
    for piece in pieces:
        nom = f"document:{piece.pk}"
        empreinte = bytes.fromhex(piece.sha256)
        engagements[nom] = compute_engagement(derive_sel(sel, nom), empreinte)
    return engagements


@transaction.atomic
def delete_brouillon(*, dossier: Dossier, acces: Acces, maintenant: datetime) -> None:
    """Supprime un brouillon à la demande de l’usager, fichiers compris."""
    dossier = lock_dossier(dossier.numero)
    if dossier.etat != EtatDossier.BROUILLON:
        raise DossierFerme
    record_preuve(dossier, "brouillon_supprime", acteur=acces.acteur(), maintenant=maintenant)
    forget_personne(dossier)
    taches.defer(
        "documents.retirer_objet",
        collectivite_id=dossier.collectivite_id,
        objet=dossier.objet,
    )
    dossier.delete()
