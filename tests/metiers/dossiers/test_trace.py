"""La trace d’un appel à l’État survit au brouillon effacé (CRPA, art. R. 114-9-7)."""

from datetime import UTC, datetime

from socle.fondations.formulaires.ports import Trace, sources
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.models import AppelSource
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot
from socle.metiers.dossiers.services.echanges import record_appel

MAINTENANT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def test_trace_outlives_the_deleted_draft(brouillon, usager):
    acces = Acces(compte=usager)
    trace = Trace(endpoint="/v3/dss/quotient_familial", statut_http=200, identifiant_requete="a-1")
    record_appel(
        dossier=brouillon,
        source=sources["cnaf_quotient"],
        trace=trace,
        acces=acces,
        maintenant=MAINTENANT,
    )

    depot.delete_brouillon(dossier=brouillon, acces=acces, maintenant=MAINTENANT)

    assert not AppelSource.objects.exists()
    assert Entree.objects.get(action="dossier.source_appelee").donnees == {
        "source": "cnaf_quotient",
        "adresse": "/v3/dss/quotient_familial",
        "statut": 200,
        "identifiant": "a-1",
    }
