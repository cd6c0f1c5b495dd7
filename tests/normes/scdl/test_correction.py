"""Corriger, écrire, nommer : ce qui n’a qu’une bonne réponse, et rien d’autre."""

import io
from datetime import date
from decimal import Decimal

import pytest

from socle.normes.scdl.correction import correct_fichier
from socle.normes.scdl.definitions import get_schema
from socle.normes.scdl.ecriture import write_csv
from socle.normes.scdl.errors import FichierInutilisable, LigneRefusee
from socle.normes.scdl.nommage import check_nom, propose_nom
from socle.normes.scdl.schema import Champ
from socle.normes.scdl.validation import validate_fichier
from tests.normes.scdl.outils import build_schema, judge

SCHEMA = build_schema(
    Champ("SIRET", contraintes={"pattern": r"^\d{14}$"}),
    Champ("jour", "date"),
    Champ("montant", "number"),
    Champ("sorte", contraintes={"enum": ["Aide en numéraire", "Aide en nature"]}),
    Champ("notifie", "boolean", vrais=("oui",), faux=("non",)),
)


def correct(texte: str, encodage: str = "utf-8") -> tuple[str, list[tuple]]:
    sortie = io.BytesIO()
    changements = correct_fichier(io.BytesIO(texte.encode(encodage)), sortie, SCHEMA)
    return sortie.getvalue().decode(), [(c.ligne, c.champ, c.code) for c in changements]


def test_everything_with_one_answer_is_mended():
    texte = (
        "siret; Jour;montant;sorte;notifie\n"
        "219 200 235 00014;21/11/2026; 47 800,20 ;aide en numéraire;OUI\n"
        ";;;;\n"
        "21920023500014;2026-11-21;12;Aide en nature;non;;\n"
    )

    rendu, changements = correct(texte, "cp1252")

    assert rendu == (
        "SIRET,jour,montant,sorte,notifie\r\n"
        "21920023500014,2026-11-21,47800.20,Aide en numéraire,oui\r\n"
        "21920023500014,2026-11-21,12,Aide en nature,non\r\n"
    )
    assert [code for _, _, code in changements] == [
        "encodage", "separateur", "titre", "titre",
        "chiffres", "date", "nombre", "casse", "casse", "ligne-vide", "cellules-vides",
    ]  # fmt: skip
    assert judge(rendu.encode(), SCHEMA) == []


def test_utf8_with_one_bad_byte_is_refused_and_cp1252_is_not():
    bon = "SIRET,jour,montant,sorte,notifie\n,,,«\xa0Aidé\xa0»,oui\n,,,Aidée à l’été,non\n"

    with pytest.raises(FichierInutilisable, match="ligne 2"):
        correct_fichier(
            io.BytesIO(bon.encode().replace(b",oui", b"\xe9,oui")), io.BytesIO(), SCHEMA
        )

    assert "«\xa0Aidé\xa0»" in correct(bon, "cp1252")[0]


@pytest.mark.parametrize(
    "cellules",
    ["123,31/02/2026,1.234.5,autre,peut-être", "12 3,2026,1 000 000x,aide,vrai", "x,y,12 %,,"],
)
def test_doubtful_values_are_left_alone(cellules):
    rendu, changements = correct(f"SIRET,jour,montant,sorte,notifie\n{cellules}\n")

    assert rendu.splitlines()[1] == cellules
    assert changements == []


def test_spaces_that_make_a_value_right_are_kept():
    schema = build_schema(Champ("an", "year"), Champ("nom", contraintes={"minLength": 3}))
    sortie = io.BytesIO()

    changements = correct_fichier(io.BytesIO(b"an,nom\n202 , ab\n20 , a\n"), sortie, schema)

    assert sortie.getvalue() == b"an,nom\r\n202 , ab\r\n20,a\r\n"
    assert [(c.ligne, c.champ) for c in changements] == [(3, "an"), (3, "nom")]


def test_mending_twice_changes_nothing():
    rendu, _ = correct("SIRET;jour\n 1 ;21/11/2026\n")

    assert correct(rendu) == (rendu, [])


def test_written_rows_are_valid():
    schema = get_schema("scdl/subventions")
    ligne = {
        "nomAttribuant": "Ville de Clamart", "idAttribuant": "21920023500014",
        "dateConvention": date(2026, 3, 14), "nomBeneficiaire": "Club, « d’échecs »",
        "rnaBeneficiaire": "W921001234", "objet": "Tournoi\nannuel", "montant": Decimal("1200.50"),
        "nature": "aide en numéraire", "conditionsVersement": "en une fois",
        "datesPeriodeVersement": "2026-03-14", "notificationUE": False,
        "pourcentageSubvention": 1.0,
    }  # fmt: skip
    sortie = io.BytesIO()

    assert write_csv(schema, [ligne, ligne], sortie) == 2
    rapport = validate_fichier(sortie, schema)
    assert [(e.champ, e.code, e.cellule) for e in rapport.erreurs] == []
    assert rapport.lignes == 2


@pytest.mark.parametrize(
    ("ligne", "champ"),
    [
        ({"SIRET": "12"}, "SIRET"),
        ({"jour": "21/11/2026"}, "jour"),
        ({"montant": "beaucoup"}, "montant"),
        ({"sorte": "autre"}, "sorte"),
        ({"inconnue": 1}, "inconnue"),
    ],
)
def test_writer_refuses_a_wrong_value(ligne, champ):
    with pytest.raises(LigneRefusee) as refus:
        write_csv(SCHEMA, [{}, ligne], io.BytesIO())

    assert (refus.value.ligne, refus.value.champ) == (3, champ)


def test_file_name_follows_the_rule():
    nom = propose_nom(
        "Délibérations – œuvres 2026", producteur="219200235", jour=date(2026, 11, 21)
    )

    assert nom == "20261121_219200235_deliberations-oeuvres-2026.csv"
    assert check_nom(nom) == []
    assert len(check_nom("20261321_219200236_a.xlsx")) == 3
    assert len(check_nom("Délibérations.csv")) == 1


def test_changes_are_all_counted_but_not_all_kept(monkeypatch):
    monkeypatch.setattr("socle.normes.scdl.correction.CHANGEMENTS_MAX", 3)

    changements = correct_fichier(io.BytesIO(b"a\n" + b"\n" * 5 + b" 1 \n"), io.BytesIO(), SCHEMA)

    assert [c.ligne for c in changements] == [2, 3, 4]
    assert changements.nombre == 6
