"""Les appels dans un vrai navigateur, sans script et au clavier."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


def test_call_is_found_by_territory_and_opened_with_the_keyboard_alone(ouvrir):
    page = ouvrir(js=False)
    page.goto("/appels/")
    page.get_by_label("Territoire").select_option(label="Île-de-France")
    page.get_by_label("Mots cherchés").fill("données")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"territoire=reg-11"))
    expect(page.locator("#resultat")).to_contain_text("1 appel.")

    lien = page.get_by_role("link", name="Ouvrir ses données en Île-de-France")
    lien.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Comment répondre")).to_be_visible()
    expect(page.get_by_role("link", name="Page de l’organisateur")).to_be_visible()
