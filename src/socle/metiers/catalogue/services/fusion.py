"""Reprendre une fiche d’un autre catalogue : champ par champ, par une personne, et réversible."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.enums import EtatFiche
from socle.metiers.catalogue.errors import EtapeImpossible
from socle.metiers.catalogue.models import FicheDistante, FusionFiche, Solution
from socle.metiers.catalogue.services.solutions import create_solution, index_solution
from socle.metiers.catalogue.services.suivi import record_action

# Champs qu’une fiche peut donner, dans l’ordre de la page.
REPRIS = {
    "phrase": "En une phrase",
    "description": "Description",
    "fonctions": "Fonctions",
    "licence": "Licence",
    "depot": "Code source",
    "site": "Site",
    "documentation": "Documentation",
    "version": "Version",
    "version_le": "Date de la version",
    "type_logiciel": "Sorte",
    "etat_logiciel": "État",
    "plateformes": "Plateformes",
    "categories": "Catégories",
    "langues": "Langues",
}


@dataclass(frozen=True, slots=True)
class Doublon:
    """Une solution qui ressemble, et pourquoi."""

    solution: Solution
    raison: str


@dataclass(frozen=True, slots=True)
class Ecart:
    """Ce que dit notre fiche, et ce que dit la leur."""

    champ: str
    libelle: str
    notre: Any
    leur: Any


def find_doublons(fiche: FicheDistante) -> list[Doublon]:
    """Rend les solutions que cette fiche pourrait décrire, la plus probable d’abord."""
    depot, site = _plat(fiche.donnees.get("depot")), _plat(fiche.donnees.get("site"))
    nom = normalize_nom(fiche.nom)
    proches = Solution.objects.filter(
        Q(nom_tri=nom) | ~Q(depot="") | ~Q(site="") | Q(nom_tri__startswith=nom[:6] or "?")
    ).order_by("nom_tri", "id")
    doublons = []
    for solution in proches[:2000]:
        if depot and _plat(solution.depot) == depot:
            doublons.append((0, Doublon(solution, "même dépôt de code")))
        elif solution.nom_tri == nom:
            doublons.append((1, Doublon(solution, "même nom")))
        elif site and _plat(solution.site) == site:
            doublons.append((2, Doublon(solution, "même site")))
        elif nom and (solution.nom_tri.startswith(nom) or nom.startswith(solution.nom_tri)):
            doublons.append((3, Doublon(solution, "nom proche")))
    return [doublon for _, doublon in sorted(doublons, key=lambda paire: paire[0])][:5]


def _plat(adresse: Any) -> str:
    """Rend une adresse comparable : sans schéma, « www. », « .git » ni barre finale."""
    texte = str(adresse or "").lower().split("://")[-1].removeprefix("www.")
    return texte.rstrip("/").removesuffix(".git")


def list_ecarts(fiche: FicheDistante, solution: Solution) -> list[Ecart]:
    """Rend les champs où les deux fiches diffèrent : l’aperçu d’une fusion."""
    ecarts = []
    for champ, libelle in REPRIS.items():
        leur, notre = _read(fiche, champ), getattr(solution, champ)
        if leur not in (None, "", []) and leur != notre:
            ecarts.append(Ecart(champ, libelle, notre, leur))
    return ecarts


def _read(fiche: FicheDistante, champ: str) -> Any:
    valeur = fiche.donnees.get(champ)
    if champ == "version_le" and isinstance(valeur, str):
        return date.fromisoformat(valeur)
    return valeur


@transaction.atomic
def merge_fiche(
    *,
    fiche: FicheDistante,
    solution: Solution,
    champs: list[str],
    agent: Compte,
    maintenant: datetime,
) -> FusionFiche:
    """Reprend ces champs de la fiche dans la solution.

    Raises:
        EtapeImpossible: un champ n’est pas de ceux qui se reprennent.
    """
    if set(champs) - set(REPRIS):
        raise EtapeImpossible
    ecrite = Solution.objects.select_for_update(of=("self",)).get(pk=solution.pk)
    avant = {champ: _to_json(getattr(ecrite, champ)) for champ in champs}
    apres = {champ: fiche.donnees.get(champ) for champ in champs}
    for champ in champs:
        setattr(ecrite, champ, _read(fiche, champ))
    _save(ecrite)
    fusion = FusionFiche.objects.create(
        fiche=fiche, solution=ecrite, avant=avant, apres=apres, faite_le=maintenant,
        faite_par=agent,
    )  # fmt: skip
    _mark(fiche, EtatFiche.FUSIONNEE, ecrite)
    record_action("federation.fusion", objet=ecrite.cle, acteur=agent.acteur,
                  maintenant=maintenant, donnees={"fiche": fiche.pk, "champs": champs})  # fmt: skip
    return fusion


@transaction.atomic
def undo_fusion(*, fusion: FusionFiche, agent: Compte, maintenant: datetime) -> FusionFiche:
    """Rend à la solution ses valeurs d’avant, là où personne n’a écrit depuis.

    Raises:
        EtapeImpossible: déjà annulée.
    """
    faite = FusionFiche.objects.select_for_update().get(pk=fusion.pk)
    if faite.annulee_le is not None:
        raise EtapeImpossible("Cette fusion est déjà annulée.")
    ecrite = Solution.objects.select_for_update(of=("self",)).get(pk=faite.solution_id)
    for champ, valeur in faite.avant.items():
        if _to_json(getattr(ecrite, champ)) == faite.apres[champ]:
            lue = date.fromisoformat(valeur) if champ == "version_le" and valeur else valeur
            setattr(ecrite, champ, lue)
    _save(ecrite)
    faite.annulee_le = maintenant
    faite.save(update_fields=["annulee_le", "modifie_le"])
    _mark(faite.fiche, EtatFiche.A_EXAMINER, None)
    record_action(
        "federation.fusion_annulee", objet=ecrite.cle, acteur=agent.acteur, maintenant=maintenant
    )
    return faite


@transaction.atomic
def adopt_fiche(*, fiche: FicheDistante, agent: Compte, maintenant: datetime) -> Solution:
    """Fait un brouillon de solution d’une fiche ; l’équipe la complète avant de la publier.

    Raises:
        NomDejaPris: une solution a déjà ce nom ; fusionner plutôt.
    """
    champs = {champ: _read(fiche, champ) for champ in REPRIS if fiche.donnees.get(champ)}
    source = {"texte": fiche.catalogue.nom, "lieu": fiche.cle_externe[:200],
              "url": fiche.catalogue.url}  # fmt: skip
    solution = create_solution(
        nom=fiche.nom, agent=agent, maintenant=maintenant,
        champs=champs | {"sources": [source], "publiccode": fiche.donnees.get("publiccode") or {}},
    )  # fmt: skip
    _mark(fiche, EtatFiche.REPRISE, solution)
    return solution


@transaction.atomic
def dismiss_fiche(*, fiche: FicheDistante, agent: Compte, maintenant: datetime) -> None:
    """Écarte une fiche ; elle reviendra si l’autre catalogue la change. Réversible."""
    ecartee = fiche.etat == EtatFiche.ECARTEE
    _mark(fiche, EtatFiche.A_EXAMINER if ecartee else EtatFiche.ECARTEE, None)
    record_action("federation.ecartee", objet=f"fiche:{fiche.pk}", acteur=agent.acteur,
                  maintenant=maintenant, donnees={"ecartee": not ecartee})  # fmt: skip


def _mark(fiche: FicheDistante, etat: EtatFiche, solution: Solution | None) -> None:
    fiche.etat, fiche.solution = etat, solution
    fiche.save(update_fields=["etat", "solution", "modifie_le"])


def _save(solution: Solution) -> None:
    solution.revision += 1
    solution.semee = False
    index_solution(solution)
    solution.save()


def _to_json(valeur: Any) -> Any:
    return valeur.isoformat() if isinstance(valeur, date) else valeur
