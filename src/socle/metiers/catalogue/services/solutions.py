"""Tenir une fiche : l’écrire, la publier, la retirer, dater sa feuille de route."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.enums import EtatEtape, EtatSolution
from socle.metiers.catalogue.errors import (
    EtapeImpossible,
    FicheIncomplete,
    FicheModifieeAilleurs,
    NomDejaPris,
)
from socle.metiers.catalogue.models import EtapeSolution, Solution
from socle.metiers.catalogue.services.suivi import lock_ligne, record_action

# Adresses de `/catalogue/…` qui ne sont pas des solutions.
RESERVES = {"bancs", "comparer", "choisir", "label", "editeurs", "clauses", "api", "donnees", "cas"}
# Ce qu’une fiche publiée dit au moins (bilan 2018-2020, axe 1, recommandation 1).
POUR_PUBLIER = {
    "phrase": "une phrase",
    "description": "une description",
    "modele_economique": "le modèle économique",
    "technique": "les caractéristiques techniques",
    "gouvernance": "la gouvernance",
    "perennite": "les options de pérennité",
    "deploiement": "les étapes de déploiement",
    "besoins": "un besoin",
    "sources": "une source",
}


@transaction.atomic
def create_solution(
    *, nom: str, agent: Compte, maintenant: datetime, champs: dict[str, Any] | None = None
) -> Solution:
    """Commence une fiche, en brouillon.

    Raises:
        NomDejaPris: une autre fiche a la même adresse.
    """
    slug = build_slug(nom)
    solution = Solution(slug=slug, nom=nom.strip(), **(champs or {}))
    index_solution(solution)
    try:
        with transaction.atomic():
            solution.save(force_insert=True)
    except IntegrityError as cause:
        raise NomDejaPris from cause
    record_action("solution.creee", objet=solution.cle, acteur=agent.acteur, maintenant=maintenant)
    return solution


def build_slug(nom: str) -> str:
    """Rend l’adresse d’une fiche ; un mot réservé reçoit un suffixe."""
    slug = slugify(nom.replace("’", "-").replace("²", "2"))[:76] or "solution"
    return f"{slug}-1" if slug in RESERVES else slug


def index_solution(solution: Solution) -> None:
    """Refait les clés de tri et de recherche d’une fiche."""
    solution.nom_tri = normalize_nom(solution.nom)[:120]
    mots = [solution.nom, solution.phrase, solution.description, *solution.fonctions,
            *solution.besoins_affiches, *solution.categories, solution.licence]  # fmt: skip
    solution.texte_tri = normalize_nom(" ".join(mots))


@transaction.atomic
def save_solution(
    *,
    solution: Solution,
    champs: dict[str, Any],
    revision: int,
    agent: Compte,
    maintenant: datetime,
) -> Solution:
    """Enregistre une fiche.

    Args:
        champs: valeurs déjà validées, par nom de champ.
        revision: celle que la personne avait sous les yeux.

    Raises:
        FicheModifieeAilleurs: elle a changé depuis.
        FicheIncomplete: publiée, elle perdrait ce qui la rend publiable.
    """
    ecrite = _lock(solution)
    if ecrite.revision != revision:
        raise FicheModifieeAilleurs
    change = sorted(nom for nom, v in champs.items() if getattr(ecrite, nom) != v)
    if not change:
        return ecrite
    for nom in change:
        setattr(ecrite, nom, champs[nom])
    if ecrite.is_publiee:
        check_publiable(ecrite)
    _save(ecrite)
    record_action("solution.modifiee", objet=ecrite.cle, acteur=agent.acteur,
                  maintenant=maintenant, donnees={"champs": change})  # fmt: skip
    return ecrite


def check_publiable(solution: Solution) -> None:
    """Vérifie qu’une fiche dit ce qu’il faut pour choisir.

    Raises:
        FicheIncomplete: avec ce qui manque.
    """
    manques = list_manques(solution)
    if manques:
        raise FicheIncomplete(manques)


def list_manques(solution: Solution) -> list[str]:
    """Rend ce qui manque pour publier, en mots."""
    return [mot for nom, mot in POUR_PUBLIER.items() if not getattr(solution, nom)]


@transaction.atomic
def publish_solution(*, solution: Solution, agent: Compte, maintenant: datetime) -> Solution:
    """Publie une fiche, ou republie une fiche retirée.

    Raises:
        FicheIncomplete: il manque de quoi choisir.
    """
    ecrite = _lock(solution)
    check_publiable(ecrite)
    if ecrite.is_publiee:
        return ecrite
    ecrite.etat, ecrite.publiee_le = EtatSolution.PUBLIEE, ecrite.publiee_le or maintenant
    ecrite.retiree_le, ecrite.motif_retrait = None, ""
    _save(ecrite)
    record_action("solution.publiee", objet=ecrite.cle, acteur=agent.acteur, maintenant=maintenant)
    return ecrite


@transaction.atomic
def withdraw_solution(
    *, solution: Solution, motif: str, agent: Compte, maintenant: datetime
) -> Solution:
    """Retire une fiche publiée ; son adresse reste et dit pourquoi.

    Raises:
        EtapeImpossible: elle n’est pas publiée, ou le motif est vide.
    """
    ecrite = _lock(solution)
    if not ecrite.is_publiee or not motif.strip():
        raise EtapeImpossible(suite="Dites pourquoi la fiche est retirée.")
    ecrite.etat, ecrite.retiree_le = EtatSolution.RETIREE, maintenant
    ecrite.motif_retrait = motif.strip()[:300]
    _save(ecrite)
    record_action("solution.retiree", objet=ecrite.cle, acteur=agent.acteur, maintenant=maintenant)
    return ecrite


@transaction.atomic
def save_etape(
    *,
    solution: Solution,
    etape: EtapeSolution | None,
    champs: dict[str, Any],
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> EtapeSolution:
    """Ajoute ou change une étape. La date annoncée d’abord ne s’efface jamais.

    Args:
        champs: titre, detail, date_prevue, date_faite, etat, source.
        empreinte: celle de ces champs sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un a changé cette étape depuis.
    """
    ecrite = lock_ligne(etape, champs, empreinte) if etape else EtapeSolution(solution=solution)
    for nom, valeur in champs.items():
        setattr(ecrite, nom, valeur)
    ecrite.date_initiale = ecrite.date_initiale or ecrite.date_prevue
    if ecrite.etat == EtatEtape.FAITE:
        ecrite.date_faite = ecrite.date_faite or _jour(maintenant)
    else:
        ecrite.date_faite = None
    ecrite.save()
    Solution.objects.filter(pk=solution.pk).update(modifie_le=maintenant, semee=False)
    record_action(
        "solution.etape",
        objet=solution.cle,
        acteur=agent.acteur,
        maintenant=maintenant,
        donnees={"etape": ecrite.pk, "etat": ecrite.etat},
    )
    return ecrite


@transaction.atomic
def remove_etape(*, etape: EtapeSolution, agent: Compte, maintenant: datetime) -> None:
    """Ôte une étape saisie par erreur. Une étape qui n’aura pas lieu s’abandonne plutôt."""
    solution = etape.solution
    etape.delete()
    Solution.objects.filter(pk=solution.pk).update(modifie_le=maintenant, semee=False)
    record_action(
        "solution.etape_otee", objet=solution.cle, acteur=agent.acteur, maintenant=maintenant
    )


def _jour(maintenant: datetime) -> date:
    from django.utils import timezone  # noqa: PLC0415

    return timezone.localdate(maintenant)


def _lock(solution: Solution) -> Solution:
    return Solution.objects.select_for_update(of=("self",)).get(pk=solution.pk)


def _save(solution: Solution) -> None:
    solution.revision += 1
    solution.semee = False
    index_solution(solution)
    solution.save()
