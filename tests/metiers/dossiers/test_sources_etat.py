"""L’État en panne, lent, qui refuse ou se trompe : la personne continue à la main, tout est tracé.

Par le produit entier et les vrais simulateurs : connexion FranceConnect, retour, appel, page.
"""

import re
import threading
import time
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from werkzeug.serving import make_server

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.formulaires.ports import sources
from socle.fondations.journal.models import Entree
from socle.metiers.demarches import services as demarches
from socle.metiers.dossiers.models import AppelSource, Dossier
from socle.serveur.demo import cantine
from socle.simulateurs.application import create_application
from socle.simulateurs.configuration import create_configuration
from socle.simulateurs.serveur import Gestionnaire
from tests.factories import AdhesionFactory, RegleFactory, ServiceFactory
from tests.fondations.comptes.conftest import (
    Differee,
    branche,
    clamart,
    franceconnect,
    navigateur,
    simulateurs,
)
from tests.metiers.conftest import MAINTENANT
from tests.navigateur import PRODUIT

__all__ = ["branche", "clamart", "franceconnect", "navigateur", "simulateurs"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("horloge_vraie"),  # les jetons des simulateurs sont datés
]

VOUS = {
    "telephone": "06 12 34 56 78",
    "adresse-voie": "14 rue des Châtaigniers",
    "adresse-code_postal": "92140",
    "adresse-commune": "Clamart",
}


@pytest.fixture(scope="session")
def differee() -> Differee:
    return Differee()


@pytest.fixture(scope="session")
def adresse_simulateurs(differee: Differee) -> Iterator[str]:
    """Les simulateurs, par leur propre serveur HTTP ; « lent » dure plus que notre patience."""
    serveur = make_server("127.0.0.1", 0, differee, threaded=True, request_handler=Gestionnaire)
    adresse = f"http://127.0.0.1:{serveur.port}/simulateurs"
    configuration = create_configuration(adresse, prefixes=(f"{PRODUIT}/",), lenteur=7.0)
    differee.application = create_application(configuration)
    fil = threading.Thread(target=serveur.serve_forever, args=(0.02,), daemon=True)
    fil.start()
    yield adresse
    serveur.shutdown()
    serveur.server_close()
    fil.join(timeout=10)


@pytest.fixture(autouse=True)
def _sans_memoire(differee: Differee) -> Iterator[None]:
    """Un 429 fait taire le connecteur, un appel lent dure après nous : chaque essai repart à neuf.

    Tant que cet appel dure, API Particulier refuse le suivant de la même personne (409).
    """
    sources["cnaf_quotient"]._silence.clear()
    yield
    servie = getattr(differee, "application", None)
    while servie and servie.particulier._en_cours:
        time.sleep(0.05)


@pytest.fixture
def publiee(clamart):
    """La démarche de la démonstration, avec ses trois sources."""
    with locataire(clamart.pk):
        admin = AdhesionFactory(collectivite=clamart, role=Role.ADMINISTRATEUR).compte
        demarche = demarches.create_demarche(
            collectivite=clamart, agent=admin, maintenant=MAINTENANT,
            definition=cantine.FORMULAIRE, service=ServiceFactory(collectivite=clamart),
            regle=RegleFactory(collectivite=clamart), **cantine.FICHE,
        )  # fmt: skip
        demarches.publish_version(demarche=demarche, agent=admin, maintenant=MAINTENANT)
    return demarche


@pytest.fixture
def foyer(franceconnect, publiee, navigateur) -> str:
    """Page du foyer d’un brouillon, ouverte par une personne connectée par FranceConnect."""
    navigateur.connecte("belkacem")
    client = navigateur.client
    commencer = f"/c/clamart/demarches/{publiee.chemin}/commencer/"
    etape = client.post(commencer)["Location"]
    page = client.get(etape).text
    suite = client.post(etape, read_caches(page) | VOUS | {"_action": "continuer"})
    assert suite.status_code == 302, suite.text[-3000:]
    return suite["Location"]


def read_caches(page: str) -> dict[str, str]:
    soupe = BeautifulSoup(page, "html.parser")
    formulaire = next(f for f in soupe.find_all("form") if f.find("input", {"name": "revision"}))
    return {
        champ["name"]: champ.get("value", "")
        for champ in formulaire.find_all("input", {"type": "hidden"})
    }


