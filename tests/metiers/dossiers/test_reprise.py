"""Reprendre une demande d’invité par un lien : une fois, par son destinataire, sans fuite."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import AccesRefuse, TropDeDemandes
from socle.fondations.commun.locataire import locataire
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.errors import LienPerime
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, is_usager_du_dossier
from socle.metiers.dossiers.services import depot, reprise
from tests.factories import CollectiviteFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT
from tests.metiers.dossiers.test_parcours import BASE, ETAPE_1, post_etape

BOITE = "ada@exemple.fr"


def request_lien(dossier, cle, *, courriel=BOITE, adresse="198.51.100.7", quand=MAINTENANT):
    reprise.request_lien(
        dossier=dossier,
        acces=Acces(compte=None, jeton=cle),
        courriel=courriel,
        adresse=adresse,
        maintenant=quand,
    )


def read_lien(rang: int = -1) -> str:
    """Rend le chemin du lien du dernier courriel."""
    envois = list(Envoi.objects.filter(code="dossier_reprise").order_by("demande_le", "pk"))
    return re.search(r"https?://[^/]+(/\S+/)", envois[rang].corps)[1]


def read_jeton(rang: int = -1) -> str:
    return read_lien(rang).rstrip("/").rpartition("/")[2]


@pytest.fixture
def invite(demarche):
    """Brouillon d’une personne sans compte, et sa clé."""
    return depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        maintenant=MAINTENANT,
        reponses={"prenom": "Ada"},
    )


def use(dossier, jeton, quand=MAINTENANT):
    return reprise.use_lien(
        collectivite=dossier.collectivite, numero=dossier.numero, jeton=jeton, maintenant=quand
    )


def test_link_opens_the_draft_once_and_moves_its_key(invite):
    dossier, cle = invite
    request_lien(dossier, cle)

    repris, neuve = use(dossier, read_jeton())

    assert repris.reponses == {"prenom": "Ada"}
    assert is_usager_du_dossier(Acces(compte=None, jeton=neuve), repris)
    assert not is_usager_du_dossier(Acces(compte=None, jeton=cle), repris)
    with pytest.raises(LienPerime):
        use(dossier, read_jeton())


def test_only_a_hash_is_stored_and_the_journal_names_no_one(invite):
    dossier, cle = invite
    request_lien(dossier, cle)
    use(dossier, read_jeton())

    dossier.refresh_from_db()
    assert read_jeton() not in str(vars(dossier))
    entrees = Entree.objects.filter(objet=dossier.objet).order_by("pk")
    assert [e.action for e in entrees] == ["dossier.lien_demande", "dossier.repris"]
    assert BOITE not in str([vars(e) for e in entrees])


@pytest.mark.parametrize(("jours", "ouvre"), [(7, True), (8, False)])
def test_link_lives_seven_days(invite, jours, ouvre):
    dossier, cle = invite
    request_lien(dossier, cle)
    quand = MAINTENANT + timedelta(days=jours)
    if ouvre:
        assert use(dossier, read_jeton(), quand)[0] == dossier
    else:
        with pytest.raises(LienPerime):
            use(dossier, read_jeton(), quand)


def test_newer_link_replaces_the_older(invite):
    dossier, cle = invite
    request_lien(dossier, cle)
    request_lien(dossier, cle, quand=MAINTENANT + timedelta(minutes=1))
    with pytest.raises(LienPerime):
        use(dossier, read_jeton(0))
    assert use(dossier, read_jeton(1))[0] == dossier


def test_link_opens_no_other_draft_and_no_other_authority(invite, demarche):
    dossier, cle = invite
    request_lien(dossier, cle)
    autre, _ = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT
    )
    with pytest.raises(LienPerime):
        use(autre, read_jeton())
    jeton, ailleurs = read_jeton(), CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(ailleurs.pk), pytest.raises(LienPerime):
        reprise.use_lien(
            collectivite=ailleurs, numero=dossier.numero, jeton=jeton, maintenant=MAINTENANT
        )


@pytest.mark.parametrize("faux", ["", "x", "x:y:z", "1"])
def test_forged_link_opens_nothing(invite, faux):
    with pytest.raises(LienPerime):
        use(invite[0], faux)


def test_filed_request_is_not_opened_by_a_link(invite):
    dossier, cle = invite
    request_lien(dossier, cle)
    Dossier.objects.filter(pk=dossier.pk).update(
        etat="en_construction", reference="r", depose_le=MAINTENANT
    )
    with pytest.raises(LienPerime):
        use(dossier, read_jeton())


def test_only_its_guest_asks_for_a_link(invite, brouillon, usager):
    dossier, _ = invite
    with pytest.raises(AccesRefuse):
        request_lien(dossier, "autre clé")
    with pytest.raises(AccesRefuse):
        reprise.request_lien(
            dossier=brouillon,
            acces=Acces(compte=usager),
            courriel=BOITE,
            adresse="198.51.100.7",
            maintenant=MAINTENANT,
        )


def test_draft_sends_three_links_an_hour(invite):
    dossier, cle = invite
    for rang in range(3):
        request_lien(dossier, cle, courriel=f"{rang}@exemple.fr")
    with pytest.raises(TropDeDemandes):
        request_lien(dossier, cle, courriel="4@exemple.fr")


def test_mailbox_cannot_be_bombed_and_nothing_tells_it(demarche):
    """Cinq brouillons, une seule boîte : trois courriels, et la même réponse."""
    for _ in range(5):
        dossier, cle = depot.start_dossier(
            demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT
        )
        request_lien(dossier, cle, courriel="Ada@exemple.fr")
    assert Envoi.objects.count() == 3


def test_one_connection_cannot_ask_for_everyone(demarche, monkeypatch):
    monkeypatch.setattr(reprise, "PAR_ADRESSE", ((1, timedelta(hours=1)),))
    for rang in range(2):
        dossier, cle = depot.start_dossier(
            demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT
        )
        if rang == 0:
            request_lien(dossier, cle, courriel="a@exemple.fr")
        else:
            with pytest.raises(TropDeDemandes):
                request_lien(dossier, cle, courriel="b@exemple.fr")


@pytest.fixture
def etape(client, demarche):
    return client.post(f"{BASE}/demarches/{demarche.chemin}/commencer/")["Location"]


def ask(client, etape, courriel=BOITE):
    page = etape.replace("etape/1/", "")
    assert f"{page}lien/" in client.get(page).text
    return client.post(f"{page}lien/", {"courriel": courriel}, follow=True)


def test_guest_resumes_on_another_device(client, etape):
    post_etape(client, etape, ETAPE_1)
    assert "un lien vient de lui être envoyé" in ask(client, etape).text

    ailleurs = type(client)()
    chemin = read_lien()
    for _ in range(2):  # l’antivirus de la messagerie suit le lien d’abord
        visite = ailleurs.get(chemin)
        assert visite.status_code == 200
        assert "Orbellec" not in visite.text
        assert "no-store" in visite["Cache-Control"]
    bouton = BeautifulSoup(visite.text, "html.parser").select_one("form button.btn-primary")
    assert bouton.text == "Reprendre ma demande ici"

    suivi = ailleurs.post(chemin)["Location"]
    assert "Continuer ma demande" in ailleurs.get(suivi).text
    assert ETAPE_1["nom"] in ailleurs.get(etape).text
    assert client.get(etape).status_code == 404


def test_used_link_says_so_and_what_to_do(client, etape):
    ask(client, etape)
    chemin = read_lien()
    client.post(chemin)
    page = client.get(chemin)
    assert page.status_code == 404
    assert "Ce lien ne sert plus." in page.text


def test_answer_is_the_same_whatever_the_address(client, etape):
    CompteFactory(courriel="connue@exemple.fr")
    connue = ask(client, etape, "connue@exemple.fr").text
    inconnue = ask(client, etape, "inconnue@exemple.fr").text
    textes = [BeautifulSoup(t, "html.parser").select_one(".alert").text for t in (connue, inconnue)]
    assert textes[0] == textes[1]


def test_wrong_address_is_explained_and_kept(client, etape):
    page = client.post(etape.replace("etape/1/", "lien/"), {"courriel": "ada chez exemple"})
    assert page.status_code == 422
    soupe = BeautifulSoup(page.text, "html.parser")
    assert soupe.find("input", {"name": "courriel"})["value"] == "ada chez exemple"


def test_person_with_an_account_needs_no_link(client, brouillon, usager):
    client.force_login(usager)
    page = f"{BASE}/dossiers/{brouillon.numero}/"
    assert "lien/" not in client.get(page).text.replace("liens", "")
    assert client.get(f"{page}lien/")["Location"] == page
