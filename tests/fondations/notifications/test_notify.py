"""Prévenir : deux instructions, un message dans l’espace, un courriel en file, les refus tenus."""

import pytest
from django.db import connection

from socle.fondations.commun.locataire import locataire, personne
from socle.fondations.notifications import queries
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Desabonnement, Envoi, Message, Preference
from socle.fondations.notifications.ports import PieceCourriel
from socle.fondations.notifications.services import notify, save_modele
from socle.fondations.notifications.services.preferences import compute_empreinte
from tests.factories import CollectiviteFactory, CompteFactory

pytestmark = pytest.mark.django_db
CONTEXTE = {"numero": "44171", "prenom": "Léa", "lien": "https://exemple.fr/dossiers/44171/"}


@pytest.fixture
def usager(db):
    return CompteFactory(courriel="lea@exemple.fr")


@pytest.fixture
def previens(collectivite, maintenant):
    def call(code="essai_recu", contexte=CONTEXTE, **options):
        return notify(
            collectivite=collectivite,
            code=code,
            contexte=contexte,
            maintenant=maintenant,
            objet="dossier:44171",
            **options,
        )

    return call


def count_taches() -> int:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notifications.envoyer'"
        )
        return curseur.fetchone()[0]


def test_notify_costs_two_statements_once_the_texts_are_known(previens, usager, count_sql):
    previens(compte=usager)

    with count_sql() as compte:
        previens(compte=usager)

    assert len(compte.instructions) == 2


def test_person_gets_a_message_and_a_queued_email(previens, usager, collectivite, maintenant):
    avant = count_taches()
    envoi = previens(compte=usager)

    relu = Envoi.objects.get(pk=envoi.pk)
    assert (relu.etat, relu.destinataire, relu.compte_id) == (
        EtatEnvoi.A_ENVOYER, "lea@exemple.fr", usager.pk,
    )  # fmt: skip
    assert relu.sujet == "Votre demande 44171 est reçue"
    assert relu.corps.endswith("La suivre : https://exemple.fr/dossiers/44171/")
    assert count_taches() == avant + 1
    with personne(usager.pk):
        message = Message.objects.get(personne=usager)
    assert (message.sujet, message.texte, message.lien, message.lu_le) == (
        relu.sujet, relu.corps, CONTEXTE["lien"], None,
    )  # fmt: skip
    assert (message.collectivite_id, message.objet, message.recu_le) == (
        collectivite.pk, "dossier:44171", maintenant,
    )  # fmt: skip


def test_envoi_given_back_equals_the_row(previens, usager):
    envoi = previens(compte=usager, pieces=[PieceCourriel("a.txt", "text/plain", b"abc")])

    relu = Envoi.objects.get(pk=envoi.pk)
    assert {c.attname: getattr(envoi, c.attname) for c in Envoi._meta.concrete_fields} == {
        c.attname: getattr(relu, c.attname) for c in Envoi._meta.concrete_fields
    }


def test_guest_gets_only_an_email(previens):
    previens(courriel="invite@exemple.fr")

    assert Envoi.objects.get().destinataire == "invite@exemple.fr"
    assert Message.objects.count() == 0


def test_given_address_wins_over_the_account(previens, usager):
    assert previens(compte=usager, courriel="autre@exemple.fr").destinataire == "autre@exemple.fr"


def test_without_address_nothing_leaves_and_it_is_written(previens):
    sans = CompteFactory(courriel="")
    avant = count_taches()

    assert previens(compte=sans).etat == EtatEnvoi.SANS_COURRIEL
    assert count_taches() == avant
    with personne(sans.pk):
        assert Message.objects.filter(personne=sans).count() == 1


def test_refusal_holds_for_optional_messages_only(previens, usager):
    with personne(usager.pk):
        for code in ("essai_lettre", "essai_recu"):
            Preference.objects.create(personne=usager, code=code, courriel=False)

    assert previens("essai_lettre", compte=usager).etat == EtatEnvoi.REFUSE
    assert previens("essai_recu", compte=usager).etat == EtatEnvoi.A_ENVOYER
    with personne(usager.pk):
        assert Message.objects.count() == 2  # le message, lui, est toujours dans l’espace


def test_unsubscribed_address_is_known_by_its_fingerprint(previens, collectivite):
    Desabonnement.objects.create(
        collectivite=collectivite,
        code="essai_lettre",
        empreinte=compute_empreinte("Invite@exemple.fr"),
    )

    assert previens("essai_lettre", courriel="invite@EXEMPLE.fr").etat == EtatEnvoi.REFUSE
    assert previens("essai_lettre", courriel="autre@exemple.fr").etat == EtatEnvoi.A_ENVOYER


def test_text_of_the_collectivite_replaces_the_default(previens, collectivite, maintenant):
    save_modele(
        collectivite=collectivite, code="essai_recu", sujet="Reçu, {prenom}", corps="Oui.",
        acteur="agent:1", maintenant=maintenant,
    )  # fmt: skip

    envoi = previens(courriel="a@exemple.fr")

    assert (envoi.sujet, envoi.corps) == ("Reçu, Léa", "Oui.")
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        assert queries.get_texte(autre, "essai_recu").modifie is False


def test_hostile_values_stay_text(previens):
    envoi = previens(
        courriel="a@exemple.fr",
        contexte={"numero": "1\r\nBcc: tous@exemple.fr", "prenom": "{lien}<b>", "lien": "x"},
    )

    assert envoi.sujet == "Votre demande 1 Bcc: tous@exemple.fr est reçue"
    assert "Bonjour {lien}<b>," in envoi.corps


def test_too_heavy_attachments_are_a_programming_error(previens):
    with pytest.raises(ValueError, match="8 Mio"):
        previens(
            courriel="a@exemple.fr",
            pieces=[PieceCourriel("a.bin", "application/zip", b"x" * (8 * 1024 * 1024 + 1))],
        )


def test_unknown_code_is_a_programming_error(previens):
    with pytest.raises(KeyError):
        previens("inconnu", courriel="a@exemple.fr")


def test_messages_of_one_person_are_hidden_from_the_others(previens, usager, collectivite):
    previens(compte=usager)
    autre = CompteFactory()

    with personne(autre.pk):
        assert Message.objects.count() == 0
    with locataire(collectivite.pk):
        assert Message.objects.filter(personne=usager).count() == 0
