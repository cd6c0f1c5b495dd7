import json
import re
import uuid
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from socle.normes.bal.correction import Correction, correct_bal
from socle.normes.bal.ecriture import Adresse, write_bal
from socle.normes.bal.errors import BalIllisible, BalInvalide
from tests.normes.bal.fabrique import (
    COMMUNE,
    ENTETE,
    JOUR,
    build_fichier,
    build_mutant,
    load_communes,
    load_exemples,
    validate,
)


def build_ids() -> Callable[[], str]:
    """Identifiants neufs, toujours les mêmes."""
    rangs = count(1)
    return lambda: str(uuid.UUID(int=next(rangs), version=4))


def correct(octets: bytes, ids: dict[str, str] | None = None) -> Correction:
    return correct_bal(
        octets, communes=load_communes(), aujourd_hui=JOUR, new_id=build_ids(),
        ids_communes={"31591": COMMUNE} if ids is None else ids,
    )  # fmt: skip


def build_adresse(**changements: object) -> Adresse:
    valeurs: dict[str, object] = {
        "id_ban_commune": COMMUNE, "id_ban_toponyme": "8a3bab10-f329-4ce3-9c7d-280d91a8053a",
        "id_ban_adresse": "3c87abe4-887b-46ee-9192-5c1b35a06625", "commune_insee": "31591",
        "commune_nom": "Escoulis", "toponyme": "Rue ; des « 3 Places »", "numero": 9,
        "source": "Mairie", "date_der_maj": date(2024, 5, 1), "certifiee": True,
        "position": "entrée", "long": 1.028392, "lat": 43.111637, "parcelles": ("315910000A0001",),
        "toponymes_regionaux": {"oci": "Carrièra de las 3 Plaças"},
    }  # fmt: skip
    return Adresse(**(valeurs | changements))  # type: ignore[arg-type]


def test_correction_mends_what_has_one_right_answer() -> None:
    faux = {
        "commune_nom": "ESCOULIS", "numero": "009", "suffixe": " bis", "position": "Entree",
        "x": "539416,13", "date_der_maj": "1 mai 2024", "cad_parcelles": "|315910000A0001|",
        "toponyme": "Rue_du_Bac ", "certification_commune": "", "id_ban_adresse": "",
    }  # fmt: skip

    rendu = correct(build_fichier(faux))

    [ligne] = rendu.contenu.decode().split("\n")[1:-1]
    attendu = dict(zip(ENTETE.split(";"), build_fichier().decode().split("\n")[1].split(";"),
                       strict=True))  # fmt: skip
    attendu |= {"toponyme": "Rue du Bac", "suffixe": "bis", "certification_commune": "0",
                "id_ban_adresse": "00000000-0000-4000-8000-000000000001"}  # fmt: skip
    assert dict(zip(ENTETE.split(";"), ligne.split(";"), strict=True)) == attendu
    assert {m.champ for m in rendu.modifications} == set(faux)
    assert rendu.rapport.valide


def test_correction_turns_a_1_3_file_into_a_valid_1_5(donnees_officielles: Path) -> None:
    exemple = donnees_officielles / "bal/exemples/1.3-valid-uid_adresse.csv"

    rendu = correct(exemple.read_bytes(), ids={})

    assert rendu.rapport.valide
    assert rendu.rapport.profil == "1.5"
    assert rendu.otees == ["cle_interop", "uid_adresse"]
    ligne = rendu.contenu.decode().split("\n")[1].split(";")
    assert ligne[:3] == [
        "0246e48c-f33d-433a-8984-034219be842e", "8a3bab10-f329-4ce3-9c7d-280d91a8053a",
        "3c87abe4-887b-46ee-9192-5c1b35a06625",
    ]  # fmt: skip


def test_correction_gives_one_id_per_street_and_never_loses_a_cell() -> None:
    sans = {"id_ban_toponyme": "", "id_ban_adresse": ""}
    octets = build_fichier(sans, sans | {"numero": "douze", "toponyme": "R. des 3 Places"})

    lignes = [ligne.split(";") for ligne in correct(octets).contenu.decode().split("\n")[1:-1]]

    assert lignes[0][1] == lignes[1][1] != ""
    assert (lignes[0][2] != "", lignes[1][2]) == (True, "")
    assert lignes[1][9] == "douze"


def test_correction_is_stable_and_never_worse(donnees_officielles: Path) -> None:
    exemples = load_exemples(donnees_officielles / "bal")
    corriges = 0
    for graine in range(60):
        octets = build_mutant(graine, exemples)
        try:
            rendu = correct(octets)
        except BalIllisible:
            assert not validate(octets).lisible
            continue
        corriges += 1
        assert correct(rendu.contenu).contenu == rendu.contenu, graine
        if validate(octets, ids_communes={"31591": COMMUNE}).valides["1.5"]:
            assert rendu.rapport.valide, graine
    assert corriges > 40


def test_fichier_ecrit_satisfies_the_official_schema(donnees_officielles: Path) -> None:
    schema = json.loads((donnees_officielles / "bal/bal_schema_v1.5.json").read_text())

    octets = write_bal([build_adresse(toponyme="Rue des 3 Places", toponymes_regionaux={})],
                       communes=load_communes(), aujourd_hui=JOUR)  # fmt: skip

    entete, ligne = (texte.split(";") for texte in octets.decode().split("\n")[:2])
    assert entete == [champ["name"] for champ in schema["fields"]]
    for champ, cellule in zip(schema["fields"], ligne, strict=True):
        contraintes = champ["constraints"]
        assert cellule or not contraintes["required"], champ["name"]
        if cellule and "pattern" in contraintes:
            assert re.fullmatch(contraintes["pattern"], cellule), champ["name"]
        assert not cellule or cellule in contraintes.get("enum", [cellule])
    assert [float(cellule) for cellule in ligne[12:14]] == pytest.approx(
        [539416.13, 6225601.11], abs=0.1
    )


def test_fichier_ecrit_reads_back_and_refuses_a_bad_address() -> None:
    communes = load_communes()
    lieu_dit = build_adresse(numero=99_999, id_ban_adresse="", position="", parcelles=())

    octets = write_bal([build_adresse(), lieu_dit], communes=communes, aujourd_hui=JOUR)

    assert b"toponyme;toponyme_oci;lieudit" in octets
    assert validate(octets).anomalies == []
    with pytest.raises(BalInvalide, match="UUID version 4"):
        write_bal([build_adresse(id_ban_toponyme="x")], communes=communes, aujourd_hui=JOUR)
