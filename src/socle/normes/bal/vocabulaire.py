"""Les champs, les langues et les valeurs permises, par version du format."""

# Champ → versions où il existe. L’ordre est celui où les colonnes sont cherchées.
FORMATS: dict[str, frozenset[str]] = {
    champ: frozenset(versions.split())
    for champ, versions in (
        ("cle_interop", "1.3 1.4"),
        ("uid_adresse", "1.3"),
        ("id_ban_commune", "1.4 1.5"),
        ("id_ban_toponyme", "1.4 1.5"),
        ("id_ban_adresse", "1.4 1.5"),
        ("voie_nom", "1.3 1.4"),
        ("toponyme", "1.5"),
        ("lieudit_complement_nom", "1.3 1.4 1.5"),
        ("numero", "1.3 1.4 1.5"),
        ("suffixe", "1.3 1.4 1.5"),
        ("commune_insee", "1.3 1.4 1.5"),
        ("commune_nom", "1.3 1.4 1.5"),
        ("commune_deleguee_insee", "1.3 1.4 1.5"),
        ("commune_deleguee_nom", "1.3 1.4 1.5"),
        ("position", "1.3 1.4 1.5"),
        ("x", "1.3 1.4 1.5"),
        ("y", "1.3 1.4 1.5"),
        ("long", "1.3 1.4 1.5"),
        ("lat", "1.3 1.4 1.5"),
        ("cad_parcelles", "1.3 1.4 1.5"),
        ("source", "1.3 1.4 1.5"),
        ("date_der_maj", "1.3 1.4 1.5"),
        ("certification_commune", "1.3 1.4 1.5"),
    )
}
REQUIS = frozenset(
    {"cle_interop", "numero", "commune_insee", "commune_nom", "source", "date_der_maj"}
)
# Les champs qui se disent aussi dans une langue régionale : « toponyme_bre ».
REGIONAUX = frozenset(
    {"voie_nom", "toponyme", "lieudit_complement_nom", "commune_nom", "commune_deleguee_nom"}
)
LANGUES = (
    "fra", "bre", "eus", "gsw", "cos", "gcr", "gcf", "rcf", "swb", "oci", "cat", "pcd",
    "oc-provenc", "oc-nicard", "vls", "fr-gallo", "aji", "dhv", "nen", "pri", "ty", "mrq", "pmt",
    "mrv", "frp",
)  # fmt: skip
POSITIONS = (
    "entrée", "bâtiment", "cage d’escalier", "logement", "service technique",
    "délivrance postale", "parcelle", "segment",
)  # fmt: skip
# Colonnes du format 1.5, dans l’ordre du schéma.
COLONNES_1_5 = (
    "id_ban_commune", "id_ban_toponyme", "id_ban_adresse", "commune_insee", "commune_nom",
    "commune_deleguee_insee", "commune_deleguee_nom", "toponyme", "lieudit_complement_nom",
    "numero", "suffixe", "position", "x", "y", "long", "lat", "cad_parcelles", "source",
    "date_der_maj", "certification_commune",
)  # fmt: skip
TOPONYME_SEUL = 99_999
# Les blancs que le validateur officiel ôte (ceux d’ECMAScript, qui ne sont pas ceux de Python).
BLANCS = (
    "\t\n\x0b\x0c\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
