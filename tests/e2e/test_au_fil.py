"""L’éditeur de démarches enregistre au fil de la saisie, dans un vrai navigateur.

Ces essais travaillent sur un brouillon de la cantine, et l’abandonnent : rien n’en reste.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.parcours import AGENT, click
from tests.e2e.test_editeur import ADMINISTRATRICE
from tests.e2e.test_pages import check_large_et_etroit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
ABANDONNER = "Abandonner les changements en attente"


@pytest.fixture
def cantine(ouvrir) -> Iterator[tuple[Page, str]]:
    """Une page de l’administratrice, et la racine de la démarche de la cantine."""
    page = ouvrir(ADMINISTRATRICE)
    page.goto(f"{AGENT}/demarches/")
    lien = page.get_by_role("link", name="Formulaire de Inscription à la cantine").first
    racine = lien.get_attribute("href").removesuffix("formulaire/")
    yield page, racine
    page.goto(f"{racine}publication/")
    if page.get_by_role("button", name=ABANDONNER).count():
        click(page.get_by_role("button", name=ABANDONNER))


def read_etat(page: Page) -> Locator:
    return page.locator("#reglages [data-etat-enregistrement]")


def test_question_is_saved_as_it_is_typed(cantine):
    page, racine = cantine
    page.goto(f"{racine}formulaire/champs/naissance/")
    expect(read_etat(page)).to_have_text("Ce que vous écrivez s’enregistre tout seul.")

    page.locator("[name=aide]").press_sequentially("Celle de la carte d’identité.")

    expect(read_etat(page)).to_contain_text("Enregistré à")
    page.reload()
    expect(page.locator("[name=aide]")).to_have_value("Celle de la carte d’identité.")


@pytest.mark.lent
def test_half_typed_condition_is_said_beside_it_and_keeps_the_focus(cantine):
    page, racine = cantine
    page.goto(f"{racine}formulaire/champs/naissance/")
    page.locator("summary", has_text="Affichage conditionnel").click()
    page.locator("[name=condition_mode]").select_option("and")
    page.locator("[name=condition_champ_1]").select_option(index=1)
    valeur = page.locator("[name=condition_valeur_1]")

    expect(valeur).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_condition_valeur_1_error")).to_contain_text("Écrivez la valeur")
    expect(read_etat(page)).to_contain_text(
        re.compile(r"Non enregistré\s: «\sValeur 1\s» est à reprendre")
    )
    assert page.evaluate(
        "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    )  # la page retient ce qui n’est pas enregistré
    check_large_et_etroit(page)
    valeur.press_sequentially("Zoé")

    expect(read_etat(page)).to_contain_text("Enregistré à")
    expect(valeur).to_be_focused()
    expect(valeur).to_have_value("Zoé")
    expect(page.locator("#id_condition_valeur_1_error")).to_have_count(0)
    assert page.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")


@pytest.mark.lent
def test_second_tab_sees_both_versions_then_one_press_of_undo_forgets_them(ouvrir, cantine):
    page, racine = cantine
    champ = f"{racine}formulaire/champs/naissance/"
    autre = ouvrir(ADMINISTRATRICE)
    for onglet in (page, autre):
        onglet.goto(champ)
    depart = page.locator("[name=libelle]").input_value()
    for mot in ("Né le", "Née ou né le"):
        with page.expect_response(re.compile("au_fil=1")):
            page.locator("[name=libelle]").fill(mot)
    expect(read_etat(page)).to_contain_text("Enregistré à")

    autre.locator("[name=libelle]").fill("Votre naissance")

    expect(autre.locator(".conflit")).to_be_focused()
    expect(autre.locator(".conflit")).to_contain_text("Née ou né le")
    expect(autre.locator("[name=libelle]")).to_have_value("Votre naissance")
    expect(autre.locator("#reglages [hx-post]")).to_have_count(0)
    check_large_et_etroit(autre)
    click(autre.get_by_role("button", name="Garder la mienne"))
    expect(autre.locator("#regler-naissance")).to_have_text("Votre naissance")
    for attendu in ("Née ou né le", depart):
        click(autre.get_by_role("button", name="Annuler"))
        expect(autre.locator("#regler-naissance")).to_have_text(attendu)
