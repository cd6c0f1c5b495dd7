import json
from collections import Counter
from pathlib import Path

import pytest

from socle.normes.bal.messages import explain
from socle.normes.bal.profils import PROFILS, Niveau, find_niveau
from socle.normes.bal.vocabulaire import FORMATS
from tests.normes.bal.comparaison import summarize
from tests.normes.bal.fabrique import COMMUNE, ENTETE, JOUR, build_fichier, load_communes, validate

# Une cellule changée dans une ligne conforme → les codes que la ligne porte, et eux seuls.
CAS: list[tuple[dict[str, str], list[str]]] = [
    ({}, []),
    ({"numero": "12bis"}, ["numero.type_invalide", "row.adresse_incomplete"]),
    ({"numero": "0"}, ["numero.not_to_be_zero"]),
    ({"numero": "007"}, ["numero.contient_prefixe"]),
    ({"numero": "9" * 5000}, ["numero.trop_grand", "row.adresse_incomplete"]),
    ({"numero": ""}, ["numero.valeur_manquante", "row.adresse_incomplete"]),
    ({"numero": "99999", "id_ban_adresse": "", "long": "", "lat": ""}, []),
    ({"suffixe": "-a"}, ["suffixe.debut_invalide"]),
    ({"suffixe": "abcdefghij"}, ["suffixe.trop_long"]),
    ({"suffixe": "a-b"}, ["suffixe.caractere_invalide"]),
    ({"suffixe": "bis "}, ["suffixe.espaces_debut_fin"]),
    ({"toponyme": "R"}, ["toponyme.trop_court", "row.adresse_incomplete",
                         "row.voie_nom_have_same_lieudit_complement_nom"]),
    ({"toponyme": "RUE_DU_BAC"}, ["toponyme.contient_tiret_bas", "toponyme.casse_incorrecte"]),
    ({"toponyme": "Le Bourg", "lieudit_complement_nom": "le bourg"},
     ["row.lieudit_complement_nom_not_declared", "row.voie_nom_have_same_lieudit_complement_nom"]),
    ({"commune_insee": "99999"}, ["commune_insee.commune_invalide", "row.commune_manquante"]),
    ({"commune_insee": "01340"}, ["commune_insee.commune_ancienne"]),
    ({"commune_insee": "75056"}, ["commune_insee.commune_invalide", "row.commune_manquante"]),
    ({"commune_nom": "ESCOULIS"}, ["commune_nom.casse_incorrecte", "row.commune_nom_invalide"]),
    ({"commune_deleguee_insee": "01340"}, ["row.chef_lieu_invalide"]),
    ({"position": "Entree"}, ["position.enum_fuzzy"]),
    ({"position": "porte"}, ["position.valeur_invalide"]),
    ({"position": ""}, ["row.position_manquante"]),
    ({"long": ""}, ["row.longlat_vides"]),
    ({"long": "1,028392"}, ["long.separateur_decimal_invalide"]),
    ({"lat": "43.11x"}, ["lat.valeur_invalide", "row.longlat_invalides"]),
    ({"long": "43.111637", "lat": "1.028392"}, ["row.longlat_invalides"]),
    ({"x": "539436.13"}, ["row.longlat_xy_incoherents"]),
    ({"x": "539416.13", "y": "6225608.11"}, []),
    ({"cad_parcelles": "|315910000A0001"}, ["cad_parcelles.pipe_debut_fin"]),
    ({"cad_parcelles": "1"}, ["cad_parcelles.valeur_invalide"]),
    ({"source": ""}, ["source.valeur_manquante"]),
    ({"date_der_maj": "01/05/2024"}, ["date_der_maj.date_invalide"]),
    ({"date_der_maj": "2009-12-31"}, ["date_der_maj.date_ancienne"]),
    ({"date_der_maj": "2026-11-22"}, ["date_der_maj.date_future"]),
    ({"certification_commune": "oui"}, ["certification_commune.valeur_invalide"]),
    ({"id_ban_adresse": "abc"}, ["id_ban_adresse.type_invalide", "row.lack_of_id_ban"]),
    ({"id_ban_commune": "", "id_ban_toponyme": ""},
     ["row.lack_of_id_ban", "row.lack_of_id_ban"]),
]  # fmt: skip

