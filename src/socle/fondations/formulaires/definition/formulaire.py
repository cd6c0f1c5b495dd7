"""Le formulaire entier : ses pages et ses barèmes."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from socle.fondations.formulaires.definition.base import (
    Bareme,
    Condition,
    Identifiant,
    Libelle,
    Modele,
    Texte,
)
from socle.fondations.formulaires.definition.champs import BlocRepetable, Champ, ChampBase

CHAMPS_MAX = 1000


class Page(Modele):
    """Une étape : ce que la personne voit d’un coup."""

    id: Identifiant
    titre: Libelle = ""
    description: Texte = ""
    condition: Condition = None
    champs: Annotated[tuple[Champ, ...], Field(max_length=CHAMPS_MAX)] = ()


class Formulaire(Modele):
    """Définition complète d’un formulaire.

    >>> formulaire = Formulaire.model_validate({"pages": [{"id": "vous", "titre": "Vous",
    ...     "champs": [{"type": "courriel", "id": "courriel", "libelle": "Votre courriel"}]}]})
    >>> formulaire == Formulaire.model_validate(formulaire.model_dump(mode="json"))
    True
    """

    format: Literal[1] = 1
    pages: Annotated[tuple[Page, ...], Field(max_length=100)] = ()
    baremes: Annotated[tuple[Bareme, ...], Field(max_length=50)] = ()

    def iter_champs(self) -> Iterator[tuple[Page, BlocRepetable | None, ChampBase]]:
        """Donne chaque champ dans l’ordre de lecture, avec sa page et son bloc s’il en a un."""
        for page in self.pages:
            for champ in page.champs:
                yield page, None, champ
                if isinstance(champ, BlocRepetable):
                    for enfant in champ.champs:
                        yield page, champ, enfant


def export_json_schema() -> dict[str, Any]:
    """Rend le JSON Schema (2020-12) d’une définition de formulaire."""
    return Formulaire.model_json_schema()
