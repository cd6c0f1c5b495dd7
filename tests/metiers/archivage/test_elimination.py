"""Un dossier éliminé emporte le paquet qui le recopie ; les autres restent."""

from datetime import timedelta

from socle.fondations.documents.queries import list_documents
from socle.fondations.documents.services.nettoyage import purge_retires
from socle.metiers.archivage.models import Versement
from socle.metiers.archivage.services.elimination import remove_versements
from socle.metiers.dossiers.signals import dossier_elimine
from tests.metiers.archivage.conftest import REFERENCE


def test_package_of_a_destroyed_case_goes_with_it(versement, maintenant):
    dossier_elimine.send(
        None,
        collectivite_id=versement.collectivite_id,
        numero=44171,
        reference=REFERENCE,
        maintenant=maintenant,
    )
    assert Versement.objects.count() == 0
    assert list(list_documents(f"versement:{REFERENCE}")) == []
    assert purge_retires(maintenant=maintenant + timedelta(days=2)) == 1


def test_package_of_another_case_stays(versement, maintenant):
    voisine = REFERENCE[:-1]
    nombre = remove_versements(
        collectivite_id=versement.collectivite_id, reference=voisine, maintenant=maintenant
    )
    assert (nombre, Versement.objects.count()) == (0, 1)
