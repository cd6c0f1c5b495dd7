"""Un brouillon abandonné est annoncé, puis s’efface ; une demande déposée, jamais."""

from datetime import datetime, timedelta

import pytest
from django.db.models.functions import Now

from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.models import Compteur, Dossier
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services.purge import (
    DUREE,
    PREAVIS,
    purge_brouillons,
    warn_brouillons,
)
from tests.metiers.conftest import MAINTENANT


def age(dossier: Dossier, duree: timedelta) -> datetime:
    """Vieillit un brouillon ; rend l’instant d’aujourd’hui pour la base."""
    Dossier.objects.filter(pk=dossier.pk).update(modifie_le=Now() - duree)
    return Dossier.objects.get(pk=dossier.pk).modifie_le + duree


@pytest.fixture
def invite(demarche):
    """Brouillon d’une personne sans compte, qui n’a donné aucune adresse."""
    dossier, _ = depot.start_dossier(
        demarche=demarche, version=get_version_publiee(demarche), maintenant=MAINTENANT
    )
    return dossier


def exists(dossier: Dossier) -> bool:
    return Dossier.objects.filter(pk=dossier.pk).exists()


def test_abandoned_draft_is_announced_then_erased(brouillon):
    maintenant = age(brouillon, DUREE - PREAVIS + timedelta(hours=1))

    assert warn_brouillons(maintenant=maintenant) == 1
    [envoi] = Envoi.objects.order_by("pk")
    assert (envoi.code, envoi.destinataire) == ("dossier_expiration", "yanis@exemple.fr")
    assert warn_brouillons(maintenant=maintenant + timedelta(days=1)) == 0
    assert purge_brouillons(maintenant=maintenant + timedelta(days=6)) == 0
    assert purge_brouillons(maintenant=maintenant + PREAVIS) == 1
    assert not exists(brouillon)
    assert Compteur.objects.get(etat="brouillon").nombre == 0


def test_person_who_could_not_be_warned_in_time_loses_nothing(brouillon):
    """Le travailleur est resté arrêté : l’avis part d’abord, l’effacement attend sept jours."""
    maintenant = age(brouillon, DUREE * 2)
    assert purge_brouillons(maintenant=maintenant) == 0
    assert warn_brouillons(maintenant=maintenant) == 1
    assert purge_brouillons(maintenant=maintenant + timedelta(days=1)) == 0
    assert purge_brouillons(maintenant=maintenant + PREAVIS) == 1


def test_draft_touched_after_the_warning_stays_and_is_warned_again(brouillon):
    maintenant = age(brouillon, DUREE)
    warn_brouillons(maintenant=maintenant - timedelta(days=400))
    assert purge_brouillons(maintenant=maintenant + PREAVIS) == 0
    assert warn_brouillons(maintenant=maintenant + timedelta(hours=1)) == 1


def test_guest_without_address_is_erased_without_a_message(invite):
    maintenant = age(invite, DUREE + timedelta(hours=1))
    assert warn_brouillons(maintenant=maintenant) == 0
    assert purge_brouillons(maintenant=maintenant) == 1
    assert not exists(invite)


def test_guest_who_gave_an_address_receives_a_link(invite):
    Dossier.objects.filter(pk=invite.pk).update(reprise_courriel="ada@exemple.fr")
    maintenant = age(invite, DUREE - PREAVIS + timedelta(hours=1))

    assert warn_brouillons(maintenant=maintenant) == 1

    [envoi] = Envoi.objects.order_by("pk")
    assert (envoi.code, envoi.destinataire) == ("dossier_expiration", "ada@exemple.fr")
    assert f"/dossiers/{invite.numero}/reprendre/" in envoi.corps


def test_recent_draft_and_old_filed_request_stay(brouillon, depose):
    """`depose` est le même dossier, une fois déposé."""
    maintenant = age(depose, DUREE * 3)
    assert warn_brouillons(maintenant=maintenant) == 0
    assert purge_brouillons(maintenant=maintenant) == 0
    assert exists(depose)
