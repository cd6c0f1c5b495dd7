"""Ce que l’agent a déjà noté n’est pas à retaper ; une adresse électronique ne s’exige pas."""

from copy import deepcopy

import pytest
from bs4 import BeautifulSoup

from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.enums import Canal, EtatDossier
from socle.metiers.dossiers.errors import DossierIncomplet
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import correction, depot
from tests.metiers.conftest import DEFINITION, MAINTENANT, REPONSES
from tests.metiers.dossiers.test_version import publish

SANS_COURRIEL = {champ: valeur for champ, valeur in REPONSES.items() if champ != "courriel"}


def build_definition(**champs) -> dict:
    """Le formulaire de la cantine, son courriel exigé, avec d’autres champs sur sa page."""
    definition = deepcopy(DEFINITION)
    page = definition["pages"][0]["champs"]
    page[2]["obligatoire"] = True
    page.extend(
        {"type": type_, "id": jeton.replace("-", "_"), "libelle": jeton, "autocomplete": jeton}
        for jeton, type_ in champs.items()
    )
    return definition


@pytest.fixture
def exigeante(demarche, administrateur):
    """Démarche dont le courriel est obligatoire."""
    publish(demarche, administrateur, build_definition())
    return demarche


def start(demarche, compte, canal, reponses=SANS_COURRIEL) -> Dossier:
    dossier, _ = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), compte=compte, canal=canal,
        reponses=reponses, demandeur="Raymond Vasseur", maintenant=MAINTENANT,
    )  # fmt: skip
    return dossier


def file(dossier, compte) -> Dossier:
    return depot.file_dossier(
        numero=dossier.numero, acces=Acces(compte=compte), maintenant=MAINTENANT
    )


def begin(client, demarche, **depart) -> Dossier:
    client.post(f"/c/clamart/agent/guichet/{demarche.chemin}/", {"canal": "telephone"} | depart)
    return Dossier.objects.get(demarche=demarche)


def test_person_named_first_is_not_typed_again(client, agent, demarche):
    client.force_login(agent)

    dossier = begin(client, demarche, prenom="Raymond", nom="Vasseur", courriel="RV@exemple.fr")

    assert dossier.demandeur == "Raymond Vasseur"
    attendues = {"prenom": "Raymond", "nom": "Vasseur", "courriel": "rv@exemple.fr"}
    assert dossier.reponses == attendues
    page = BeautifulSoup(client.get(f"/c/clamart/dossiers/{dossier.numero}/etape/1/").text, "lxml")
    lues = {nom: page.find("input", {"name": nom})["value"] for nom in attendues}
    assert lues == attendues


def test_only_what_was_given_is_filled(client, agent, administrateur, demarche):
    """Le nom entier va dans un champ « name » ; rien ne va dans un champ d’un autre jeton."""
    publish(demarche, administrateur, build_definition(name="texte_court", tel="telephone"))
    client.force_login(agent)

    dossier = begin(client, demarche, nom="Les Amis du vélo")

    assert dossier.reponses == {"nom": "Les Amis du vélo", "name": "Les Amis du vélo"}


@pytest.mark.parametrize("canal", [Canal.GUICHET, Canal.TELEPHONE, Canal.COURRIER])
def test_person_without_mail_files_at_the_counter(exigeante, agent, canal):
    depose = file(start(exigeante, agent, canal), agent)

    assert depose.etat == EtatDossier.EN_CONSTRUCTION


def test_mail_stays_required_online(exigeante, usager):
    with pytest.raises(DossierIncomplet):
        file(start(exigeante, usager, Canal.EN_LIGNE), usager)


@pytest.mark.parametrize("reponses", [
    {c: v for c, v in SANS_COURRIEL.items() if c != "prenom"},
    SANS_COURRIEL | {"courriel": "raymond"},
])  # fmt: skip
def test_nothing_else_is_relaxed(exigeante, agent, reponses):
    with pytest.raises(DossierIncomplet):
        file(start(exigeante, agent, Canal.GUICHET, reponses), agent)


def test_page_says_it_is_optional_and_lets_go_on(client, exigeante, agent, usager):
    envoi = {"prenom": "Raymond", "nom": "Vasseur", "courriel": "", "_action": "continuer"}
    lues = {}
    for compte, canal in ((agent, Canal.GUICHET), (usager, Canal.EN_LIGNE)):
        dossier = start(exigeante, compte, canal, {})
        client.force_login(compte)
        adresse = f"/c/clamart/dossiers/{dossier.numero}/etape/1/"
        page = BeautifulSoup(client.get(adresse).text, "lxml")
        libelle = page.find("label", {"for": page.find("input", {"name": "courriel"})["id"]}).text
        suite = client.post(adresse, envoi | {"revision": "0"})
        lues[canal] = ("facultatif" in libelle, suite.status_code)

    assert lues == {Canal.GUICHET: (True, 302), Canal.EN_LIGNE: (False, 422)}


def test_correction_at_the_counter_needs_no_mail_either(exigeante, agent):
    depose = file(start(exigeante, agent, Canal.GUICHET), agent)
    demande = correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    correction.save_correction(
        dossier=demande, reponses=SANS_COURRIEL | {"revenu": "12000"}, revision=demande.revision
    )

    corrige = correction.submit_correction(
        numero=depose.numero, acces=Acces(compte=agent), maintenant=MAINTENANT
    )

    assert corrige.reponses["revenu"] == "12000"
