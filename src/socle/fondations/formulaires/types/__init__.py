"""Types de champ : un registre, une classe par type, un module par famille.

type_champ = get_type(champ)
lecture = type_champ.parse(champ, Donnees(request.POST), champ.id)
"""

from typing import Any

from socle.fondations.commun.registre import Registre
from socle.fondations.formulaires.definition import ChampBase
from socle.fondations.formulaires.types import (
    choix,
    contact,
    identifiant,
    jour,
    lieu,
    nombre,
    piece,
    structure,
    texte,
)
from socle.fondations.formulaires.types.base import (
    Colonne,
    Donnees,
    FragmentSeda,
    Lecture,
    TypeChamp,
)

__all__ = ["Colonne", "Donnees", "FragmentSeda", "Lecture", "TypeChamp", "get_type", "types"]

types: Registre[TypeChamp[Any]] = Registre("type de champ")

for _type in (
    structure.TypeTitreSection(),
    structure.TypeExplication(),
    texte.TypeTexteCourt(),
    texte.TypeTexteLong(),
    nombre.TypeNombreEntier(),
    nombre.TypeNombreDecimal(),
    jour.TypeDate(),
    choix.TypeCaseACocher(),
    choix.TypeOuiNon(),
    choix.TypeChoixSimple(),
    choix.TypeChoixMultiple(),
    choix.TypeCivilite(),
    contact.TypeCourriel(),
    contact.TypeTelephone(),
    lieu.TypeAdresse(),
    lieu.TypeCommune(),
    lieu.TypeDepartement(),
    lieu.TypePays(),
    identifiant.TypeSiret(),
    identifiant.TypeIban(),
    piece.TypePieceJustificative(),
    structure.TypeBlocRepetable(),
    structure.TypeChampCalcule(),
    structure.TypeSource(),
):
    types.register(_type.code, _type)


def get_type(champ: ChampBase) -> TypeChamp[Any]:
    """Rend le type d’un champ."""
    return types[champ.type]  # type: ignore[attr-defined]  # présent dans chaque membre de l’union
