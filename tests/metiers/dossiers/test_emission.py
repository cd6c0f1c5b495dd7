"""Accusé et décision : toutes les mentions dues, une seule fois, par le portail."""

import io
import json
from datetime import date, timedelta

import pikepdf
import pytest
from django.db import connection

from socle.fondations.documents.models import Document
from socle.fondations.documents.services import open_document
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Envoi
from socle.metiers.dossiers.enums import Fait, Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.courrier import compute_notification
from socle.metiers.dossiers.queries.dossier import list_evenements
from socle.metiers.dossiers.services import emission, instruction
from socle.metiers.dossiers.tasks import emettre_accuse, emettre_decision
from socle.normes.delais.calculs import to_jour
from tests.metiers.conftest import MAINTENANT
from tests.pdf import find_fautes, read_texte

ENVOYER = "notifications.envoyer"


def emit(tache, dossier: Dossier) -> Dossier:
    tache(collectivite_id=dossier.collectivite_id, numero=dossier.numero)
    return Dossier.objects.get(pk=dossier.pk)


def read_document(identifiant) -> bytes:
    with open_document(Document.objects.get(pk=identifiant)) as fichier:
        return fichier.read()


@pytest.fixture
def decide(depose, agent):
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, maintenant=MAINTENANT
        )
    return emit(emettre_decision, depose)


def test_receipt_carries_every_mention(depose):
    """CRPA, art. R. 112-11-1."""
    dossier = emit(emettre_accuse, depose)
    texte = read_texte(read_document(dossier.accuse_id))

    for mention in (
        "Accusé de réception électronique",
        dossier.reference,
        "19 novembre 2026",
        "Écoles",
        "service@exemple.fr",
        "01 23 45 67 80",
        "acceptée le",
        "19 janvier 2027",
        "L. 232-3",
        "Orbellec",
        "1 200 €",
    ):
        assert mention in texte, mention


def test_receipt_is_made_once_and_sent_with_its_file(depose, mailoutbox):
    premier = emit(emettre_accuse, depose)
    second = emit(emettre_accuse, depose)
    assert second.accuse_id == premier.accuse_id
    envoi = Envoi.objects.get(objet=depose.objet)
    assert (envoi.code, envoi.destinataire) == ("dossier_accuse", "yanis@exemple.fr")
    assert (envoi.etat, envoi.pieces) == (EtatEnvoi.ENVOYE, [])
    [courriel] = mailoutbox
    assert [nom for nom, _, _ in courriel.attachments] == [f"accuse-{depose.reference}.pdf"]
    for mention in ("parvenue le 19\u00a0novembre 2026", f"numéro est {depose.numero}",
                    "Écoles, 01 23 45 67 80, service@exemple.fr"):  # fmt: skip
        assert mention in courriel.body, mention


