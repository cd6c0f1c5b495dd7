"""Réponses des services d’archives : les vraies, les abîmées, les hostiles."""

from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.seda.message_lu import (
    REPONSE,
    REPONSES,
    CodeDeReponse,
    Genre,
    MessageIllisible,
    MessageLu,
)
from socle.normes.seda.messages import CARACTERES_MAX, parse_instant, read_message

ESPACE = "fr:gouv:culture:archivesdefrance:seda:v"
ATR = """<?xml version="1.0" encoding="UTF-8"?>
<ArchiveTransferReply xmlns="{espace}{version}">
  <Comment>Pris <!-- coupé -->en charge</Comment>
  <Date>2026-11-22T10:00:00Z</Date>
  <MessageIdentifier>ATR-118</MessageIdentifier>
  <CodeListVersions><ReplyCodeListVersion>1</ReplyCodeListVersion></CodeListVersions>
  <DataObjectPackage><DescriptiveMetadata>
    <ArchiveUnit id="U0"><Content><SystemId>guid-0</SystemId>
      <ArchivalAgencyArchiveUnitIdentifier>1042 W 7</ArchivalAgencyArchiveUnitIdentifier></Content>
      <ArchiveUnit id="U1"><Content><SystemId>guid-1</SystemId><SystemId>autre</SystemId></Content>
      </ArchiveUnit></ArchiveUnit>
  </DescriptiveMetadata><ManagementMetadata/></DataObjectPackage>
  <ReplyCode>{code}</ReplyCode>
  <Operation><Event><EventTypeCode>CHECK_DIGEST</EventTypeCode><EventType>Empreintes</EventType>
    <Outcome>{code}</Outcome><OutcomeDetailMessage>Vérifié.</OutcomeDetailMessage></Event></Operation>
  <MessageRequestIdentifier>219200235-2026-44171</MessageRequestIdentifier>
  <GrantDate>2026-11-22T11:30:00+01:00</GrantDate>
  <ArchivalAgency><Identifier>FRAD092</Identifier></ArchivalAgency>
  <TransferringAgency><Identifier>219200235</Identifier></TransferringAgency>
</ArchiveTransferReply>"""
ACCUSE = f"""<Acknowledgement xmlns="{ESPACE}2.2">
  <Date>2026-11-22</Date><MessageIdentifier>ACK-1</MessageIdentifier>
  <MessageReceivedIdentifier>219200235-2026-44171</MessageReceivedIdentifier>
  <Sender><Identifier>FRAD092</Identifier></Sender>
  <Receiver><Identifier>219200235</Identifier></Receiver>
</Acknowledgement>"""


def read_reponse(octets: bytes) -> MessageLu:
    return read_message(BytesIO(octets), REPONSE)


def make_atr(version: str = "2.2", code: str = "OK") -> bytes:
    return ATR.format(espace=ESPACE, version=version, code=code).encode()


@pytest.mark.parametrize("version", ["2.1", "2.2", "2.3"])
@pytest.mark.parametrize("code", list(CodeDeReponse))
def test_reply_says_what_it_answers_and_how(version, code):
    lue = read_reponse(make_atr(version, code))

    assert (lue.genre, lue.version, lue.code) == (Genre.REPONSE_A_TRANSFERT, version, code)
    assert (lue.identifiant, lue.repond_a) == ("ATR-118", "219200235-2026-44171")
    assert (lue.service, lue.commentaires) == ("FRAD092", ["Pris en charge"])
    assert lue.date == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert lue.prise_en_charge == datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    [evenement] = lue.evenements
    assert (evenement.code, evenement.libelle, evenement.resultat, evenement.message) == (
        "CHECK_DIGEST", "Empreintes", code, "Vérifié.",
    )  # fmt: skip
    assert {i: (u.systeme, u.cote) for i, u in lue.unites.items()} == {
        "U0": ("guid-0", "1042 W 7"),
        "U1": ("guid-1", ""),
    }


def test_acknowledgement_has_no_verdict():
    lue = read_reponse(ACCUSE.encode())
    assert (lue.genre, lue.code, lue.code_ecrit) == (Genre.ACCUSE, None, "")
    assert (lue.identifiant, lue.repond_a) == ("ACK-1", "219200235-2026-44171")
    assert lue.service == "FRAD092"
    assert str(lue.date) == "2026-11-22 00:00:00+01:00"


def test_real_reply_of_an_accepted_transfer(donnees_officielles: Path):
    octets = (donnees_officielles / "seda/samples/atr/sedaArchiveTransferReply.xml").read_bytes()
    lue = read_reponse(octets)
    assert (lue.code, lue.repond_a) == (CodeDeReponse.OK, "OK_texte_14BinaryMaster_fmts")
    assert len(lue.unites) == 15
    assert lue.unites["ID19"].systeme == "aeaqaaaaaae2txtzaadjwaltyrxsyxiaaaaq"


