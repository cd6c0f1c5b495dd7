"""L’outillage des essais est strict pour de bon : ce qu’il dit refuser échoue."""

import warnings

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import path

from socle.fondations.collectivites.models import Collectivite

PAGES = {
    "geste": "<button onclick='x()'>",
    "script": "<script>x()</script>",
    "style": '<p style="color:red">',
    "gabarit": "<p>{{ oubli }}</p>",
    "etiquette": "<p>{% url oubli %}</p>",
}
SAINES = {
    "module": '<script src="/static/a.js" type="module"></script><p class="style">',
    "json": "{{ du texte simple n’est pas une page }}",
}


def serve(request, nom: str) -> HttpResponse:
    texte = (PAGES | SAINES)[nom]
    return HttpResponse(texte, content_type="text/plain" if nom == "json" else "text/html")


urlpatterns = [path("<nom>/", serve)]


@pytest.fixture
def client_des_pages(client, settings):
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    return client


@pytest.mark.parametrize("nom", PAGES)
def test_client_refuses_what_the_csp_would(client_des_pages, nom):
    with pytest.raises(AssertionError, match="Interdit dans une page"):
        client_des_pages.get(f"/{nom}/")


@pytest.mark.parametrize("nom", SAINES)
def test_client_lets_a_clean_answer_through(client_des_pages, nom):
    assert client_des_pages.get(f"/{nom}/").status_code == 200


def test_unsorted_query_comes_back_shuffled_and_sorted_one_does_not():
    assert "ORDER BY RANDOM()" in str(Collectivite.objects.all().query)
    assert "RANDOM" not in str(Collectivite.objects.order_by("pk").query)
    assert "RANDOM" not in str(Collectivite.objects.values("genre").distinct().query)


def test_unknown_template_variable_and_warning_are_failures():
    with pytest.raises(pytest.fail.Exception, match="inconnue"):
        Template("{{ inconnue }}").render(Context())
    with pytest.raises(DeprecationWarning):
        warnings.warn("vieux", DeprecationWarning, stacklevel=1)


def test_order_of_the_tests_is_random_unless_asked_otherwise(request):
    demande = "no:randomly" in request.config.option.plugins
    assert request.config.pluginmanager.hasplugin("randomly") or demande