def test_receipt_stays_when_its_mail_cannot_leave(depose, settings):
    """Serveur de courriel en panne : l’accusé est fait, le courriel est en file pour plus tard."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    dossier = emit(emettre_accuse, depose)

    envoi = Envoi.objects.get(objet=depose.objet)
    assert dossier.accuse_id is not None
    assert (envoi.etat, envoi.essais) == (EtatEnvoi.A_ENVOYER, 1)
    assert [p["nom"] for p in envoi.pieces] == [f"accuse-{depose.reference}.pdf"]
    with connection.cursor() as curseur:
        curseur.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [ENVOYER])
        assert [json.loads(args)["envoi_id"] for (args,) in curseur.fetchall()] == [str(envoi.pk)]


def test_receipt_and_decision_are_archival_and_accessible_pdfs(decide, tmp_path):
    """Les vrais documents, tels qu’ils sont rangés, aux mêmes contrôles que le gabarit."""
    dossier = emit(emettre_accuse, decide)
    for identifiant in (dossier.accuse_id, dossier.decision_id):
        octets = read_document(identifiant)
        with pikepdf.open(io.BytesIO(octets)) as pdf, pdf.open_metadata() as metadonnees:
            assert metadonnees.pdfa_status == "3A"
            assert str(metadonnees["pdfuaid:part"]) == "1"
        assert find_fautes(octets, tmp_path) == []


def test_refusal_by_silence_says_why_and_how_to_appeal(depose, demarche):
    demarche.silence, demarche.silence_exception = "rejet", "3°"
    demarche.save()
    texte = read_texte(read_document(emit(emettre_accuse, depose).accuse_id))
    assert "rejetée le" in texte
    assert "caractère financier" in texte
    assert "tribunal administratif" in texte
    assert "Cette date vaut si votre demande est complète." in texte


def test_appeal_after_silence_runs_from_the_implicit_rejection(depose, demarche):
    """CJA, art. R. 421-2 : rien n’est notifié, le délai part du jour où naît le rejet."""
    demarche.silence, demarche.silence_exception = "rejet", "3°"
    demarche.save()
    texte = read_texte(read_document(emit(emettre_accuse, depose).accuse_id))
    assert "rejetée le mardi 19 janvier 2027" in texte
    assert "jusqu’au lundi 22 mars 2027 inclus" in texte  # le 20 est un samedi
    assert "R. 421-2" in texte
    assert "notification" not in texte


@pytest.mark.parametrize(
    ("genre", "mention"), [("commune", "Pour le maire,"), ("epci", "Pour le président,")]
)
def test_decision_is_signed_in_the_name_of_the_right_authority(
    client, depose, agent, collectivite, genre, mention
):
    collectivite.genre = genre
    collectivite.save()
    instruction.apply_transition(
        dossier=depose,
        transition=Transition.PASSER_EN_INSTRUCTION,
        agent=agent,
        maintenant=MAINTENANT,
    )
    client.force_login(agent)
    relecture = client.post(
        f"/c/clamart/agent/dossiers/{depose.numero}/decider/", {"transition": "accepter"}
    )
    instruction.apply_transition(
        dossier=depose, transition=Transition.ACCEPTER, agent=agent, maintenant=MAINTENANT
    )

    texte = read_texte(read_document(emit(emettre_decision, depose).decision_id))

    assert f"{mention} par délégation" in relecture.text
    assert f"{mention} par délégation" in texte


def test_decision_names_its_author_and_the_appeals(decide, agent):
    """CRPA, art. L. 212-1 et L. 212-2 ; code de justice administrative, art. R. 421-5."""
    texte = read_texte(read_document(decide.decision_id))
    for mention in ("Ada Fournel", "par délégation", "R. 531-52", "R. 421-1", "deux mois"):
        assert mention in texte, mention
    assert [e.fait for e in list_evenements(decide)][-1] == Fait.DECISION_DISPONIBLE


def test_notification_follows_the_fifteen_days_rule(decide):
    """CRPA, art. R. 112-20."""
    decide.accord_portail = True
    disponible = decide.decision_disponible_le
    jour = to_jour(disponible)
    assert compute_notification(decide, [], jour + timedelta(days=15)) is None
    assert compute_notification(decide, [], jour + timedelta(days=16)) == jour


def test_portal_never_notifies_without_the_accord(client, decide, agent):
    """CRPA, art. R. 112-17 : l’agent apprend qu’il doit envoyer la décision par la poste."""
    client.force_login(agent)
    page = client.get(f"/c/clamart/agent/dossiers/{decide.numero}/").text

    assert compute_notification(decide, [], date(2027, 6, 1)) is None
    assert "À envoyer par la poste" in page
    assert "Par le portail" not in page
    assert "réputée notifiée" not in page


def test_first_reading_notifies_and_later_ones_change_nothing(decide, usager):
    lue_le = decide.decision_disponible_le + timedelta(days=3)
    acces = Acces(compte=usager)
    emission.record_lecture(numero=decide.numero, acces=acces, maintenant=lue_le)
    encore = emission.record_lecture(
        numero=decide.numero, acces=acces, maintenant=lue_le + timedelta(days=5)
    )
    assert encore.decision_consultee_le == lue_le
    encore.accord_portail = True
    assert compute_notification(encore, [], date(2027, 6, 1)) == to_jour(lue_le)


def test_reopened_case_drops_a_late_decision(depose, agent):
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER,
                       Transition.REPASSER_EN_INSTRUCTION):  # fmt: skip
        instruction.apply_transition(
            dossier=depose, transition=transition, agent=agent, motif="Erreur",
            maintenant=MAINTENANT,
        )  # fmt: skip
    assert emit(emettre_decision, depose).decision_id is None
