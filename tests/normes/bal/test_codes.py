"""Chaque code des profils, montré une fois par une ligne qui le fait naître."""

from socle.normes.bal.profils import PROFILS
from tests.normes.bal.fabrique import COMMUNE, ENTETE, build_fichier, validate
from tests.normes.bal.test_validation import CAS, MUETS

# Classés, mais un nom vide se dit à la ligne : « row.adresse_incomplete ».
REMPLACES = {"toponyme.valeur_manquante", "voie_nom.valeur_manquante"}
AUTRE = "9a3bab10-f329-4ce3-9c7d-280d91a8053a"
COLONNES = (
    "cle_interop;uid_adresse;voie_nom;voie_nom_bre;toponyme_bre;lieudit_complement_nom_bre;"
    f"{ENTETE}"
)
REMPLIES = {
    "cad_parcelles": "315910000A0001", "cle_interop": "31591_0010_00009",
    "commune_deleguee_insee": "31591", "commune_deleguee_nom": "Escoulis",
    "commune_insee": "31591", "commune_nom": "Escoulis", "date_der_maj": "2024-05-01",
    "lat": "43.111637", "lieudit_complement_nom": "Le Bourg",
    "lieudit_complement_nom_bre": "Ar Vourc’h", "long": "1.028392", "numero": "9",
    "position": "entrée", "source": "Mairie", "suffixe": "bis", "toponyme": "Rue du Bac",
    "uid_adresse": "@c:x", "voie_nom": "Rue du Bac", "voie_nom_bre": "Straed",
    "x": "539416.13", "y": "6225601.11",
}  # fmt: skip
NOMS = {
    "trop_court": "R", "trop_long": "a" * 201, "casse_incorrecte": "RUE DU BAC",
    "contient_tiret_bas": "Rue_du_Bac", "caractere_invalide": "Rue \ufffd",
}  # fmt: skip
CLES = {
    "casse_invalide": "2A004_0010_00009", "commune_ancienne": "01340_0010_00009",
    "commune_invalide": "99999_0010_00009", "numero_invalide": "31591_0010_x0009",
    "numero_prefixe_manquant": "31591_0010_9", "structure_invalide": "31591",
    "valeur_manquante": "", "voie_invalide": "31591_10_00009",
}  # fmt: skip
# Code → cellules changées dans une ligne conforme.
LIGNES: dict[str, dict[str, str]] = {
    **{f"{champ}.espaces_debut_fin": {champ: f" {v}"} for champ, v in REMPLIES.items()},
    **{f"{champ}.{faute}": {champ: valeur} for faute, valeur in NOMS.items()
       for champ in ("toponyme", "voie_nom", "toponyme_bre", "voie_nom_bre")},
    **{f"cle_interop.{faute}": {"cle_interop": cle} for faute, cle in CLES.items()},
    **{f"{axe}.separateur_decimal_invalide": {axe: "43,1"} for axe in ("lat", "long", "x", "y")},
    **{f"{axe}.valeur_invalide": {axe: "abc"} for axe in ("lat", "long", "x", "y")},
    **{f"id_ban_{objet}.type_invalide": {f"id_ban_{objet}": "abc"}
       for objet in ("commune", "toponyme", "adresse")},
    "commune_insee.valeur_manquante": {"commune_insee": "", "cle_interop": ""},
    "commune_deleguee_insee.commune_invalide": {"commune_deleguee_insee": "99999"},
    "date_der_maj.valeur_manquante": {"date_der_maj": ""},
    "row.incoherence_numero": {"cle_interop": "31591_0010_00009", "numero": "7"},
}  # fmt: skip
# Code → fichier, quand il faut plusieurs lignes ou des colonnes en moins.
FICHIERS: dict[str, bytes] = {
    **{f"field.{champ}.missing": b"autre;colonne\na;b\n" for champ in (
        "certification_commune", "cle_interop", "commune_insee", "date_der_maj", "id_ban_adresse",
        "id_ban_commune", "id_ban_toponyme", "lat", "long", "numero", "position", "source",
        "suffixe", "toponyme", "voie_nom", "x", "y")},
    "file.delimiter.non_standard": build_fichier().replace(b";", b"\t"),
    "file.encoding.non_standard": build_fichier().decode().encode("cp1252"),
    "file.linebreak.non_standard": build_fichier().replace(b"\n", b"\r"),
    "uid_adresse.type_invalide": build_fichier(
        {"uid_adresse": "@a:x"}, entete=f"uid_adresse;{ENTETE}"
    ),
    "rows.empty": f"{ENTETE}\n".encode(),
    "rows.multi_id_ban_commune": build_fichier({}, {"id_ban_commune": AUTRE}),
    "rows.every_line_required_id_ban": build_fichier(
        {}, {"id_ban_commune": "", "id_ban_toponyme": "", "id_ban_adresse": ""}
    ),
    "row.cog_no_match_id_ban_commune": build_fichier({"id_ban_commune": AUTRE}),
    "row.different_adresse_with_same_id_ban_adresse": build_fichier({}, {"numero": "10"}),
    "row.different_id_ban_adresses_with_same_adresse": build_fichier({}, {"id_ban_adresse": AUTRE}),
    "row.different_voie_nom_with_same_id_ban_toponyme": build_fichier(
        {}, {"toponyme": "Rue du Bac", "id_ban_adresse": AUTRE}
    ),
    "row.different_id_ban_toponyme_with_same_voie_nom": build_fichier(
        {}, {"id_ban_toponyme": AUTRE, "id_ban_adresse": AUTRE}
    ),
}  # fmt: skip


def list_codes(octets: bytes) -> list[tuple[int, str]]:
    """(ligne, code) dans tous les profils réunis."""
    rapports = [validate(octets, profil=nom, ids_communes={"31591": COMMUNE}) for nom in PROFILS]
    return [(anomalie.ligne, anomalie.code) for r in rapports for anomalie in r.anomalies]


def test_each_code_is_given_by_the_line_that_shows_it() -> None:
    trouves = set(list_codes(build_fichier(*LIGNES.values(), entete=COLONNES)))
    assert [code for rang, code in enumerate(LIGNES, 2) if (rang, code) not in trouves] == []
    for code, octets in FICHIERS.items():
        assert code in {trouve for _, trouve in list_codes(octets)}, code

    classes = {code for listes in PROFILS.values() for code in set().union(*listes)}
    montres = {*LIGNES, *FICHIERS, *(code for _, codes in CAS for code in codes)}
    assert {code.replace("_@@", "_bre") for code in classes} - montres == MUETS | REMPLACES
