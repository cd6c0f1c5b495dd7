"""Formulaire compilé : tout ce qui ne dépend pas des réponses, préparé une fois."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from socle.fondations.formulaires.conditions import Predicat, compile_condition, list_references
from socle.fondations.formulaires.definition import (
    Bareme,
    BlocRepetable,
    ChampBase,
    ChampCalcule,
    ChoixMultiple,
    ChoixSimple,
    Formulaire,
    Page,
    Source,
    is_obligatoire,
)
from socle.fondations.formulaires.formules import list_noms
from socle.fondations.formulaires.formules.ecriture import Libelles
from socle.fondations.formulaires.types import TypeChamp, get_type
from socle.fondations.formulaires.valeurs import AUTRE


@dataclass(slots=True, eq=False)
class ChampCompile:
    """Un champ prêt à servir.

    Attributes:
        predicat: condition préparée ; vraie si le champ n’en a pas.
        bloc: identifiant du bloc qui le contient, vide hors bloc.
        enfants: champs d’un bloc, dans l’ordre de lecture.
        ordre: champs d’un bloc, dans l’ordre d’évaluation.
        references: champs dont dépendent sa condition et sa formule.
        source: identifiant de la source qui peut le remplir, vide sinon.
        declencheur: vrai si une condition ou une formule dépend de lui.
    """

    champ: ChampBase
    type: TypeChamp[Any]
    page: str
    predicat: Predicat
    obligatoire: bool
    bloc: str = ""
    enfants: "tuple[ChampCompile, ...]" = ()
    ordre: "tuple[ChampCompile, ...]" = ()
    references: frozenset[str] = frozenset()
    source: str = ""
    declencheur: bool = False

    @property
    def id(self) -> str:
        return self.champ.id

    @property
    def saisi(self) -> bool:
        return self.type.saisi


@dataclass(slots=True, eq=False)
class PageCompilee:
    page: Page
    predicat: Predicat
    champs: tuple[ChampCompile, ...]

    @property
    def id(self) -> str:
        return self.page.id


@dataclass(slots=True, eq=False)
class Structure:
    """Le formulaire compilé, sans comportement.

    Attributes:
        champs: tous les champs par identifiant, ceux des blocs compris.
        ordre: champs hors bloc dans l’ordre d’évaluation (chacun après ceux dont il dépend).
    """

    definition: Formulaire
    pages: tuple[PageCompilee, ...]
    champs: Mapping[str, ChampCompile]
    ordre: tuple[ChampCompile, ...]
    baremes: Mapping[str, Bareme]
    libelles: Libelles
    pages_par_id: Mapping[str, PageCompilee] = field(default_factory=dict)


def compile_structure(definition: Formulaire, facultatifs: Collection[str] = ()) -> Structure:
    """Prépare une définition. Une condition ou une formule illisible ne fait rien échouer ; un
    identifiant en double (brouillon fautif) ne garde que son premier porteur.

    Args:
        facultatifs: types de champ que cette saisie n’exige jamais.
    """
    cibles = _list_cibles(definition)
    tous: dict[str, ChampCompile] = {}
    uniques = {page.id: page for page in reversed(definition.pages)}
    pages = tuple(
        _compile_page(page, cibles, tous) for page in definition.pages if uniques[page.id] is page
    )
    _mark_declencheurs(pages, tous)
    for compile_ in tous.values():
        compile_.obligatoire &= compile_.type.code not in facultatifs
    return Structure(
        definition=definition,
        pages=pages,
        champs=tous,
        ordre=_order_champs([c for page in pages for c in page.champs], _page_references(pages)),
        baremes={bareme.id: bareme for bareme in definition.baremes},
        libelles=_make_libelles(tous.values()),
        pages_par_id={page.id: page for page in pages},
    )


def _list_cibles(definition: Formulaire) -> dict[str, str]:
    """Rend champ → source qui le remplit ; la première gagne."""
    cibles: dict[str, str] = {}
    for _, _, champ in definition.iter_champs():
        if isinstance(champ, Source):
            for correspondance in champ.correspondances:
                cibles.setdefault(correspondance.champ, champ.id)
    return cibles


def _compile_page(
    page: Page, cibles: Mapping[str, str], tous: dict[str, ChampCompile]
) -> PageCompilee:
    champs = _compile_champs(page.champs, page.id, "", cibles, tous)
    return PageCompilee(page, compile_condition(page.condition), champs)


def _compile_champs(
    champs: Iterable[ChampBase],
    page: str,
    bloc: str,
    cibles: Mapping[str, str],
    tous: dict[str, ChampCompile],
) -> tuple[ChampCompile, ...]:
    compiles = []
    for champ in champs:
        if champ.id not in tous:
            compile_ = _compile_champ(champ, page, bloc, cibles)
            tous[champ.id] = compile_
            if isinstance(champ, BlocRepetable):
                _fill_bloc(compile_, champ, tous)
            compiles.append(compile_)
    return tuple(compiles)


def _compile_champ(
    champ: ChampBase, page: str, bloc: str, cibles: Mapping[str, str]
) -> ChampCompile:
    references = list_references(champ.condition)
    if isinstance(champ, ChampCalcule):
        references |= list_noms(champ.formule)
    return ChampCompile(
        champ=champ,
        type=get_type(champ),
        page=page,
        predicat=compile_condition(champ.condition),
        obligatoire=is_obligatoire(champ),
        bloc=bloc,
        references=references,
        source=cibles.get(champ.id, ""),
    )


def _fill_bloc(compile_: ChampCompile, bloc: BlocRepetable, tous: dict[str, ChampCompile]) -> None:
    """Compile les champs d’un bloc, et lui donne leurs dépendances du dehors."""
    enfants = _compile_champs(bloc.champs, compile_.page, bloc.id, {}, tous)
    internes = {enfant.id for enfant in enfants}
    compile_.enfants, compile_.ordre = enfants, _order_champs(enfants, {})
    compile_.references |= {r for e in enfants for r in e.references if r not in internes}


def _page_references(pages: Iterable[PageCompilee]) -> dict[str, frozenset[str]]:
    return {page.id: list_references(page.page.condition) for page in pages}


def _order_champs(
    champs: Iterable[ChampCompile], par_page: Mapping[str, frozenset[str]]
) -> tuple[ChampCompile, ...]:
    """Rend les champs, chacun après ceux dont il dépend. Un cycle est coupé, jamais suivi."""
    par_id = {c.id: c for c in champs}
    par_id |= {enfant.id: c for c in par_id.values() for enfant in c.enfants}
    ordre: list[ChampCompile] = []
    vus: set[str] = set()
    for depart in list(par_id.values()):
        pile = [(depart, False)]
        while pile:
            courant, pret = pile.pop()
            if pret:
                ordre.append(courant)
            elif courant.id not in vus:
                vus.add(courant.id)
                pile.append((courant, True))
                attendus = courant.references | par_page.get(courant.page, frozenset())
                pile.extend((par_id[r], False) for r in sorted(attendus) if r in par_id)
    return tuple(ordre)


def _mark_declencheurs(pages: Iterable[PageCompilee], tous: Mapping[str, ChampCompile]) -> None:
    cites = {r for references in _page_references(pages).values() for r in references}
    for compile_ in tous.values():
        cites |= compile_.references
    for identifiant in cites & tous.keys():
        tous[identifiant].declencheur = True


def _make_libelles(champs: Iterable[ChampCompile]) -> Libelles:
    libelles, unites, options = {}, {}, {}
    for compile_ in champs:
        champ = compile_.champ
        libelles[champ.id] = champ.libelle or champ.id
        if unite := getattr(champ, "unite", ""):
            unites[champ.id] = unite
        if isinstance(champ, ChoixSimple | ChoixMultiple):
            options[champ.id] = {AUTRE: "Autre"} | {o.id: o.libelle for o in champ.options}
    return Libelles(libelles=libelles, unites=unites, options=options)
