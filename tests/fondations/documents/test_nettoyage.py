"""Ce qui ne sert plus s’en va, ce qui sert reste."""

import os
import time
from datetime import timedelta

import pytest

from socle.fondations.commun.locataire import locataire
from socle.fondations.documents import tasks
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import (
    clean_contenus,
    clean_orphelins,
    purge_retires,
    remove_document,
    remove_objet,
)
from socle.fondations.documents.services.entrepot import remove_provisoires
from tests.factories import CollectiviteFactory
from tests.fondations.documents.echantillons import build_image
from tests.fondations.documents.test_depot import list_fichiers

pytestmark = pytest.mark.django_db
TROIS_JOURS = timedelta(days=3)


def age_fichiers(racine, maintenant) -> None:
    vieux = (maintenant - timedelta(days=5)).timestamp()
    for fichier in racine.rglob("*"):
        os.utime(fichier, (vieux, vieux))


def test_removed_document_is_purged_a_day_later(
    depose, racine, maintenant, django_capture_on_commit_callbacks
):
    retire, garde = depose(), depose(build_image("PNG"))
    age_fichiers(racine, maintenant)
    remove_document(document=retire, maintenant=maintenant)

    with django_capture_on_commit_callbacks(execute=True):
        assert purge_retires(maintenant=maintenant) == 0
        assert purge_retires(maintenant=maintenant + TROIS_JOURS) == 1

    assert list(Document.objects.order_by("pk")) == [garde]
    assert list_fichiers(racine) == [garde.chemin]


def test_content_used_elsewhere_survives_the_purge(
    depose, racine, maintenant, django_capture_on_commit_callbacks
):
    retire, garde = depose(), depose(objet="essai:2")
    age_fichiers(racine, maintenant)
    remove_document(document=retire, maintenant=maintenant)

    with django_capture_on_commit_callbacks(execute=True):
        purge_retires(maintenant=maintenant + TROIS_JOURS)

    assert list_fichiers(racine) == [garde.chemin]


def test_content_stored_again_meanwhile_survives(
    depose, racine, maintenant, django_capture_on_commit_callbacks
):
    retire = depose()
    remove_document(document=retire, maintenant=maintenant - TROIS_JOURS)

    with django_capture_on_commit_callbacks(execute=True):
        purge_retires(maintenant=maintenant)  # les octets, eux, datent d’à l’instant

    assert list_fichiers(racine) == [retire.chemin]


def test_removing_an_object_removes_its_documents_only(depose, maintenant):
    depose(), depose()
    autre = depose(objet="essai:2")

    assert remove_objet(objet="essai:1", maintenant=maintenant) == 2
    assert list(Document.objects.presents().order_by("pk")) == [autre]


def test_orphans_are_removed_when_their_trade_says_so(depose, metier, maintenant):
    garde, orphelin, inconnu = depose(), depose(), depose(objet="autre:1")
    metier.gardes = {garde.pk}

    assert clean_orphelins(maintenant=maintenant) == 0
    assert clean_orphelins(maintenant=maintenant + TROIS_JOURS) == 1

    retires = Document.objects.filter(retire_le__isnull=False).order_by("pk")
    assert list(retires) == [orphelin]
    assert inconnu.pk != orphelin.pk


def test_contents_without_row_are_removed(depose, racine, collectivite, maintenant):
    garde = depose()
    perdu = racine / str(collectivite.pk) / "aa" / "bb" / ("aabb" + "0" * 60)
    perdu.parent.mkdir(parents=True)
    perdu.write_bytes(b"x")
    age_fichiers(racine, maintenant)

    assert clean_contenus(collectivite_id=collectivite.pk, maintenant=maintenant) == 1
    assert list_fichiers(racine) == [garde.chemin]


def test_old_temporary_files_are_removed(racine):
    depots = racine / ".depots"
    depots.mkdir(parents=True)
    (depots / "vieux").write_bytes(b"x")
    hier = time.time() - 86_400  # l’âge d’un fichier se lit à l’horloge de la machine
    os.utime(depots / "vieux", (hier, hier))
    (depots / "recent").write_bytes(b"x")

    assert remove_provisoires(plus_vieux_que=3600) == 1
    assert list_fichiers(racine) == [".depots/recent"]


def test_night_task_goes_through_each_collectivite(
    depose, racine, metier, maintenant, django_capture_on_commit_callbacks
):
    autre = CollectiviteFactory()
    documents = [depose()]
    with locataire(autre.pk):
        documents.append(depose(collectivite=autre))
    age_fichiers(racine, maintenant)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.nettoyer(timestamp=int((maintenant + TROIS_JOURS).timestamp()))  # retire
        tasks.nettoyer(timestamp=int((maintenant + 2 * TROIS_JOURS).timestamp()))  # purge

    assert list_fichiers(racine) == []


def test_removed_object_task(depose, collectivite):
    depose()

    tasks.retirer_objet(collectivite_id=collectivite.pk, objet="essai:1")

    assert Document.objects.presents().count() == 0