def ask(navigateur, foyer: str, bloc: str, pendant=None, **choix: str) -> str:
    """Demande une source depuis la page du foyer ; rend la page où la personne revient."""
    client = navigateur.client
    caches = read_caches(client.get(foyer).text)
    depart = client.post(foyer, caches | {"aides_caf": "oui", "_action": f"appeler:{bloc}"})
    assert depart.status_code == 302, depart.text[-2000:]
    fournisseur = client.get(depart["Location"])
    assert fournisseur.status_code in (302, 303), fournisseur.text[-2000:]
    retour = navigateur.choisit(fournisseur["Location"], "belkacem", **choix)
    if pendant:
        pendant()
    fin = navigateur.revient(retour)
    assert fin.status_code == 302, fin.text[-2000:]
    assert fin["Location"].partition("#")[0] == foyer
    return client.get(foyer).text


def read_dossier(clamart) -> Dossier:
    with locataire(clamart.pk):
        return Dossier.objects.get()


def read_statuts(clamart) -> list[int]:
    """Statuts tracés, les mêmes au journal, qui survit au dossier."""
    with locataire(clamart.pk):
        appels = list(AppelSource.objects.order_by("pk").values_list("statut", flat=True))
        entrees = Entree.objects.filter(action="dossier.source_appelee").order_by("pk")
        assert [entree.donnees["statut"] for entree in entrees] == appels
    return appels


def go_on_by_hand(navigateur, foyer: str, bloc: str, champs: dict[str, str]) -> None:
    """Choisit de répondre soi-même, remplit, et arrive à la page suivante."""
    client = navigateur.client
    caches = read_caches(client.get(foyer).text)
    client.post(foyer, caches | {"aides_caf": "oui", "_action": f"a_la_main:{bloc}"})
    soupe = BeautifulSoup(client.get(foyer).text, "html.parser")
    assert all(soupe.find("input", {"name": nom}) for nom in champs), champs
    autres = {"revenu_fiscal": "24 000", "parts": "2,5", "aides_caf": "oui"}
    if bloc != "source_impots":
        caches = read_caches(client.get(foyer).text)
        client.post(foyer, caches | {"aides_caf": "oui", "_action": "a_la_main:source_impots"})
    caches = read_caches(client.get(foyer).text)
    suite = client.post(foyer, caches | autres | champs | {"_action": "continuer"})
    assert suite.status_code == 302, suite.text[-3000:]
    assert suite["Location"] == foyer.replace("etape/2", "etape/3")


PANNES_CAF = [("404", 404), ("409", 409), ("429", 429), ("502", 502), ("504", 504),
              ("non_json", 200), ("incomplet", 200)]  # fmt: skip
PANNES_IMPOT = [("404", 404), ("401", 401), ("503", 503), ("non_json", 200), ("incomplet", 200)]
LENT = pytest.param("lent", 0, marks=[pytest.mark.lent, pytest.mark.timeout(90)])


@pytest.mark.parametrize(("panne", "statut"), [*PANNES_CAF, LENT])
def test_caf_that_fails_leaves_the_hand(clamart, navigateur, foyer, panne, statut):
    page = ask(navigateur, foyer, "source_caf", particulier=panne)

    assert "Vous pouvez réessayer, ou saisir vous-même." in page
    assert read_statuts(clamart) == [statut]
    go_on_by_hand(navigateur, foyer, "source_caf", {"quotient_caf": "812"})
    assert read_dossier(clamart).reponses["quotient_caf"] == 812


@pytest.mark.parametrize(("panne", "statut"), [*PANNES_IMPOT, LENT])
def test_tax_office_that_fails_leaves_the_hand(clamart, navigateur, foyer, panne, statut):
    page = ask(navigateur, foyer, "source_impots", impot=panne)

    assert "Vous pouvez réessayer, ou saisir vous-même." in page
    assert read_statuts(clamart) == [statut]
    go_on_by_hand(navigateur, foyer, "source_impots", {"revenu_fiscal": "24 000"})
    assert read_dossier(clamart).reponses["parts"] == "2.5"


