"""Règles des opérateurs, et classification : chaque piège mesuré a son essai."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from socle.normes.actes import modele as m
from socle.normes.actes import regles
from socle.normes.actes.classification import (
    REPERE,
    Classification,
    check_acte,
    is_piece_de_matiere,
    read_classification,
)
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.ecriture import write_message
from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.nomenclature import MATIERES, PIECES
from socle.normes.actes.rapport import Niveau
from tests.normes.actes.fabrique import ACTE, ENVELOPPE, ID, list_codes, list_messages

COQUILLES = {"21_DB", "21_EP", "11_PV", "11_RA"}  # corrigées dans nos libellés


@pytest.fixture(scope="module")
def classification(donnees_officielles: Path) -> Classification:
    chemin = donnees_officielles / "actes" / "exemple_codes_matieres.xml"
    return read_classification(chemin.read_bytes())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"numero": "2026-001"}, "acte.numero"),  # le schéma de 2004 admettait le tiret
        ({"numero": "2026 001"}, "acte.numero"),
        ({"numero": "abc"}, "acte.numero"),
        ({"numero": "_1"}, "acte.numero"),
        ({"numero": "1_"}, "acte.numero"),
        ({"numero": ""}, "acte.numero"),
        ({"numero": "É1"}, "acte.numero"),
        ({"objet": "x" * 500}, "acte.objet"),  # le schéma en admet 500, l’opérateur 499
        ({"objet": " \n"}, "acte.objet"),
        ({"nature": 7}, "acte.nature"),
        ({"nature": None}, "acte.nature"),
        ({"jour": date(2026, 11, 22)}, "acte.date"),  # après l’envoi
        ({"matieres": ("7",)}, "matiere.niveaux"),
        ({"matieres": ("7", "01")}, "matiere.code"),
        ({"matieres": ("7", "+1")}, "matiere.code"),
        ({"matieres": ("7", "²")}, "matiere.code"),
        ({"nombre_annexes": 3}, "acte.annexes"),
        ({"precedent": "1"}, "acte.precedent"),
    ],
)
def test_field_that_the_operator_refuses(change: dict[str, object], code: str) -> None:
    acte = replace(ACTE, **change)

    assert list_codes(regles.check_acte(acte, date(2026, 11, 21))) == {code}


@pytest.mark.parametrize("numero", ["1", "A", "2026_001", "A" * 15, "0_9"])
def test_field_that_the_operator_accepts(numero: str) -> None:
    acte = replace(ACTE, numero=numero, objet="x" * 499, jour=date(2026, 11, 21))

    assert list_codes(regles.check_acte(acte, date(2026, 11, 21))) == set()


@pytest.mark.parametrize(
    ("nature", "matieres", "document", "annexes", "codes"),
    [
        (1, "71", "pdf", ["pdf", "jpg", "png"], set()),
        (1, "71", "jpg", [], {"piece.format"}),
        (1, "71", "docx", [], {"piece.format"}),
        (1, "71", "pdf", ["docx"], {"piece.format"}),
        (1, "71", "xml", [], {"piece.format"}),  # un XML : seulement un budget…
        (5, "72", "xml", [], {"piece.format"}),  # … de matière 7.1
        (5, "71", "xml", ["pdf"], set()),
        (5, "71", "xml", ["xml"], {"piece.format"}),
        (5, "71", "xml", ["jpg"], {"piece.format"}),  # alors les annexes sont des PDF
        (5, "71", "pdf", ["xml"], set()),
        (1, "71", "PDF", [], {"piece.format"}),
    ],
)
def test_formats_of_the_documents(
    nature: int, matieres: str, document: str, annexes: list[str], codes: set[str]
) -> None:
    base = ID[:-2] + {1: "DE", 5: "BF"}[nature]
    noms = [f"99_SE-{base}-1-1_{rang}.{e}" for rang, e in enumerate([document, *annexes], 1)]
    acte = replace(
        ACTE, nature=nature, matieres=tuple(matieres), document=m.Fichier(nom=noms[0]),
        annexes=tuple(m.Fichier(nom=nom) for nom in noms[1:]),
    )  # fmt: skip

    assert list_codes(regles.check_pieces(acte, "035", "213502388")) == codes


@pytest.mark.parametrize(
    "nom",
    [
        "deliberation.pdf", f"{ID}-1-1_1.pdf", f"99_DE-{ID}-1-1_0.pdf", f"99_DE-{ID}-1-1_2.pdf",
        f"99_DE-{ID}-2-1_1.pdf", f"99_DE-{ID.replace('20261120', '20261121')}-1-1_1.pdf",
        f"99_DE-{ID.replace('DE', 'AR')}-1-1_1.pdf", f"99_DE-{ID.replace('035', '044')}-1-1_1.pdf",
    ],
)  # fmt: skip
def test_name_of_a_document_is_the_one_of_its_act(nom: str) -> None:
    """La date du nom est celle de la décision, pas celle de l’envoi."""
    acte = replace(ACTE, document=m.Fichier(nom=nom))

    assert list_codes(regles.check_pieces(acte, "035", "213502388")) == {"nom.document"}


def test_envelope_with_a_wrong_key_is_told_not_refused() -> None:
    juste = list(regles.check_enveloppe(ENVELOPPE))
    faux = list(regles.check_enveloppe(replace(ENVELOPPE, siren="213502389", type_emetteur="02")))

    assert juste == []
    assert list_codes(faux) == {"enveloppe.siren", "enveloppe.type"}
    assert {anomalie.niveau for anomalie in faux} == {Niveau.AVERTISSEMENT}


def test_department_that_only_the_schema_accepts_is_refused() -> None:
    """Le motif du schéma, « [0|9] », admet une barre droite."""
    [faute] = regles.check_enveloppe(replace(ENVELOPPE, departement="|35"))

    assert (faute.code, faute.niveau) == ("enveloppe.departement", Niveau.ERREUR)


def test_national_lists_are_the_official_ones(donnees_officielles: Path) -> None:
    actes = donnees_officielles / "actes"
    nationale = json.loads((actes / "nomenclature_nationale.json").read_text())
    connue = json.loads((actes / "classification_2017-12-08.json").read_text())

    def fold(texte: str) -> str:
        return texte.replace("’", "'").replace("–", "-")

    assert {c: fold(t) for c, t in MATIERES.items()} == {n["code"]: n["libelle"] for n in nationale}
    assert {(int(n["code"]), code) for n in connue["natures"] for code, _ in n["pj"]} == {
        (nature, code) for code, (natures, _) in PIECES.items() for nature in natures
    }
    officiels = {c: t for n in connue["natures"] for c, t in n["pj"] if c not in COQUILLES}
    assert officiels == {c: fold(t) for c, (_, t) in PIECES.items() if c not in COQUILLES}


def test_classification_of_a_prefecture_is_read_whole(
    classification: Classification, donnees_officielles: Path
) -> None:
    attendu = json.loads(
        (donnees_officielles / "actes" / "classification_2017-12-08.json").read_text()
    )

    assert classification.jour == date(2017, 12, 8)
    assert dict(classification.matieres) == {
        x["code"]: x["libelle"].strip() for x in attendu["matieres"]
    }
    assert {n: list(p.items()) for n, p in classification.pieces.items()} == {
        int(n["code"]): [tuple(piece) for piece in n["pj"]] for n in attendu["natures"]
    }
    assert "marchés passés selon une procédure adaptée (MAPA)" in classification.matieres["1.1.9"]
    assert list(classification.list_matieres("7"))[-1] == "7.10"
    assert len(classification.list_matieres()) == 9


def test_pieces_of_a_matter(classification: Classification) -> None:
    assert list(classification.list_pieces(1, ("2", "1"))) == [
        "21_DA", "21_DB", "21_DE", "21_DO", "21_EP", "21_PA", "21_RP", "99_AR", "99_DE", "99_SE",
    ]  # fmt: skip
    assert list(classification.list_pieces(5, ("7", "10"))) == ["70_DE", "99_BU", "99_SE"]
    assert classification.list_pieces(9, ("1", "1")) == {}
    assert is_piece_de_matiere("70_DE", ["7", "2"])
    assert not is_piece_de_matiere("21_DE", ("2", "10"))


@pytest.mark.parametrize(
    ("change", "piece", "code"),
    [
        ({}, "99_DE", None),
        ({}, "70_DE", None),
        ({}, "99_SE", None),
        ({"matieres": ("7", "1", "3")}, "99_DE", None),
        ({}, "99_AI", "typologie.nature"),  # vu dans un envoi réel, accepté en 2018
        ({}, "CO_DE", "typologie.nature"),
        ({}, "21_PA", "typologie.matiere"),
        ({"matieres": ("7", "11")}, "99_DE", "matiere.inconnue"),
        ({"matieres": ("7", "1", "99")}, "99_DE", "matiere.inconnue"),
        ({"classification": date(2017, 4, 19)}, "99_DE", "classification.date"),  # ODT-VERIF-01
    ],
)
def test_act_faces_the_classification(
    classification: Classification, change: dict[str, object], piece: str, code: str | None
) -> None:
    anomalies = list(check_acte(replace(ACTE, **change), [piece, ""], classification))

    assert list_codes(anomalies) == ({code} if code else set())
    assert all(anomalie.niveau is Niveau.ERREUR for anomalie in anomalies)


def test_without_a_classification_the_national_one_only_warns() -> None:
    """Les niveaux 3 à 5 sont propres à chaque préfecture : rien n’en est dit sans elle."""
    acte = replace(ACTE, matieres=("7", "1", "99"), classification=date(2004, 4, 1))
    inconnue = list(check_acte(replace(ACTE, matieres=("7", "11")), ["CO_DE"], None))

    assert list(check_acte(acte, ["99_DE"], None)) == []
    assert {(a.code, a.niveau) for a in inconnue} == {
        ("matiere.inconnue", Niveau.AVERTISSEMENT), ("typologie.nature", Niveau.AVERTISSEMENT),
    }  # fmt: skip
    assert len(REPERE.matieres) == 66


def test_strange_classification_is_used_and_told() -> None:
    [etrange] = [lu for lu in list_messages() if isinstance(lu, m.RetourClassification)]
    nature = replace(etrange.natures[0], code=9, pieces=(("DE", "court"),))
    etrange = replace(etrange, natures=(nature,), matieres=etrange.matieres * 2)

    octets = write_message(etrange)
    rapport = check_fichier(octets, "035-213502388----7-2_3.xml")

    assert rapport.valide
    assert list_codes(rapport.anomalies) == {
        "classification.nature", "classification.piece", "classification.double",
        "classification.incomplete",
    }  # fmt: skip
    assert read_classification(octets).matieres["7.1.3"] == "Décisions modificatives"
    with pytest.raises(ActeIllisible, match="pas une classification"):
        read_classification(write_message(ACTE))
