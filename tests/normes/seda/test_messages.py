"""Les quinze messages : lus avec indulgence, écrits valides."""

import io
from datetime import UTC, datetime

import pytest
from lxml import etree

from socle.normes.seda.controles import Rapport, Statut
from socle.normes.seda.controles.rapport import Controle
from socle.normes.seda.ecriture_reponse import (
    Accuse,
    ReponseATransfert,
    build_evenements,
    write_accuse,
    write_reponse,
)
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.grammaire import VERSIONS, get_espace
from socle.normes.seda.grammaire.definitions import MESSAGES
from socle.normes.seda.grammaire.noeuds import get_grammaire
from socle.normes.seda.grammaire.simples import SIMPLES
from socle.normes.seda.message_lu import (
    MESSAGE,
    REPONSE,
    Bornes,
    Genre,
    MessageIllisible,
    MessageLu,
)
from socle.normes.seda.messages import read_message

INSTANT = datetime(2026, 11, 22, 9, tzinfo=UTC)
VALEURS = {
    "Date": "2026-11-22T09:00:00Z", "GrantDate": "2026-11-22T09:00:00Z",
    "TransferDate": "2026-11-22T09:00:00Z", "RequestDate": "2026-11-22", "Derogation": "true",
    "ReplyCode": "WARNING", "EventDateTime": "2026-11-22",
}  # fmt: skip


def build_message(nom: str, version: str) -> bytes:
    """Un message dont chaque élément du premier niveau est écrit, d’après notre grammaire."""
    grammaire = get_grammaire(version)
    espace = f"{{{get_espace(version)}}}"

    def fill(parent: etree._Element, type_: str, niveau: int) -> None:
        for regle in grammaire[type_].iter_elements():
            voulu = regle.nom in {"EventTypeCode", "Outcome", "Event"} and niveau < 4
            if niveau > 1 and not regle.obligatoire and not voulu:
                continue
            if regle.nom in {"DataObjectPackage", "Signature", "AuthorizationRequestReply"}:
                continue
            element = etree.SubElement(parent, f"{espace}{regle.nom}")
            if regle.type in SIMPLES:
                element.text = VALEURS.get(regle.nom, f"{regle.nom}-1")
            else:
                fill(element, regle.type, niveau + 1)

    racine = etree.Element(f"{espace}{nom}", nsmap={None: espace[1:-1]})
    fill(racine, nom, 1)
    return etree.tostring(racine, xml_declaration=True, encoding="UTF-8")


def lit(octets: bytes, bornes: Bornes = MESSAGE) -> MessageLu:
    return read_message(io.BytesIO(octets), bornes)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_message_is_valid_and_read(version, donnees_officielles):
    """Chaque message écrit d’après la grammaire est valide au schéma officiel, et lu en entier."""
    schema = Schematheque(dossier=donnees_officielles / "seda")(version)
    assert schema.officiel
    assert {genre.value for genre in Genre} == set(MESSAGES)
    for nom in MESSAGES:
        octets = build_message(nom, version)
        schema.objet.assertValid(etree.fromstring(octets).getroottree())
        lu = lit(octets)

        assert (lu.genre, lu.version, lu.identifiant) == (nom, version, "MessageIdentifier-1")
        assert (lu.date, lu.commentaires, lu.manques) == (INSTANT, ["Comment-1"], [])
        assert len(lu.organismes) == 2, nom
        assert (lu.code is None) == ("Reply" not in nom)
        if "Delivery" in nom or "Restitution" in nom or "Notification" in nom:
            assert lu.unites_visees == ["UnitIdentifier-1"]
        if nom.startswith("Authorization") and not nom.endswith("Reply"):
            assert lu.demande is not None
            assert (lu.demande.motif, lu.demande.demandeur) == (
                "AuthorizationReason-1", "Identifier-1",
            )  # fmt: skip
        if nom.endswith("Reply"):
            assert [(e.code, e.resultat) for e in lu.evenements] == [
                ("EventTypeCode-1", "Outcome-1")
            ]


