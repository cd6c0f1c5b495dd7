"""Chaque genre écrit, valide au schéma officiel, et relu le même ; les fichiers réels."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from socle.normes.actes import modele as m
from socle.normes.actes.conformite import INTERNE, Schema
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.ecriture import write_message
from socle.normes.actes.errors import ActeIllisible, ActeRefuse
from socle.normes.actes.lecture import read_message
from socle.normes.actes.rapport import Niveau
from socle.normes.actes.vocabulaire import ACTES, Genre
from tests.normes.actes.fabrique import (
    ACTE,
    ENVELOPPE,
    build_acte_xml,
    list_codes,
    list_echantillons,
    list_messages,
)


def fill(message: m.Message) -> m.Message:
    """Un message écrit annonce toujours le nombre de ses annexes."""
    if isinstance(message, m.Acte):
        return replace(message, nombre_annexes=len(message.annexes))
    acte = getattr(message, "acte", None)
    return replace(message, acte=fill(acte)) if acte else message


def test_every_genre_is_written_valid_and_read_back_the_same(schema: Schema) -> None:
    genres = set()
    for message in list_messages():
        octets = write_message(message)

        arbre = etree.fromstring(octets)
        assert schema.xsd.validate(arbre), (message.genre, schema.xsd.error_log)
        assert octets.startswith(b"<?xml version='1.0' encoding='ISO-8859-1'?>")
        assert read_message(octets) == fill(message)
        genres.add(message.genre)
    assert genres == set(Genre)


def test_signs_out_of_latin1_survive() -> None:
    octets = write_message(ACTE)

    assert b"&#339;" in octets
    assert b"D\xe9bat" in octets
    lu = read_message(octets)
    assert isinstance(lu, m.Acte)
    assert lu.objet == ACTE.objet


def test_every_real_sample_is_read(donnees_officielles: Path, schema: Schema) -> None:
    echantillons = list_echantillons(donnees_officielles)
    verdicts = {}
    for chemin in echantillons:
        for juge in (schema, None):
            rapport = check_fichier(chemin.read_bytes(), chemin.name, schema=juge)
            assert rapport.lisible, chemin
            verdicts[chemin.name] = rapport.valide
            json.dumps(rapport.to_json())

    assert len(echantillons) >= 16
    # Stela a transmis une image comme document principal : les opérateurs la refusent aujourd’hui.
    assert [nom for nom, valide in verdicts.items() if not valide] == [
        "SIC-EACT--210600730--20180115-1.tar.gz"
    ]


def test_returns_that_break_their_own_schema_are_read(donnees_officielles: Path) -> None:
    """Les écarts vus dans de vrais retours : dits, jamais bloquants."""
    actes = donnees_officielles / "actes"
    ar = read_message((actes / "ar-actes_pastell.xml").read_bytes())
    refus = read_message((actes / "ANO_EACT--214400152--20180925-1.xml").read_bytes())
    anomalie = read_message((actes / "044-214400152----1-3_1.xml").read_bytes())

    assert isinstance(ar, m.ARActe)
    assert ar.acte
    assert (ar.acte.numero, ar.acte.objet) == ("20130623C", "TESTC")
    assert ar.classification_en_cours == date(2008, 12, 31)  # le premier qui n’est pas vide
    assert isinstance(refus, m.AnomalieEnveloppe)
    assert (refus.nature, refus.detail[:12]) == ("999", "ODT-VERIF-17")
    assert refus.enveloppe
    assert refus.enveloppe.siren == "214400152"
    assert isinstance(anomalie, m.AnomalieActe)
    assert anomalie.acte
    assert anomalie.acte.matiere == "1.1.1"  # le niveau 4 manque : 5 ne dit rien
    assert anomalie.acte.papier == ""


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"jour": None}, "Date"),
        ({"classification": None}, "ClassificationDateVersion"),
        ({"objet": "x" * 501}, "Objet"),
        ({"numero": "X" * 16}, "NumeroInterne"),
        ({"matieres": ("7",)}, "CodeMatiere2"),
        ({"matieres": tuple("123456")}, "CodeMatiere6"),
        ({"matieres": ("7", "x")}, "CodeMatiere"),
        ({"precedent": "acte"}, "IDActe"),
        ({"objet": "a\0b"}, "Objet"),
        ({"objet": "a\ud800b"}, "Objet"),
        ({"numero": "\x1b"}, "NumeroInterne"),
    ],
)
def test_message_that_would_be_invalid_is_not_written(
    change: dict[str, object], champ: str
) -> None:
    with pytest.raises(ActeRefuse) as refus:
        write_message(replace(ACTE, **change))

    assert champ in {anomalie.champ for anomalie in refus.value.anomalies}
    assert all(anomalie.message for anomalie in refus.value.anomalies)
    refus.value.anomalies[0].message.encode()


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"courriels": ()}, "Email"),
        ({"courriels": ("mairie@commune.bretagne",)}, "Email"),  # la fin n’a que 2 à 6 lettres
        ({"courriels": ("élu@commune.fr",)}, "Email"),
        ({"messages": ()}, "Formulaire"),
        ({"siren": "12345678"}, "SIREN"),
        ({"departement": "35"}, "Departement"),
        ({"departement": "75001"}, "Departement"),
        ({"arrondissement": "10"}, "Arrondissement"),
        ({"type_emetteur": "3"}, "Nature"),
    ],
)
def test_envelope_that_would_be_invalid_is_not_written(
    change: dict[str, object], champ: str
) -> None:
    with pytest.raises(ActeRefuse) as refus:
        write_message(replace(ENVELOPPE, **change))

    assert {anomalie.champ for anomalie in refus.value.anomalies} == {champ}


def test_reader_ignores_prefixes_order_and_folders() -> None:
    corps = (
        "<Objet>Vœux</Objet><DocumentPapier>N</DocumentPapier>"
        "<Document><NomFichier>/tmp/stela/99_DE-1.pdf</NomFichier></Document>"
        "<CodeMatiere2 CodeMatiere='4'/><CodeMatiere1 CodeMatiere='9'/>"
    )
    octets = f"<Acte NumeroInterne='7' CodeNatureActe='1'>{corps}</Acte>".encode()

    lu = read_message(octets)

    assert isinstance(lu, m.Acte)
    assert (lu.numero, lu.objet, lu.matiere) == ("7", "Vœux", "9.4")
    assert lu.document.nom == "99_DE-1.pdf"  # jamais un chemin
    rapport = check_fichier(octets)
    assert not rapport.valide
    assert {"schema.espace", "schema.attribut", "schema.manque"} <= list_codes(rapport.anomalies)
    assert rapport.schema == INTERNE


def test_attribute_without_prefix_is_explained() -> None:
    """`attributeFormDefault="qualified"` : le piège le plus courant."""
    octets = write_message(ACTE).replace(b"actes:Date=", b"Date=")

    fautes = check_fichier(octets).list_niveau(Niveau.ERREUR)

    assert [(a.code, a.champ, a.ligne) for a in fautes] == [("schema.attribut", "Date", 2)]
    assert "écrivez « actes:Date »" in fautes[0].message


def test_every_fault_has_its_line() -> None:
    octets = write_message(replace(ACTE, numero="a", annexes=(m.Fichier(nom="x.pdf"),)))
    numero, *noms = check_fichier(octets, "acte.xml").list_niveau(Niveau.ERREUR)

    lignes = octets.decode("latin-1").splitlines()
    assert (numero.champ, numero.ligne) == ("NumeroInterne", 2)
    assert [a.code for a in noms] == ["nom.document"] * 2  # « acte.xml » avertit seulement
    assert [a.cellule in lignes[(a.ligne or 0) - 1] for a in noms] == [True, True]


def test_instructions_and_comments_are_ignored(schema: Schema) -> None:
    octets = write_message(ACTE).replace(
        b"<actes:Objet>", b"<?vue?><!-- a --><actes:Objet>x<?y z?>"
    )

    rapport = check_fichier(octets, schema=schema)

    assert rapport.anomalies == []
    assert rapport.contenu["objet"] == f"x{ACTE.objet}"


def test_encoding_that_lies_is_read_and_said() -> None:
    """Des réponses d’opérateurs sont en latin-1 sous une déclaration UTF-8."""
    octets = build_acte_xml("<actes:Objet>Été</actes:Objet>").decode().encode("latin-1")

    lu = read_message(octets)

    assert isinstance(lu, m.Acte)
    assert lu.objet == "Été"
    assert "xml.encodage" in list_codes(check_fichier(octets).anomalies)
    assert "xml.encodage" not in list_codes(check_fichier(write_message(ACTE)).anomalies)


def test_dates_of_the_schema_may_carry_a_zone() -> None:
    lu = read_message(build_acte_xml(Date="2026-11-20+01:00"))
    faux = read_message(build_acte_xml(Date="2026-02-30"))

    assert isinstance(lu, m.Acte)
    assert isinstance(faux, m.Acte)
    assert (lu.jour, faux.jour) == (date(2026, 11, 20), None)


def test_other_xml_is_named_not_guessed() -> None:
    with pytest.raises(ActeIllisible, match="n’est pas un message"):
        read_message(b"<html/>")
    assert check_fichier(f'<a:IDCL xmlns:a="{ACTES}"/>'.encode()).lisible is False
