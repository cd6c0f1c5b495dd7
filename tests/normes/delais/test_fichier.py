"""Un fichier de délais : TOML, JSON, fautes à leur place, entrées hostiles."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.delais.fichier import FichierIllisible, compute_fichier
from socle.normes.delais.regles import list_regles
from socle.normes.delais.urbanisme import list_motifs, list_natures
from socle.serveur.__main__ import main
from socle.serveur.dossier import RACINE
from tests.normes.bornes import FUZZ, bornes

PAGE = RACINE / "docs" / "reference" / "normes-delais.md"
TOML = b"""
territoire = "971"
[[delai]]
code = "recours_contentieux"
depart = 2026-03-26
[[delai]]
code = "urbanisme_instruction"
depart = "2026-01-05"
nature = "PC"
motifs = ["erp"]
pieces_recues_le = 2026-02-05
pieces_completes_le = 2026-03-05
[[delai]]
code = "rgpd_violation"
depart = 2026-11-20T09:00:00+01:00
"""


def test_toml_and_json_give_the_same_dates():
    rapport = compute_fichier(TOML)
    jours = [echeance.date.isoformat() for _, echeance in rapport.echeances]
    assert (rapport.valide, jours) == (True, ["2026-05-28", "2026-08-05", "2026-11-23"])

    demandes = {
        "territoire": "guadeloupe",
        "delai": [{"code": "recours_contentieux", "depart": "2026-03-26"}],
    }
    assert compute_fichier(json.dumps(demandes).encode()).echeances == rapport.echeances[:1]


@pytest.mark.parametrize(
    ("delai", "champ", "code"),
    [
        (3, "code", "delai-mal-forme"),
        ({}, "code", "delai-inconnu"),
        ({"code": "zut"}, "code", "delai-inconnu"),
        ({"code": ["retrait"]}, "code", "delai-inconnu"),
        ({"code": "retrait"}, "depart", "champ-manquant"),
        ({"code": "retrait", "depart": "20/11/2026"}, "depart", "date-incorrecte"),
        ({"code": "retrait", "depart": "9999-12-31"}, "depart", "date-incorrecte"),
        ({"code": "retrait", "depart": True}, "depart", "date-incorrecte"),
        ({"code": "retrait", "depart": "2026-11-20", "jour": 1}, "jour", "champ-inconnu"),
        ({"code": "rgpd_violation", "depart": "2026-11-20"}, "depart", "date-incorrecte"),
        ({"code": "retrait", "depart": "2026-11-20", "territoire": "lune"}, "territoire",
         "valeur-incorrecte"),
        ({"code": "retrait", "depart": "2026-11-20", "suspensions": [1]}, "suspensions",
         "valeur-incorrecte"),
        ({"code": "retrait", "depart": "2026-11-20", "suspensions": {}}, "suspensions",
         "valeur-incorrecte"),
        ({"code": "convocation_urgence", "depart": "2026-11-20", "interruptions": ["2026-11-21"]},
         "interruptions", "valeur-incorrecte"),
        ({"code": "urbanisme_instruction", "depart": "2026-11-20"}, "nature", "valeur-incorrecte"),
        ({"code": "urbanisme_instruction", "depart": "2026-11-20", "nature": "DP",
          "motifs": ["commission"]}, "motifs", "valeur-incorrecte"),
        ({"code": "urbanisme_instruction", "depart": "2026-11-20", "nature": "DP",
          "motifs": [{}]}, "motifs", "valeur-incorrecte"),
    ],
)  # fmt: skip
def test_faute_has_its_place_and_the_others_are_computed(delai, champ, code):
    bon = {"code": "retrait", "depart": "2026-11-20"}
    rapport = compute_fichier(json.dumps({"delai": [delai, bon]}).encode())

    [faute] = rapport.fautes
    assert (faute.ligne, faute.champ, faute.code) == (1, champ, code)
    assert faute.message.endswith(".")
    assert [rang for rang, _ in rapport.echeances] == [2]


def test_unknown_name_gets_the_nearest_one():
    rapport = compute_fichier(b'{"delai": [{"code": "recours_contencieux"}, {"code": "zut"}]}')

    assert "«\xa0recours_contentieux\xa0»" in rapport.fautes[0].message
    assert "normes-delais.md" in rapport.fautes[1].message


@pytest.mark.parametrize(
    "octets",
    [b"", b"\xff", b"[1]", b"{}", b'{"delai": []}', b"[" * 100_000, b"a = " + b"[" * 20_000,
     b" " * (1024 * 1024 + 1), b'{"delai": ' + str([1] * 10_001).encode() + b"}",
     b'{"delai": 1' + b"0" * 10_000 + b"}"],
)  # fmt: skip
def test_unreadable_file_is_refused(octets):
    with bornes(octets[:40]), pytest.raises(FichierIllisible):
        compute_fichier(octets)


VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12)
    | st.dates().map(str) | st.datetimes().map(str) | st.sampled_from(sorted(list_regles())),
    lambda feuilles: st.lists(feuilles, max_size=3)
    | st.dictionaries(st.sampled_from(["code", "depart", "fin", "debut", "nature"]), feuilles),
    max_leaves=6,
)  # fmt: skip
DELAIS = st.fixed_dictionaries(
    {"code": st.sampled_from([*sorted(list_regles()), "urbanisme_instruction"]) | VALEURS},
    optional={
        "depart": st.dates().map(str) | VALEURS,
        "suspensions": VALEURS,
        "interruptions": st.lists(st.dates().map(str), max_size=3) | VALEURS,
        "territoire": VALEURS,
        "nature": st.sampled_from(sorted(list_natures())) | VALEURS,
        "motifs": st.lists(st.sampled_from(sorted(list_motifs())), max_size=3) | VALEURS,
        "pieces_recues_le": st.dates().map(str) | VALEURS,
        "pieces_completes_le": st.dates().map(str) | VALEURS,
    },
)


def check_hostile(delai: object, octets: bytes) -> None:
    with bornes(delai):
        rapport = compute_fichier(json.dumps({"delai": [delai]}).encode())
        assert len(rapport.echeances) + len(rapport.fautes) == 1
        json.dumps(rapport.to_json())
        with suppress(FichierIllisible):
            compute_fichier(octets)


@settings(max_examples=50, deadline=None)
@given(DELAIS, st.binary(max_size=60) | st.text(max_size=60).map(lambda t: TOML + t.encode()))
def test_any_file_is_reported_or_refused(delai, octets):
    check_hostile(delai, octets)


@pytest.mark.lent
@settings(max_examples=FUZZ, deadline=None)
@given(DELAIS, st.binary(max_size=400) | st.text(max_size=400).map(lambda t: TOML + t.encode()))
def test_two_thousand_files_are_reported_or_refused(delai, octets):
    check_hostile(delai, octets)


def test_page_lists_each_delai_and_its_examples_are_true(tmp_path, capsys, monkeypatch):
    page = PAGE.read_text()
    for code, regles in list_regles().items():
        for regle in regles:
            ligne = f"| `{code}` | {regle.duree}"
            assert ligne in page, ligne
            assert regle.article in page
    for code in [*list_natures(), *list_motifs()]:
        assert f"`{code}`" in page
    monkeypatch.chdir(tmp_path)
    fichier, reste = page.split("```toml\n", 1)[1].split("```", 1)
    Path("delais.toml").write_text(fichier)
    commande, attendu = (
        reste.split("```console\n$ ./socle ", 1)[1].split("```", 1)[0].split("\n", 1)
    )

    assert main(commande.split()) == 0
    assert capsys.readouterr().out.strip() == attendu.strip()


def test_command_gives_its_three_statuses(tmp_path, capsys):
    fichier = tmp_path / "delais.json"
    for contenu, code in (
        ('{"delai": [{"code": "retrait", "depart": "2026-11-20"}]}', 0),
        ('{"delai": [{"code": "retrait"}]}', 1),
        ("rien", 2),
    ):
        fichier.write_text(contenu)
        page = tmp_path / f"{code}.html"
        options = ["--json", "--html", str(page)]
        assert main(["normes", "delais", "calculer", str(fichier), *options]) == code
        assert page.exists() == (code < 2)
        if code < 2:
            titre = {0: "Fichier valide", 1: "Fichier à corriger"}[code]
            assert f"<h1>{titre}</h1>" in page.read_text()
        objet = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert objet["valide"] is {0: True, 1: False, 2: None}[code]
