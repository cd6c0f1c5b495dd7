"""La démonstration montre un jury et des résultats ; semée deux fois, rien ne change."""

from datetime import UTC, datetime

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.consultations.models import Deport, Instruction, Notation, Resultat
from socle.metiers.consultations.services import evaluation_semence, semence
from tests.factories import CompteFactory

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_seed_shows_a_jury_and_published_results_and_can_be_played_again():
    semence.seed(MAINTENANT)
    assert "0 appel" in evaluation_semence.seed(MAINTENANT)  # sans les personnes, rien
    for courriel, *_ in evaluation_semence.MEMBRES:
        CompteFactory(agent=True, courriel=courriel)
    equipiere = CompteFactory(agent=True, courriel=evaluation_semence.EQUIPIERE)
    MembreProgramme.objects.create(compte=equipiere, role=RoleProgramme.EQUIPE)

    for _ in range(2):
        assert "1 appel" in evaluation_semence.seed(MAINTENANT)

    en_cours = Instruction.objects.get(campagne__slug=evaluation_semence.EN_COURS)
    notees = Notation.objects.filter(reponse__campagne=en_cours.campagne)
    assert (en_cours.etape, notees.count()) == ("notation", 1)
    instruction = Instruction.objects.get(campagne__slug=evaluation_semence.APPEL)
    assert instruction.is_publiee
    assert instruction.bilan["chiffres"]["irrecevables"] == 1
    assert instruction.bilan["deports"]["total"] == 1
    issues = sorted(Resultat.objects.values_list("issue", flat=True))
    assert issues == ["complementaire", "non_retenu", "non_retenu", "retenu", "retenu"]
    assert Deport.objects.get().origine == "declare"
