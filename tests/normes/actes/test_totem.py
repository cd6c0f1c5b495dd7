"""Budgets TotEM : cinq vrais budgets, leurs tableaux ouverts, leur scellement."""

import csv
import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from socle.normes.actes.controle import check_fichier
from socle.normes.actes.errors import ActeIllisible
from socle.normes.actes.totem import check_totem, read_totem
from tests.normes.actes.fabrique import list_codes

DM = "DOCBUDG-21560046100085-056025-DM1-2022-05072022000000"


@pytest.fixture(scope="module")
def budgets(donnees_officielles: Path) -> dict[str, bytes]:
    dossiers = sorted((donnees_officielles / "actes" / "totem").iterdir())
    return {dossier.name: (dossier / "totem.xml").read_bytes() for dossier in dossiers}


def iter_attendus(donnees: Path, nom: str) -> Iterator[dict[str, str]]:
    chemin = donnees / "actes" / "totem" / nom / "expected.csv"
    with chemin.open(newline="", encoding="utf-8") as flux:
        yield from csv.DictReader(flux)


def test_lines_are_those_of_the_independent_reader(
    budgets: dict[str, bytes], donnees_officielles: Path
) -> None:
    """Mêmes lignes que yatotem2scdl, aux libellés du plan de comptes près."""
    for nom, octets in budgets.items():
        budget, anomalies = check_totem(octets)
        attendus = list(iter_attendus(donnees_officielles, nom))
        lignes = list(budget.iter_scdl())

        assert anomalies == []
        assert budget.scellement
        assert budget.scellement.intact, nom
        assert len(lignes) == len(attendus)
        for ligne, attendu in zip(lignes, attendus, strict=True):
            if not attendu["BGT_SECTION"]:  # il ne la sait pas sans le plan de comptes
                ligne["BGT_SECTION"] = ""
            assert ligne == {cle: attendu[cle] for cle in ligne}


def test_head_and_totals(budgets: dict[str, bytes]) -> None:
    budget = read_totem(budgets["BP2022_TRANSPORT"])

    assert (budget.titre, budget.etablissement) == (
        "Budget primitif 2022", "TRANSPORT ET MOBILITE SMA",
    )  # fmt: skip
    assert (budget.siret, budget.nomenclature, budget.principal) == (
        "24350078200095", "M4-M43_D", False,
    )  # fmt: skip
    assert budget.sum_votes() == {
        ("I", "D"): Decimal("1904175.00"), ("I", "R"): Decimal("1904175.00"),
        ("F", "D"): Decimal("12700095.00"), ("F", "R"): Decimal("12700095.00"),
    }  # fmt: skip
    assert "DATA_EMPRUNT" in budget.annexes


@pytest.mark.parametrize(
    ("avant", "apres"),
    [
        (b'MtPrev V="0.00"', b'MtPrev V="0.01"'),
        (b'CodRD V="D"', b'CodRD V="R"'),
        (b"CRACH", b"CRAC"),
        (b"   <Budget>", b"  <Budget>"),
        (b'md5="BE6', b'md5="BE7'),
        (b'sha1="178', b'sha1="179'),
        (b"<EnTeteDoc", b"perdu<EnTeteDoc"),
        (b"<Budget>", b'<Budget xmlns:x="../relatif">'),  # ne se canonise pas
    ],
)
def test_altered_budget_is_seen(budgets: dict[str, bytes], avant: bytes, apres: bytes) -> None:
    assert avant in budgets[DM]

    _, anomalies = check_totem(budgets[DM].replace(avant, apres, 1))

    assert list_codes(anomalies) == {"totem.scellement"}


def test_comments_do_not_break_the_seal(budgets: dict[str, bytes]) -> None:
    """La canonisation officielle les ignore."""
    budget = read_totem(budgets[DM].replace(b"<Budget>", b"<!-- note --><Budget>", 1))

    assert budget.scellement
    assert budget.scellement.intact


def test_instructions_are_sealed_with_the_budget(budgets: dict[str, bytes]) -> None:
    """La canonisation officielle les garde : celle qu’on ajoute après change le budget."""
    ajout = budgets[DM].replace(b"<Budget>", b"<?vue oui?><Budget>", 1)
    arbre = etree.ElementTree(etree.fromstring(ajout))
    sceau = arbre.find("{*}Scellement")
    assert sceau is not None
    arbre.getroot().remove(sceau)
    c14n, scelle = etree.tostring(arbre, method="c14n"), ajout
    for nom in ("md5", "sha1"):
        empreinte = hashlib.new(nom, c14n).hexdigest()
        scelle = re.sub(f'{nom}="[^"]*"'.encode(), f'{nom}="{empreinte}"'.encode(), scelle)

    assert list_codes(check_totem(ajout)[1]) == {"totem.scellement"}
    assert check_totem(scelle)[1] == []


@pytest.mark.parametrize(
    ("motif", "apres", "code"),
    [
        (rb"<Scellement[^>]*>", b"", "totem.scellement"),
        (rb'NatDec V="02"', b'NatDec V="04"', "totem.entete"),
        (rb'Exer V="2022"', b'Exer V="22"', "totem.entete"),
        (rb"<LibelleColl[^>]*>", b"", "totem.entete"),
        (rb"docbudgetaire\"", b'docbudgetaire2"', "totem.espace"),
        (rb'MtPrev V="0.00"', b'MtPrev V="0,00"', "totem.montant"),
        (rb'MtPrev V="0.00"', b'MtPrev V="NaN"', "totem.montant"),
        (rb'CodRD V="D"', b'CodRD V="X"', "totem.sens"),
        (rb"<CodRD [^>]*>", b"", "totem.sens"),
        (rb'Nature V="6045"', b'Nature V="60A5"', "totem.compte"),
        (rb"(?s)<LigneBudget>.*</LigneBudget>", b"", "totem.lignes"),
    ],
)
def test_faulty_budget_is_refused(
    budgets: dict[str, bytes], motif: bytes, apres: bytes, code: str
) -> None:
    octets, nombre = re.subn(motif, apres, budgets[DM])
    assert nombre

    rapport = check_fichier(octets)

    assert code in list_codes(rapport.anomalies)
    assert (rapport.valide, rapport.genre) == (False, "totem")


def test_budget_and_its_faults_are_counted(
    budgets: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    octets = budgets[DM].replace(b"MtPrev V=", b'MtPrev V="x" W=')
    assert len(check_totem(octets)[1]) == 21  # vingt montants, et le scellement
    monkeypatch.setattr("socle.normes.actes.totem.ANOMALIES_MAX", 5)
    assert len(check_totem(octets)[1]) == 6
    monkeypatch.setattr("socle.normes.actes.totem.LIGNES_MAX", 19)
    with pytest.raises(ActeIllisible, match="plus de 19 lignes"):
        check_totem(octets)


def test_other_file_is_not_a_budget() -> None:
    with pytest.raises(ActeIllisible, match="n’est pas un document budgétaire"):
        read_totem(b"<PES_Aller/>")


def test_official_schema_of_budgets_does_not_load(donnees_officielles: Path) -> None:
    """D’où nos contrôles : le schéma publié n’est pas déterministe, ce que XSD 1.0 interdit."""
    dossier = donnees_officielles / "pes" / "schemas_pes_v5.17" / "SchemaDocBudg"
    if not dossier.is_dir():
        pytest.skip(f"schéma absent : {dossier}")

    with pytest.raises(etree.XMLSchemaParseError, match="not determinist"):
        etree.XMLSchema(etree.parse(dossier / "DocumentBudgetaire.xsd"))