def test_real_refusal_is_read_although_the_schema_refuses_it(donnees_officielles: Path):
    octets = (donnees_officielles / "seda/samples/atr/sedaArchiveTransferReplyKO.xml").read_bytes()
    lue = read_reponse(octets)
    assert (lue.code, lue.repond_a, lue.service) == (CodeDeReponse.KO, "", "")
    assert [e.code for e in lue.evenements][-1] == "CHECK_HEADER.CHECK_AGENT"
    assert "FRAN_NP_000002" in lue.evenements[1].donnees


def test_unknown_verdict_is_told_as_written():
    lue = read_reponse(make_atr(code="PEUT-ETRE"))
    assert (lue.code, lue.code_ecrit) == (None, "PEUT-ETRE")


def test_same_names_elsewhere_are_not_read():
    """Un ReplyCode glissé dans une unité, ou d’un autre espace de noms, ne décide de rien."""
    octets = make_atr(code="KO").replace(
        b'<ArchiveUnit id="U0">',
        b'<ReplyCode>OK</ReplyCode><x:ReplyCode xmlns:x="urn:x">OK</x:ReplyCode>'
        b'<ArchiveUnit id="U0">',
    )
    octets = octets.replace(b"<Date>", b'<x:ReplyCode xmlns:x="urn:x">OK</x:ReplyCode><Date>', 1)
    assert read_reponse(octets).code == CodeDeReponse.KO


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"", "bien formé"),
        (b"PK\x03\x04", "bien formé"),
        (ACCUSE[:200].encode(), "bien formé"),
        (b"\xff\xfe\x00", "bien formé"),
        (b"<a/>", "pas une réponse SEDA"),
        (make_atr().replace(b"ArchiveTransferReply", b"ArchiveTransfer"), "pas une réponse SEDA"),
        (make_atr("2.0"), "SEDA 2.0"),
        (make_atr("9" * 500), "SEDA 9999999999."),
        (b"<!DOCTYPE Acknowledgement>" + ACCUSE.encode(), "DTD"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            + ACCUSE.replace("ACK-1", "&x;").encode(),
            "DTD",
        ),
        (ACCUSE.replace("ACK-1", "&inconnue;").encode(), "bien formé"),
        (ACCUSE.replace("ACK-1", "<a>" * 130 + "</a>" * 130).encode(), "120 éléments"),
        (b" " * (REPONSE.octets + 1), "dépasse 4 Mo"),
    ],
)
def test_what_is_not_a_reply_is_refused_with_what_to_do(octets, attendu):
    with pytest.raises(MessageIllisible) as refus:
        read_reponse(octets)
    assert attendu in refus.value.message
    assert refus.value.suite.endswith(".")


def test_memory_is_bounded_by_what_is_kept():
    evenement = b"<Event><EventTypeCode>X</EventTypeCode></Event>"
    unite = b'<ArchiveUnit id="N%d"><Content><SystemId>g</SystemId></Content></ArchiveUnit>'
    octets = make_atr().replace(b"<Operation>", b"<Operation>" + evenement * 500)
    octets = octets.replace(
        b"<DescriptiveMetadata>",
        b"<DescriptiveMetadata>" + b"".join(unite % n for n in range(6000)),
    )
    octets = octets.replace(b"FRAD092", b"F" * 100_000)
    lue = read_reponse(octets)
    assert len(lue.evenements) == REPONSE.evenements
    assert len(lue.unites) == REPONSE.unites
    assert len(lue.service) == CARACTERES_MAX


@pytest.mark.parametrize(
    "texte",
    ["", "hier", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "2026-02-30", "-2026"],
)
def test_unreadable_dates_are_unknown(texte):
    assert parse_instant(texte) is None


MORCEAUX = st.sampled_from(
    [b"<", b">", b"/", b"&amp;", b"&x;", b"<![CDATA[", b"]]>", b"<!--", b"<?x", b"<!DOCTYPE a>",
     b'xmlns=""', b"<Operation>", b"<Event>", b"</Event>", b"<ArchiveUnit>", b"<Content>", b"\x00",
     b"\xff", "é".encode(), b"<SystemId>", b"<ReplyCode>OK</ReplyCode>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(0, 2000),
    ajout=st.lists(st.one_of(MORCEAUX, st.binary(max_size=8)), max_size=6),
    retrait=st.integers(0, 200),
    source=st.sampled_from([make_atr(), make_atr("2.3", "KO"), ACCUSE.encode(), b""]),
)
def test_broken_file_is_read_or_refused_never_a_crash(place, ajout, retrait, source):
    octets = source[:place] + b"".join(ajout) + source[place + retrait :]
    with suppress(MessageIllisible):
        assert read_reponse(octets).genre in REPONSES
