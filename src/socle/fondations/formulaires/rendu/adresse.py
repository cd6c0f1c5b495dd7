"""Rendu d’une adresse : chaque ligne a son étiquette, et sa propre erreur."""

from collections.abc import Mapping
from typing import Any

from socle.fondations.formulaires.moteur.structure import ChampCompile
from socle.fondations.formulaires.rendu.contexte import make_id

_LIGNES = (
    ("voie", "Numéro et voie", "", "address-line1"),
    ("complement", "Complément d’adresse", "", "address-line2"),
    ("code_postal", "Code postal", " tres-court", "postal-code"),
    ("commune", "Commune", "", "address-level2"),
)


def make_lignes(
    compile_: ChampCompile,
    chemin: str,
    adresse: Mapping[str, str],
    defauts: Mapping[str, str],
    decrit: str,
) -> list[dict[str, Any]]:
    """Rend les lignes de l’adresse.

    Args:
        defauts: ligne → phrase. Sans ligne désignée, l’erreur est celle de toute l’adresse.
        decrit: identifiant de l’erreur de toute l’adresse, que la première ligne porte ; ou vide.
    """
    propre = bool(getattr(compile_.champ, "autocomplete", ""))
    lignes = []
    for cle, libelle, classe, jeton in _LIGNES:
        identifiant = make_id(chemin) if cle == "voie" else f"{make_id(chemin)}-{cle}"
        erreur = defauts.get(cle, "")
        lignes.append(
            {
                "id": identifiant,
                "nom": f"{chemin}-{cle}",
                "libelle": libelle,
                "facultatif": cle == "complement" and compile_.obligatoire,
                "classe": classe,
                "texte": adresse[cle],
                "autocomplete": jeton if propre else "",
                "erreur": erreur,
                "id_erreur": f"{make_id(chemin)}-{cle}_error" if erreur else "",
                "decrit": f"{make_id(chemin)}-{cle}_error" if erreur else _find_groupe(cle, decrit),
            }
        )
    return lignes


def _find_groupe(cle: str, decrit: str) -> str:
    return decrit if cle == "voie" else ""
