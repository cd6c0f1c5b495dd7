"""Éditeurs : leurs représentants, leurs réponses, leurs versions et leurs essais ; les clauses."""

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from socle.fondations.commun.textes import replace_illisibles
from socle.fondations.comptes.enums import GenreCompte, RoleProgramme
from socle.fondations.comptes.models import Compte, MembreProgramme
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.errors import (
    EtapeImpossible,
    FichierRefuse,
    NomDejaPris,
    PasRepresentant,
)
from socle.metiers.catalogue.models import (
    Clause,
    Editeur,
    EssaiProduit,
    ReponseEditeur,
    Representant,
    Solution,
    VersionClause,
    VersionProduit,
)
from socle.metiers.catalogue.permissions import represents
from socle.metiers.catalogue.ports import Piece, bancs
from socle.metiers.catalogue.services.solutions import build_slug
from socle.metiers.catalogue.services.suivi import lock_ligne, record_action


@transaction.atomic
def save_editeur(
    *,
    editeur: Editeur | None,
    champs: dict[str, Any],
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> Editeur:
    """Crée ou change un éditeur.

    Args:
        empreinte: celle de `champs` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistré depuis.
        NomDejaPris: un autre éditeur a la même adresse.
    """
    ecrit = (
        lock_ligne(editeur, champs, empreinte)
        if editeur
        else Editeur(slug=build_slug(champs["nom"]))
    )
    for nom, valeur in champs.items():
        setattr(ecrit, nom, valeur)
    ecrit.nom_tri = normalize_nom(ecrit.nom)[:150]
    try:
        with transaction.atomic():
            ecrit.save()
    except IntegrityError as cause:
        raise NomDejaPris from cause
    record_action("editeur.enregistre", objet=ecrit.cle, acteur=agent.acteur, maintenant=maintenant)
    return ecrit


@transaction.atomic
def add_representant(
    *, editeur: Editeur, courriel: str, agent: Compte, maintenant: datetime
) -> Representant:
    """Inscrit un agent connu comme représentant, et lui donne le rôle « éditeur ».

    Raises:
        EtapeImpossible: aucun agent actif n’a cette adresse.
    """
    compte = Compte.objects.filter(
        genre=GenreCompte.AGENT, courriel__iexact=courriel.strip(), is_active=True
    ).first()
    if compte is None:
        raise EtapeImpossible(
            "Aucun agent n’a cette adresse.",
            "La personne doit d’abord se connecter une fois, ou être invitée.",
        )
    return register_representant(editeur=editeur, compte=compte, par=agent, maintenant=maintenant)


@transaction.atomic
def register_representant(
    *, editeur: Editeur, compte: Compte, par: Compte, maintenant: datetime
) -> Representant:
    """Donne à ce compte le rôle « éditeur », et la parole pour cet éditeur ; une fois."""
    MembreProgramme.objects.get_or_create(compte=compte, role=RoleProgramme.EDITEUR)
    compte.__dict__.pop("_programme", None)
    inscrit, nouveau = Representant.objects.get_or_create(editeur=editeur, compte=compte)
    if nouveau:
        record_action("editeur.representant", objet=editeur.cle, acteur=par.acteur,
                      maintenant=maintenant, donnees={"compte": compte.pk})  # fmt: skip
    return inscrit


@transaction.atomic
def remove_representant(*, representant: Representant, agent: Compte, maintenant: datetime) -> None:
    """Retire un représentant ; ce qu’il a écrit reste au nom de l’éditeur."""
    editeur, compte = representant.editeur, representant.compte_id
    representant.delete()
    record_action("editeur.representant_ote", objet=editeur.cle, acteur=agent.acteur,
                  maintenant=maintenant, donnees={"compte": compte})  # fmt: skip


@transaction.atomic
def answer_solution(
    *, solution: Solution, texte: str, agent: Compte, maintenant: datetime
) -> ReponseEditeur:
    """Publie la réponse d’un éditeur sur sa fiche.

    Raises:
        PasRepresentant: la personne ne représente pas l’éditeur de cette solution.
    """
    if not represents(agent, solution) or solution.editeur is None:
        raise PasRepresentant
    reponse = ReponseEditeur.objects.create(
        solution=solution, editeur=solution.editeur, auteur=agent, texte=texte.strip(),
        publiee_le=maintenant,
    )  # fmt: skip
    record_action("editeur.repondu", objet=solution.cle, acteur=agent.acteur, maintenant=maintenant)
    return reponse


@transaction.atomic
def withdraw_reponse(*, reponse: ReponseEditeur, agent: Compte, maintenant: datetime) -> None:
    """Retire une réponse de la fiche ; elle reste en base."""
    if reponse.retiree_le is None:
        reponse.retiree_le = maintenant
        reponse.save(update_fields=["retiree_le", "modifie_le"])
        record_action("editeur.reponse_retiree", objet=reponse.solution.cle, acteur=agent.acteur,
                      maintenant=maintenant)  # fmt: skip


@transaction.atomic
def add_version(
    *,
    solution: Solution,
    numero: str,
    sortie_le: date | None,
    notes: str,
    agent: Compte,
    maintenant: datetime,
) -> VersionProduit:
    """Déclare une version d’un produit.

    Raises:
        NomDejaPris: cette version existe déjà.
    """
    try:
        with transaction.atomic():
            version = VersionProduit.objects.create(
                solution=solution, numero=numero.strip(), sortie_le=sortie_le, notes=notes,
                source="Déclarée par l’éditeur",
            )  # fmt: skip
    except IntegrityError as cause:
        raise NomDejaPris("Cette version est déjà déclarée.", "Choisissez-la.") from cause
    record_action("editeur.version", objet=solution.cle, acteur=agent.acteur,
                  maintenant=maintenant, donnees={"numero": version.numero})  # fmt: skip
    return version


def run_essai(
    *, version: VersionProduit, banc: str, octets: bytes, nom_fichier: str, agent: Compte,
    maintenant: datetime,
) -> EssaiProduit:  # fmt: skip
    """Joue un banc sur un fichier, et garde le résultat : bon ou mauvais, il est public.

    Le fichier n’est pas gardé, son empreinte oui.

    Args:
        banc: son code ; « scdl:scdl/budget » pour l’un des schémas d’un banc qui en a.

    Raises:
        FichierRefuse: banc inconnu, fichier vide ou trop gros.
        ErreurMetier: l’essai n’a pas eu lieu, faute de place par exemple.
    """
    code, _, choix = banc.partition(":")
    moteur = bancs.get(code)
    titre = dict(moteur.list_epreuves(code)).get(banc) if moteur else None
    if moteur is None or titre is None or not 0 < len(octets) <= moteur.taille_max:
        raise FichierRefuse(suite="Vérifiez le banc choisi et la taille du fichier.")
    rapport = moteur.run(Piece(octets, nom_fichier, choix))
    with transaction.atomic():
        essai = EssaiProduit.objects.create(
            version=version,
            banc=banc,
            banc_titre=titre,
            banc_version=moteur.version,
            statut=rapport.statut,
            constats=[
                asdict(constat) | {"detail": replace_illisibles(constat.detail)}
                for constat in rapport.constats
            ],
            empreinte=hashlib.sha256(octets).hexdigest(),
            nom_fichier=nom_fichier[:150],
            joue_le=maintenant,
            joue_par=agent,
        )
        record_action("editeur.essai", objet=version.solution.cle, acteur=agent.acteur,
                      maintenant=maintenant,
                      donnees={"banc": banc, "statut": str(rapport.statut)})  # fmt: skip
    return essai


@transaction.atomic
def save_clause(
    *,
    clause: Clause | None,
    champs: dict[str, Any],
    texte: str,
    changement: str,
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> Clause:
    """Écrit une clause. Un texte changé devient une nouvelle version ; l’ancienne reste lisible.

    Args:
        empreinte: celle de `champs` et du texte sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
        NomDejaPris: une autre clause a la même adresse.
    """
    if clause is None:
        ecrite = Clause(slug=build_slug(champs["titre"]))
    else:
        ecrite = lock_ligne(clause, champs, empreinte, texte=read_texte)
    for nom, valeur in champs.items():
        setattr(ecrite, nom, valeur)
    try:
        with transaction.atomic():
            ecrite.save()
    except IntegrityError as cause:
        raise NomDejaPris from cause
    Clause.objects.select_for_update().get(pk=ecrite.pk)
    courante = ecrite.versions.order_by("-numero").first()
    if courante is None or courante.texte != texte.strip():
        numero = (ecrite.versions.aggregate(m=Max("numero"))["m"] or 0) + 1
        VersionClause.objects.create(
            clause=ecrite, numero=numero, texte=texte.strip(), changement=changement,
            publiee_le=maintenant,
        )  # fmt: skip
    record_action("clause.enregistree", objet=f"clause:{ecrite.slug}", acteur=agent.acteur,
                  maintenant=maintenant)  # fmt: skip
    return ecrite


def read_texte(clause: Clause) -> str:
    """Rend le texte courant d’une clause."""
    courante = clause.versions.order_by("-numero").first()
    return courante.texte if courante else ""


@transaction.atomic
def switch_clause(*, clause: Clause, agent: Compte, maintenant: datetime) -> Clause:
    """Retire une clause, ou la remet."""
    clause.retiree_le = None if clause.retiree_le else maintenant
    clause.save(update_fields=["retiree_le", "modifie_le"])
    action = "clause.retiree" if clause.retiree_le else "clause.remise"
    record_action(action, objet=f"clause:{clause.slug}", acteur=agent.acteur, maintenant=maintenant)
    return clause
