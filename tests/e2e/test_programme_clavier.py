"""Un geste par métier du programme, au clavier seul et sans JavaScript."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.e2e.parcours import reponse
from tests.e2e.test_sans_souris import follow, reach, write

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


def test_anyone_compares_searches_and_subscribes_with_the_keyboard_only(ouvrir):
    """Catalogue, adoption, bilan, lettre ; l’échéancier a le sien."""
    page = ouvrir(js=False)
    page.goto("/catalogue/")
    for slug in ("aidants-connect", "aides-territoires"):
        reach(page, f"#comparer-{slug}")
        page.keyboard.press("Space")
        expect(page.locator(f"#comparer-{slug}")).to_be_checked()
    follow(page, "main form[action$='/comparer/'] button")
    expect(page.get_by_role("columnheader", name="Aides-territoires")).to_be_visible()

    page.goto("/collectivites/")
    write(page, "q", "Clamart")
    with reponse(page):
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Clamart")
    expect(page).to_have_url(re.compile("q=Clamart|/collectivites/commune-92023/"))

    page.goto("/programme/2018-2020/bilan/")
    write(page, "debut", f"{date(2020, 1, 1):%m%d%Y}")  # l’ordre des cases suit ce navigateur
    with reponse(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Tout le programme")).to_be_visible()

    page.goto("/lettres/abonnement/")
    write(page, "courriel", "clavier@exemple.fr")
    follow(page, "main form button[type=submit]")
    expect(page.locator("#annonces")).to_contain_text("nous vous avons écrit")


def test_member_answers_and_asks_with_the_keyboard_only(ouvrir):
    """Gouvernance et espaces : un siège de l’État, dans une instance et dans un groupe."""
    page = ouvrir("agent:etat", js=False)
    page.goto("/mes-instances/")
    follow(page, "form[action$='/repondre/'] button[value=present]")
    expect(page.locator("#annonces")).to_contain_text("Votre réponse est notée")

    page.goto("/groupes/dites-le-nous-une-fois/")
    follow(page, "main a[href*='genre=question']")
    write(page, "titre", "Une question posée au clavier")
    reach(page, "[name=texte]")
    page.keyboard.type("Qui a déjà essayé ?")
    follow(page, "main form button[type=submit]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Une question posée au clavier")
