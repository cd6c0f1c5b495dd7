"""« Qui a consulté vos données » : chaque agent une fois par heure, chaque appel à l’État."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.comptes.enums import Role
from socle.fondations.formulaires.ports import Trace, sources
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.models import Consultation
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services.echanges import record_appel, record_consultation
from tests.factories import AdhesionFactory, CompteFactory
from tests.metiers.conftest import MAINTENANT

FIN_D_HEURE = MAINTENANT.replace(minute=59, second=59)


@pytest.fixture
def collegue(collectivite):
    compte = CompteFactory(agent=True, prenom="Bilal", nom="Hamdane")
    return AdhesionFactory(collectivite=collectivite, compte=compte, role=Role.VALIDEUR).compte


def read_qui(page: str) -> list[str]:
    titre = BeautifulSoup(page, "html.parser").find(id="t-qui")
    lignes = titre.find_parent("section").select("li")
    return [re.sub(r"\s+", " ", ligne.get_text(" ", strip=True)) for ligne in lignes]


def count_entrees() -> int:
    return Entree.objects.filter(action="dossier.consulte").count()


@pytest.mark.parametrize(
    ("instants", "lignes"),
    [
        ([MAINTENANT], 1),
        ([MAINTENANT, MAINTENANT + timedelta(minutes=5)], 1),
        ([MAINTENANT.replace(minute=0), FIN_D_HEURE], 1),
        ([FIN_D_HEURE, FIN_D_HEURE + timedelta(seconds=1)], 2),
        ([MAINTENANT, MAINTENANT + timedelta(days=1)], 2),
    ],
)
def test_opening_is_noted_once_an_hour(depose, agent, instants, lignes):
    for instant in instants:
        record_consultation(dossier=depose, agent=agent, maintenant=instant)

    assert Consultation.objects.count() == lignes
    assert count_entrees() == lignes  # au journal autant de fois, ni plus ni moins


def test_two_agents_are_two_lines(depose, agent, collegue):
    for personne in (agent, collegue, agent):
        record_consultation(dossier=depose, agent=personne, maintenant=MAINTENANT)

    noms = Consultation.objects.order_by("pk").values_list("agent_nom", flat=True)
    assert list(noms) == ["Ada Fournel", "Bilal Hamdane"]


def test_citizen_reads_who_opened_the_case(client, depose, agent, collegue, usager):
    client.force_login(usager)
    suivi = f"/c/clamart/dossiers/{depose.numero}/"
    assert "Aucun agent n’a encore ouvert le dossier" in client.get(suivi).text

    for personne in (agent, agent, collegue):
        client.force_login(personne)
        assert client.get(f"/c/clamart/agent/dossiers/{depose.numero}/").status_code == 200
    client.force_login(usager)
    lignes = read_qui(client.get(suivi).text)

    assert len(lignes) == 2
    assert {ligne.split(",")[0].strip() for ligne in lignes} == {"Ada Fournel", "Bilal Hamdane"}


def test_refused_agent_leaves_no_line(client, depose, usager):
    client.force_login(CompteFactory(agent=True))  # aucun rôle ici
    assert client.get(f"/c/clamart/agent/dossiers/{depose.numero}/").status_code == 403

    assert not Consultation.objects.exists()


def test_citizen_reading_their_own_case_is_not_a_consultation(client, depose, usager):
    client.force_login(usager)
    client.get(f"/c/clamart/dossiers/{depose.numero}/")

    assert not Consultation.objects.exists()


@pytest.mark.parametrize(("statut", "dit"), [(200, ""), (404, "pas de réponse utile"), (0, "pas")])
def test_citizen_reads_each_call_to_the_state(client, depose, usager, statut, dit):
    source = sources["cnaf_quotient"]
    record_appel(
        dossier=depose, source=source, acces=Acces(compte=usager), maintenant=MAINTENANT,
        trace=Trace(endpoint="/v3/dss", statut_http=statut, identifiant_requete="a"),
    )  # fmt: skip
    client.force_login(usager)

    [ligne] = read_qui(client.get(f"/c/clamart/dossiers/{depose.numero}/").text)

    assert "interrogé le 21 novembre 2026 à 10 h 30" in ligne.replace("\xa0", " ")
    assert dit in ligne


def test_name_shown_stays_when_the_agent_leaves(client, depose, agent, usager):
    """Le nom est celui du jour : un agent renommé ou parti reste lisible."""
    record_consultation(dossier=depose, agent=agent, maintenant=MAINTENANT)
    agent.nom, agent.is_active = "Autrement", False
    agent.save()
    client.force_login(usager)

    [ligne] = read_qui(client.get(f"/c/clamart/dossiers/{depose.numero}/").text)

    assert ligne.startswith("Ada Fournel")
