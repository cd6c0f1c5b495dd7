"""Qui est prévenu, de quoi, une seule fois ; partir efface l’adresse."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Adhesion
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.tasks import build_courriel
from socle.metiers.appels.errors import LienPerime
from socle.metiers.appels.models import AbonneAppels, AlerteAppels, EnvoiAbonne
from socle.metiers.appels.services import alertes
from socle.metiers.appels.services.importation import unify_appels
from tests.metiers.appels.fabrique import COMMUN, MAINTENANT, propose, relay

pytestmark = pytest.mark.django_db
SAMEDI = MAINTENANT  # 21 novembre 2026
LUNDI = MAINTENANT + timedelta(days=2)
AVANT = MAINTENANT - timedelta(days=1)
CLOTURE = date(2026, 12, 20)


def subscribe(courriel="ada@exemple.fr", **choix) -> AbonneAppels:
    """Un abonné qui a consenti deux fois, la veille."""
    defaut = {"themes": [], "territoires": [], "cadence": "immediate"}
    jeton = alertes.signing.dumps(
        [courriel, *(defaut | choix).values()], salt=alertes.SEL_DEMANDE, compress=True
    )
    return alertes.confirm_alerte(jeton=jeton, maintenant=AVANT)


def send(abonne, maintenant=SAMEDI) -> int:
    return alertes.send_abonne(
        abonne_id=abonne.pk, aujourdhui=maintenant.date(), maintenant=maintenant
    )


def list_envois(code=alertes.CODE_ABONNE) -> list[Envoi]:
    programme = get_programme()
    with locataire(programme.pk):
        return list(Envoi.objects.filter(code=code).select_related("collectivite").order_by("pk"))


def test_address_is_kept_only_after_the_second_consent_and_the_page_says_nothing(client):
    page = reverse("appels:alertes")
    demande = {"courriel": "Ada@exemple.fr", "cadence": "hebdo", "territoires": ["dep-92"]}

    for _ in range(4):
        assert client.post(page, demande).status_code == 302
    assert AbonneAppels.objects.count() == 0
    [*_, envoi] = envois = list_envois(alertes.CODE_CONFIRMER)
    assert len(envois) == 3  # la quatrième demande du jour n’écrit plus à cette boîte

    chemin = "/appels/" + envoi.corps.split("/appels/")[1].split()[0]
    assert "Hauts-de-Seine" in client.get(chemin).text
    assert AbonneAppels.objects.count() == 0
    assert client.post(chemin).status_code == 302
    abonne = AbonneAppels.objects.get()
    assert (abonne.courriel, abonne.portee) == ("ada@exemple.fr", ["dep-92", "reg-11"])
    assert client.get(f"{page}confirmer/faux/").status_code == 410
    assert client.post(page, {"courriel": "x", "cadence": "hebdo"}).status_code == 422


CHOIX: list[tuple[dict, dict, bool]] = [
    ({}, {}, True),
    ({"territoires": ["dep-92"]}, {"territoires": ["reg-11"]}, True),
    ({"territoires": ["reg-11"]}, {"territoires": ["dep-92"]}, True),
    ({"territoires": ["dep-92"]}, {"territoires": ["dep-29"]}, False),
    ({"territoires": ["dep-92"]}, {"territoires": []}, True),
    ({"themes": ["donnees"]}, {"themes": ["services"]}, False),
    ({"themes": ["donnees"]}, {"themes": ["services", "donnees"]}, True),
    ({"cadence": "hebdo"}, {}, False),
]


def test_subscriber_receives_what_was_chosen():
    for rang, (choix, fiche, recoit) in enumerate(CHOIX):
        abonne = subscribe(f"ada{rang}@exemple.fr", **choix)
        appel = relay(titre=f"Appel {rang}", jour=CLOTURE, **fiche)

        send(abonne)

        recus = EnvoiAbonne.objects.filter(abonne=abonne, appel=appel)
        assert recus.exists() is recoit, (choix, fiche)


def test_call_is_announced_once_reminded_once_and_never_twice_through_its_double():
    abonne = subscribe(cadence="hebdo")
    appel = relay(jour=CLOTURE)

    assert [send(abonne, jour) for jour in (SAMEDI, LUNDI, LUNDI)] == [0, 1, 0]
    veille = datetime(2026, 12, 15, 9, tzinfo=UTC)
    assert [send(abonne, veille), send(abonne, veille)] == [1, 0]
    double = propose(titre="Aide aux sites", jour=CLOTURE)
    garde = unify_appels(garde=double, double=appel, pris_au_double=[], **COMMUN)
    assert EnvoiAbonne.objects.filter(abonne=abonne, appel=garde).count() == 2
    sujets = [envoi.sujet for envoi in list_envois()]
    assert sujets == ["Un nouvel appel : Aide aux sites", "Clôture proche : Aide aux sites"]


def test_process_killed_between_the_row_and_the_message_loses_and_doubles_nothing(monkeypatch):
    """La ligne et le message sont dans la même transaction : l’un sans l’autre n’existe pas."""
    abonne = subscribe()
    relay(jour=CLOTURE)

    class Tue(BaseException):
        """Ce que serait un arrêt net."""

    def die(**_):
        raise Tue

    with monkeypatch.context() as arret:
        arret.setattr(alertes, "send_message", die)
        with pytest.raises(Tue):
            send(abonne)
    assert EnvoiAbonne.objects.count() == 0
    assert [send(abonne), send(abonne)] == [1, 0]
    assert len(list_envois()) == 1


def test_one_click_unsubscribes_and_erases_the_address_and_coming_back_works(client):
    abonne = subscribe()
    relay(jour=CLOTURE)
    send(abonne)
    [envoi] = list_envois()
    entetes = build_courriel(envoi).extra_headers
    assert entetes["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    chemin = "/c/" + entetes["List-Unsubscribe"].strip("<>").split("/c/")[1]

    for _ in range(2):  # un logiciel peut redire
        assert client.post(chemin, {"List-Unsubscribe": "One-Click"}).status_code == 200
    abonne.refresh_from_db()
    assert abonne.courriel is None
    assert abonne.parti_le is not None
    relay(titre="Un autre", jour=CLOTURE)
    assert send(abonne) == 0

    assert subscribe().pk == abonne.pk
    assert send(abonne) >= 1
    assert list_envois()[-1].etat == "a_envoyer"


def test_link_in_the_message_stops_too_and_a_false_one_is_refused(client):
    abonne = subscribe()
    page = reverse("appels:arreter", args=[alertes.build_depart(abonne)])

    assert "Arrêter les alertes" in client.get(page).text
    assert "effacée" in client.post(page).text
    assert "ne recevrez plus" in client.get(page).text
    assert client.post(reverse("appels:arreter", args=["1:faux"])).status_code == 410
    with pytest.raises(LienPerime):
        alertes.find_depart(alertes.signing.Signer(salt=alertes.SEL_DEPART).sign("0"))


# Les agents --------------------------------------------------------------------------------------
def test_agent_receives_the_calls_of_its_authority_once(collectivite, agent, maintenant):
    alertes.save_alerte(
        collectivite=collectivite, compte=agent, themes=[], cadence="immediate", maintenant=AVANT
    )
    relay(titre="Pour Clamart", jour=CLOTURE, territoires=["dep-92"], genres=["commune"])
    relay(titre="Pour la Bretagne", jour=CLOTURE, territoires=["reg-53"])
    relay(titre="Pour les régions", jour=CLOTURE, genres=["region"])
    relay(titre="Pour les villages", jour=CLOTURE, population_max=500)
    jour = {"collectivite": collectivite, "aujourdhui": SAMEDI.date(), "maintenant": SAMEDI}

    assert [alertes.send_agents(**jour), alertes.send_agents(**jour)] == [1, 0]
    [envoi] = Envoi.objects.filter(code=alertes.CODE_AGENT)
    Adhesion.objects.filter(compte=agent).delete()  # parti : plus rien ne lui est dit
    relay(titre="Un autre", jour=CLOTURE)
    assert alertes.send_agents(**jour) == 0
    assert (envoi.compte, "Pour Clamart" in envoi.corps) == (agent, True)
    assert alertes.stop_alerte(collectivite=collectivite, compte=agent, maintenant=SAMEDI)
    assert not alertes.stop_alerte(collectivite=collectivite, compte=agent, maintenant=SAMEDI)
    assert AlerteAppels.objects.count() == 0
