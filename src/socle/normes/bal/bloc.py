"""Lire les lignes par blocs et par colonnes : la même cellule n’est jamais lue deux fois."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from socle.normes.bal.champs import (
    NOMBRE,
    UUID4,
    Cle,
    Contexte,
    Ids,
    Lecteur,
    Lecture,
    build_lecteur,
)
from socle.normes.bal.lecture import COUPE, Ligne
from socle.normes.bal.noms import normalize
from socle.normes.bal.vocabulaire import FORMATS, LANGUES, REGIONAUX

TAILLE_BLOC = 4096
_MEMOIRE = 16_384  # cellules différentes retenues par colonne
_NOMBRES = frozenset({"x", "y", "long", "lat"})


class _Memoire(dict[str, Any]):
    """Valeurs déjà lues d’une colonne ; `notables` garde celles qui ont un code ou un extra."""

    def __init__(self, lecteur: Lecteur) -> None:
        self.lecteur = lecteur
        self.notables: dict[str, Lecture] = {}

    def __missing__(self, brut: str) -> Any:
        lecture = self.lecteur(brut)
        if lecture.codes or lecture.extra:
            self.notables[brut] = lecture
        valeur = self[brut] = lecture.valeur
        return valeur

    def prune(self) -> None:
        """Oublie tout quand la colonne a trop de cellules différentes."""
        if len(self) > _MEMOIRE:
            self.clear()
            self.notables.clear()


class Colonne:
    """Une colonne du fichier qui est un champ du format.

    Attributes:
        rang: place dans la ligne. nom: « toponyme_bre ». champ: « toponyme ».
    """

    def __init__(self, rang: int, nom: str, champ: str, contexte: Contexte) -> None:
        self.rang, self.nom, self.champ = rang, nom, champ
        self.memoire = _Memoire(build_lecteur(champ, contexte, localise=nom != champ))

    def read(self, bruts: Sequence[str]) -> tuple[list[Any], list[tuple[int, Lecture]]]:
        """Rend les valeurs, et (rang, lecture) pour les cellules qui ont un code ou un extra."""
        self.memoire.prune()
        if self.champ in _NOMBRES or self.champ == "id_ban_adresse":
            return self._read_reguliere(bruts)
        valeurs = list(map(self.memoire.__getitem__, bruts))
        notables = self.memoire.notables
        if not notables or notables.keys().isdisjoint(bruts):
            return valeurs, []
        return valeurs, [(i, notables[brut]) for i, brut in enumerate(bruts) if brut in notables]

    def _read_reguliere(self, bruts: Sequence[str]) -> tuple[list[Any], list[tuple[int, Lecture]]]:
        """Sans détour pour les cellules déjà dans leur forme exacte, presque toutes d’ordinaire."""
        forme, convertit = (NOMBRE, float) if self.champ in _NOMBRES else (UUID4, str)
        conforme = forme.fullmatch
        autres = [i for i, brut in enumerate(bruts) if not conforme(brut)]
        if not autres:
            return list(map(convertit, bruts)), []
        corrigees: list[Any] = list(bruts)
        for i in autres:
            corrigees[i] = "0"
        valeurs: list[Any] = list(map(convertit, corrigees))
        for i in autres:
            valeurs[i] = self.memoire[bruts[i]]
        lues = self.memoire.notables
        return valeurs, [(i, lues[bruts[i]]) for i in autres if bruts[i] in lues]


def find_colonnes(entetes: Sequence[str], contexte: Contexte) -> list[Colonne]:
    """Rend les colonnes connues : chaque champ à son nom exact, puis ses langues régionales."""
    rangs: dict[str, int] = {}
    for rang, nom in enumerate(entetes):
        rangs.setdefault(nom, rang)
    colonnes = []
    for champ in FORMATS:
        if champ not in rangs:
            continue
        colonnes.append(Colonne(rangs[champ], champ, champ, contexte))
        if champ in REGIONAUX:
            regionales = [nom for langue in LANGUES if (nom := f"{champ}_{langue}") in rangs]
            colonnes += [Colonne(rangs[nom], nom, champ, contexte) for nom in regionales]
    return colonnes


@dataclass
class Bloc:
    """Quelques milliers de lignes lues, rangées par colonne.

    Attributes:
        lignes: numéros de ligne du fichier. bruts, valeurs: colonne → une entrée par ligne.
        notables: colonne → (rang, lecture) de ses cellules qui ont un code.
        cles, uids: parties de `cle_interop` et de `uid_adresse`, None si absentes.
        voies: nom de voie retenu. noms: le même, rapproché. communes: code Insee retenu.
    """

    lignes: list[int]
    bruts: dict[str, Sequence[str]] = field(default_factory=dict)
    valeurs: dict[str, list[Any]] = field(default_factory=dict)
    notables: dict[str, list[tuple[int, Lecture]]] = field(default_factory=dict)
    cles: list[Cle | None] = field(default_factory=list)
    uids: list[Ids | None] = field(default_factory=list)
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
        if "uid_adresse" not in self.bruts:
            return valeurs
        return [
            valeur or ((getattr(uid, champ) or "") if uid else None)
            for valeur, uid in zip(valeurs, self.uids, strict=True)
        ]


def iter_blocs(lignes: Iterator[Ligne], colonnes: Sequence[Colonne]) -> Iterator[Bloc]:
    """Lit des lignes toutes de la bonne longueur."""
    while paquet := list(islice(lignes, TAILLE_BLOC)):
        yield _read_bloc(paquet, colonnes)


def _read_bloc(paquet: list[Ligne], colonnes: Sequence[Colonne]) -> Bloc:
    bloc = Bloc([numero for numero, _ in paquet])
    cellules = COUPE.join(ligne for _, ligne in paquet).split(COUPE)
    largeur = len(cellules) // len(paquet)
    extras: dict[str, list[Any]] = {}
    for colonne in colonnes:
        bruts = cellules[colonne.rang :: largeur]
        bloc.bruts[colonne.nom] = bruts
        bloc.valeurs[colonne.nom], notables = colonne.read(bruts)
        if colonne.nom in {"cle_interop", "uid_adresse"}:
            extras[colonne.nom] = [None] * len(paquet)
            for i, lecture in notables:
                extras[colonne.nom][i] = lecture.extra
        bloc.notables[colonne.nom] = [notable for notable in notables if notable[1].codes]
    bloc.cles = extras.get("cle_interop") or [None] * len(paquet)
    bloc.uids = extras.get("uid_adresse") or [None] * len(paquet)
    _complete(bloc)
    return bloc


def _complete(bloc: Bloc) -> None:
    voies, toponymes = bloc.list_valeurs("voie_nom"), bloc.list_valeurs("toponyme")
    bloc.voies = [voie or toponyme for voie, toponyme in zip(voies, toponymes, strict=True)]
    bloc.noms = list(map(normalize, bloc.voies))
    bloc.communes = [
        insee or (cle.commune if cle else None)
        for insee, cle in zip(bloc.list_valeurs("commune_insee"), bloc.cles, strict=True)
    ]
