"""État d’une demande : ce qui est visible, ce que valent les champs, ce que donnent les calculs."""

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.formulaires.definition import ChampCalcule
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.formules import ContexteCalcul, Resultat, calculate_formule
from socle.fondations.formulaires.formules.ecriture import Libelles
from socle.fondations.formulaires.moteur.echanges import list_provenances
from socle.fondations.formulaires.moteur.structure import ChampCompile, PageCompilee, Structure
from socle.fondations.formulaires.types.structure import list_lignes
from socle.fondations.formulaires.valeurs import Json, Reponses, Valeur


def read_jour(maintenant: datetime) -> date:
    """Rend le jour d’un instant, à l’heure de Paris."""
    return maintenant.astimezone(PARIS).date()


def make_chemin(bloc: str, ligne: str, champ: str) -> str:
    """Rend le chemin d’un champ d’une ligne : nom HTML, clé d’erreur, clé de pièce."""
    return f"{bloc}-{ligne}-{champ}"


@dataclass(slots=True, eq=False)
class Etat:
    """Résultat de l’évaluation d’un formulaire sur des réponses.

    Attributes:
        visibles: chemins visibles (identifiant, ou « bloc-ligne-champ » dans un bloc).
        valeurs: identifiant hors bloc → valeur typée ; None si vide ou masqué.
        calculs: chemin d’un champ calculé visible → résultat.
        colonnes: identifiant d’un champ numérique de bloc → sa valeur dans chaque ligne.
    """

    structure: Structure
    reponses: Reponses
    jour: date
    visibles: set[str] = field(default_factory=set)
    masques: set[str] = field(default_factory=set)
    valeurs: dict[str, Valeur] = field(default_factory=dict)
    calculs: dict[str, Resultat] = field(default_factory=dict)
    colonnes: dict[str, list[Valeur]] = field(default_factory=dict)
    pages_visibles: dict[str, bool] = field(default_factory=dict)
    libelles: Libelles = field(default_factory=Libelles)

    def list_pages(self) -> list[PageCompilee]:
        """Rend les pages visibles, dans l’ordre."""
        return [page for page in self.structure.pages if self.is_page_visible(page.id)]

    def is_page_visible(self, page: str) -> bool:
        """Dit si une page est visible ; la condition n’est évaluée qu’une fois."""
        if page not in self.pages_visibles:
            predicat = self.structure.pages_par_id[page].predicat
            self.pages_visibles[page] = predicat(self.valeurs, self.jour)
        return self.pages_visibles[page]

    def iter_reponses(
        self, page: PageCompilee | None = None
    ) -> Iterator[tuple[str, ChampCompile, Json]]:
        """Donne (chemin, champ, réponse stockée) de chaque champ visible, lignes comprises."""
        for compilee in (page,) if page else self.list_pages():
            for compile_ in compilee.champs:
                if compile_.id not in self.visibles:
                    continue
                valeur = self.reponses.get(compile_.id)
                yield compile_.id, compile_, valeur
                yield from self._iter_lignes(compile_, valeur)

    def _iter_lignes(
        self, bloc: ChampCompile, valeur: Json
    ) -> Iterator[tuple[str, ChampCompile, Json]]:
        if not bloc.enfants:
            return
        for ligne in list_lignes(valeur):
            for enfant in bloc.enfants:
                chemin = make_chemin(bloc.id, ligne["ligne"], enfant.id)
                if chemin in self.visibles:
                    yield chemin, enfant, ligne["valeurs"].get(enfant.id)


def evaluate(structure: Structure, reponses: Reponses, jour: date) -> Etat:
    """Évalue conditions et formules. Ne lève jamais."""
    sources = list_provenances(structure, reponses)
    libelles = replace(structure.libelles, sources=sources) if sources else structure.libelles
    etat = Etat(structure, reponses, jour, libelles=libelles)
    for compile_ in structure.ordre:
        visible = etat.is_page_visible(compile_.page) and compile_.predicat(etat.valeurs, jour)
        if not visible:
            etat.masques.add(compile_.id)
            etat.masques.update(enfant.id for enfant in compile_.enfants)
            etat.valeurs[compile_.id] = None
            continue
        etat.visibles.add(compile_.id)
        _evaluate_champ(etat, compile_, compile_.id, reponses, etat.valeurs)
        if compile_.enfants:
            _evaluate_bloc(etat, compile_)
    return etat


def _evaluate_bloc(etat: Etat, bloc: ChampCompile) -> None:
    numeriques = [e.id for e in bloc.enfants if e.type.nature is Nature.NOMBRE]
    for identifiant in numeriques:
        etat.colonnes[identifiant] = []
    for ligne in list_lignes(etat.reponses.get(bloc.id)):
        locales: dict[str, Valeur] = {}
        valeurs: MutableMapping[str, Valeur] = ChainMap(locales, etat.valeurs)
        for enfant in bloc.ordre:
            if not enfant.predicat(valeurs, etat.jour):
                locales[enfant.id] = None
                continue
            chemin = make_chemin(bloc.id, ligne["ligne"], enfant.id)
            etat.visibles.add(chemin)
            _evaluate_champ(etat, enfant, chemin, ligne["valeurs"], valeurs)
            if enfant.id in etat.colonnes:
                _fill_colonne(etat, enfant, locales.get(enfant.id))


def _fill_colonne(etat: Etat, enfant: ChampCompile, valeur: Valeur) -> None:
    """Ajoute une cellule : une réponse facultative laissée vide compte pour zéro."""
    attendue = valeur is not None or enfant.obligatoire or not enfant.saisi
    etat.colonnes[enfant.id].append(valeur if attendue else Decimal(0))


def _evaluate_champ(
    etat: Etat,
    compile_: ChampCompile,
    chemin: str,
    reponses: Mapping[str, Any],
    valeurs: MutableMapping[str, Valeur],
) -> None:
    champ = compile_.champ
    if not isinstance(champ, ChampCalcule):
        valeurs[champ.id] = compile_.type.read(champ, reponses.get(champ.id))
        return
    contexte = ContexteCalcul(
        valeurs=valeurs,
        jour=etat.jour,
        colonnes=etat.colonnes,
        baremes=etat.structure.baremes,
        libelles=etat.libelles,
        masques=frozenset(etat.masques),
    )
    resultat = calculate_formule(
        champ.formule, contexte, decimales=champ.decimales, unite=champ.unite
    )
    etat.calculs[chemin] = resultat
    valeurs[champ.id] = resultat.valeur
