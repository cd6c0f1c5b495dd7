"""Anomalies d’une définition, et l’index qui dit où est chaque chose."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from socle.fondations.formulaires.definition import BlocRepetable, ChampBase, Formulaire, Page
from socle.fondations.formulaires.enums import Gravite, Nature
from socle.fondations.formulaires.types import get_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomalie:
    """Un défaut d’une définition.

    Attributes:
        regle: code stable de la règle (« condition_impossible »).
        gravite: bloquante, ou conseil.
        place: où, en français (« Page 2 « Vos ressources », champ « Revenu » »).
        message: la raison et quoi faire.
        page, champ, attribut: la même place, pour y mener l’agent ; vides si sans objet.
    """

    regle: str
    message: str
    place: str = ""
    gravite: Gravite = Gravite.BLOQUANTE
    page: str = ""
    champ: str = ""
    attribut: str = ""

    def __str__(self) -> str:
        return f"{self.place} : {self.message}" if self.place else self.message


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """Un champ et sa place. `rang` compte tous les champs dans l’ordre de lecture."""

    champ: ChampBase
    page: Page
    rang_page: int
    rang: int
    bloc: BlocRepetable | None = None

    @property
    def id(self) -> str:
        return self.champ.id

    @property
    def nature(self) -> Nature:
        return get_type(self.champ).nature

    @property
    def nom(self) -> str:
        """Rend le nom du champ entre guillemets, son identifiant s’il n’a pas de libellé."""
        return f"« {self.champ.libelle or self.champ.id} »"

    @property
    def place(self) -> str:
        """Rend la place en français."""
        bloc = f", bloc « {self.bloc.libelle or self.bloc.id} »" if self.bloc else ""
        return f"{describe_page(self.rang_page, self.page)}{bloc}, champ {self.nom}"

    def make_anomalie(
        self,
        regle: str,
        message: str,
        *,
        attribut: str = "",
        gravite: Gravite = Gravite.BLOQUANTE,
    ) -> Anomalie:
        return Anomalie(
            regle=regle,
            message=message,
            place=self.place,
            gravite=gravite,
            page=self.page.id,
            champ=self.champ.id,
            attribut=attribut,
        )


def describe_page(rang: int, page: Page) -> str:
    """Rend « Page 2 « Vos ressources » »."""
    return f"Page {rang + 1} « {page.titre or page.id} »"


def make_anomalie_page(
    rang: int, page: Page, regle: str, message: str, *, gravite: Gravite = Gravite.BLOQUANTE
) -> Anomalie:
    return Anomalie(
        regle=regle,
        message=message,
        place=describe_page(rang, page),
        gravite=gravite,
        page=page.id,
    )


@dataclass(slots=True, eq=False)
class Index:
    """La définition, rangée pour les contrôles. Un identifiant en double garde le premier champ."""

    definition: Formulaire
    elements: list[Element] = field(default_factory=list)
    par_id: dict[str, Element] = field(default_factory=dict)

    def champs(self) -> dict[str, ChampBase]:
        """Rend identifiant → champ."""
        return {identifiant: element.champ for identifiant, element in self.par_id.items()}

    def natures(self) -> dict[str, Nature]:
        """Rend identifiant → nature."""
        return {identifiant: element.nature for identifiant, element in self.par_id.items()}

    def iter_page(self, rang_page: int) -> Iterator[Element]:
        """Donne les champs d’une page, hors de ses blocs."""
        return (e for e in self.elements if e.rang_page == rang_page and e.bloc is None)


def make_index(definition: Formulaire) -> Index:
    """Range une définition."""
    index = Index(definition)
    for rang_page, page in enumerate(definition.pages):
        for champ in page.champs:
            _add(index, Element(champ, page, rang_page, len(index.elements)))
            if isinstance(champ, BlocRepetable):
                for enfant in champ.champs:
                    _add(index, Element(enfant, page, rang_page, len(index.elements), champ))
    return index


def _add(index: Index, element: Element) -> None:
    index.elements.append(element)
    index.par_id.setdefault(element.id, element)
