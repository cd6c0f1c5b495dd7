"""Double consentement, fréquence, désabonnement en un clic."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.diffusion.enums import EtatAbonne
from socle.metiers.diffusion.errors import LienPerime
from socle.metiers.diffusion.models import Abonne
from socle.metiers.diffusion.services import abonnements
from tests.metiers.conftest import MAINTENANT

pytestmark = pytest.mark.django_db
CHOIX = {"courriel": "Nora@Exemple.fr", "themes": ["identite"], "territoire": "92"}


def list_envois() -> list[Envoi]:
    with operateur():
        return list(Envoi.objects.filter(code="diffusion_abonnement").order_by("pk"))


def request(**champs):
    base = CHOIX | {"ip": "192.0.2.1", "maintenant": MAINTENANT}
    abonnements.request_abonnement(**base | champs)


def make_jeton(courriel="nora@exemple.fr"):
    return signing.dumps([courriel, ["identite"], "92"], salt=abonnements.SEL_DEMANDE)


def test_first_consent_keeps_nothing_but_one_mail(db):
    request()

    (envoi,) = list_envois()
    assert Abonne.objects.count() == 0
    assert envoi.destinataire == "nora@exemple.fr"
    assert "/lettres/confirmer/" in envoi.corps


def test_second_consent_is_a_press_not_an_opening(client):
    request()
    chemin = list_envois()[0].corps.split("confirmez\N{NO-BREAK SPACE}: ")[1].split()[0]
    chemin = chemin[chemin.index("/lettres/") :]

    assert client.get(chemin).status_code == 200
    assert Abonne.objects.count() == 0
    client.post(chemin)
    client.post(chemin)

    (abonne,) = Abonne.objects.order_by("pk")
    assert (abonne.courriel, abonne.themes, abonne.territoire) == (
        "nora@exemple.fr", ["identite"], "92",
    )  # fmt: skip


def test_link_of_three_days_ago_is_refused(db, monkeypatch):
    trois_jours = MAINTENANT.timestamp()
    monkeypatch.setattr(signing.time, "time", lambda: trois_jours)
    jeton = make_jeton()
    monkeypatch.setattr(signing.time, "time", lambda: trois_jours + 3 * 86_400)

    with pytest.raises(LienPerime):
        abonnements.confirm_abonnement(jeton=jeton, maintenant=MAINTENANT)


def test_mailbox_is_never_flooded_and_the_page_does_not_tell(db):
    for rang in range(8):
        request(ip=f"192.0.2.{rang}")

    assert len(list_envois()) == 3


def test_one_post_cannot_write_to_many_mailboxes(db):
    for rang in range(10):
        request(courriel=f"victime{rang}@exemple.fr")

    with pytest.raises(TropDeDemandes):
        request(courriel="victime10@exemple.fr")

    assert len(list_envois()) == 10


@pytest.mark.parametrize(
    "courriel", ["a@b.fr\r\nBcc: x@y.fr", "a@b.fr\nBcc: x@y.fr", "pas une adresse", ""]
)
def test_headers_cannot_be_slipped_in_an_address(client, courriel):
    reponse = client.post(reverse("diffusion:abonnement"), {"courriel": courriel})

    assert reponse.status_code == 422
    assert list_envois() == []


def test_one_click_from_a_mail_program_needs_no_cookie(db):
    abonne = abonnements.confirm_abonnement(jeton=make_jeton(), maintenant=MAINTENANT)
    page = reverse("diffusion:desabonner", args=[abonnements.build_depart(abonne.pk)])
    logiciel = Client(enforce_csrf_checks=True)

    assert logiciel.get(page).status_code == 200
    abonne.refresh_from_db()
    assert abonne.etat == EtatAbonne.ACTIF  # ouvrir la page ne désabonne pas
    for _ in range(2):
        reponse = logiciel.post(page, {"List-Unsubscribe": "One-Click"})
        assert reponse.status_code == 200

    abonne.refresh_from_db()
    assert (abonne.etat, abonne.courriel, abonne.themes) == (EtatAbonne.DESABONNE, None, [])


def test_false_link_unsubscribes_nobody(client):
    abonnements.confirm_abonnement(jeton=make_jeton(), maintenant=MAINTENANT)

    reponse = client.post(reverse("diffusion:desabonner", args=["1:faux"]))

    assert reponse.status_code == 410
    assert Abonne.objects.get().etat == EtatAbonne.ACTIF


def test_journal_has_each_change_and_no_address(db):
    abonne = abonnements.confirm_abonnement(jeton=make_jeton(), maintenant=MAINTENANT)
    jeton = abonnements.build_depart(abonne.pk)
    abonnements.unsubscribe(jeton=jeton, maintenant=MAINTENANT)
    abonnements.unsubscribe(jeton=jeton, maintenant=MAINTENANT)

    with operateur():
        lignes = Entree.objects.filter(objet=f"abonne:{abonne.pk}").order_by("pk")
        traces = [(ligne.action, str(ligne.donnees)) for ligne in lignes]
    assert [action for action, _ in traces] == ["abonne.consenti", "abonne.parti"]
    assert "exemple.fr" not in str(traces)
