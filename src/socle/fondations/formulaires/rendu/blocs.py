"""Rendu d’un bloc répétable : ses lignes, ses boutons, sans JavaScript."""

from typing import TYPE_CHECKING, Any

from socle.fondations.formulaires.definition import BlocRepetable
from socle.fondations.formulaires.moteur import make_ulid
from socle.fondations.formulaires.moteur.etat import make_chemin
from socle.fondations.formulaires.moteur.structure import ChampCompile
from socle.fondations.formulaires.rendu.contexte import make_id
from socle.fondations.formulaires.types.structure import list_lignes
from socle.fondations.formulaires.valeurs import Json

if TYPE_CHECKING:
    from socle.fondations.formulaires.rendu.champs import RenduChamps


def make_bloc(
    rendu: "RenduChamps", bloc: ChampCompile, champ: BlocRepetable, valeur: Json
) -> dict[str, Any]:
    """Rend le contexte d’un bloc. Un bloc obligatoire et vide montre une première ligne."""
    rendu.gestes = True
    stockees = list_lignes(valeur)
    if not stockees and champ.obligatoire:
        stockees = [{"ligne": make_ulid(), "valeurs": {}}]
    foyer = _find_foyer(rendu, bloc, len(stockees))
    return {
        "lignes": [
            _make_ligne(rendu, bloc, champ, stockee, rang) | {"foyer": rang == foyer}
            for rang, stockee in enumerate(stockees, 1)
        ],
        "libelle_ajout": champ.libelle_ajout or f"Ajouter une ligne\u00a0: {champ.libelle_ligne}",
        "retirable": len(stockees) > 1 or not champ.obligatoire,
        "ajoutable": len(stockees) < champ.maximum,
        "maximum": champ.maximum,
    }


def _find_foyer(rendu: "RenduChamps", bloc: ChampCompile, nombre: int) -> int:
    """Rend le rang de la ligne qui vient d’être ajoutée, 0 sinon."""
    action = rendu.saisie.action if rendu.saisie else None
    ajoutee = action is not None and action.nom == "ajouter" and action.champ == bloc.id
    return nombre if ajoutee else 0


def _make_ligne(
    rendu: "RenduChamps",
    bloc: ChampCompile,
    champ: BlocRepetable,
    ligne: dict[str, Any],
    rang: int,
) -> dict[str, Any]:
    ulid = ligne["ligne"]
    chemins = [make_chemin(bloc.id, ulid, enfant.id) for enfant in bloc.enfants]
    neuve = not rendu.etat.visibles.intersection(chemins)
    suite = []
    for enfant, chemin in zip(bloc.enfants, chemins, strict=True):
        montre_vide = neuve and enfant.predicat(rendu.etat.valeurs, rendu.etat.jour)
        if chemin in rendu.etat.visibles or montre_vide:
            suite.append((enfant, chemin, ligne["valeurs"].get(enfant.id)))
    return {
        "id": f"{make_id(bloc.id)}-{ulid}",
        "ulid": ulid,
        "titre": f"{champ.libelle_ligne} {rang}",
        "champs": rendu.render_suite(suite),
    }
