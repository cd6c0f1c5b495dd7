"""Définition d’un formulaire : du JSON validé, immuable, échangeable entre collectivités.

La structure est vérifiée ici (types, tailles, clés connues) ; le sens l’est par `validation`,
pour qu’un brouillon incomplet puisse être gardé pendant qu’on le construit.
"""

from socle.fondations.formulaires.definition.base import (
    Bareme,
    Condition,
    Modele,
    Option,
    Tranche,
    condition_vers_json,
)
from socle.fondations.formulaires.definition.champs import (
    FORMATS,
    TYPES_MODELES,
    Adresse,
    BlocRepetable,
    CaseACocher,
    Champ,
    ChampBase,
    ChampCalcule,
    ChampDate,
    ChampDeBloc,
    ChampSaisi,
    ChoixMultiple,
    ChoixSimple,
    Civilite,
    Commune,
    Correspondance,
    Courriel,
    Departement,
    Explication,
    Iban,
    ModeleAJoindre,
    NombreDecimal,
    NombreEntier,
    OuiNon,
    Pays,
    PieceJustificative,
    Siret,
    Source,
    Telephone,
    TexteCourt,
    TexteLong,
    TitreSection,
    is_obligatoire,
)
from socle.fondations.formulaires.definition.formulaire import (
    CHAMPS_MAX,
    Formulaire,
    Page,
    export_json_schema,
)

__all__ = [
    "CHAMPS_MAX", "FORMATS", "TYPES_MODELES", "Adresse", "Bareme", "BlocRepetable", "CaseACocher",
    "Champ", "ChampBase", "ChampCalcule", "ChampDate", "ChampDeBloc", "ChampSaisi",
    "ChoixMultiple", "ChoixSimple", "Civilite", "Commune", "Condition", "Correspondance",
    "Courriel", "Departement", "Explication", "Formulaire", "Iban", "Modele", "ModeleAJoindre",
    "NombreDecimal", "NombreEntier", "Option", "OuiNon", "Page", "Pays", "PieceJustificative",
    "Siret", "Source", "Telephone", "TexteCourt", "TexteLong", "TitreSection", "Tranche",
    "condition_vers_json", "export_json_schema", "is_obligatoire",
]  # fmt: skip
