"""Un envoi complet : écrit, valide au schéma, relu ; et ce qui ne tient pas ensemble."""

import io
import random
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from socle.normes.actes import modele as m
from socle.normes.actes.archive import OCTETS_MAX, read_archive, write_archive
from socle.normes.actes.classification import read_classification
from socle.normes.actes.conformite import Schema
from socle.normes.actes.controle import check_fichier
from socle.normes.actes.ecriture import write_message
from socle.normes.actes.errors import ActeRefuse
from socle.normes.actes.noms import build_nom_demande_classification, build_nom_enveloppe
from socle.normes.actes.rapport import Niveau
from socle.normes.actes.transmission import Depot, Envoi, Piece, write_depot, write_reponse
from socle.normes.actes.vocabulaire import Genre
from tests.normes.actes.fabrique import (
    ACTE,
    EMETTEUR,
    ENVELOPPE,
    ENVOI,
    ID,
    JOUR,
    JPG,
    PDF,
    build_depot,
    edit,
    list_codes,
    list_messages,
    repack,
)

ENVELOPPE_XML = "EACT--213502388--20261121-1.xml"
MESSAGE = f"{ID}-1-1_0.xml"
DOCUMENT = f"99_DE-{ID}-1-1_1.pdf"


def test_act_is_sent_whole_and_valid(schema: Schema) -> None:
    annexes = [Piece(contenu=JPG, typologie="70_DE", extension="jpg")]
    depot = build_depot(annexes=annexes, schema=schema)

    assert depot.nom == "SLO-EACT--213502388--20261121-1.tar.gz"
    assert depot.identifiant == ID
    assert [nom for nom, _ in depot.fichiers] == [
        ENVELOPPE_XML, MESSAGE, DOCUMENT, f"70_DE-{ID}-1-1_2.jpg",
    ]  # fmt: skip
    for nom, contenu in depot.fichiers[:2]:
        assert schema.xsd.validate(etree.fromstring(contenu)), nom
    rapport = check_fichier(depot.octets, depot.nom, schema=schema, aujourd_hui=date(2026, 11, 21))
    assert rapport.anomalies == []
    assert rapport.titre == "Archive : Transmission d’un acte"
    assert rapport.contenu["operateur"] == "SLO"
    assert rapport.contenu["messages"][MESSAGE]["matiere"] == "7.1"


def test_archive_is_read_by_the_ordinary_tools_and_never_changes(depot: Depot) -> None:
    with tarfile.open(fileobj=io.BytesIO(depot.octets), mode="r:gz") as archive:
        membres = archive.getmembers()
        lus = [(x.name, archive.extractfile(x).read()) for x in membres]  # type: ignore[union-attr]

    assert lus == list(depot.fichiers)
    assert {(x.isfile(), x.uid, x.mtime) for x in membres} == {(True, 0, 0)}
    assert build_depot().octets == depot.octets
    lue = read_archive(depot.octets, avec_documents=True)
    assert [(x.nom, x.contenu) for x in lue.membres] == lus


def test_example_of_the_standard_has_nothing_to_say(
    donnees_officielles: Path, schema: Schema
) -> None:
    actes = donnees_officielles / "actes"
    classification = read_classification((actes / "exemple_codes_matieres.xml").read_bytes())
    [chemin] = (actes / "exemple_socle").glob("*.tar.gz")

    with chemin.open("rb") as flux:
        rapport = check_fichier(flux, chemin.name, schema=schema, classification=classification,
                                aujourd_hui=date(2026, 11, 21))  # fmt: skip

    assert rapport.anomalies == []
    assert rapport.schema == "actesv1_1.xsd (officiel)"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"numero": "2026-1"}, "acte.numero"),
        ({"objet": "x" * 500}, "acte.objet"),
        ({"jour": date(2026, 11, 22)}, "acte.date"),
        ({"jour": None}, "acte.identite"),
        ({"nature": 8}, "acte.identite"),
        ({"matieres": ("7",)}, "matiere.niveaux"),
        ({"document": Piece(contenu=PDF, typologie="99_DE", extension="docx")}, "piece.format"),
        ({"document": Piece(contenu=PDF, typologie="DE")}, "nom.document"),
        ({"document": Piece(contenu=b"", typologie="99_DE")}, "piece.vide"),
        ({"document": Piece(contenu=b"GIF89a", typologie="99_DE")}, "piece.contenu"),
        ({"emetteur": replace(EMETTEUR, siren="21350238")}, "enveloppe.siren"),
        ({"emetteur": replace(EMETTEUR, departement="35")}, "enveloppe.departement"),
        ({"document": Piece(contenu=PDF, typologie="99_DE", extension="../x")}, "nom.document"),
        ({"emetteur": replace(EMETTEUR, courriels=())}, "schema.manque"),
        ({"envoi": Envoi(jour=date(2026, 11, 21), serie=10_000)}, "nom.enveloppe"),
        ({"envoi": Envoi(jour=date(2026, 11, 21), operateur="S2LOW")}, "archive.fichier"),
    ],
)
def test_act_that_would_be_refused_is_not_sent(change: dict[str, Any], code: str) -> None:
    with pytest.raises(ActeRefuse) as refus:
        build_depot(**change)

    assert code in list_codes(refus.value.anomalies)


