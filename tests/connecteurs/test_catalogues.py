"""Aller chercher un autre catalogue : succès, redirections gardées, pannes, taille."""

import httpx
import pytest
import respx

from socle.connecteurs.catalogues.connecteur import LecteurHttp
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.metiers.catalogue.ports import lecteurs

ADRESSE = "https://catalogue.exemple.fr/liste.csv"


@pytest.fixture
def reseau():
    with respx.mock(assert_all_called=False) as bouchon:
        yield bouchon


def redirect(vers: str) -> httpx.Response:
    return httpx.Response(302, headers={"Location": vers})


def test_lecteur_is_registered():
    assert isinstance(lecteurs["http"], LecteurHttp)


def test_file_is_read(reseau):
    reseau.get(ADRESSE).respond(content=b"nom\nPublik\n")
    assert LecteurHttp().fetch(ADRESSE) == b"nom\nPublik\n"


def test_redirection_to_a_public_address_is_followed(reseau):
    reseau.get(ADRESSE).mock(return_value=redirect("/autre.csv"))
    reseau.get("https://catalogue.exemple.fr/autre.csv").respond(content=b"nom\n")
    assert LecteurHttp().fetch(ADRESSE) == b"nom\n"


@pytest.mark.parametrize(
    ("vers", "phrase"),
    [
        ("https://127.0.0.1/secret", "Cette adresse mène au réseau interne."),
        ("https://169.254.169.254/latest/meta-data/", "Cette adresse mène au réseau interne."),
        ("http://catalogue.exemple.fr/", "Le catalogue distant renvoie vers une adresse qui n’est"
         " pas en https."),
        ("https://[::1]/", "Cette adresse mène au réseau interne."),
        (ADRESSE, "Le catalogue distant renvoie d’adresse en adresse sans fin."),
    ],
)  # fmt: skip
def test_redirection_is_guarded_like_the_first_address(reseau, vers, phrase):
    reseau.get(ADRESSE).mock(return_value=redirect(vers))

    with pytest.raises(ErreurConnecteur) as refus:
        LecteurHttp().fetch(ADRESSE)

    assert str(refus.value) == phrase


@pytest.mark.parametrize("statut", [500, 503, 429])
def test_outage_is_to_be_tried_again(reseau, statut):
    reseau.get(ADRESSE).respond(statut)
    with pytest.raises(SystemeIndisponible):
        LecteurHttp().fetch(ADRESSE)


def test_silence_is_an_outage(reseau):
    reseau.get(ADRESSE).mock(side_effect=httpx.ConnectTimeout("lent"))
    with pytest.raises(SystemeIndisponible):
        LecteurHttp().fetch(ADRESSE)


def test_refusal_is_said(reseau):
    reseau.get(ADRESSE).respond(404)
    with pytest.raises(ErreurConnecteur, match="404"):
        LecteurHttp().fetch(ADRESSE)
