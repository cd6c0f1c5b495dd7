"""Remarques, messages, seuils, écriture : ce que les schémas officiels ne disent pas."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from socle.normes.decp.ecriture import write_json, write_xml
from socle.normes.decp.errors import DecpIllisible, DecpInvalide
from socle.normes.decp.lecture import read_decp
from socle.normes.decp.modele import Contrats, Operateur
from socle.normes.decp.rapport import Rapport
from socle.normes.decp.regles import add_mois, is_siret
from socle.normes.decp.seuils import NOMS, SEUILS, find_seuil, list_seuils
from socle.normes.decp.validation import validate_decp
from tests.normes.decp.fabrique import CONTRATS, TITULAIRE, build_concession, build_marche


def judge_marche(**changements: Any) -> Rapport:
    return validate_decp(write_json(Contrats((build_marche(**changements),), ())))


@pytest.mark.parametrize(
    ("changements", "attendu"),
    [
        ({}, []),
        ({"id": "A;B, C"}, [("id", "identifiant-signes")]),
        ({"acheteur": "21920023500015"}, [("acheteur.id", "siret-cle")]),
        (
            {"titulaires": (Operateur(id="FR12", type_identifiant="TVA"), Operateur(id="12"))},
            [("titulaires[1].titulaire.id", "siret-cle")],
        ),
        (
            {"techniques": ("Sans objet", "Concours")},
            [("techniques.technique", "coherence")],
        ),
        ({"taux_avance": None}, [("attributionAvance", "coherence")]),
        ({"attribution_avance": False}, [("tauxAvance", "coherence")]),
        ({"origine_ue": Decimal("0.5")}, [("origineFrance", "coherence")]),
        (
            {"type_groupement_operateurs": "Pas de groupement"},
            [("typeGroupementOperateurs", "coherence")],
        ),
        (
            {"date_publication_donnees": date(2026, 3, 1)},
            [("datePublicationDonnees", "chronologie")],
        ),
        ({"date_publication_donnees": date(2026, 5, 2)}, []),
        (
            {"date_publication_donnees": date(2026, 5, 3)},
            [("datePublicationDonnees", "delai-publication")],
        ),
        ({"montant": Decimal("39999.99")}, [("montant", "sous-le-seuil")]),
        ({"montant": Decimal(40000)}, []),
        (
            {"actes_sous_traitance": ()},
            [
                (
                    "modificationsActesSousTraitance[0].modificationActeSousTraitance.id",
                    "sequence",
                )
            ],
        ),
    ],
)
def test_remarques_do_not_refuse(changements: Any, attendu: list[tuple[str, str]]) -> None:
    rapport = judge_marche(**changements)

    base = "marches.marche[0]."
    assert rapport.valide
    notes = [(a.champ.removeprefix(base), a.code) for a in rapport.avertissements]
    assert notes == attendu
    assert all(a.ligne and not a.officiel for a in rapport.avertissements)


def test_remarques_of_the_file() -> None:
    marche, concession = build_marche(), build_concession()
    double = validate_decp(write_xml(Contrats((marche, marche), ())))
    assert [(a.code, a.champ) for a in double.avertissements] == [("contrat-repete", "")]

    tardive = build_concession(date_publication_donnees=date(2026, 2, 2))
    lu = validate_decp(write_json(Contrats((), (concession, tardive))))
    assert [a.code for a in lu.avertissements] == ["delai-publication", "contrat-repete"]

    repetee = b'{"marches": {"marche": [], "marche": []}, "source": 1}'
    assert [a.code for a in validate_decp(repetee).avertissements] == [
        "champ-ignore",
        "vide",
        "doublon",
    ]
    [ancien] = validate_decp(b'{"marches": [{"id": "1"}]}').erreurs
    assert (ancien.champ, ancien.message.endswith("du format 1.5.")) == ("marches", True)
    [modification] = marche.modifications
    autre = replace(modification, duree_mois=9)
    assert [a.code for a in judge_marche(modifications=(modification, autre)).avertissements] == [
        "sequence"
    ]


MENDS = [
    ("montant", "12 500,50", "type", "Ôtez les guillemets : 12500.50."),
    ("montant", "douze", "type", "Écrivez un nombre, pas un texte."),
    ("dureeMois", 7.5, "type", "Écrivez un nombre entier : arrondissez au-dessus."),
    ("marcheInnovant", "non", "type", "Écrivez false, sans guillemets."),
    ("ccag", "Maîtrise d’œuvre", "enum", "Écrivez « Maitrise d'œuvre »."),
    ("procedure", "Procédure adapté", "enum", "Écrivez « Procédure adaptée »."),
    ("dateNotification", "31/12/2024", "pattern", "Écrivez 2024-12-31."),
    ("dateNotification", "2025-02-29", "date",
     "Écrivez un jour qui existe, AAAA-MM-JJ, par exemple 2026-11-22."),
    ("id", 12, "type", 'Mettez des guillemets : "12".'),
    ("id", "1" * 17, "maxLength", "Gardez 16 signes au plus ; il y en a 17."),
    ("codeCPV", "451125", "pattern", "Écrivez 8 chiffres, par exemple 45112500."),
    ("origineUE", None, "type", "Ôtez ce champ : depuis la version 2.0.2, null n’est plus admis."),
    ("techniques", ["Concours"], "type", 'Écrivez { "technique": [ … ] }.'),
]  # fmt: skip


@pytest.mark.parametrize(("champ", "valeur", "code", "message"), MENDS)
def test_message_says_how_to_mend(champ: str, valeur: Any, code: str, message: str) -> None:
    arbre = json.loads(write_json(CONTRATS))
    arbre["marches"]["marche"][0][champ] = valeur

    octets = json.dumps(arbre, indent=1, ensure_ascii=False).encode()
    [erreur] = validate_decp(octets).erreurs

    assert (erreur.champ, erreur.code) == (f"marches.marche[0].{champ}", code)
    assert erreur.message == message
    assert erreur.contrat == ("2026-014" if champ != "id" else "n° 1" if valeur == 12 else valeur)
    assert f'"{champ}"' in octets.decode().splitlines()[erreur.ligne - 1]
    assert erreur.officiel == (code != "date")


def test_xml_dates_stand_alone() -> None:
    """Des espaces autour d’une date : admis par XML Schema, refusés par libxml2, donc par nous."""
    for ecrit, codes in ((b" 2026-03-02", ["date"]), (b"2026-03-02+01:00", [])):
        octets = write_xml(CONTRATS).replace(b">2026-03-02<", b">" + ecrit + b"<")
        rapport = validate_decp(octets)
        assert ([a.code for a in rapport.erreurs], rapport.conforme) == (codes, True)


def test_writer_refuses_what_the_schema_refuses_and_repeats_itself() -> None:
    assert write_json(CONTRATS) == write_json(CONTRATS)
    assert read_decp(write_json(CONTRATS)) == read_decp(write_xml(CONTRATS)) == CONTRATS
    assert validate_decp(write_json(Contrats())).valide

    with pytest.raises(DecpInvalide, match=r"Gardez 16 signes") as refus:
        write_xml(Contrats((build_marche(id="x" * 17),), ()))
    assert [a.code for a in refus.value.anomalies] == ["maxLength"]
    with pytest.raises(DecpInvalide):
        read_decp(write_json(CONTRATS).replace(b'"Mixte"', b'"Autre"'))
    with pytest.raises(DecpIllisible):
        read_decp(b"\0")


def test_seuils_are_dated_sourced_and_never_overlap() -> None:
    assert find_seuil("dispense-fournitures-services", date(2026, 3, 31)).montant == 40_000
    assert find_seuil("dispense-fournitures-services", date(2026, 4, 1)).montant == 60_000
    assert find_seuil("formalise-collectivites", date(2025, 12, 31)).montant == 221_000
    assert find_seuil("formalise-collectivites", date(2026, 1, 1)).montant == 216_000
    assert find_seuil("formalise-travaux", date(2028, 1, 1)) is None, (
        "un seuil périmé n’est pas dit"
    )
    assert [s.code for s in list_seuils(date(2026, 11, 22))] == list(NOMS)
    with pytest.raises(KeyError):
        find_seuil("inconnu", date(2026, 1, 1))

    for code in NOMS:
        suite = [seuil for seuil in SEUILS if seuil.code == code]
        for avant, apres in pairwise(suite):
            assert avant.jusqu_a is not None
            assert (apres.depuis - avant.jusqu_a).days == 1, code
        assert all(s.montant > 0 and s.source and s.article for s in suite)


def test_helpers_are_exact() -> None:
    assert add_mois(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert add_mois(date(2026, 3, 2), 2) == date(2026, 5, 2)
    assert add_mois(date(9999, 12, 1), 2) == date.max
    assert is_siret(TITULAIRE)
    assert is_siret("35600000049837"), "un établissement de La Poste"
    assert not is_siret("٢1920023500014")
