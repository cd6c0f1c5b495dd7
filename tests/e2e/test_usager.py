"""La demande d’une personne, de la recherche à l’accusé, dans un vrai navigateur."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.parcours import (
    CHEMIN,
    ESSAIS,
    answer_aides,
    choose_identite,
    click,
    file_demande,
    fill_enfant,
    fill_foyer_a_la_main,
    fill_garde,
    fill_tout,
    fill_vous,
    open_brouillon,
    press,
    read_numero,
    reponse,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
NADIA = "usager:belkacem"


def has_titre(page: Page, titre: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(titre)


def test_demande_with_javascript_goes_from_search_to_accuse(ouvrir, assurance):
    page = ouvrir()
    page.goto("/c/clamart/")
    page.get_by_label("Chercher une démarche").fill("cantine")
    with reponse(page):
        page.keyboard.press("Enter")
    click(page.get_by_role("link", name="Inscription à la cantine scolaire"))
    click(page.get_by_role("link", name="Commencer"))
    click(page.get_by_role("link", name="Me connecter"))
    page.get_by_role("button", name="FranceConnect").click()
    choose_identite(page, "belkacem")
    press(page, "Commencer")
    numero = read_numero(page)

    expect(page.locator(".bloc-source")).to_contain_text("Reçu : FranceConnect")
    expect(page.locator(".bloc-source")).to_contain_text("Nadia")
    fill_vous(page)
    expect(page.locator("#enregistrement")).to_contain_text("Enregistré à")
    press(page, "Continuer")

    has_titre(page, "Votre foyer")
    press(page, "Récupérer ces données")
    if "/simulateurs/" in page.url:
        choose_identite(page, "belkacem")
    recu = page.locator(".bloc-source").first
    expect(recu).to_contain_text("Reçu : Direction générale des finances publiques")
    expect(recu.locator(".source")).to_contain_text(re.compile(r"le\s\d+\s\w+\s2\d{3} à\s\d+"))
    expect(page.locator("output")).to_have_text("494\u00a0€")
    answer_aides(page, "Oui")
    expect(page.get_by_role("heading", name="Votre quotient de la Caf")).to_be_visible()
    answer_aides(page, "Non")
    expect(page.get_by_role("heading", name="Votre quotient de la Caf")).to_be_hidden()
    answer_aides(page, "Oui")
    press(page, "Récupérer ces données")  # il ne reste que celles de la Caf
    if "/simulateurs/" in page.url:
        choose_identite(page, "belkacem")
    caf = page.locator("#champ-source_caf")
    expect(caf.locator("dd")).to_have_text("468\u00a0€")
    expect(caf.locator(".source")).to_contain_text("Reçu : Caisse d’allocations familiales")
    expect(page.locator("output")).to_have_text("494\u00a0€")  # celui de la ville, qui fait le prix
    press(page, "Continuer")

    fill_enfant(page)
    press(page, "Ajouter un enfant")
    expect(page.locator(".bloc-repetable fieldset.card")).to_have_count(2)
    fill_enfant(page, "Ilyès")
    press(page, "Continuer")

    fill_garde(page, assurance)
    expect(page.locator(".fichiers")).to_contain_text("assurance.pdf")
    press(page, "Relire ma demande")

    has_titre(page, "Relisez votre demande")
    expect(page.locator("main")).to_contain_text("Ilyès")
    file_demande(page)
    has_titre(page, "C’est déposé.")
    expect(page.locator(".numero")).to_have_text(f"219200235-2026-{numero}")
    wait_accuse(page)


def wait_accuse(page: Page) -> None:
    """Recharge jusqu’au lien de l’accusé, que le travailleur prépare."""
    lien = page.get_by_role("link", name="Accusé de réception (PDF)")
    for _ in range(ESSAIS):
        if lien.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    with page.expect_download() as attendu:
        lien.evaluate("lien => { lien.download = ''; lien.click(); }")
    assert attendu.value.path().read_bytes().startswith(b"%PDF")


def test_demande_without_javascript_is_filed(ouvrir, assurance):
    page = ouvrir("usager:le_goff", js=False)

    fill_tout(page, assurance)
    file_demande(page)

    has_titre(page, "C’est déposé.")
    expect(page.get_by_role("heading", name="Et maintenant ?")).to_be_visible()


def test_quotient_is_computed_without_leaving_the_page(ouvrir):
    page = ouvrir("usager:moreau")
    numero = open_brouillon(page)
    page.goto(f"/c/clamart/dossiers/{numero}/etape/2/")
    page.evaluate("window.memePage = true")
    press(page, "Je préfère les donner moi-même")
    page.evaluate("window.memePage = true")

    page.get_by_label("Revenu fiscal de référence").fill("24000")
    page.get_by_label("Nombre de parts").fill("2,5")
    page.get_by_label("Nombre de parts").press("Tab")

    expect(page.locator("output")).to_have_text("800\u00a0€")
    expect(page.locator(".calcul")).to_contain_text("2,60\u00a0€")
    assert page.evaluate("window.memePage")


def test_fast_typing_is_neither_lost_nor_a_conflict(ouvrir):
    page = ouvrir("usager:moreau")
    numero = open_brouillon(page)
    page.route("**/etape/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto(f"/c/clamart/dossiers/{numero}/etape/4/")

    page.get_by_label("Garde alternée").check()  # la page va être remplacée…
    page.get_by_label("J’ai lu le règlement").check()  # … pendant que la personne continue

    expect(page.locator("[name=accord_garde]")).to_be_visible()
    expect(page.get_by_label("J’ai lu le règlement")).to_be_checked()
    press(page, "Relire ma demande")
    expect(page.get_by_role("heading", level=2, name="réponses sont à reprendre")).to_be_visible()
    page.goto(f"/c/clamart/dossiers/{numero}/etape/4/")
    expect(page.get_by_label("J’ai lu le règlement")).to_be_checked()


def test_fichier_shows_its_progress(ouvrir, tmp_path):
    page = ouvrir("usager:moreau")
    numero = open_brouillon(page)
    page.goto(f"/c/clamart/dossiers/{numero}/etape/4/")
    page.evaluate("""() => { window.avancements = [];
      document.addEventListener("htmx:xhr:progress", () => window.avancements.push(
        document.querySelector("[data-envoi-texte]")?.textContent)); }""")
    image = tmp_path / "photo.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000)

    page.locator("[name=assurance]").set_input_files(image)

    expect(page.locator("#enregistrement")).to_contain_text("Enregistré à")
    textes = page.evaluate("window.avancements")
    assert any("envoyés" in texte or "vérification" in texte for texte in textes if texte)


def test_two_onglets_in_conflict_show_both_versions(ouvrir):
    premier = ouvrir("usager:diallo")
    numero = open_brouillon(premier)
    second = premier.context.new_page()
    second.goto(premier.url)
    fill_vous(premier)
    expect(premier.locator("#enregistrement")).to_contain_text("Enregistré à")
    press(premier, "Continuer")
    has_titre(premier, "Votre foyer")

    fill_vous(second)
    second.get_by_label("Téléphone").fill("06 98 76 54 32")
    press(second, "Continuer")

    conflit = second.locator(".alert-warning")
    expect(conflit).to_contain_text("06 12 34 56 78")
    expect(conflit).to_contain_text("06 98 76 54 32")
    press(second, "Garder la mienne")
    has_titre(second, "Votre foyer")
    second.goto(f"/c/clamart/dossiers/{numero}/etape/1/")
    expect(second.get_by_label("Téléphone")).to_have_value(re.compile("06.?98.?76.?54.?32"))


def test_invite_comes_back_to_the_draft_after_closing_the_page(ouvrir):
    page = ouvrir()
    page.goto(f"{CHEMIN}commencer/")
    press(page, "Continuer sans compte")
    numero = read_numero(page)
    fill_vous(page, invite=True)
    press(page, "Continuer")
    has_titre(page, "Votre foyer")
    page.close()

    retour = page.context.new_page()
    retour.goto(f"{CHEMIN}commencer/")
    click(retour.get_by_role("link", name=re.compile("Reprendre la demande")))
    press(retour, "Continuer ma demande")
    has_titre(retour, "Votre foyer")  # la première étape est finie
    press(retour, "Revenir")

    expect(retour.get_by_label("Prénom")).to_have_value("Odile")
    assert read_numero(retour) == numero


def test_session_that_ends_keeps_the_draft(ouvrir, sessions):
    page = ouvrir("usager:le_goff")
    numero = open_brouillon(page)
    fill_vous(page)
    press(page, "Continuer")
    has_titre(page, "Votre foyer")
    temoins = page.context.cookies()
    page.context.clear_cookies()
    page.reload()
    has_titre(page, "Se connecter")

    page.context.add_cookies(temoins)
    page.goto(f"/c/clamart/dossiers/{numero}/etape/1/")

    expect(page.get_by_label("Téléphone")).to_have_value(re.compile("06.?12.?34.?56.?78"))


def test_invite_fills_a_page_with_the_keyboard_only(ouvrir):
    page = ouvrir()
    page.goto(f"{CHEMIN}commencer/")
    reach(page, "button:has-text('Continuer sans compte')")
    with reponse(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/etape/1/$"))

    reach(page, "button[value=continuer]:visible")
    with reponse(page):
        page.keyboard.press("Enter")

    resume = page.locator(".resume-erreurs")
    expect(resume).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Prénom")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.goto(re.sub("etape/1", "etape/4", page.url.partition("#")[0]))
    reach(page, "[name=reglement]")
    page.keyboard.press("Space")
    expect(page.get_by_label("J’ai lu le règlement")).to_be_checked()


def reach(page: Page, selecteur: str) -> None:
    """Avance par Tab jusqu’à un élément ; échoue si le clavier n’y mène pas."""
    cible = page.locator(selecteur).last
    for _ in range(80):
        if cible.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Le clavier n’atteint pas {selecteur}")


def test_foyer_a_la_main_reaches_children(ouvrir):
    page = ouvrir("usager:diallo", js=False, largeur=360)
    numero = open_brouillon(page)
    page.goto(f"/c/clamart/dossiers/{numero}/etape/2/")
    fill_foyer_a_la_main(page)
    press(page, "Continuer")

    has_titre(page, "Vos enfants")