def test_replies_cancellations_and_requests_are_sent(schema: Schema) -> None:
    envois = [
        message for message in list_messages()
        if message.genre.sens == "envoi" and message.genre.flux not in {"", "1-1"}
    ]  # fmt: skip
    flux = set()
    for message in envois:
        if isinstance(message, m.DemandeClassification):
            nom = build_nom_demande_classification("035", "213502388")
            depot = write_depot(emetteur=EMETTEUR, messages=[(nom, message)], envoi=ENVOI,
                                schema=schema)  # fmt: skip
        else:
            assert isinstance(message, m.Courrier | m.Annulation)
            nombre = len(message.documents) if isinstance(message, m.Courrier) else 0
            pieces = [Piece(contenu=PDF, typologie="99_AU")] * nombre
            depot = write_reponse(emetteur=EMETTEUR, message=message, pieces=pieces, envoi=ENVOI,
                                  schema=schema)  # fmt: skip
        rapport = check_fichier(depot.octets, depot.nom, schema=schema)
        assert rapport.anomalies == [], message.genre
        assert len(rapport.contenu["messages"]) == 1
        flux.add(message.genre.flux)
    assert flux == {"2-2", "3-2", "3-3", "3-4", "4-2", "4-3", "4-4", "6-1", "7-1"}


def test_reply_without_its_document_is_not_sent() -> None:
    refus = m.Courrier(genre=Genre.REFUS_PIECES, id_acte=ID, jour=JOUR)
    recu = replace(refus, genre=Genre.COURRIER_SIMPLE)

    with pytest.raises(ActeRefuse, match="Document"):
        write_reponse(emetteur=EMETTEUR, message=refus, envoi=ENVOI)
    with pytest.raises(ActeRefuse, match="identifiant"):
        write_reponse(emetteur=EMETTEUR, message=replace(refus, id_acte="1"), envoi=ENVOI)
    with pytest.raises(ActeRefuse, match="la collectivité envoie"):
        write_reponse(emetteur=EMETTEUR, message=recu, envoi=ENVOI)
    with pytest.raises(ActeRefuse, match="d’un seul côté"):
        write_depot(emetteur=EMETTEUR, messages=[(MESSAGE, ACTE)], envoi=ENVOI)


Change = Callable[[bytes], bytes]


def put(avant: str, apres: str) -> Change:
    def change(octets: bytes) -> bytes:
        assert avant.encode() in octets
        return octets.replace(avant.encode(), apres.encode())

    return change


@pytest.mark.parametrize(
    ("fichier", "change", "code"),
    [
        (MESSAGE, put("2026-11-20", "2026-11-22"), "acte.date"),  # décidé après l’envoi
        (MESSAGE, put("2026-11-20", "2026-11-19"), "nom.acte"),
        (MESSAGE, put("2026_001", "2026_002"), "nom.acte"),
        (MESSAGE, put('CodeNatureActe="1"', 'CodeNatureActe="2"'), "nom.document"),
        (MESSAGE, put('Nombre="0"', 'Nombre="1"'), "acte.annexes"),
        (MESSAGE, put(DOCUMENT, f"99_DE-{ID}-1-1_2.pdf"), "archive.absent"),
        (MESSAGE, put("actes:Acte", "actes:Annulation"), "schema.attribut"),
        (MESSAGE, lambda _: b"<html/>", "message.inconnu"),
        (MESSAGE, lambda _: b"", "xml.forme"),
        (ENVELOPPE_XML, put('SIREN="213502388"', 'SIREN="213502396"'), "nom.siren"),
        (ENVELOPPE_XML, put('Departement="035"', 'Departement="044"'), "archive.emetteur"),
        (ENVELOPPE_XML, put(MESSAGE, "autre.xml"), "archive.annonce"),
        (ENVELOPPE_XML, put("EnveloppeCLMISILL", "Annulation"), "archive.enveloppe"),
        (DOCUMENT, lambda _: b"", "piece.vide"),
        (DOCUMENT, lambda _: JPG, "piece.contenu"),
    ],
)
def test_archive_that_does_not_hold_together(
    depot: Depot, fichier: str, change: Change, code: str
) -> None:
    rapport = check_fichier(edit(depot, fichier, change), depot.nom)

    assert code in list_codes(rapport.list_niveau(Niveau.ERREUR))
    assert not rapport.valide


