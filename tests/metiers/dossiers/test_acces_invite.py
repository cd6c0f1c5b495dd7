"""Une demande déposée sans compte se retrouve sur un autre appareil, par son adresse seulement."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.locataire import locataire
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.errors import LienPerime
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces, is_usager_du_dossier
from socle.metiers.dossiers.services import depot, echanges, reprise
from tests.factories import CollectiviteFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT, REPONSES
from tests.metiers.dossiers.test_parcours import BASE, ETAPE_1, ETAPE_2, post_etape

BOITE = REPONSES["courriel"]
INCONNU = 99_999_999


@pytest.fixture
def invite(demarche):
    """Demande déposée par une personne sans compte, et sa clé."""
    dossier, cle = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT,
        reponses=REPONSES,
    )  # fmt: skip
    acces = Acces(compte=None, jeton=cle)
    return depot.file_dossier(numero=dossier.numero, acces=acces, maintenant=MAINTENANT), cle


def ask(dossier, courriel=BOITE, *, adresse="198.51.100.7", collectivite=None, numero=0):
    reprise.request_acces(
        collectivite=collectivite or dossier.collectivite,
        numero=numero or dossier.numero,
        courriel=courriel,
        adresse=adresse,
        maintenant=MAINTENANT,
    )


def list_envois():
    return list(Envoi.objects.filter(code="dossier_acces").order_by("demande_le", "pk"))


def read_lien() -> str:
    return re.search(r"https?://[^/]+(/\S+/)", list_envois()[-1].corps)[1]


def use(dossier, quand=MAINTENANT, collectivite=None):
    return reprise.use_lien(
        collectivite=collectivite or dossier.collectivite,
        numero=dossier.numero,
        jeton=read_lien().rstrip("/").rpartition("/")[2],
        maintenant=quand,
    )


def read_page(reponse) -> str:
    """Rend le texte de la page, sans ce qui change à chaque visite."""
    return BeautifulSoup(reponse.text, "html.parser").select_one("main").text


def test_guest_finds_the_filed_request_on_another_device(client, demarche, agent):
    etape = client.post(f"{BASE}/demarches/{demarche.chemin}/commencer/")["Location"]
    resume = post_etape(client, post_etape(client, etape, ETAPE_1)["Location"], ETAPE_2)["Location"]
    page = client.post(resume.replace("resume", "deposer"))["Location"]
    echanges.send_message(
        dossier=Dossier.objects.get(), auteur=agent, corps="Vu.", maintenant=MAINTENANT
    )
    courriel = Envoi.objects.get(code="dossier_message").corps
    assert page in courriel

    ailleurs = type(client)()
    porte = ailleurs.get(page)["Location"]
    assert porte == f"{page}acces/"
    texte = ailleurs.get(porte).text
    for mots in ("faite sans compte", "Recevoir un lien d’accès", "Se connecter"):
        assert mots in texte
    assert ETAPE_1["nom"] not in texte
    suite = ailleurs.post(porte, {"courriel": ETAPE_1["courriel"].upper()}, follow=True)
    assert "un lien vient de lui être envoyé" in suite.text

    lien = read_lien()
    for _ in range(2):  # l’antivirus de la messagerie suit le lien d’abord
        visite = ailleurs.get(lien)
        assert "Ouvrir ma demande ici" in visite.text
        assert ETAPE_1["nom"] not in visite.text
    suivi = ailleurs.get(ailleurs.post(lien)["Location"])
    assert suivi.status_code == 200
    assert ETAPE_1["nom"] in suivi.text
    assert client.get(page)["Location"] == porte  # l’ancien navigateur ne l’ouvre plus
    assert ailleurs.post(lien).status_code == 404


def test_link_goes_to_the_address_of_the_case_only(invite):
    dossier, _ = invite
    ask(dossier, "quelqu.un@exemple.fr")
    assert list_envois() == []
    ask(dossier)
    assert [envoi.destinataire for envoi in list_envois()] == [BOITE]


@pytest.mark.parametrize("cas", ["fausse adresse", "numéro inconnu", "brouillon", "compte", "vide"])
def test_page_and_answer_tell_nothing(client, invite, demarche, depose, cas):
    """La même page et la même réponse que pour la bonne adresse ; et aucun courriel."""
    dossier, _ = invite
    numero, courriel = dossier.numero, BOITE
    if cas == "fausse adresse":
        CompteFactory(courriel="connue@exemple.fr")
        courriel = "connue@exemple.fr"
    elif cas == "numéro inconnu":
        numero = INCONNU
    elif cas == "brouillon":
        brouillon, _ = depot.start_dossier(
            demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT,
            courriel=BOITE,
        )  # fmt: skip
        numero = brouillon.numero
    elif cas == "compte":
        Dossier.objects.filter(pk=depose.pk).update(courriel=BOITE)
        numero = depose.numero
    elif cas == "vide":
        Dossier.objects.filter(pk=dossier.pk).update(sel=b"")

    essai, temoin = type(client)(), type(client)()
    textes = []
    for navigateur, n, c in ((essai, numero, courriel), (temoin, INCONNU + 1, "x@exemple.fr")):
        porte = navigateur.get(f"{BASE}/dossiers/{n}/")["Location"]
        pages = (navigateur.get(porte), navigateur.post(porte, {"courriel": c}, follow=True))
        textes.append([read_page(p).replace(str(n), "N") for p in pages])

    assert textes[0] == textes[1]
    assert list_envois() == []
    assert not Entree.objects.filter(action="dossier.acces_demande").exists()


def test_journal_keeps_both_steps_and_names_no_one(invite):
    dossier, _ = invite
    ask(dossier)
    use(dossier)
    entrees = Entree.objects.filter(objet=dossier.objet, action__startswith="dossier.acces_")
    actions = [e.action for e in entrees.order_by("pk")]
    assert actions == ["dossier.acces_demande", "dossier.acces_rouvert"]
    assert BOITE not in str([vars(e) for e in entrees])


def test_link_moves_the_key_once_and_for_seven_days(invite):
    dossier, cle = invite
    ask(dossier)
    with pytest.raises(LienPerime):
        use(dossier, MAINTENANT + timedelta(days=8))
    ouvert, neuve = use(dossier, MAINTENANT + timedelta(days=7))
    assert is_usager_du_dossier(Acces(compte=None, jeton=neuve), ouvert)
    assert not is_usager_du_dossier(Acces(compte=None, jeton=cle), ouvert)
    with pytest.raises(LienPerime):
        use(dossier)


def test_mailbox_and_connection_are_limited(invite):
    dossier, _ = invite
    for _ in range(5):
        ask(dossier)
    assert len(list_envois()) == 3
    for _ in range(15):
        ask(dossier, numero=INCONNU)
    with pytest.raises(TropDeDemandes):
        ask(dossier, numero=INCONNU)
    ask(dossier, adresse="203.0.113.9", courriel="autre@exemple.fr")


def test_neighbour_authority_sends_and_opens_nothing(invite):
    dossier, _ = invite
    ailleurs = CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(ailleurs.pk):
        ask(dossier, collectivite=ailleurs)
        assert list_envois() == []
    ask(dossier)
    jeton = read_lien().rstrip("/").rpartition("/")[2]
    with locataire(ailleurs.pk), pytest.raises(LienPerime):
        reprise.use_lien(
            collectivite=ailleurs, numero=dossier.numero, jeton=jeton, maintenant=MAINTENANT
        )


def test_wrong_form_is_explained(client, collectivite):
    page = client.post(f"{BASE}/dossiers/{INCONNU}/acces/", {"courriel": "ada chez exemple"})
    assert page.status_code == 422
    assert "ada chez exemple" in page.text


def test_signed_in_person_is_sent_to_the_same_door(client, invite, agent):
    page = f"{BASE}/dossiers/{invite[0].numero}/"
    client.force_login(CompteFactory())
    assert client.get(page)["Location"] == f"{page}acces/"
    assert client.get(f"{BASE}/dossiers/{INCONNU}/").status_code == 302
    assert "déconnectez-vous" in client.get(f"{page}acces/").text
    client.force_login(agent)
    assert client.get(page).status_code == 404
