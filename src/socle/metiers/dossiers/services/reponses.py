"""Réponses d’une version à l’autre, et saisies illisibles : rien que des valeurs, sans base."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socle.fondations.formulaires.definition import BlocRepetable, PieceJustificative, Source
from socle.fondations.formulaires.moteur import (
    ChangementReponse,
    FormulaireCompile,
    compare_reponses,
)
from socle.fondations.formulaires.moteur.etat import read_jour
from socle.fondations.formulaires.moteur.saisie import CLE_BRUTS
from socle.fondations.formulaires.moteur.structure import ChampCompile
from socle.fondations.formulaires.types.structure import list_lignes
from socle.fondations.formulaires.valeurs import Json

Reponses = dict[str, Any]


def convert_reponses(
    ancien: FormulaireCompile,
    nouveau: FormulaireCompile,
    reponses: Mapping[str, Any],
    *,
    maintenant: datetime,
) -> Reponses:
    """Rend ce que deviennent des réponses dans une autre version du formulaire.

    Une réponse reste si sa question existe encore et peut la porter : même type, ou un type qui
    sait la lire. Une valeur hors des nouvelles limites reste aussi : le dépôt la signalera.
    """
    avant = {c.id: c for page in ancien.structure.pages for c in page.champs}
    apres = {c.id: c for page in nouveau.structure.pages for c in page.champs}
    converties = _convert_champs(avant, apres, reponses, maintenant)
    bruts = {
        chemin: brut
        for chemin, brut in _list_bruts(reponses).items()
        if _is_saisissable(ancien, nouveau, chemin)
    }
    if bruts:
        converties[CLE_BRUTS] = bruts
    return converties


def _convert_champs(
    avant: Mapping[str, ChampCompile],
    apres: Mapping[str, ChampCompile],
    reponses: Mapping[str, Any],
    maintenant: datetime,
) -> Reponses:
    converties = {}
    for identifiant, valeur in reponses.items():
        if identifiant in avant and identifiant in apres:
            convertie = _convert(avant[identifiant], apres[identifiant], valeur, maintenant)
            if convertie not in (None, [], {}):
                converties[identifiant] = convertie
    return converties


def _convert(avant: ChampCompile, apres: ChampCompile, valeur: Json, maintenant: datetime) -> Json:
    if isinstance(avant.champ, BlocRepetable) and isinstance(apres.champ, BlocRepetable):
        return _convert_lignes(avant, apres, valeur, maintenant)
    if isinstance(avant.champ, Source) and isinstance(apres.champ, Source):
        return valeur if avant.champ.code == apres.champ.code else None
    if type(avant.champ) is type(apres.champ):
        return _keep_options(apres, valeur)
    if not (avant.saisi and apres.saisi) or _has_fichiers(avant) or _has_fichiers(apres):
        return None
    jour = read_jour(maintenant)
    texte = avant.type.show(avant.champ, valeur)
    return apres.type.import_donnee(apres.champ, texte, jour).valeur if texte else None


def _convert_lignes(
    avant: ChampCompile, apres: ChampCompile, valeur: Json, maintenant: datetime
) -> Json:
    anciens, nouveaux = {e.id: e for e in avant.enfants}, {e.id: e for e in apres.enfants}
    return [
        {
            "ligne": ligne["ligne"],
            "valeurs": _convert_champs(anciens, nouveaux, ligne["valeurs"], maintenant),
        }
        for ligne in list_lignes(valeur)
    ]


def _keep_options(compile_: ChampCompile, valeur: Json) -> Json:
    """Ôte d’un choix les réponses que la nouvelle version ne propose plus."""
    options = getattr(compile_.champ, "options", None)
    if options is None:
        return valeur
    connues = {option.id for option in options}
    if isinstance(valeur, list):
        return [v for v in valeur if v in connues]
    if isinstance(valeur, dict):
        return valeur if getattr(compile_.champ, "autre", False) else None
    return valeur if valeur in connues else None


def _has_fichiers(compile_: ChampCompile) -> bool:
    return isinstance(compile_.champ, PieceJustificative)


def list_perdues(
    ancien: FormulaireCompile,
    nouveau: FormulaireCompile,
    avant: Mapping[str, Any],
    apres: Mapping[str, Any],
    *,
    maintenant: datetime,
) -> list[ChangementReponse]:
    """Rend les réponses qu’un changement de version perd ou réduit, avec leur valeur.

    Un calcul n’est pas une réponse : il est refait.
    """
    ecarts = compare_reponses(nouveau, avant, apres, maintenant=maintenant, formulaire_avant=ancien)
    perdues = [e for e in ecarts if e.avant and _is_repondue(ancien, avant, e.chemin)]
    textes, gardes = read_bruts(avant), read_bruts(apres)
    return perdues + [
        ChangementReponse(chemin=c, libelle=_name(ancien, c), avant=texte, apres="")
        for c, texte in textes.items()
        if c not in gardes
    ]


def list_ecarts(
    formulaire: FormulaireCompile,
    avant: Mapping[str, Any],
    apres: Mapping[str, Any],
    *,
    maintenant: datetime,
) -> list[ChangementReponse]:
    """Rend ce qui diffère entre deux pages ouvertes, saisies illisibles comprises.

    Une saisie illisible n’a pas de valeur : c’est le texte tapé qui est montré.
    """
    ecarts = compare_reponses(formulaire, avant, apres, maintenant=maintenant)
    par_chemin = {ecart.chemin: ecart for ecart in ecarts}
    textes = (read_bruts(avant), read_bruts(apres))
    for chemin in {**textes[0], **textes[1]}:
        ecart = par_chemin.get(chemin)
        cote_avant = textes[0].get(chemin) or (ecart.avant if ecart else "")
        cote_apres = textes[1].get(chemin) or (ecart.apres if ecart else "")
        if cote_avant != cote_apres:
            par_chemin[chemin] = ChangementReponse(
                chemin=chemin,
                libelle=ecart.libelle if ecart else _name(formulaire, chemin),
                avant=cote_avant,
                apres=cote_apres,
            )
    return list(par_chemin.values())


def read_bruts(reponses: Mapping[str, Any]) -> dict[str, str]:
    """Rend chemin → texte tapé, pour les saisies gardées bien qu’illisibles."""
    textes = {chemin: _write_brut(brut) for chemin, brut in _list_bruts(reponses).items()}
    return {chemin: texte for chemin, texte in textes.items() if texte}


def _list_bruts(reponses: Mapping[str, Any]) -> dict[str, Any]:
    bruts = reponses.get(CLE_BRUTS)
    return bruts if isinstance(bruts, dict) else {}


def _write_brut(brut: Any) -> str:
    if isinstance(brut, dict):
        brut = list(brut.values())
    if isinstance(brut, list):
        return ", ".join(str(morceau) for morceau in brut if morceau)
    return str(brut or "").strip()


def _is_saisissable(ancien: FormulaireCompile, nouveau: FormulaireCompile, chemin: str) -> bool:
    identifiant = chemin.rpartition("-")[2]
    avant = ancien.structure.champs.get(identifiant)
    apres = nouveau.structure.champs.get(identifiant)
    return bool(avant and apres and type(avant.champ) is type(apres.champ))


def _is_repondue(formulaire: FormulaireCompile, reponses: Mapping[str, Any], chemin: str) -> bool:
    """Faux pour un calcul, et pour une case jamais vue : elle se lit « Non » sans réponse."""
    compile_ = formulaire.structure.champs.get(chemin.rpartition("-")[2])
    calcul = compile_ is not None and not compile_.saisi and not compile_.enfants
    return not calcul and chemin.partition("-")[0] in reponses


def _name(formulaire: FormulaireCompile, chemin: str) -> str:
    compile_ = formulaire.structure.champs.get(chemin.rpartition("-")[2])
    return compile_.champ.libelle if compile_ else chemin