def test_silence_after_too_many_calls_does_not_call_again(clamart, navigateur, foyer):
    """Qui insiste après un 429 est banni douze heures : le second essai ne part pas."""
    ask(navigateur, foyer, "source_caf", particulier="429")
    page = ask(navigateur, foyer, "source_caf")

    assert "saisir vous-même" in page
    assert read_statuts(clamart) == [429, 0]


def test_failed_source_is_asked_again_and_fills_the_page(clamart, navigateur, foyer):
    ask(navigateur, foyer, "source_impots", impot="503")
    page = ask(navigateur, foyer, "source_impots")

    assert "saisir vous-même." not in page
    assert read_statuts(clamart) == [503, 200]
    reponses = read_dossier(clamart).reponses
    assert float(reponses["revenu_fiscal"]) > 0


def test_answer_typed_in_another_tab_meanwhile_is_kept(clamart, navigateur, foyer):
    """La personne est chez FranceConnect ; son autre onglet enregistre : rien ne s’écrase."""

    def save_ailleurs() -> None:
        etape = foyer.replace("etape/2", "etape/1")
        caches = read_caches(navigateur.client.get(etape).text)
        change = caches | VOUS | {"telephone": "07 11 22 33 44", "_action": "enregistrer"}
        assert navigateur.client.post(etape, change).status_code == 302

    ask(navigateur, foyer, "source_impots", pendant=save_ailleurs)

    reponses = read_dossier(clamart).reponses
    assert "711223344" in str(reponses).replace(" ", "")
    assert float(reponses["revenu_fiscal"]) > 0
    assert read_statuts(clamart) == [200]


def test_draft_deleted_meanwhile_calls_nothing(clamart, navigateur, foyer):
    client = navigateur.client
    caches = read_caches(client.get(foyer).text)
    depart = client.post(foyer, caches | {"_action": "appeler:source_impots"})
    fournisseur = client.get(depart["Location"])
    retour = navigateur.choisit(fournisseur["Location"], "belkacem")
    client.post(foyer.replace("etape/2", "supprimer"))

    assert navigateur.revient(retour).status_code == 302
    with locataire(clamart.pk):
        assert not Dossier.objects.exists()
        assert not Entree.objects.filter(action="dossier.source_appelee").exists()


def test_caf_fills_its_quotient_beside_the_one_of_the_town(clamart, navigateur, foyer):
    """Le quotient de la Caf vient par FranceConnect ; le prix suit toujours celui de la ville."""
    ask(navigateur, foyer, "source_impots")
    page = read_foyer(ask(navigateur, foyer, "source_caf"))

    assert page["quotient"] == "494 €"  # 14 820 € ÷ 12 ÷ 2,5
    assert page["prix"] == "Prix d’un repas : 1,75 €"
    assert page["source_caf dd"] == "468 €"
    assert re.match(
        r"Reçu : Caisse d’allocations familiales, quotient de \w+ 20\d\d, le ",
        page["source_caf .source"],
    )
    assert read_dossier(clamart).reponses["quotient_caf"] == 468
    with locataire(clamart.pk):
        appel = AppelSource.objects.get(source="cnaf_quotient")
    assert (appel.statut, appel.endpoint) == (200, "/v3/dss/quotient_familial/france_connect")
    resume = navigateur.client.get(foyer.replace("etape/2", "resume")).text
    textes = {t.get_text(" ", strip=True)[:5] for t in BeautifulSoup(resume, "html.parser")("dd")}
    assert {"494\u00a0€", "468\u00a0€"} <= textes

    client, caches = navigateur.client, read_caches(navigateur.client.get(foyer).text)
    client.post(foyer, caches | {"aides_caf": "non", "_action": "enregistrer"})
    sans = read_foyer(client.get(foyer).text)  # sans aide de la Caf, elle n’est plus montrée
    assert (sans["quotient"], sans["source_caf dd"]) == ("494 €", "")


def read_foyer(page: str) -> dict[str, str]:
    """Ce que la page montre, espaces réunis : vide si le repère n’y est pas."""
    soupe = BeautifulSoup(page, "html.parser")
    reperes = ("quotient", "prix", "source_caf dd", "source_caf .source")
    trouves = {r: soupe.select_one(f"#champ-{r}") for r in reperes}
    return {r: " ".join(t.get_text(" ").split()) if t else "" for r, t in trouves.items()}
