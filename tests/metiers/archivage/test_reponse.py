"""La réponse du service d’archives : lue ou notée, refusée si elle n’est pas d’ici, retirable."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from socle.fondations.commun.locataire import locataire
from socle.fondations.conservation.queries import filter_acceptees, map_remises
from socle.fondations.documents.services import open_document
from socle.fondations.journal.models import Entree
from socle.metiers.archivage import services
from socle.metiers.archivage.enums import EtatVersement, SensDeReponse
from socle.metiers.archivage.errors import (
    DejaTransmis,
    PasDeReponseAttendue,
    ReponseIntrouvable,
    ReponseRefusee,
    ReponseSansNom,
    RetraitSansMotif,
)
from socle.metiers.archivage.models import ReponseDesArchives, Versement
from socle.metiers.archivage.ports import Reponse
from socle.metiers.archivage.services import suspend_versement
from socle.metiers.archivage.services.elimination import remove_versements
from tests.factories import CollectiviteFactory
from tests.metiers.archivage.conftest import REFERENCE

ESPACE = "fr:gouv:culture:archivesdefrance:seda:v2.2"
EVENEMENT = (
    "<Event><EventTypeCode>CHECK_AGENT</EventTypeCode><EventType>Services agents</EventType>"
    "<Outcome>{code}</Outcome><OutcomeDetailMessage>Service producteur inconnu."
    "</OutcomeDetailMessage></Event>"
)


def make_atr(code: str = "OK", repond_a: str = REFERENCE, jour: str = "2026-11-21") -> bytes:
    return (
        f'<ArchiveTransferReply xmlns="{ESPACE}"><Date>{jour}T09:00:00Z</Date>'
        "<MessageIdentifier>ATR-118</MessageIdentifier><DataObjectPackage><DescriptiveMetadata>"
        '<ArchiveUnit id="U0"><Content><SystemId>guid-0</SystemId></Content></ArchiveUnit>'
        f"</DescriptiveMetadata></DataObjectPackage><ReplyCode>{code}</ReplyCode><Operation>"
        f"{EVENEMENT.format(code=code)}</Operation>"
        f"<MessageRequestIdentifier>{repond_a}</MessageRequestIdentifier><ArchivalAgency>"
        "<Identifier>FRAD092</Identifier></ArchivalAgency></ArchiveTransferReply>"
    ).encode()


def make_accuse(repond_a: str = REFERENCE) -> bytes:
    return (
        f'<Acknowledgement xmlns="{ESPACE}"><Date>2026-11-21T09:00:00Z</Date>'
        "<MessageIdentifier>ACK-1</MessageIdentifier>"
        f"<MessageReceivedIdentifier>{repond_a}</MessageReceivedIdentifier></Acknowledgement>"
    ).encode()


@pytest.fixture
def transmis(versement, maintenant):
    return services.mark_transmis(versement=versement, acteur="agent:1", maintenant=maintenant)


def receive(versement, octets, maintenant, *, confirme=False):
    reponse = services.read_fichier(
        octets, message=versement.message, confirme=confirme, maintenant=maintenant
    )
    fichier = services.store_reponse(
        collectivite=versement.collectivite, octets=octets, reponse=reponse
    )
    return services.record_reponse(
        versement=versement,
        reponse=reponse,
        fichier=fichier,
        acteur="agent:1",
        nom="Ada",
        maintenant=maintenant,
    )


def note(versement, maintenant, sens="accepte", **autres):
    valeurs = {"message": versement.message, "date": maintenant.date(), "reference": "1042 W 7"}
    reponse = Reponse(sens=sens, **(valeurs | autres))
    return services.record_reponse(
        versement=versement, reponse=reponse, acteur="agent:1", nom="Ada", maintenant=maintenant
    )


def withdraw(versement, maintenant, motif="Erreur de ligne"):
    return services.withdraw_reponse(
        versement=versement, motif=motif, acteur="agent:1", nom="Ada", maintenant=maintenant
    )


def list_actions() -> list[str]:
    return list(Entree.objects.order_by("survenu_le", "id").values_list("action", flat=True))


@pytest.mark.parametrize(("code", "reserve"), [("OK", False), ("WARNING", True)])
def test_accepted_reply_is_kept_with_what_the_archives_gave(transmis, maintenant, code, reserve):
    octets = make_atr(code)
    versement = receive(transmis, octets, maintenant)

    assert versement.etat == EtatVersement.ACCEPTE
    reponse = versement.reponses.get()
    assert (reponse.reference, reponse.service, reponse.identifiant) == (
        "guid-0", "FRAD092", "ATR-118",
    )  # fmt: skip
    assert (reponse.reserve, reponse.date, reponse.message) == (
        reserve, date(2026, 11, 21), REFERENCE,
    )  # fmt: skip
    assert reponse.unites == {"U0": {"systeme": "guid-0", "cote": ""}}
    assert bool(reponse.remarques) is reserve
    assert reponse.document.nom == f"reponse-{REFERENCE}.xml"
    assert reponse.document.objet == f"versement:{REFERENCE}"
    with open_document(reponse.document) as flux:
        assert flux.read() == octets
    entree = Entree.objects.get(action="versement.accepte")
    assert entree.donnees["reponse_sha256"] == reponse.document.sha256
    assert (entree.donnees["message"], entree.donnees["reference_archives"]) == (
        REFERENCE, "guid-0",
    )  # fmt: skip
    assert list_actions() == ["versement.pret", "versement.transmis", "versement.accepte"]


def test_acknowledgement_then_reply(transmis, maintenant):
    versement = receive(transmis, make_accuse(), maintenant)
    assert versement.etat == EtatVersement.ACCUSE
    with pytest.raises(PasDeReponseAttendue):
        receive(versement, make_accuse(), maintenant)
    assert receive(versement, make_atr(), maintenant).etat == EtatVersement.ACCEPTE
    assert [r.sens for r in versement.reponses.order_by("pk")] == ["accuse", "accepte"]


def test_refusal_says_why(transmis, maintenant):
    versement = receive(transmis, make_atr("KO"), maintenant)
    assert (versement.etat, versement.is_refaisable) == (EtatVersement.REFUSE, True)
    reponse = versement.reponses.get()
    assert reponse.motif == "Service producteur inconnu"
    assert reponse.reference == ""
    assert map_remises(versement.collectivite_id, [REFERENCE])[REFERENCE].raison.startswith(
        "Le service d’archives a refusé"
    )


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (make_atr(repond_a="219200235-2026-1"), "répond au versement « 219200235-2026-1 »"),
        (make_accuse("219200235-2026-1"), "répond au versement « 219200235-2026-1 »"),
        (make_atr(repond_a=""), "à quel versement"),
        (make_accuse(""), "à quel versement"),
        (make_atr("000"), "ni oui ni non : son code (ReplyCode) est « 000 »"),
        (make_atr(jour="2026-11-23"), "datée du 23/11/2026"),
        (b"<a/>", "pas une réponse SEDA"),
        (b"%PDF-1.4", "pas un XML bien formé"),
    ],
)
def test_what_does_not_answer_this_message_is_refused(transmis, maintenant, octets, attendu):
    with pytest.raises(ReponseRefusee) as refus:
        receive(transmis, octets, maintenant, confirme=True)
    assert attendu in refus.value.message
    assert refus.value.suite
    transmis.refresh_from_db()
    assert transmis.etat == EtatVersement.TRANSMIS
    assert ReponseDesArchives.objects.count() == 0


def test_nameless_refusal_waits_for_a_person(transmis, maintenant):
    """Vitam refuse parfois avant d’avoir lu l’identifiant : une personne confirme."""
    octets = make_atr("KO", repond_a="")
    with pytest.raises(ReponseSansNom):
        receive(transmis, octets, maintenant)
    assert receive(transmis, octets, maintenant, confirme=True).etat == EtatVersement.REFUSE


def test_nothing_is_recorded_before_the_transfer_nor_twice(versement, maintenant):
    with pytest.raises(PasDeReponseAttendue):
        receive(versement, make_atr(), maintenant)
    transmis = services.mark_transmis(versement=versement, acteur="agent:1", maintenant=maintenant)
    receive(transmis, make_atr(), maintenant)
    for octets in (make_atr(), make_atr("KO"), make_accuse()):
        with pytest.raises(PasDeReponseAttendue):
            receive(transmis, octets, maintenant)
    with pytest.raises(DejaTransmis):
        services.mark_transmis(versement=versement, acteur="agent:1", maintenant=maintenant)


def test_answer_on_paper_is_noted_by_hand(transmis, maintenant):
    versement = note(transmis, maintenant)
    reponse = versement.reponses.get()
    assert (versement.etat, reponse.reference, reponse.document) == ("accepte", "1042 W 7", None)
    assert reponse.notee_par == "Ada"


@pytest.mark.parametrize(
    "faux",
    [
        {"reference": " "},
        {"sens": "refuse", "reference": ""},
        {"jours": 1},
        {"jours": -1},
    ],
)
def test_answer_by_hand_says_what_its_meaning_needs(transmis, maintenant, faux):
    jours = faux.pop("jours", 0) if "jours" in (faux := dict(faux)) else 0
    with pytest.raises(ReponseRefusee):
        note(transmis, maintenant, **{"date": maintenant.date() + timedelta(jours)} | faux)


def test_answer_to_an_older_message_is_not_taken(transmis, maintenant):
    with pytest.raises(PasDeReponseAttendue):
        note(transmis, maintenant, message=f"{REFERENCE}-envoi-2")


def test_refused_package_is_remade_under_another_message(demande, contrat, transmis, maintenant):
    refuse = receive(transmis, make_atr("KO"), maintenant)
    ancien = refuse.document

    relance = services.request_versement(versement=refuse, acteur="agent:1", maintenant=maintenant)
    assert (relance.etat, relance.se_refait, relance.transmis_le) == ("preparation", True, None)
    ancien.refresh_from_db()
    assert ancien.retire_le is not None

    refait = services.create_versement(**demande)
    assert (refait.pk, refait.etat, refait.reference) == (relance.pk, "pret", REFERENCE)
    assert refait.message == f"{REFERENCE}-envoi-2"
    with open_document(refait.document) as flux:
        assert f"<MessageIdentifier>{REFERENCE}-envoi-2<".encode() in flux.read()

    renvoye = services.mark_transmis(versement=refait, acteur="agent:1", maintenant=maintenant)
    with pytest.raises(ReponseRefusee):
        receive(renvoye, make_atr("KO"), maintenant)  # la vieille réponse
    accepte = receive(renvoye, make_atr(repond_a=renvoye.message), maintenant)
    assert accepte.etat == EtatVersement.ACCEPTE
    assert [r.sens for r in accepte.reponses.order_by("pk")] == ["refuse", "accepte"]


def test_refused_package_is_not_remade_by_itself(demande, contrat, transmis, maintenant):
    refuse = receive(transmis, make_atr("KO"), maintenant)
    assert services.create_versement(**demande).etat == EtatVersement.REFUSE
    assert services.create_versement(**demande).document_id == refuse.document_id


def test_case_reopened_after_a_refusal_is_repackaged(demande, contrat, transmis, maintenant):
    refuse = receive(transmis, make_atr("KO"), maintenant)
    suspend_versement(
        collectivite_id=refuse.collectivite_id, dossier=REFERENCE, maintenant=maintenant
    )
    refait = services.create_versement(**demande, cle="b" * 64)
    assert (refait.pk, refait.message, refait.etat) == (
        refuse.pk, f"{REFERENCE}-envoi-2", EtatVersement.PRET,
    )  # fmt: skip


@pytest.mark.parametrize("accuse", [False, True])
def test_wrong_answer_is_withdrawn_and_stays_readable(transmis, maintenant, accuse):
    if accuse:
        receive(transmis, make_accuse(), maintenant)
    accepte = note(transmis, maintenant)
    with pytest.raises(RetraitSansMotif):
        withdraw(accepte, maintenant, motif=" ")

    retire = withdraw(accepte, maintenant)

    assert retire.etat == ("accuse" if accuse else "transmis")
    reponse = retire.reponses.get(sens=SensDeReponse.ACCEPTE)
    assert (reponse.motif_retrait, reponse.retiree_par) == ("Erreur de ligne", "Ada")
    assert list_actions()[-1] == "versement.reponse_retiree"
    assert note(retire, maintenant).etat == EtatVersement.ACCEPTE


def test_nothing_left_to_withdraw(transmis, maintenant):
    with pytest.raises(ReponseIntrouvable):
        withdraw(transmis, maintenant)
    refuse = receive(transmis, make_atr("KO"), maintenant)
    services.request_versement(versement=refuse, acteur="agent:1", maintenant=maintenant)
    with pytest.raises(ReponseIntrouvable):
        withdraw(refuse, maintenant)


def test_remises_say_what_is_missing_then_where_the_case_is(versement, maintenant):
    def read():
        return map_remises(versement.collectivite_id, [REFERENCE])[REFERENCE]

    def count() -> int:
        return Versement.objects.filter(
            filter_acceptees(versement.collectivite_id, "dossier")
        ).count()

    assert (read().acceptee, "pas encore transmis" in read().raison, count()) == (False, True, 0)
    services.mark_transmis(versement=versement, acteur="agent:1", maintenant=maintenant)
    assert "pas encore répondu" in read().raison
    assert read().chemin == f"agent/archives/{REFERENCE}/"
    note(versement, maintenant)
    assert (read().acceptee, read().reference, count()) == (True, "1042 W 7", 1)
    suspend_versement(
        collectivite_id=versement.collectivite_id, dossier=REFERENCE, maintenant=maintenant
    )
    assert (read().acceptee, count()) == (False, 0)
    assert map_remises(versement.collectivite_id, ["inconnue"]) == {}


def test_elimination_takes_answers_and_their_files(transmis, maintenant):
    receive(transmis, make_atr(), maintenant)
    remove_versements(
        collectivite_id=transmis.collectivite_id, reference=REFERENCE, maintenant=maintenant
    )
    assert ReponseDesArchives.objects.count() == 0
    with pytest.raises(ReponseIntrouvable):
        withdraw(transmis, maintenant)


@pytest.mark.parametrize(
    "faux",
    [{"reference": ""}, {"sens": "refuse", "motif": ""}, {"motif_retrait": "sans date"}],
)
def test_table_defends_itself(transmis, maintenant, faux):
    note(transmis, maintenant)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReponseDesArchives.objects.update(**faux)


def test_another_collectivite_sees_no_answer(transmis, maintenant):
    note(transmis, maintenant)
    with locataire(CollectiviteFactory(slug="sceaux").pk):
        assert ReponseDesArchives.objects.count() == 0
        assert map_remises(transmis.collectivite_id, [REFERENCE]) == {}
