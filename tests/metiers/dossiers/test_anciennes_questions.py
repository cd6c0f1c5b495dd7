"""Liste exportée : les réponses aux questions d’avant y restent, sans requête de plus par ligne."""

from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socle.fondations.formulaires.moteur import compile_formulaire
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.queries import get_chantier, get_version_publiee
from socle.metiers.dossiers.exports import listes
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot
from tests.metiers.conftest import DEFINITION, MAINTENANT, REPONSES


def publish(demarche, agent, definition) -> None:
    chantier = get_chantier(demarche)
    demarches.update_brouillon(
        demarche=demarche,
        definition=definition,
        revision=chantier.revision,
        libelle="Refonte",
        agent=agent,
        maintenant=MAINTENANT,
    )
    demarches.publish_version(demarche=demarche, agent=agent, maintenant=MAINTENANT)


def file(demarche, usager, **reponses) -> None:
    dossier, _ = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=usager,
        reponses=REPONSES | reponses,
        maintenant=MAINTENANT,
    )
    depot.file_dossier(numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT)


@pytest.fixture
def refonte() -> dict:
    """Sans le courriel, le nom renommé, une ville en plus."""
    definition = deepcopy(DEFINITION)
    champs = definition["pages"][0]["champs"]
    champs[1]["libelle"] = "Nom de famille"
    champs[2] = {"type": "texte_court", "id": "ville", "libelle": "Ville"}
    return definition


@pytest.fixture
def deux_versions(demarche, depose, administrateur, usager, refonte):
    publish(demarche, administrateur, refonte)
    file(demarche, usager, ville="Clamart")
    return demarche


def test_answer_to_a_removed_question_is_exported(deux_versions):
    entetes, ancien, nouveau = listes.iter_lignes(deux_versions)

    questions = len(listes.ENTETES)
    assert entetes[questions:] == [
        "Prénom", "Nom de famille", "Ville", "Revenu", "Parts", "Quotient",
        "Courriel (ancienne question)",
    ]  # fmt: skip
    assert ancien[questions:] == ["Yanis", "Orbellec", "", 21600, 1.5, 1200, "yanis@exemple.fr"]
    assert nouveau[questions:] == ["Yanis", "Orbellec", "Clamart", 21600, 1.5, 1200, ""]


def test_single_version_has_no_old_question(demarche, depose):
    entetes, _ = listes.iter_lignes(demarche)

    assert not [entete for entete in entetes if "ancienne" in entete]


def test_export_costs_the_same_with_many_rows(deux_versions, usager):
    def count() -> int:
        with CaptureQueriesContext(connection) as compte:
            list(listes.iter_lignes(deux_versions))
        return len(compte)

    count()  # les formulaires entrent dans le cache
    avant = count()
    for _ in range(4):
        file(deux_versions, usager, ville="Sceaux")

    assert count() == avant


def test_old_questions_are_bounded_and_the_rest_is_said(monkeypatch, refonte):
    monkeypatch.setattr(listes, "ANCIENNES_MAX", 2)
    longue = deepcopy(refonte)
    longue["pages"][0]["champs"] += [
        {"type": "texte_court", "id": f"q{n}", "libelle": f"Question {n}"} for n in range(5)
    ]

    colonnes = listes.list_colonnes([compile_formulaire(refonte), compile_formulaire(longue)])

    assert list(colonnes.values())[-3:] == [
        "Question 0 (ancienne question)",
        "Question 1 (ancienne question)",
        "3 anciennes questions de plus ne sont pas montrées",
    ]
