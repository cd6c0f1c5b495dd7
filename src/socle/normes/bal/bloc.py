"""Ranger par colonne les lignes d’un morceau de fichier."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from socle.normes.bal.champs import Cle, Ids
from socle.normes.bal.colonnes import Colonne, ColonneDeCles, Notables
from socle.normes.bal.lecture import COUPE, Paquet
from socle.normes.bal.noms import normalize


@dataclass
class Bloc:
    """Quelques milliers de lignes lues, rangées par colonne.

    Attributes:
        lignes: numéros de ligne du fichier. bruts, valeurs: colonne → une entrée par ligne.
        notables: colonne → (rang, lecture) de ses cellules qui ont un code.
        cles, numeros_de_cle: parties de `cle_interop`, None si absentes.
        voies: nom de voie retenu. noms: le même, rapproché. communes: code Insee retenu.
    """

    lignes: Sequence[int]
    bruts: dict[str, Sequence[str]] = field(default_factory=dict)
    valeurs: dict[str, list[Any]] = field(default_factory=dict)
    notables: dict[str, Notables] = field(default_factory=dict)
    cles: list[Cle | None] = field(default_factory=list)
    numeros_de_cle: list[int | None] = field(default_factory=list)
    voies: list[str | None] = field(default_factory=list)
    noms: list[str] = field(default_factory=list)
    communes: list[str | None] = field(default_factory=list)

    def list_valeurs(self, champ: str) -> list[Any]:
        return self.valeurs.get(champ) or [None] * len(self.lignes)

    def list_bruts(self, champ: str) -> Sequence[str]:
        return self.bruts.get(champ) or [""] * len(self.lignes)

    def list_ids(self, champ: str) -> list[str | None]:
        """Rend l’identifiant BAN de chaque ligne, pris dans `uid_adresse` à défaut de sa colonne.

        Un `uid_adresse` sans cet identifiant donne un texte vide, pas None : le validateur officiel
        les distingue quand il compare les lignes.
        """
        valeurs = self.list_valeurs(f"id_ban_{champ}")
        uids: list[Ids | None] = self.list_valeurs("uid_adresse")
        if not any(uids):
            return valeurs
        return [
            valeur or ((getattr(uid, champ) or "") if uid else None)
            for valeur, uid in zip(valeurs, uids, strict=True)
        ]


def iter_blocs(paquets: Iterator[Paquet], colonnes: Sequence[Colonne]) -> Iterator[Bloc]:
    """Lit des lignes toutes de la bonne longueur."""
    for numeros, lignes in paquets:
        yield _read_bloc(numeros, lignes, colonnes)


def _read_bloc(numeros: Sequence[int], lignes: list[str], colonnes: Sequence[Colonne]) -> Bloc:
    rien: list[Any] = [None] * len(lignes)
    bloc = Bloc(numeros, cles=rien, numeros_de_cle=rien)
    cellules = COUPE.join(lignes).split(COUPE)
    largeur = len(cellules) // len(lignes)
    for colonne in colonnes:
        bruts = bloc.bruts[colonne.nom] = cellules[colonne.rang :: largeur]
        if isinstance(colonne, ColonneDeCles):
            bloc.cles, bloc.numeros_de_cle, notables = colonne.read_cles(bruts)
            valeurs: list[Any] = bloc.cles
        else:
            valeurs, notables = colonne.read(bruts)
        bloc.valeurs[colonne.nom], bloc.notables[colonne.nom] = valeurs, notables
    _complete(bloc)
    return bloc


def _complete(bloc: Bloc) -> None:
    voies, toponymes = bloc.list_valeurs("voie_nom"), bloc.list_valeurs("toponyme")
    bloc.voies = [voie or toponyme for voie, toponyme in zip(voies, toponymes, strict=True)]
    bloc.noms = list(map(normalize, bloc.voies))
    bloc.communes = bloc.list_valeurs("commune_insee")
    if not all(bloc.communes):
        bloc.communes = [
            insee or (cle.commune if cle else None)
            for insee, cle in zip(bloc.communes, bloc.cles, strict=True)
        ]