# Deux codes que le validateur officiel classe mais n’émet jamais.
MUETS = {"commune_deleguee_insee.commune_non_deleguee", "uid_adresse.incoherence_ids_ban"}


@pytest.mark.parametrize(("changements", "codes"), CAS)
def test_chaque_faute_gets_its_official_code(changements: dict[str, str], codes: list[str]) -> None:
    rapport = validate(build_fichier(changements))

    assert sorted(anomalie.code for anomalie in rapport.anomalies) == sorted(codes)
    assert all(anomalie.ligne == 2 for anomalie in rapport.anomalies)
    assert rapport.valide == all(find_niveau("1.5", code) != Niveau.ERREUR for code in codes)


def test_lignes_are_compared_with_each_other() -> None:
    autre = "9a3bab10-f329-4ce3-9c7d-280d91a8053a"
    octets = build_fichier(
        {},
        {"toponyme": "Rue du Bac", "id_ban_adresse": autre},
        {"id_ban_toponyme": autre, "id_ban_commune": autre},
    )

    rapport = validate(octets, ids_communes={"31591": COMMUNE})

    assert Counter((a.ligne, a.code) for a in rapport.anomalies) == Counter(
        {
            (0, "rows.multi_id_ban_commune"): 1,
            (2, "row.different_voie_nom_with_same_id_ban_toponyme"): 1,
            (3, "row.different_voie_nom_with_same_id_ban_toponyme"): 1,
            (2, "row.different_id_ban_toponyme_with_same_voie_nom"): 1,
            (4, "row.different_id_ban_toponyme_with_same_voie_nom"): 1,
            (4, "row.cog_no_match_id_ban_commune"): 1,
        }
    )


def test_fichier_tells_its_encoding_separator_and_missing_columns() -> None:
    entete = ENTETE.replace("certification_commune", "autre")
    texte = build_fichier({"toponyme": "Rue de l’Été"}, entete=entete).decode()

    rapport = validate(texte.replace(";", "\t").replace("\n", "\r").encode("cp1252"))

    assert {a.code for a in rapport.anomalies} == {
        "file.encoding.non_standard", "file.delimiter.non_standard", "file.linebreak.non_standard",
        "field.certification_commune.missing",
    }  # fmt: skip
    assert (rapport.encodage, rapport.separateur, rapport.nombre) == ("windows-1252", "\t", 1)
    assert validate((ENTETE + "\n").encode()).comptes == {"rows.empty": 1} | {
        f"field.{champ}.missing": 1 for champ in FORMATS if champ not in ENTETE.split(";")
    }


def test_profil_is_the_one_of_the_columns_or_the_one_asked() -> None:
    octets = build_fichier()

    assert validate(octets).profil == "1.5"
    assert validate(octets.replace(b"toponyme;lieu", b"voie_nom;lieu", 1)).profil == "1.4"
    assert validate(octets.replace(b"id_ban_adresse", b"autre", 1)).profil == "1.3"
    assert not validate(octets, profil="1.3").valide
    with pytest.raises(ValueError, match="Profil inconnu"):
        validate(octets, profil="2.0")


def test_lignes_are_those_of_the_file_despite_quotes_and_blank_lines() -> None:
    entete, ligne = build_fichier().decode().split("\n")[:2]
    coupee = ligne.replace("Rue des 3 Places", '"Rue ""des""\n3 Places"')

    rapport = validate("\n".join([entete, "", coupee, "", ligne.replace(";9;", ";x;")]).encode())

    assert {(a.ligne, a.code) for a in rapport.anomalies if a.champ} == {
        (6, "numero.type_invalide")
    }
    assert rapport.nombre == 2