def test_files_of_an_archive_are_all_known_and_in_order(depot: Depot) -> None:
    enveloppe, message, document = depot.fichiers
    cas = {
        "archive.ordre": [message, enveloppe, document],
        "archive.en_trop": [*depot.fichiers, ("99_SE.p7s", b"x")],
        "archive.enveloppe": [message, document],
        "archive.absent": [enveloppe, message],
        "archive.double": [*depot.fichiers, document],
        "archive.nom": [*depot.fichiers, ("dossier/" + DOCUMENT, PDF)],
        "nom.message": [enveloppe, ("acte.xml", message[1]), document],
        "nom.flux": [enveloppe, (MESSAGE.replace("1-1", "1-2"), message[1]), document],
    }
    for code, fichiers in cas.items():
        rapport = check_fichier(repack(fichiers), depot.nom)
        assert code in list_codes(rapport.list_niveau(Niveau.ERREUR)), code
    deux = check_fichier(repack([enveloppe, *depot.fichiers]), depot.nom)
    assert "archive.double" in list_codes(deux.anomalies)


def test_name_of_the_archive_is_the_one_of_its_envelope(depot: Depot) -> None:
    autre = check_fichier(depot.octets, "SLO-EACT--213502388--20261121-2.tar.gz")
    libre = check_fichier(depot.octets, "mon acte.tar.gz")

    assert list_codes(autre.list_niveau(Niveau.ERREUR)) == {"archive.jumelle"}
    assert libre.valide  # un fichier téléchargé a pu changer de nom
    assert list_codes(libre.anomalies) == {"archive.fichier"}


def test_decision_of_tomorrow_is_refused(depot: Depot) -> None:
    rapport = check_fichier(depot.octets, depot.nom, aujourd_hui=date(2026, 11, 19))

    assert list_codes(rapport.anomalies) == {"acte.date"}


def test_return_of_the_state_is_read_in_spite_of_its_faults() -> None:
    retour = m.EnveloppeRetour(emetteur="IDPref", departement="035", siren="213502388",
                               messages=(m.Fichier(nom="absent.xml"),))  # fmt: skip
    ar = next(x for x in list_messages() if isinstance(x, m.ARActe))
    octets = repack(
        [
            ("EACT--PREF035-213502388-20261122-4.xml", write_message(retour)),
            (f"{ID}-1-2_99.xml", write_message(ar).replace(b"DateReception", b"Reception")),
        ]
    )

    rapport = check_fichier(octets, "SLO-EACT--PREF035-213502388-20261122-4.tar.gz")

    assert rapport.valide
    assert {"archive.absent", "archive.annonce", "schema.attribut"} <= list_codes(rapport.anomalies)
    assert rapport.contenu["messages"][f"{ID}-1-2_99.xml"]["id_acte"] == ID


def test_budget_travels_with_its_act(donnees_officielles: Path) -> None:
    chemins = sorted((donnees_officielles / "actes" / "totem").iterdir())
    totem = (chemins[0] / "totem.xml").read_bytes()
    depot = build_depot(
        nature=5, document=Piece(contenu=totem, typologie="99_BU", extension="xml"),
        annexes=[Piece(contenu=PDF, typologie="70_DE")],
    )  # fmt: skip

    rapport = check_fichier(depot.octets, depot.nom)
    altere = check_fichier(edit(depot, "1-1_1.xml", put("6100.00", "6200.00")), depot.nom)

    assert rapport.anomalies == []
    [budget] = rapport.contenu["budgets"].values()
    assert budget["titre"] == "Budget primitif 2022"
    assert list_codes(altere.anomalies) == {"totem.scellement"}


def test_archive_over_the_limit_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    assert OCTETS_MAX == 150 * 1024 * 1024  # borne de l’opérateur
    monkeypatch.setattr("socle.normes.actes.archive.OCTETS_MAX", 1_000)
    with pytest.raises(ActeRefuse, match="Allégez"):
        write_archive([("a.pdf", random.Random(0).randbytes(5_000))])
    for nom in ("../a.pdf", "d/a.pdf", "a\0.pdf", "é.pdf", "-a.pdf", ".a", "x" * 101, ""):
        with pytest.raises(ActeRefuse, match="à plat"):
            write_archive([(nom, b"x")])
    with pytest.raises(ActeRefuse, match="Deux fichiers"):
        write_archive([("a.pdf", b"x"), ("a.pdf", b"y")])


def test_envelope_alone_is_checked_by_its_name() -> None:
    octets = write_message(ENVELOPPE)
    autre = build_nom_enveloppe("213502396", JOUR, 1)

    assert check_fichier(octets, ENVELOPPE_XML).anomalies == []
    assert list_codes(check_fichier(octets, autre).list_niveau(Niveau.ERREUR)) == {"nom.siren"}
    assert list_codes(check_fichier(octets, "XXXX--213502388--20261121-1.xml").anomalies) == {
        "nom.quadrigramme"
    }
