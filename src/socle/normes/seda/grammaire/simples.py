"""Types simples de la grammaire : type XSD, valeurs admises, attributs."""

from dataclasses import dataclass

_SCHEMA = (
    "schemeID", "schemeName", "schemeAgencyID", "schemeAgencyName", "schemeVersionID",
    "schemeDataURI", "schemeURI",
)  # fmt: skip
_LISTE = (
    "listID", "listName", "listAgencyID", "listAgencyName", "listVersionID", "listURI",
    "listSchemeURI", "languageID", "name",
)  # fmt: skip
NIVEAUX = (
    "Fonds", "Subfonds", "Class", "Collection", "Series", "Subseries", "RecordGrp", "SubGrp",
    "File", "Item", "OtherLevel",
)  # fmt: skip
MOTS_CLES = (
    "corpname", "famname", "geogname", "name", "occupation", "persname", "subject", "genreform",
    "function",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simple:
    """Un type simple. `xsd` : un ou plusieurs types XSD, au choix."""

    xsd: tuple[str, ...]
    valeurs: tuple[str, ...] = ()
    attributs: tuple[str, ...] = ()
    exiges: tuple[str, ...] = ()
    non_vide: bool = False
    nul: bool = False  # xsi:nil l’annule : date de départ que l’on sait inconnue


SIMPLES = {
    "jeton": Simple(("token",), non_vide=True),
    "jetonvide": Simple(("token",)),
    "chaine": Simple(("string",)),
    "texte": Simple(("string",)),
    "ident": Simple(("token",), attributs=_SCHEMA, non_vide=True),
    "code": Simple(("token",), attributs=_LISTE, non_vide=True),
    "regle": Simple(("token",), attributs=("id",), non_vide=True),
    "nom": Simple(("NCName",)),
    "renvoi": Simple(("NCName",)),
    "lien": Simple(("string",), exiges=("target", "type")),
    "instant": Simple(("dateTime",)),
    "date": Simple(("date",)),
    "jour": Simple(("date",), nul=True),
    "moment": Simple(
        ("date", "dateTime", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
    ),
    "bool": Simple(("boolean",)),
    "entier": Simple(("int",)),
    "integer": Simple(("integer",)),
    "taille": Simple(("positiveInteger",)),
    "langue": Simple(("language",)),
    "uri": Simple(("anyURI",)),
    "base64": Simple(("base64Binary",), attributs=("filename", "uri")),
    "empreinte": Simple(("base64Binary", "hexBinary"), exiges=("algorithm",)),
    "compression": Simple(("string",), exiges=("algorithm", "uncompressedSize")),
    "mesure": Simple(("decimal",), exiges=("unit",)),
    "etape": Simple(("string",), attributs=("when",)),
    "niveau": Simple(("token",), valeurs=NIVEAUX),
    "motcle": Simple(("token",), valeurs=MOTS_CLES, attributs=("listVersionID",)),
    "statut": Simple(
        ("token",), valeurs=("Public Archive", "Private Archive", "Public and Private Archive")
    ),
    "actionstockage": Simple(("token",), valeurs=("RestrictAccess", "Transfer", "Copy")),
    "actionsort": Simple(("token",), valeurs=("Keep", "Destroy")),
    "rolesignature": Simple(
        ("token",), valeurs=("SignedDocument", "Timestamp", "Signature", "AdditionalProof")
    ),
    "roledetache": Simple(("token",), valeurs=("Timestamp", "Signature", "AdditionalProof")),
}

# Attributs des types composés : exigés, puis facultatifs.
ATTRIBUTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "BinaryDataObject": (("id",), ()),
    "PhysicalDataObject": (("id",), ()),
    "DataObjectGroup": (("id",), ()),
    "ArchiveUnit": (("id",), ()),
    "DataObjectReference": ((), ("id",)),
    "Keyword": ((), ("id",)),
}


def get_simple(nom: str, version: str) -> Simple:
    """Type simple d’une version : en 2.1, un identifiant peut être vide."""
    simple = SIMPLES[nom]
    if nom == "ident" and version == "2.1":
        return Simple(simple.xsd, attributs=simple.attributs)
    return simple
