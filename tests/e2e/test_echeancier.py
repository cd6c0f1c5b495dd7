"""L’échéancier dans un vrai navigateur : sans script, au clavier, et chez un partenaire."""

import re
from io import BytesIO

import pikepdf
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]
A3_PAYSAGE = [1191, 842]  # points : 420 × 297 mm
FICHE = re.compile(r"/echeancier/proconnect-double-authentification/$")


def test_timeline_is_filtered_and_opened_with_the_keyboard_alone(ouvrir):
    """Sans script : écrire une collectivité, filtrer, suivre un lien de la frise."""
    page = ouvrir(js=False)
    page.goto("/echeancier/")
    page.get_by_label("Ma collectivité").fill("Clamart")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"autorite=commune-92023"))
    expect(page.locator("#resultat")).to_contain_text("concernent Clamart")

    premier = page.locator(".gantt-large a.rang").first
    premier.focus()
    expect(premier).to_be_focused()
    page.keyboard.press("Enter")

    expect(page).to_have_url(FICHE)
    expect(page.get_by_role("heading", name="Ce qu’il faut faire")).to_be_visible()

    page.goto("/echeancier/imprimer/")
    with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as papier:
        assert [round(cote) for cote in papier.pages[0].MediaBox[2:]] == A3_PAYSAGE
    page.emulate_media(media="print")  # la première frise tient sous le titre, sur la même feuille
    page.set_viewport_size({"width": 1497, "height": 1032})  # A3 moins ses marges, en pixels
    premiere = page.locator(".feuille").first.bounding_box()
    assert premiere["y"] + premiere["height"] < 1032


def test_phone_shows_the_narrow_drawing_only(ouvrir):
    page = ouvrir(largeur=360)
    page.goto("/echeancier/")

    expect(page.locator(".gantt-etroite")).to_be_visible()
    expect(page.locator(".gantt-large")).to_be_hidden()


def test_frame_shows_inside_another_page(ouvrir, site):
    """La page du partenaire est jouée ici ; un refus d’encadrer (DENY, 'none') l’arrêterait."""
    page = ouvrir()
    cadre = f'<iframe title="Échéancier" src="{site}/echeancier/integrer/"></iframe>'
    page.route("**/chez-un-partenaire/", lambda r: r.fulfill(content_type="text/html", body=cadre))
    page.goto("/chez-un-partenaire/")

    cadre = page.frame_locator("iframe")
    expect(cadre.get_by_role("heading", level=1)).to_contain_text("et quand")
