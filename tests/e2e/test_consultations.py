"""Répondre à une consultation : au clavier seul et sans JavaScript, puis avec."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.parcours import press
from tests.e2e.test_sans_souris import check, follow, reach, write

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]
FICHE = "/consultations/exemple-usages-catalogue/"
CONTINUER = "main form button[value=continuer]"


def test_anyone_answers_with_the_keyboard_only_and_keeps_a_receipt(ouvrir):
    page = ouvrir(js=False)
    page.goto(FICHE)
    follow(page, f"main a[href='{FICHE}repondre/']")
    write(page, "courriel", "reponse@exemple.fr")
    follow(page, "main form button[type=submit]")
    check(page, "organisme", "une_commune")
    check(page, "connait", "oui")
    follow(page, CONTINUER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos besoins")
    reach(page, "[name=manque]")
    page.keyboard.type("Un guide par taille de commune.")
    follow(page, CONTINUER)
    expect(page.locator("main")).to_contain_text("Un guide par taille de commune.")
    follow(page, "main form[action$='/deposer/'] button")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Réponse R\d{4}-\d{6}"))
    expect(page.locator("main")).to_contain_text("Un reçu part à reponse@exemple.fr")


def test_brouillon_is_kept_as_it_is_typed_and_survives_a_reload(ouvrir):
    page = ouvrir("usager:le_goff")
    page.goto(f"{FICHE}repondre/")
    press(page, "Commencer")
    page.get_by_label("Une commune").check()
    expect(page.locator("#enregistrement")).to_contain_text("Enregistré à")
    page.reload()
    expect(page.get_by_label("Une commune")).to_be_checked()
    page.get_by_label("Oui", exact=True).check()
    expect(page.locator("#enregistrement")).to_contain_text("Enregistré à")
    press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos besoins")
