"""Une secrétaire de mairie construit une démarche dans son navigateur, puis la met en ligne."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.parcours import AGENT, click, press, reponse

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
ADMINISTRATRICE = "agent:administratrice"
PAGE = "Vous"  # première page de tout nouveau formulaire


def create_demarche(page: Page, titre: str) -> None:
    """Crée un brouillon et ouvre son formulaire."""
    page.goto(f"{AGENT}/demarches/nouvelle/")
    page.get_by_label("Titre de la démarche").fill(titre)
    press(page, "Créer le brouillon")
    click(page.get_by_role("navigation").get_by_role("link", name="Formulaire", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(titre)


def add_page(page: Page, titre: str) -> None:
    page.get_by_label("Titre de la nouvelle page").fill(titre)
    press(page, "Ajouter la page")
    expect(get_section(page, titre)).to_be_visible()


def get_section(page: Page, titre: str) -> Locator:
    return page.locator("#chantier section").filter(
        has=page.get_by_role("heading", name=re.compile(f"{titre}$"))
    )


def add_question(page: Page, titre: str, libelle: str, type_: str) -> None:
    """Ajoute une question à une page, puis revient au formulaire."""
    section = get_section(page, titre)
    ajout = section.locator("summary", has_text="Ajouter une question")
    if not section.get_by_label("Libellé").is_visible():
        ajout.click()
    section.get_by_label("Libellé").fill(libelle)
    section.get_by_label("Type", exact=True).select_option(type_)
    click(section.get_by_role("button", name="Ajouter"))
    click(page.get_by_role("link", name="Revenir au formulaire"))
    expect(get_section(page, titre).get_by_role("link", name=libelle, exact=True)).to_be_visible()


def set_condition(page: Page, libelle: str, question: str, valeur: str) -> None:
    """N’affiche une question que pour une réponse ; oubliée d’abord, elle est demandée."""
    click(get_section(page, PAGE).get_by_role("link", name=libelle, exact=True))
    page.locator("summary", has_text="Affichage conditionnel").click()
    page.locator("[name=condition_mode]").select_option("and")
    page.locator("[name=condition_champ_1]").select_option(label=question)
    press(page, "Enregistrer")
    reponse_attendue = page.locator("[name=condition_valeur_1]")
    expect(reponse_attendue).to_have_attribute("aria-invalid", "true")
    reponse_attendue.fill(valeur)
    press(page, "Enregistrer")
    expect(page.locator("#adresse_de_livraison")).to_contain_text("Affiché si")


def list_questions(page: Page) -> list[list[str]]:
    """Rend les libellés, page par page."""
    return [
        section.locator("li[data-id] .col > a").all_inner_texts()
        for section in page.locator("#chantier section:has(form[data-ordonnable])").all()
    ]


def fill_fiche(page: Page, resume: str) -> None:
    """Remplit ce qui est nécessaire pour publier."""
    click(page.get_by_role("link", name="Fiche", exact=True))
    page.get_by_label("En une phrase").fill(resume)
    page.get_by_label("Service qui répond").select_option(index=1)
    page.get_by_label("Règle de conservation").select_option(index=1)
    page.get_by_label("Texte ou délibération").fill("Délibération du 4 juin 2026.")
    page.get_by_label("On peut faire la demande sans compte").check()
    press(page, "Enregistrer la fiche")


@pytest.mark.parametrize(
    "js",
    [
        pytest.param(True, id="avec script"),
        pytest.param(False, id="sans script", marks=pytest.mark.lent),
    ],
)
def test_demarche_is_built_published_and_found(ouvrir, js):
    titre = f"Emprunt de tables {'avec' if js else 'sans'} script"
    page = ouvrir(ADMINISTRATRICE, js=js)

    create_demarche(page, titre)
    editeur = page.url
    add_question(page, PAGE, "Nom de l’association", "texte_court")
    add_question(page, PAGE, "Jour du prêt", "date")
    add_question(page, PAGE, "Faut-il livrer ?", "oui_non")
    add_question(page, PAGE, "Adresse de livraison", "texte_court")
    set_condition(page, "Adresse de livraison", "Faut-il livrer ?", "oui")
    press(page, "Essayer le formulaire")
    expect(page.get_by_label("Nom de l’association")).to_be_visible()
    expect(page.get_by_label("Adresse de livraison")).to_be_hidden()
    page.goto(editeur)
    fill_fiche(page, "Empruntez des tables pour une fête.")
    click(page.get_by_role("link", name="Publication", exact=True))
    press(page, "Publier la version 1")

    usager = ouvrir(js=js)
    usager.goto("/c/clamart/demarches/?q=emprunt")
    click(usager.get_by_role("link", name=titre).first)
    expect(usager.get_by_role("heading", level=1)).to_have_text(titre)


def test_question_is_dragged_to_another_page_and_back_by_undo(ouvrir):
    page = ouvrir(ADMINISTRATRICE)
    create_demarche(page, "Prêt de barrières")
    add_page(page, "La fête")
    add_question(page, PAGE, "Votre nom", "texte_court")
    add_question(page, PAGE, "Le lieu", "texte_court")
    depart = list_questions(page)
    page.set_viewport_size({"width": 1280, "height": 1800})  # glisser sans faire défiler
    poignee = page.locator("#le_lieu .poignee")

    with reponse(page, fragment=True):
        poignee.drag_to(get_section(page, "La fête").locator("li", has_text="Cette page est vide"))

    expect(page.get_by_text("« Le lieu » déplacé.")).to_be_visible()
    assert list_questions(page) == [["Votre nom"], ["Le lieu"]]
    press(page, "Annuler")
    expect(get_section(page, PAGE).get_by_role("link", name="Le lieu")).to_be_visible()
    assert list_questions(page) == depart == [["Votre nom", "Le lieu"], []]


@pytest.mark.lent
def test_question_dropped_outside_stays_where_it_was(ouvrir):
    page = ouvrir(ADMINISTRATRICE)
    create_demarche(page, "Prêt de chaises")
    add_question(page, PAGE, "Votre nom", "texte_court")
    add_question(page, PAGE, "Le lieu", "texte_court")

    page.locator("#le_lieu .poignee").drag_to(page.get_by_role("heading", level=1))

    expect(page.locator(".deplace")).to_have_count(0)  # le geste est fini
    assert list_questions(page) == [["Votre nom", "Le lieu"]]
    page.reload()  # et rien n’était parti
    assert list_questions(page) == [["Votre nom", "Le lieu"]]


def play(cible: Locator, touche: str) -> None:
    """Va à un élément, presse une touche, et attend la réponse : elle déplace aussi le foyer."""
    cible.focus()
    with reponse(cible.page, fragment=True):
        cible.page.keyboard.press(touche)


def test_keyboard_moves_copies_deletes_and_undoes(ouvrir):
    page = ouvrir(ADMINISTRATRICE)
    create_demarche(page, "Prêt de chapiteau")
    add_question(page, PAGE, "Votre nom", "texte_court")
    add_question(page, PAGE, "Le lieu", "texte_court")

    play(page.locator("#regler-le_lieu"), "Alt+ArrowUp")
    expect(page.locator("#monter-le_lieu")).to_be_focused()
    assert list_questions(page) == [["Le lieu", "Votre nom"]]
    play(page.locator("#copier-le_lieu"), "Enter")
    expect(page.locator("#le_lieu_2")).to_be_visible()
    play(page.get_by_role("button", name=re.compile("Supprimer Votre nom")), "Enter")
    expect(page.locator("#votre_nom")).to_have_count(0)
    play(page.get_by_role("button", name="Annuler"), "Enter")
    expect(page.locator("#votre_nom")).to_be_visible()
