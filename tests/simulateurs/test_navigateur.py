"""Pages des simulateurs dans un vrai navigateur : clavier, axe, largeur de 320 pixels."""

from collections.abc import Iterator

import pytest

from tests.simulateurs.conftest import open_serveur
from tests.simulateurs.parcours import Service

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def adresse() -> Iterator[str]:
    with open_serveur() as adresse:
        yield adresse


def create_demande(adresse: str, fournisseur: str) -> str:
    service = Service(None, fournisseur)
    demande = service.create_demande(redirect_uri=f"{adresse}/sante")
    suite = "&".join(f"{nom}={valeur}" for nom, valeur in demande.items())
    return f"{adresse}/{fournisseur}/api/v2/authorize?{suite}".replace(" ", "%20")


@pytest.mark.lent
@pytest.mark.parametrize("largeur", [1280, 320])
@pytest.mark.parametrize("sombre", [False, True])
@pytest.mark.parametrize("page_voulue", ["accueil", "choix", "erreur"])
def test_pages_have_no_axe_violation_nor_overflow(moteur, adresse, largeur, sombre, page_voulue):
    from axe_playwright_python.sync_playwright import Axe

    theme = "dark" if sombre else "light"
    page = moteur.new_page(viewport={"width": largeur, "height": 900}, color_scheme=theme)
    cibles = {
        "accueil": f"{adresse}/",
        "choix": create_demande(adresse, "franceconnect"),
        "erreur": f"{create_demande(adresse, 'franceconnect')}&code_challenge=x",
    }
    page.goto(cibles[page_voulue])
    if page_voulue == "choix":
        for repli in page.locator("summary").all():
            repli.click()

    resultat = Axe().run(page)
    assert resultat.violations_count == 0, resultat.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    page.close()


@pytest.mark.lent
def test_one_of_many_identities_is_found_at_the_keyboard(moteur, adresse):
    page = moteur.new_page(viewport={"width": 360, "height": 740})
    page.goto(create_demande(adresse, "franceconnect"))

    for touche in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(touche)
    page.keyboard.type("wallis")
    page.keyboard.press("Enter")
    page.wait_for_url("**recherche=wallis")
    for _ in range(12):  # évitement, repli, mot, bouton, six groupes, puis l’identité cochée
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    assert page.evaluate("document.activeElement.value") == "naissance_wallis_futuna"
    page.keyboard.press("Enter")
    page.wait_for_url("**/sante?*")

    assert "code=" in page.url
    page.close()


def test_connexion_at_the_keyboard_alone(moteur, adresse):
    page = moteur.new_page()
    page.goto(create_demande(adresse, "proconnect"))

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sante?*")

    assert "code=" in page.url
    assert "iss=" in page.url
    page.close()
