"""Qui demande, et où lui écrire : lus dans les réponses, d’après la saisie automatique.

Une personne sans compte n’a d’autre nom que celui qu’elle a tapé dans le formulaire.
"""

from collections.abc import Mapping
from typing import Any

from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.metiers.dossiers.models import Dossier

LONGUEUR_MAX = 300
SANS_DEMANDEUR = "Madame, Monsieur"  # dans un message : « Bonjour {demandeur} » reste une phrase


def find_demandeur(formulaire: FormulaireCompile, reponses: Mapping[str, Any]) -> str:
    """Rend le nom de qui demande, « » si le formulaire ne le demande pas.

    Dans l’ordre : nom complet, prénom et nom, organisme. 300 signes au plus, sans blancs de trop.

    Args:
        reponses: sans celles des champs masqués (`FormulaireCompile.clean_masquees`).

    Source: HTML, jetons « name », « given-name », « family-name », « organization ».
    """
    return (
        find_by_autocomplete(formulaire, reponses, "name")
        or _find_prenom_et_nom(formulaire, reponses)
        or find_by_autocomplete(formulaire, reponses, "organization")
    )[:LONGUEUR_MAX].rstrip()


def find_courriel(formulaire: FormulaireCompile, reponses: Mapping[str, Any]) -> str:
    """Rend l’adresse de contact : le premier champ « courriel » que la personne dit être le sien.

    Une adresse tapée dans un champ de texte n’est pas vérifiée : elle n’est pas prise.
    """
    return find_by_autocomplete(formulaire, reponses, "email", type_="courriel")


def update_demandeur(
    dossier: Dossier, formulaire: FormulaireCompile, reponses: Mapping[str, Any]
) -> None:
    """Met à jour le nom et le courriel du dossier d’après ces réponses, sans l’enregistrer.

    Un compte, ou l’agent qui a saisi, a déjà nommé la personne : seuls un prénom et un nom tapés
    le remplacent. Sans compte, le nom est toujours celui des réponses, corrections comprises.
    """
    nomme = dossier.demandeur and (dossier.usager_id or dossier.saisi_par_id)
    find = _find_prenom_et_nom if nomme else find_demandeur
    dossier.demandeur = find(formulaire, reponses)[:LONGUEUR_MAX].rstrip() or dossier.demandeur
    dossier.courriel = find_courriel(formulaire, reponses) or dossier.courriel


def _find_prenom_et_nom(formulaire: FormulaireCompile, reponses: Mapping[str, Any]) -> str:
    prenom = find_by_autocomplete(formulaire, reponses, "given-name")
    nom = find_by_autocomplete(formulaire, reponses, "family-name")
    return f"{prenom} {nom}".strip()


def find_by_autocomplete(
    formulaire: FormulaireCompile, reponses: Mapping[str, Any], jeton: str, *, type_: str = ""
) -> str:
    """Rend la première réponse en texte d’un champ, hors bloc, qui porte ce jeton.

    Les blancs de trop, retours à la ligne compris, sont ôtés.
    """
    champs = (champ for _, bloc, champ in formulaire.definition.iter_champs() if bloc is None)
    for champ in champs:
        du_type = not type_ or getattr(champ, "type", "") == type_
        porte = du_type and getattr(champ, "autocomplete", "") == jeton
        valeur = reponses.get(champ.id) if porte else None
        if isinstance(valeur, str) and valeur.strip():
            return " ".join(valeur.split())
    return ""
