"""Le journal mène aux dossiers que son lecteur peut ouvrir, et à eux seuls."""

import pytest

from socle.fondations.comptes.enums import Role
from socle.metiers.dossiers.queries.journal import map_adresses
from tests.factories import AdhesionFactory

pytestmark = pytest.mark.django_db
JOURNAL = "/c/clamart/agent/journal/"


@pytest.fixture
def dpo(depose):
    return AdhesionFactory(collectivite=depose.collectivite, role=Role.DPO).compte


def test_filed_case_is_linked_and_opens(client, dpo, depose):
    client.force_login(dpo)
    adresse = f"/c/clamart/agent/dossiers/{depose.numero}/"

    texte = client.get(f"{JOURNAL}?objet={depose.numero}").text

    assert f'href="{adresse}"' in texte
    assert "Demande déposée" in texte
    assert client.get(adresse).status_code == 200


def test_draft_and_erased_cases_are_not(brouillon):
    lecteur = AdhesionFactory(collectivite=brouillon.collectivite, role=Role.DPO).compte
    suites = [str(brouillon.numero), "999999", "pas-un-numero", "9" * 30]

    assert map_adresses(brouillon.collectivite, lecteur, suites) == {}


def test_reader_without_a_role_gets_no_address(depose):
    compte = AdhesionFactory(collectivite=depose.collectivite, role=Role.OPERATEUR).compte

    assert map_adresses(depose.collectivite, compte, [str(depose.numero)]) == {}


def test_page_of_cases_stays_in_its_budget(client, dpo, depose, count_sql):
    client.force_login(dpo)
    client.get(JOURNAL)

    with count_sql() as compte:
        texte = client.get(JOURNAL).text

    assert len(compte.instructions) <= 6
    assert texte.count("data-ligne") > 1
