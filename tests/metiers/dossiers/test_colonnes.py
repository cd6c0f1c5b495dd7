"""Les colonnes de la liste : chaque agent les siennes, par démarche, sans script."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.locataire import locataire
from socle.metiers.dossiers.models import ColonnesDeLaListe
from tests.factories import AdhesionFactory, CollectiviteFactory

LISTE = "/c/clamart/agent/dossiers/"
COLONNES = f"{LISTE}colonnes/"
ORIGINE = ["Demandeur", "Démarche", "État", "Déposé", "Échéance", "Suivi par", "À faire"]


@pytest.fixture
def page_agent(client, agent, depose):
    client.force_login(agent)
    return client


def read_entetes(client, suite: str = "") -> list[str]:
    soupe = BeautifulSoup(client.get(f"{LISTE}{suite}").text, "html.parser")
    return [th.text.replace("↑", "").replace("↓", "").strip() for th in soupe.select("thead th")]


def read_formulaire(client, adresse: str = COLONNES) -> tuple[list[str], list[str]]:
    """Rend les codes dans l’ordre de la page, et ceux qui sont cochés."""
    soupe = BeautifulSoup(client.get(adresse).text, "html.parser")
    codes = [champ["value"] for champ in soupe.select("input[name=code]")]
    cochees = [c["value"] for c in soupe.select("input[name=montree][checked]")]
    return codes, cochees


def send(client, adresse: str = COLONNES, *, geste: str = "enregistrer", **champs):
    codes, cochees = read_formulaire(client, adresse)
    return client.post(adresse, {"code": codes, "montree": cochees, "geste": geste} | champs)


def test_origin_is_the_usual_list(page_agent):
    assert read_entetes(page_agent) == ORIGINE


def test_agent_chooses_and_orders_columns(page_agent):
    reponse = send(page_agent, montree=["etat", "canal", "reference"])
    assert reponse["Location"] == LISTE
    assert read_entetes(page_agent) == ["Demandeur", "État", "Canal", "Référence"]

    send(page_agent, geste="monter:canal")
    assert read_entetes(page_agent) == ["Demandeur", "Canal", "État", "Référence"]
    send(page_agent, geste="descendre:etat")
    assert read_entetes(page_agent) == ["Demandeur", "Canal", "Référence", "État"]


def test_cells_follow_their_column(page_agent, depose):
    send(page_agent, montree=["reference", "service", "canal"])
    soupe = BeautifulSoup(page_agent.get(LISTE).text, "html.parser")
    cellules = {td["data-nom"]: td.text for td in soupe.select("tr[data-ligne] th ~ td")}
    assert cellules == {"Référence": depose.reference, "Service": "Écoles", "Canal": "En ligne"}


def test_moving_keeps_the_focus_on_the_button(page_agent):
    soupe = BeautifulSoup(send(page_agent, geste="monter:echeance").text, "html.parser")
    assert soupe.select_one("[autofocus]")["value"] == "monter:echeance"


def test_dragged_order_is_kept(page_agent):
    send(page_agent, ordre="action,etat,depose", montree=["etat", "depose", "action"], geste="")
    assert read_entetes(page_agent) == ["Demandeur", "À faire", "État", "Déposé"]


def test_agent_goes_back_to_the_origin(page_agent):
    send(page_agent, montree=["etat"])
    send(page_agent, geste="origine")
    assert read_entetes(page_agent) == ORIGINE
    assert not ColonnesDeLaListe.objects.exists()


def test_no_column_at_all_is_a_choice(page_agent):
    send(page_agent, montree=[])
    assert read_entetes(page_agent) == ["Demandeur"]


def test_answers_can_be_columns_of_one_procedure(page_agent, demarche):
    adresse = f"{COLONNES}?demarche={demarche.pk}&canal=en_ligne"
    codes, _ = read_formulaire(page_agent, adresse)
    assert {"champ:prenom", "champ:quotient"} <= set(codes)

    reponse = send(page_agent, adresse, montree=["champ:quotient", "etat"])

    assert reponse["Location"] == f"{LISTE}?demarche={demarche.pk}&canal=en_ligne"
    assert read_entetes(page_agent, f"?demarche={demarche.pk}") == ["Demandeur", "État", "Quotient"]
    assert read_entetes(page_agent) == ORIGINE
    page = page_agent.get(f"{LISTE}?demarche={demarche.pk}").text
    assert BeautifulSoup(page, "html.parser").select_one("td[data-nom=Quotient]").text == "1200"


def test_columns_of_the_administrator_come_with_the_procedure(page_agent, demarche):
    type(demarche).objects.update(colonnes=[{"champ": "parts", "libelle": "100 % des parts"}])
    entetes = read_entetes(page_agent, f"?demarche={demarche.pk}")
    assert entetes[:3] == ["Demandeur", "Démarche", "100 % des parts"]
    page = page_agent.get(f"{LISTE}?demarche={demarche.pk}").text
    cellule = BeautifulSoup(page, "html.parser").select_one("td[data-nom='100 % des parts']")
    assert cellule.text == "1,5"


def test_unknown_column_is_ignored(page_agent):
    send(page_agent, montree=["etat", "mot_de_passe", "champ:nom"], geste="monter:mot_de_passe")
    assert read_entetes(page_agent) == ["Demandeur", "État"]


def test_choice_is_of_one_agent_and_one_authority(client, page_agent, collectivite, agent):
    send(page_agent, montree=["etat"])
    autre = CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(autre.pk):
        AdhesionFactory(collectivite=autre, compte=agent)
        assert not ColonnesDeLaListe.objects.exists()
    collegue = AdhesionFactory(collectivite=collectivite).compte
    client.force_login(collegue)
    assert read_entetes(client) == ORIGINE


@pytest.mark.parametrize("numero", ["999999", "x", "9" * 30, "-1"])
def test_unknown_procedure_is_not_found(page_agent, numero):
    assert page_agent.get(f"{COLONNES}?demarche={numero}").status_code == 404


def test_columns_cost_no_sql_to_the_list(page_agent, demarche, count_sql):
    adresse = f"{COLONNES}?demarche={demarche.pk}"
    send(page_agent, adresse, montree=["champ:quotient", "etat"])
    page_agent.get(f"{LISTE}?demarche={demarche.pk}")
    with count_sql() as compte:
        page_agent.get(f"{LISTE}?demarche={demarche.pk}")
    assert len(compte.instructions) <= 6, "\n".join(compte.instructions)
