"""Les adresses de l’installation, vues d’une collectivité."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template


@pytest.mark.parametrize(
    ("hote", "attendue"),
    [("", "/outils/verifier/"), ("clamart.test", "http://localhost:8000/outils/verifier/")],
)
def test_page_of_the_installation_is_found_from_an_own_host(settings, hote, attendue):
    settings.ADRESSE = "http://localhost:8000"
    gabarit = Template('{% url_installation "verification:verifier" %}')
    assert gabarit.render(Context({"collectivite": SimpleNamespace(hote=hote)})) == attendue
