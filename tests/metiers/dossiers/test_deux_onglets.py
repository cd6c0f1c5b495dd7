"""La même personne, deux onglets : rien n’est écrasé en silence, et rien n’est déposé deux fois."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bs4 import BeautifulSoup
from django.db import connection

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.enums import EtatDossier, Fait
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.queries.dossier import list_changements
from socle.metiers.dossiers.services import correction
from tests.conftest import ClientStrict
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT, create_cantine, start_brouillon
from tests.metiers.dossiers.test_parcours import ETAPE_2, read_form
from tests.metiers.dossiers.test_preuve import base_remise, base_vive, proprietaire

__all__ = ["base_remise", "base_vive", "proprietaire"]
BASE = "/c/clamart/dossiers/{}/"


def read_cotes(page: BeautifulSoup) -> list[list[str]]:
    """Libellé, version enregistrée, version de la page."""
    lignes = page.select(".conflit tbody tr")
    return [[cellule.get_text() for cellule in tr.select("th, td")] for tr in lignes]


def test_correction_in_two_tabs_shows_both_and_loses_nothing(client, depose, agent, usager):
    correction.request_correction(
        dossier=depose, agent=agent, texte="Quel est votre revenu ?", maintenant=MAINTENANT
    )
    client.force_login(usager)
    etape = BASE.format(depose.numero) + "etape/2/"
    premier, second = (read_form(client.get(etape).text) for _ in range(2))
    suite = {"_action": "continuer"}

    assert client.post(etape, premier | ETAPE_2 | suite | {"revenu": "12000"}).status_code == 302
    refus = client.post(etape, second | ETAPE_2 | suite | {"revenu": "15000"})

    page = BeautifulSoup(refus.text, "html.parser")
    assert refus.status_code == 409
    cotes = {libelle: versions for libelle, *versions in read_cotes(page)}
    assert [v.replace("\u202f", "") for v in cotes["Revenu"]] == ["12000", "15000"]
    assert page.find("input", {"name": "revenu"})["value"] == "15000"
    lu = Dossier.objects.get(pk=depose.pk)
    assert (lu.correction["revenu"], lu.reponses["revenu"]) == ("12000", "21600")

    # « Prendre celle enregistrée » la montre ; « Garder la mienne » repart de la révision neuve.
    prise = client.get(page.select_one(".conflit a")["href"])
    assert BeautifulSoup(prise.text, "html.parser").find(id="champ-revenu")["value"] == "12000"
    garde = page.select_one(".conflit button")
    envoi = read_form(refus.text) | ETAPE_2 | {"revenu": "15000", garde["name"]: garde["value"]}
    assert client.post(etape, envoi).status_code == 302
    client.post(BASE.format(depose.numero) + "deposer/")

    lu.refresh_from_db()
    assert (lu.correction, lu.reponses["revenu"]) == (None, "15000")
    assert ("21 600", "15 000") in {
        (c.avant.replace("\u202f", " "), c.apres.replace("\u202f", " "))
        for c in list_changements(lu)
    }


def test_two_filings_at_once_file_once_and_answer_the_same_number(base_remise):
    ville = CollectiviteFactory(slug="clamart", nom="Clamart")
    with locataire(ville.pk):
        chef = AdhesionFactory(collectivite=ville, role=Role.ADMINISTRATEUR).compte
        usager = CompteFactory()
        dossier = start_brouillon(create_cantine(ville, chef), usager)
    clients = [ClientStrict(), ClientStrict()]
    for client in clients:
        client.force_login(usager)
    depart = Barrier(2, timeout=60)

    def file(client: ClientStrict) -> tuple[int, str, str]:
        try:
            depart.wait()
            reponse = client.post(BASE.format(dossier.numero) + "deposer/", {"accord_portail": "1"})
            suivi = client.get(reponse["Location"])
            return reponse.status_code, reponse["Location"], suivi.text
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        reponses = list(fils.map(file, clients))

    with locataire(ville.pk):
        dossier.refresh_from_db()
        assert dossier.etat == EtatDossier.EN_CONSTRUCTION
        assert {(s, lieu) for s, lieu, _ in reponses} == {(302, BASE.format(dossier.numero))}
        assert all(dossier.reference in texte for _, _, texte in reponses)
        assert Evenement.objects.filter(dossier=dossier, fait=Fait.DEPOSE).count() == 1
        assert Entree.objects.filter(action="dossier.depose").count() == 1
