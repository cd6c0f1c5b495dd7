"""Noms de fichiers : ceux qu’on fait, ceux qu’on a vus, ceux qu’on refuse."""

from datetime import date
from pathlib import Path

import pytest

from socle.normes.actes import noms
from tests.normes.actes.fabrique import ID, JOUR

ACTE = noms.IdentifiantActe(
    departement="035", siren="213502388", jour=JOUR, numero="2026_001", nature="DE"
)


def test_names_follow_the_grammar() -> None:
    enveloppe = noms.build_nom_enveloppe("213502388", date(2026, 1, 5), 12)

    assert str(ACTE) == ID
    assert noms.build_nom_message(ACTE, "1-1") == f"{ID}-1-1_0.xml"
    assert noms.build_nom_document(ACTE, "99_DE", 2, "jpg") == f"99_DE-{ID}-1-1_2.jpg"
    assert enveloppe == "EACT--213502388--20260105-12.xml"
    assert noms.build_nom_archive("SLO", enveloppe) == "SLO-EACT--213502388--20260105-12.tar.gz"
    assert noms.build_nom_demande_classification("035", "213502388") == "035-213502388----7-1_1.xml"
    assert noms.build_nom_enveloppe("213502388", JOUR, 1, noms.ESSAI).startswith("TACT--")


def test_year_of_a_name_is_the_one_of_the_calendar() -> None:
    """Stela date ses noms de l’année de la semaine : le 30 décembre 2024 y devient 2025."""
    acte = noms.IdentifiantActe(
        departement="035", siren="213502388", jour=date(2024, 12, 30), numero="1", nature="AR"
    )

    assert str(acte) == "035-213502388-20241230-1-AR"
    assert noms.parse_id_acte(str(acte)) == acte


def test_names_seen_in_the_wild_are_read() -> None:
    anomalie = noms.parse_nom_message("044-214400152----1-3_1.xml")
    retour = noms.parse_nom_enveloppe("EACT--SPREF0441-214400152-20181012-9.xml")
    refus = noms.parse_nom_enveloppe("ANO_EACT--214400152--20180925-1.xml")
    ancien = noms.parse_nom_document("069-123456789-20130601-20130623C-AI-1-1_1.pdf")
    archive = noms.parse_nom_archive("SLO-EACT--SPREF0441-214400152-20181012-9.tar.gz")

    assert anomalie
    assert (anomalie.jour, anomalie.numero, anomalie.nature, anomalie.flux) == (None, "", "", "1-3")
    assert retour
    assert (retour.origine, retour.siren, retour.serie) == ("SPREF0441", "214400152", 9)
    assert refus
    assert (refus.anomalie, refus.origine, refus.jour) == (True, "", date(2018, 9, 25))
    assert ancien
    assert (ancien.typologie, ancien.acte.numero) == ("", "20130623C")
    assert archive
    assert (archive.operateur, archive.enveloppe) == ("SLO", retour)


def test_every_real_file_has_a_name_we_read(donnees_officielles: Path) -> None:
    actes = donnees_officielles / "actes"
    lus = [
        noms.parse_nom_message(c.name) or noms.parse_nom_enveloppe(c.name)
        for c in (*actes.glob("0*.xml"), *actes.glob("*EACT*.xml"))
    ]

    assert len(lus) == 5
    assert None not in lus
    assert all(noms.parse_nom_archive(c.name) for c in actes.rglob("*.tar.gz"))


@pytest.mark.parametrize(
    "nom",
    [
        "", "a.xml", f"{ID}-1-1_0.xml\n", f"{ID}-8-1_0.xml", f"{ID}-1-1.xml", f"{ID}-1-1_0.XML",
        "035-213502388-20260231-1-DE-1-1_0.xml", "135-213502388-20260101-1-DE-1-1_0.xml",
        "|35-213502388-20260101-1-DE-1-1_0.xml", "035-213502388-20260101-1-2-DE-1-1_0.xml",
        f"../{ID}-1-1_0.xml", "035-213502388-20260101-1-DE-1-1_٣.xml", "x" * 300,
    ],
)  # fmt: skip
def test_other_names_are_not_messages(nom: str) -> None:
    assert noms.parse_nom_message(nom) is None


@pytest.mark.parametrize(
    "nom",
    [
        f"99DE-{ID}-1-1_1.pdf", f"99_DE-{ID}-1-1_1", f"99_de-{ID}-1-1_1.pdf",
        f"99_DE-{ID}-1-1_1.tar.gz", f"dossier/99_DE-{ID}-1-1_1.pdf", f"99_DE-{ID}-1-1_1.pdf\0",
    ],
)  # fmt: skip
def test_other_names_are_not_documents(nom: str) -> None:
    assert noms.parse_nom_document(nom) is None


@pytest.mark.parametrize(
    "nom",
    [
        "EACT--213502388--20260105-0.xml", "EACT--213502388--20260105-01.xml",
        "EACT--213502388--20260105-12345.xml", "EACT--21350238--20260105-1.xml",
        "eact--213502388--20260105-1.xml", "EACT--MAIRIE35-213502388-20260105-1.xml",
    ],
)  # fmt: skip
def test_other_names_are_not_envelopes(nom: str) -> None:
    assert noms.parse_nom_enveloppe(nom) is None


def test_department_has_three_signs() -> None:
    cas = {"35238": "035", "35": "035", "2A004": "02A", "97105": "971", "01001": "001", "2B": "02B"}

    assert {code: noms.build_departement(code) for code in cas} == cas
    with pytest.raises(ValueError, match="n’est pas un code"):
        noms.build_departement("étranger")
