"""Qui peut quoi dans le catalogue. Une personne ne juge jamais ce qui la concerne."""

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.permissions import list_roles_programme
from socle.metiers.catalogue.models import CandidatureLabel, Representant, Solution


def is_equipe(compte: Compte) -> bool:
    """L’équipe du programme tient les fiches."""
    return RoleProgramme.EQUIPE in list_roles_programme(compte)


def represents(compte: Compte, solution: Solution) -> bool:
    """Un représentant parle pour les solutions de son éditeur, et d’elles seules."""
    if solution.editeur_id is None or RoleProgramme.EDITEUR not in list_roles_programme(compte):
        return False
    return Representant.objects.filter(editeur=solution.editeur_id, compte=compte).exists()


def can_declare(compte: Compte, solution: Solution) -> bool:
    """L’éditeur se déclare ; l’équipe le fait pour une solution sans représentant."""
    if represents(compte, solution):
        return True
    sans_voix = not Representant.objects.filter(editeur=solution.editeur_id).exists()
    return is_equipe(compte) and sans_voix


def has_conflit(compte: Compte, candidature: CandidatureLabel) -> bool:
    """Vrai pour qui a déclaré, ou pour un représentant de l’éditeur, quel que soit son rôle."""
    if compte.pk == candidature.declaree_par_id:
        return True
    editeur = candidature.solution.editeur_id
    return Representant.objects.filter(editeur=editeur, compte=compte).exists()


def can_review(compte: Compte, candidature: CandidatureLabel) -> bool:
    """Un pair relit : partenaire ou membre de l’équipe, sans conflit d’intérêts."""
    roles = list_roles_programme(compte) & {RoleProgramme.PARTENAIRE, RoleProgramme.EQUIPE}
    return bool(roles) and not has_conflit(compte, candidature)


def can_audit(compte: Compte, candidature: CandidatureLabel) -> bool:
    """L’équipe audite ; pas la personne qui a déjà relu."""
    relu = compte.pk == candidature.relue_par_id
    return is_equipe(compte) and not relu and not has_conflit(compte, candidature)


def can_decide(compte: Compte, candidature: CandidatureLabel) -> bool:
    """L’équipe décide ; un recours se décide par une autre personne que la première fois."""
    if has_conflit(compte, candidature):
        return False
    if candidature.etat == "recours":
        autre = compte.pk != candidature.decidee_par_id
        return autre and bool(list_roles_programme(compte) & {"equipe", "partenaire"})
    return is_equipe(compte)
