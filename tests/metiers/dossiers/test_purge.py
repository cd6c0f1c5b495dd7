"""Un brouillon abandonné s’efface ; une demande déposée, jamais."""

from datetime import timedelta

from django.db.models.functions import Now

from socle.metiers.dossiers.models import Compteur, Dossier
from socle.metiers.dossiers.services.purge import DUREE, purge_brouillons


def age(dossier: Dossier, jours: timedelta) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(modifie_le=Now() - jours)


def test_abandoned_draft_is_erased(brouillon):
    age(brouillon, DUREE + timedelta(days=1))
    maintenant = Dossier.objects.get(pk=brouillon.pk).cree_le

    assert purge_brouillons(maintenant=maintenant) == 1
    assert not Dossier.objects.filter(pk=brouillon.pk).exists()
    assert Compteur.objects.get(etat="brouillon").nombre == 0


def test_recent_draft_and_old_filed_request_stay(brouillon, depose):
    """`depose` est le même dossier, une fois déposé."""
    age(depose, DUREE * 3)
    maintenant = Dossier.objects.get(pk=depose.pk).cree_le

    assert purge_brouillons(maintenant=maintenant) == 0
    assert Dossier.objects.filter(pk=depose.pk).exists()
