"""Les types de champ : une union discriminée par `type`."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field

from socle.fondations.formulaires.definition.base import (
    Condition,
    Court,
    Identifiant,
    Libelle,
    Modele,
    Nombre,
    Option,
    Texte,
)

FORMATS: dict[str, tuple[str, ...]] = {
    "pdf": ("pdf",),
    "image": ("jpg", "jpeg", "jpe", "png", "heic", "heif", "webp", "tif", "tiff"),
    "document": ("doc", "docx", "odt", "rtf"),
    "tableur": ("xls", "xlsx", "ods", "csv"),
    "presentation": ("ppt", "pptx", "odp"),
    "texte": ("txt",),
    "donnees": ("json", "xml", "geojson"),
    "archive": ("zip",),
    "audio": ("mp3", "m4a", "ogg", "wav"),
    "video": ("mp4", "mov", "webm"),
}
NomFormat = Literal[
    "pdf", "image", "document", "tableur", "presentation",
    "texte", "donnees", "archive", "audio", "video",
]  # fmt: skip
BorneDate = date | Literal["aujourdhui"] | None
Options = Annotated[tuple[Option, ...], Field(max_length=500)]


class ChampBase(Modele):
    """Ce que tout élément d’une page possède.

    Attributes:
        id: identifiant stable, gardé d’une version à l’autre ; clé de la réponse.
        libelle: la question, telle que la personne la lit.
        aide: une phrase ou deux sous le libellé.
        condition: quand l’élément s’affiche ; None veut dire toujours.
    """

    id: Identifiant
    libelle: Libelle = ""
    aide: Annotated[Texte, Field(max_length=2000)] = ""
    condition: Condition = None


class ChampSaisi(ChampBase):
    """Un champ que la personne remplit.

    Attributes:
        obligatoire: vrai si la réponse est exigée au dépôt.
        autocomplete: jeton HTML de saisie automatique (RGAA 11.13), « tel » par exemple.
    """

    obligatoire: bool = True
    autocomplete: Annotated[str, Field(max_length=60)] = ""


class TitreSection(ChampBase):
    type: Literal["titre_section"]
    niveau: Annotated[int, Field(ge=1, le=3)] = 1


class Explication(ChampBase):
    """Texte d’information ; `texte_replie` est montré à la demande."""

    type: Literal["explication"]
    texte: Texte = ""
    texte_replie: Texte = ""


class TexteCourt(ChampSaisi):
    type: Literal["texte_court"]
    longueur_max: Annotated[int, Field(ge=1, le=1000)] = 200


class TexteLong(ChampSaisi):
    type: Literal["texte_long"]
    longueur_max: Annotated[int, Field(ge=100, le=50_000)] = 5000


class NombreEntier(ChampSaisi):
    type: Literal["nombre_entier"]
    minimum: Annotated[int, Field(ge=-(10**15), le=10**15)] | None = None
    maximum: Annotated[int, Field(ge=-(10**15), le=10**15)] | None = None
    unite: Court = ""


class NombreDecimal(ChampSaisi):
    type: Literal["nombre_decimal"]
    minimum: Nombre | None = None
    maximum: Nombre | None = None
    decimales: Annotated[int, Field(ge=1, le=6)] = 2
    unite: Court = ""


class ChampDate(ChampSaisi):
    """Jour du calendrier. Les bornes sont comprises ; « aujourdhui » est le jour de la saisie."""

    type: Literal["date"]
    au_plus_tot: BorneDate = None
    au_plus_tard: BorneDate = None


class CaseACocher(ChampSaisi):
    """Case seule ; obligatoire veut dire qu’il faut la cocher."""

    type: Literal["case_a_cocher"]


class OuiNon(ChampSaisi):
    type: Literal["oui_non"]


class ChoixSimple(ChampSaisi):
    type: Literal["choix_simple"]
    options: Options = ()
    autre: bool = False


class ChoixMultiple(ChampSaisi):
    type: Literal["choix_multiple"]
    options: Options = ()
    maximum: Annotated[int, Field(ge=1, le=500)] | None = None


class Civilite(ChampSaisi):
    type: Literal["civilite"]


class Courriel(ChampSaisi):
    type: Literal["courriel"]


class Telephone(ChampSaisi):
    type: Literal["telephone"]


class Adresse(ChampSaisi):
    """Adresse postale ; `etranger` permet une adresse hors de France."""

    type: Literal["adresse"]
    etranger: bool = False


class Commune(ChampSaisi):
    type: Literal["commune"]


class Departement(ChampSaisi):
    type: Literal["departement"]


class Pays(ChampSaisi):
    type: Literal["pays"]


class Siret(ChampSaisi):
    type: Literal["siret"]


class Iban(ChampSaisi):
    type: Literal["iban"]


class ModeleAJoindre(Modele):
    """Fichier à remplir puis à joindre. `document` est l’identifiant du document déposé."""

    document: Annotated[str, Field(max_length=64)]
    nom: Libelle


class PieceJustificative(ChampSaisi):
    """Fichiers à joindre. `taille_max` est en octets, par fichier."""

    type: Literal["piece_justificative"]
    formats: Annotated[tuple[NomFormat, ...], Field(min_length=1, max_length=10)] = ("pdf", "image")
    taille_max: Annotated[int, Field(ge=1000, le=200_000_000)] = 20_000_000
    nombre: Annotated[int, Field(ge=1, le=20)] = 1
    modele: ModeleAJoindre | None = None


class ChampCalcule(ChampBase):
    """Valeur calculée par une formule ; jamais saisie."""

    type: Literal["champ_calcule"]
    formule: Annotated[str, Field(max_length=1000)] = ""
    unite: Court = ""
    decimales: Annotated[int, Field(ge=0, le=6)] = 2
    conclusion: Libelle = ""


class Correspondance(Modele):
    """Où va une donnée reçue : code de la donnée de la source → identifiant du champ."""

    donnee: Annotated[str, Field(min_length=1, max_length=100)]
    champ: Identifiant


class Source(ChampBase):
    """Bloc qui va chercher des réponses auprès d’un service de l’État."""

    type: Literal["source"]
    code: Annotated[str, Field(max_length=100)] = ""
    correspondances: Annotated[tuple[Correspondance, ...], Field(max_length=50)] = ()


ChampDeBloc = Annotated[
    TitreSection | Explication | TexteCourt | TexteLong | NombreEntier | NombreDecimal
    | ChampDate | CaseACocher | OuiNon | ChoixSimple | ChoixMultiple | Civilite | Courriel
    | Telephone | Adresse | Commune | Departement | Pays | Siret | Iban | PieceJustificative
    | ChampCalcule,
    Field(discriminator="type"),
]  # fmt: skip


class BlocRepetable(ChampSaisi):
    """Groupe de champs que la personne remplit autant de fois qu’il faut.

    Attributes:
        libelle_ligne: nom d’une ligne, au singulier (« Enfant »).
        libelle_ajout: ce que dit le bouton (« Ajouter un enfant ») ; vide, il se compose.
        maximum: nombre de lignes au plus. Obligatoire veut dire une ligne au moins.
    """

    type: Literal["bloc_repetable"]
    libelle_ligne: Court = "Ligne"
    libelle_ajout: Court = ""
    maximum: Annotated[int, Field(ge=1, le=50)] = 20
    champs: Annotated[tuple[ChampDeBloc, ...], Field(max_length=100)] = ()


Champ = Annotated[
    TitreSection | Explication | TexteCourt | TexteLong | NombreEntier | NombreDecimal
    | ChampDate | CaseACocher | OuiNon | ChoixSimple | ChoixMultiple | Civilite | Courriel
    | Telephone | Adresse | Commune | Departement | Pays | Siret | Iban | PieceJustificative
    | ChampCalcule | BlocRepetable | Source,
    Field(discriminator="type"),
]  # fmt: skip

TYPES_MODELES: dict[str, type[ChampBase]] = {
    get_args(modele.model_fields["type"].annotation)[0]: modele
    for modele in get_args(get_args(Champ)[0])
}


def is_obligatoire(champ: ChampBase) -> bool:
    """Dit si une réponse est exigée. Un titre, un calcul, une source ne le sont jamais."""
    return isinstance(champ, ChampSaisi) and champ.obligatoire