def test_colonne_etrangere_is_told_when_it_makes_the_file_refused() -> None:
    entete, ligne = build_fichier().decode().split("\n")[:2]

    rapport = validate(f"{entete};cle_interop\n{ligne};\n".encode())

    assert (rapport.valide, rapport.anomalies) == (False, [])
    assert [(a.ligne, a.code) for a in rapport.erreurs] == [(2, "cle_interop.valeur_manquante")]


def test_every_code_of_the_profiles_says_how_to_mend_in_french() -> None:
    codes = {
        code.replace("_@@", "_bre") for listes in PROFILS.values() for code in set().union(*listes)
    }

    muets = {code for code in codes if explain(code)[1] == code}

    assert muets == MUETS


def test_rapport_has_the_keys_of_the_other_standards() -> None:
    rendu = validate(build_fichier({"numero": "12bis"})).to_dict()

    assert rendu["valide"] is False
    assert rendu["erreurs"][0] == {
        "ligne": 2, "champ": "numero", "code": "numero.type_invalide", "nom": "Numéro incorrect",
        "message": "Écrivez un nombre entier, sans lettre : « bis » ou « A » vont dans"
                   " « suffixe ».",
        "cellule": "12bis",
    }  # fmt: skip
    assert json.loads(json.dumps(rendu)) == rendu


def test_fichier_long_keeps_each_faute_at_its_line() -> None:
    """Il se lit en plusieurs morceaux, et chaque colonne d’un coup tant qu’elle est régulière."""
    lignes = [
        {"cle_interop": f"31591_0010_{rang:05}", "numero": str(rang)} for rang in range(2, 2002)
    ]
    lignes[0]["cle_interop"] += "_bis"
    lignes[700]["cle_interop"] = "31591_0010_702"
    lignes[1200]["x"] = "abc"
    lignes[1201]["numero"] = "7"
    lignes[1900]["cle_interop"] = "31591_0000_01902"
    lignes[1999]["long"] = "1,028392"
    attendues = {
        (702, "cle_interop.numero_prefixe_manquant"), (1202, "x.valeur_invalide"),
        (1203, "row.incoherence_numero"), (1902, "cle_interop.voie_non_renseignee"),
        (2001, "long.separateur_decimal_invalide"),
    }  # fmt: skip
    for cellule in ("entrée", '"entrée"'):  # avec des guillemets, la lecture est autre
        octets = build_fichier(*lignes, entete=f"cle_interop;{ENTETE}")
        rapport = validate(octets.replace("entrée".encode(), cellule.encode()), profil="1.3")

        trouvees = {(a.ligne, a.code) for a in rapport.anomalies if a.ligne}
        assert {paire for paire in trouvees if "id_ban" not in paire[1]} == attendues


def test_exemples_officiels_keep_the_verdict_of_the_oracle(donnees_officielles: Path) -> None:
    """Réponses du validateur officiel 3.5.2, gardées : l’essai lent les redemande à l’original."""
    attendus = json.loads(Path(__file__).with_name("attendus.json").read_text())
    dossier = donnees_officielles / "bal" / "exemples"

    obtenus = {
        nom: summarize(validate((dossier / nom).read_bytes(), ids_communes={"31591": COMMUNE}))
        for nom in attendus
    }

    assert len(attendus) == 20
    assert obtenus == attendus


def test_communes_of_the_embedded_cog_are_those_of_the_oracle(donnees_officielles: Path) -> None:
    officielles = json.loads(
        (donnees_officielles / "bal/validateur-bal/minicog.json").read_text(encoding="utf-8")
    )
    communes = load_communes()

    assert dict(communes.noms) == {commune["code"]: commune["nom"] for commune in officielles}
    anciens = {code for commune in officielles for code in commune.get("anciensCodes", [])}
    assert communes.codes_anciens == anciens
    assert JOUR.year == 2026