def test_real_atr_are_read_and_what_lacks_is_said(donnees_officielles):
    lus = 0
    for chemin in sorted((donnees_officielles / "seda" / "samples" / "atr").rglob("*.xml")):
        with chemin.open("rb") as flux:
            lu = read_message(flux)
        assert lu == lit(chemin.read_bytes(), REPONSE)
        lus += 1
    assert lus


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"<x/>",
        b"<!DOCTYPE a><a/>",
        f'<ArchiveTransfer xmlns="{get_espace("2.2")}">'.encode(),
        f'<ArchiveTransfer xmlns="{get_espace("9.9")}"/>'.encode(),
        f'<Autre xmlns="{get_espace("2.2")}"/>'.encode(),
        f'<ArchiveTransfer xmlns="{get_espace("2.2")}">'.encode() + b"<a>" * 300,
    ],
)
def test_message_that_is_hostile_or_foreign_is_refused(octets):
    with pytest.raises(MessageIllisible):
        lit(octets)


def test_message_with_nothing_says_what_lacks():
    lu = lit(f'<ArchiveDeliveryRequest xmlns="{get_espace("2.2")}"/>'.encode())

    assert lu.manques == [
        "Date", "MessageIdentifier", "CodeListVersions", "Derogation", "UnitIdentifier",
        "ArchivalAgency", "Requester",
    ]  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_accuse_and_atr_follow_the_schema_and_read_back(version, donnees_officielles):
    schema = Schematheque(dossier=donnees_officielles / "seda")(version)
    rapport = Rapport(
        controles=(
            Controle(code="CHECK_SEDA", nom="Bordereau", statut=Statut.OK),
            Controle(
                code="CHECK_DIGEST.INVALID", nom="Empreintes", statut=Statut.KO,
                lieu="objet O1", message="A changé <depuis>.",
            ),
        )
    )  # fmt: skip
    commun = {
        "identifiant": "ATR-1", "date": INSTANT, "demande": "V-1", "service_archives": "AD",
        "service_versant": "V", "version": version,
    }  # fmt: skip
    refus = ReponseATransfert(
        code=rapport.statut, evenements=build_evenements(rapport, INSTANT), **commun
    )
    accord = ReponseATransfert(
        code=Statut.OK, prise_en_charge=INSTANT, accord="IC-1", unites={"U1": "guid-u"},
        objets={"O1": "guid-o"}, **commun,
    )  # fmt: skip
    accuse = Accuse(
        identifiant="A-1", date=INSTANT, recu="V-1", emetteur="AD", destinataire="V",
        version=version,
    )  # fmt: skip
    lus = []
    for ecrit, message in ((write_reponse, refus), (write_reponse, accord), (write_accuse, accuse)):
        morceaux: list[str] = []
        ecrit(morceaux.append, message)
        octets = "".join(morceaux).encode()
        schema.objet.assertValid(etree.fromstring(octets).getroottree())
        assert lit(octets, REPONSE).repond_a == "V-1"
        lus.append(lit(octets))

    assert [lu.code for lu in lus] == ["KO", "OK", None]
    [evenement] = lus[0].evenements
    assert (evenement.code, evenement.resultat, evenement.detail, evenement.message) == (
        "CHECK_DIGEST", "KO", "CHECK_DIGEST.INVALID.KO", "A changé <depuis>.",
    )  # fmt: skip
    assert lus[1].unites["U1"].systeme == "guid-u"
    assert lus[1].objets == {"O1": "guid-o"}
    assert (lus[1].prise_en_charge, lus[1].accord) == (INSTANT, "IC-1")
    assert lus[2].organismes == {"Sender": "AD", "Receiver": "V"}


def test_refus_takes_nothing_in_charge():
    with pytest.raises(ValueError, match="refusé"):
        ReponseATransfert(
            identifiant="A", date=INSTANT, demande="V", code=Statut.KO, service_archives="AD",
            service_versant="V", prise_en_charge=INSTANT,
        )  # fmt: skip
