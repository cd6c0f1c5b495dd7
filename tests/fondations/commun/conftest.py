import pytest

from socle.fondations.commun.oidc.cles import clear_cles
from tests.oidc_faux import serve_faux_idp


@pytest.fixture
def idp(settings):
    """Fournisseur d’identité d’essai, joignable par l’exception du bac à sable."""
    clear_cles()
    with serve_faux_idp() as faux:
        settings.BAC_A_SABLE, settings.SIMULATEURS_URL = True, faux.origine
        yield faux
    clear_cles()
