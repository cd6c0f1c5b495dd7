"""Un dossier déposé passe au nouveau formulaire, sans JavaScript, et ses pages restent lisibles."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.parcours import AGENT, click, press, read_numero
from tests.e2e.test_editeur import (
    ADMINISTRATRICE,
    PAGE,
    add_question,
    create_demarche,
    fill_fiche,
)
from tests.e2e.test_pages import check_large_et_etroit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
TITRE, USAGER = "Prêt de vélos", "usager:le_goff"


def look(page: Page, adresse: str) -> None:
    """Ouvre cette page avec le script, que l’outil d’accessibilité demande."""
    page.goto(adresse)
    check_large_et_etroit(page)


def publish(page: Page, numero: int) -> None:
    click(page.get_by_role("link", name="Publication", exact=True))
    press(page, f"Publier la version {numero}")


def file_pret(page: Page) -> int:
    """Dépose une demande avec la première version ; rend son numéro."""
    page.goto("/c/clamart/demarches/?q=velos")
    click(page.get_by_role("link", name=TITRE).first)
    page.goto(f"{page.url.partition('?')[0]}commencer/")
    click(page.locator("main form button[type=submit]").first)
    page.get_by_label("Taille du vélo").fill("Cadre de 54")
    page.get_by_label("Votre nom").fill("Le Goff")
    press(page, "Relire ma demande")
    click(page.get_by_role("button", name=re.compile("Déposer")))
    return read_numero(page)


@pytest.mark.lent
def test_filed_case_is_moved_to_the_new_form(ouvrir):
    chef = ouvrir(ADMINISTRATRICE, js=False)
    create_demarche(chef, TITRE)
    add_question(chef, PAGE, "Votre nom", "texte_court")
    add_question(chef, PAGE, "Taille du vélo", "texte_court")
    fill_fiche(chef, "Empruntez un vélo pour la semaine.")
    publish(chef, 1)
    usager = ouvrir(USAGER, js=False)
    numero = file_pret(usager)
    click(chef.get_by_role("link", name="Formulaire", exact=True))
    click(chef.get_by_role("button", name=re.compile("Supprimer Taille")))
    add_question(chef, PAGE, "Votre taille en centimètres", "nombre_entier")
    publish(chef, 2)

    chef.goto(f"{AGENT}/dossiers/{numero}/")
    press(chef, "Voir ce que le nouveau changerait")
    expect(chef.locator("main")).to_contain_text("Cadre de 54")
    expect(chef.locator("main")).to_contain_text("Ce qui manquerait")
    look(ouvrir(ADMINISTRATRICE), chef.url)
    chef.get_by_label("Pourquoi déplacer ce dossier").fill("Les cadres ne se choisissent plus.")
    press(chef, "Passer au nouveau formulaire")

    expect(chef.get_by_role("heading", name="Réponses à l’ancien formulaire")).to_be_visible()
    expect(chef.locator("main")).to_contain_text("De la version 1 à la version 2")
    look(ouvrir(ADMINISTRATRICE), chef.url)
    usager.goto(f"/c/clamart/dossiers/{numero}/")
    expect(usager.locator("#messages")).to_contain_text("- Votre taille en centimètres")
    expect(usager.locator("main")).to_contain_text("Cadre de 54")
    look(ouvrir(USAGER), usager.url)
