"""Ce qu’un jury accorde entre dans le suivi, une fois, avec la publication ou pas du tout."""

from decimal import Decimal

import pytest

from socle.liaisons.resultats_vers_octrois import record_octrois
from socle.metiers.appels.models import Octroi
from tests.metiers.consultations import fabrique_evaluation as f

pytestmark = pytest.mark.django_db


def test_retained_dossiers_become_octrois_once():
    monde = f.publish(f.create_monde())

    [octroi] = Octroi.objects.all()
    assert (octroi.autorite, octroi.montant) == ("commune-92002", Decimal(60_000))
    assert octroi.appel == "consultation:appel-essai"
    assert octroi.reference == monde.dossiers[0].numero

    resultat = f.publication.to_publie(
        monde.instruction, monde.instruction.resultats.get(issue="retenu")
    )
    record_octrois(None, resultats=[resultat], acteur=f.ACTEUR, maintenant=f.MAINTENANT)
    assert Octroi.objects.count() == 1
