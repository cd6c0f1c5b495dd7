"""Page publique des statistiques : chaque chiffre, recompté à la main."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.enums import Canal, Transition
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.mesures import compute_statistiques
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services.instruction import apply_transition
from tests.metiers.conftest import MAINTENANT, REPONSES

PAGE = "/c/clamart/demarches/cantine-scolaire/statistiques/"


@pytest.fixture
def dossiers(demarche, usager, agent):
    """Quatre en ligne, deux au guichet ; trois décidés, à 2, 4 et 9 jours ; un brouillon."""
    ranges = []
    for rang in range(6):
        guichet = rang >= 4
        dossier, _ = depot.start_dossier(
            demarche=demarche, version=get_version_publiee(demarche),
            compte=agent if guichet else usager, maintenant=MAINTENANT, reponses=REPONSES,
            canal=Canal.GUICHET if guichet else Canal.EN_LIGNE,
            demandeur="Raymond Vasseur" if guichet else "",
        )  # fmt: skip
        ranges.append(
            depot.file_dossier(
                numero=dossier.numero, acces=Acces(compte=agent if guichet else usager),
                maintenant=MAINTENANT + timedelta(days=20 * (rang == 5)),
            )
        )  # fmt: skip
    for rang, (transition, jours) in enumerate(
        [(Transition.ACCEPTER, 2), (Transition.ACCEPTER, 4), (Transition.REFUSER, 9)]
    ):
        decide(ranges[rang], agent, transition, jours)
    depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), compte=usager,
        maintenant=MAINTENANT, reponses=REPONSES,
    )  # fmt: skip
    return ranges


def decide(dossier, agent, transition, jours) -> None:
    instant = MAINTENANT + timedelta(days=jours)
    for geste in (Transition.PASSER_EN_INSTRUCTION, transition):
        apply_transition(
            dossier=dossier, transition=geste, agent=agent, motif="Hors du secteur.",
            maintenant=instant,
        )  # fmt: skip
        dossier.refresh_from_db()


def read_tableau(page: BeautifulSoup, legende: str) -> list[list[str]]:
    tableau = page.find("caption", string=legende).find_parent("table")
    return [
        [c.get_text(" ", strip=True).replace("\xa0", " ") for c in rangee.find_all(["th", "td"])]
        for rangee in tableau.find("tbody").find_all("tr")
    ]


def test_page_shows_the_right_figures(client, dossiers):
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")

    chiffres = {
        dt.get_text(strip=True): dd.get_text(" ", strip=True).replace("\xa0", " ")
        for dt, dd in zip(page.select("main dl dt"), page.select("main dl dd"), strict=False)
    }
    assert chiffres["Demandes déposées"].startswith("6")
    assert chiffres["Demandes décidées"].startswith("3")
    assert chiffres["Délai moyen de réponse"].startswith("5 jours")
    assert read_tableau(page, "Demandes par canal") == [
        ["En ligne", "4", "67 %"],
        ["Au guichet", "2", "33 %"],
    ]
    assert read_tableau(page, "Demandes par réponse") == [
        ["Accepté", "2", "67 %"],
        ["Refusé", "1", "33 %"],
    ]
    assert read_tableau(page, "Demandes déposées par mois") == [
        ["Novembre 2026", "5"],
        ["Décembre 2026", "1"],
    ]


def test_page_names_nobody(client, dossiers):
    texte = client.get(PAGE).text

    for nom in ("Yanis", "Orbellec", "Raymond", "Vasseur", "yanis@exemple.fr", "Fournel"):
        assert nom not in texte


def test_figures_without_a_case_say_so(client, demarche):
    texte = client.get(PAGE).text

    assert "Aucune décision pour le moment" in texte
    assert "Demandes par réponse" not in texte


def test_figures_are_those_of_this_procedure_only(demarche, dossiers, administrateur, collectivite):
    from socle.metiers.demarches import services as demarches
    from tests.factories import RegleFactory, ServiceFactory
    from tests.metiers.conftest import DEFINITION

    autre = demarches.create_demarche(
        collectivite=collectivite, titre="Autre", agent=administrateur, maintenant=MAINTENANT,
        definition=DEFINITION, resume="Autre.", cadre_juridique="Texte",
        service=ServiceFactory(collectivite=collectivite),
        regle=RegleFactory(collectivite=collectivite),
    )  # fmt: skip

    assert compute_statistiques(autre).deposes == 0
    assert compute_statistiques(demarche).deposes == 6
