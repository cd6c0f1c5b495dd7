"""Demander, préparer, déposer une correction ; l’histoire reste, champ par champ."""

import pytest

from socle.metiers.dossiers.enums import EtatDossier, Fait
from socle.metiers.dossiers.errors import DossierIncomplet, DossierModifieAilleurs
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import list_changements, list_evenements
from socle.metiers.dossiers.services import correction
from tests.metiers.conftest import MAINTENANT, REPONSES


@pytest.fixture
def demande(depose, agent):
    return correction.request_correction(
        dossier=depose, agent=agent, texte="Quel est votre revenu ?", maintenant=MAINTENANT
    )


def test_request_returns_the_case_to_the_citizen(demande):
    assert (demande.etat, demande.attend_correction) == (EtatDossier.EN_CONSTRUCTION, True)
    message = demande.messages.get()
    assert (message.par_agent, message.correction) == (True, True)


def test_filed_answers_stay_until_the_correction_is_filed(demande):
    correction.save_correction(
        dossier=demande, reponses=REPONSES | {"revenu": "12000"}, revision=demande.revision
    )
    lu = Dossier.objects.get(pk=demande.pk)
    assert lu.reponses["revenu"] == "21600"
    assert lu.correction["revenu"] == "12000"


def test_filed_correction_keeps_history_field_by_field(demande, usager):
    correction.save_correction(
        dossier=demande, reponses=REPONSES | {"revenu": "12000"}, revision=demande.revision
    )
    corrige = correction.submit_correction(
        numero=demande.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
    )

    assert corrige.projection["quotient"] == "667"
    assert (corrige.correction, corrige.attend_correction) == (None, False)
    champs = {c.champ for c in list_changements(corrige)}
    assert champs == {"revenu", "quotient"}
    assert [e.fait for e in list_evenements(corrige)][-1] == Fait.CORRECTION_DEPOSEE


def test_wrong_correction_is_refused_and_kept(demande, usager):
    correction.save_correction(
        dossier=demande, reponses={"prenom": "Yanis"}, revision=demande.revision
    )
    with pytest.raises(DossierIncomplet):
        correction.submit_correction(
            numero=demande.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
        )
    assert Dossier.objects.get(pk=demande.pk).correction == {"prenom": "Yanis"}


def test_two_tabs_never_overwrite_a_correction(demande):
    autre = Dossier.objects.get(pk=demande.pk)
    correction.save_correction(dossier=demande, reponses=REPONSES, revision=demande.revision)
    with pytest.raises(DossierModifieAilleurs):
        correction.save_correction(dossier=autre, reponses={}, revision=autre.revision)
