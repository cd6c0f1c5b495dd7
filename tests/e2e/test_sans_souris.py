"""Toute la chaîne sans JavaScript pour l’agent, et au clavier seul pour chacun."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.parcours import (
    AGENT,
    CHEMIN,
    LENT,
    PAR_HTMX,
    click,
    file_demande,
    fill_tout,
    press,
    read_numero,
    reponse,
)
from tests.e2e.test_agent import wait_text

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SOPHIE = "agent:instructrice"
TOUCHES_MAX = 120


@pytest.fixture
def depose(ouvrir, assurance) -> int:
    page = ouvrir("usager:moreau", js=False)
    numero = fill_tout(page, assurance)
    file_demande(page)
    return numero


def test_agent_goes_from_the_list_to_the_decision_without_javascript(ouvrir, depose):
    """Liste, filtre, dossier, message, correction annulée, instruction, décision, lettre."""
    page = ouvrir(SOPHIE, js=False)
    page.goto(f"{AGENT}/dossiers/")
    page.get_by_label("Nom, numéro ou mot du dossier").fill(str(depose))
    press(page, "Filtrer")
    click(page.locator(f"a[href*='/agent/dossiers/{depose}/']").first)
    page.get_by_label("Répondre à l’usager").fill("Bonjour, je regarde votre demande.")
    press(page, "Envoyer à l’usager")
    expect(page.locator(".message").last).to_contain_text("je regarde votre demande")
    page.locator("summary", has_text="Demander une correction").click()
    page.get_by_label("Que doit corriger l’usager ?").fill("Précisez la garde.")
    press(page, "Demander")
    expect(page.locator("#annonces")).to_contain_text("attend l’usager")
    press(page, "Retirer la demande")
    press(page, "Passer en instruction")
    expect(page.locator("#annonces")).to_contain_text("En instruction")
    page.get_by_label("Refuser").check()
    press(page, "Relire avant de décider")
    expect(page.locator(".invalid-feedback")).to_contain_text("Écrivez le motif")
    page.get_by_label("Accepter", exact=True).check()
    press(page, "Relire avant de décider")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accepter cette demande ?")
    press(page, "Accepter")
    expect(page.locator(".tete")).to_contain_text("Accepté")
    wait_text(page, "Décision (PDF)")


# Au clavier seul ---------------------------------------------------------------------------------
def reach(page: Page, selecteur: str) -> None:
    """Avance par Tab jusqu’à un élément visible ; échoue si le clavier n’y mène pas."""
    cibles = page.locator(selecteur)
    expect(cibles.first).to_be_attached()
    for _ in range(TOUCHES_MAX):
        page.keyboard.press("Tab")
        if cibles.evaluate_all("tous => tous.includes(document.activeElement)"):
            return
    pytest.fail(f"Le clavier n’atteint pas {selecteur} sur {page.url}")


def write(page: Page, nom: str, texte: str) -> None:
    reach(page, f"[name='{nom}']")
    page.keyboard.press("Control+a")
    page.keyboard.type(texte)


def check(page: Page, nom: str, valeur: str = "") -> None:
    """Coche une case, ou choisit un bouton radio par les flèches."""
    precise = f"[value='{valeur}']" if valeur else ""
    cible = page.locator(f"[name='{nom}']{precise}").first
    reach(page, f"input[name='{nom}']")
    for _ in range(TOUCHES_MAX):
        if cible.evaluate("e => e === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    if not cible.is_checked():
        page.keyboard.press("Space")
    expect(cible).to_be_checked()


def follow(page: Page, selecteur: str) -> None:
    """Va à un lien ou un bouton par Tab, vérifie que le foyer se voit, et presse Entrée."""
    reach(page, selecteur)
    contour = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
    )
    assert contour, f"le foyer ne se voit pas sur {selecteur}"
    par_script = page.locator(":focus").evaluate(PAR_HTMX)
    with reponse(page, fragment=par_script):
        page.keyboard.press("Enter")


def has_h(page: Page, texte: str) -> None:
    expect(page.get_by_role("heading", name=texte).first).to_be_visible()


@pytest.mark.parametrize(
    "js", [True, pytest.param(False, marks=pytest.mark.lent)], ids=["avec script", "sans script"]
)
def test_citizen_files_with_the_keyboard_only(ouvrir, assurance, js):
    """De la connexion au numéro de dossier ; seule la boîte de fichier du système est remplacée."""
    page = ouvrir(js=js)
    page.goto(CHEMIN)
    follow(page, f"main a[href$='{CHEMIN}commencer/']")
    page.wait_for_url("**/commencer/")
    follow(page, "main a[href*='/connexion/']")
    has_h(page, "Se connecter")
    follow(page, ".fr-connect")
    check(page, "identite", "belkacem")
    page.keyboard.press("Enter")
    page.wait_for_url("**/commencer/", timeout=LENT)
    follow(page, "main form button[type=submit]")
    page.wait_for_url("**/etape/1/")
    numero = read_numero(page)
    write(page, "telephone", "06 12 34 56 78")
    write(page, "adresse-voie", "14 rue des Châtaigniers")
    write(page, "adresse-code_postal", "92140")
    write(page, "adresse-commune", "Clamart")
    follow(page, "button[value=continuer]")
    has_h(page, "Votre foyer")
    follow(page, "button[value='a_la_main:source_impots']")
    write(page, "revenu_fiscal", "24000")
    write(page, "parts", "2,5")
    check(page, "aides_caf", "non")
    follow(page, "button[value=continuer]")
    has_h(page, "Vos enfants")
    for nom, texte in (("prenom", "Maëlle"), ("nom", "Belkacem"), ("naissance", "02022018")):
        champ = page.locator(f"[name$='enfant_{nom}']").first.get_attribute("name")
        write(page, champ, texte)
    ecole = page.locator("[name$='-ecole']").first
    check(page, ecole.get_attribute("name"), ecole.get_attribute("value"))
    jour = page.locator("[name$='-jours']").first
    check(page, jour.get_attribute("name"), jour.get_attribute("value"))
    follow(page, "button[value=continuer]")
    expect(page.locator("[name=assurance]")).to_be_attached()
    garde = page.locator("[name=garde]").first.get_attribute("value")
    check(page, "garde", garde)
    reach(page, "[name=assurance]")
    page.locator("[name=assurance]").set_input_files(assurance)
    check(page, "reglement")
    follow(page, "button[value=continuer]")
    has_h(page, "Relisez votre demande")
    check(page, "accord_portail")
    follow(page, "main form[action$='/deposer/'] button[type=submit]")

    page.wait_for_url(re.compile(rf"/dossiers/{numero}/$"))
    expect(page.locator("main")).to_contain_text(str(numero))


@pytest.mark.parametrize(
    "js", [pytest.param(True, marks=pytest.mark.lent), False], ids=["avec script", "sans script"]
)
def test_agent_decides_with_the_keyboard_only(ouvrir, depose, js):
    """De la liste à la décision, message compris ; aucun raccourci n’est nécessaire."""
    page = ouvrir(SOPHIE, js=js)
    page.goto(f"{AGENT}/dossiers/")
    write(page, "q", str(depose))
    with reponse(page, fragment=js):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"q={depose}"))
    follow(page, f"main a[href*='/agent/dossiers/{depose}/']")
    form = f"form[action$='/agent/dossiers/{depose}"
    follow(page, f"{form}/avancer/'] button")
    expect(page.locator("#annonces")).to_contain_text("En instruction")
    reach(page, f"{form}/ecrire/'] textarea")
    page.keyboard.type("Bonjour, votre demande est en ordre.")
    follow(page, f"{form}/ecrire/'] button:not([name])")
    expect(page.locator(".message").last).to_contain_text("en ordre")
    check(page, "transition", "accepter")
    follow(page, f"{form}/decider/'] button:not([name=inserer])")
    has_h(page, "Accepter cette demande ?")
    follow(page, "button[name=confirmer]")

    expect(page.locator(".tete")).to_contain_text("Accepté")


def choose(page: Page, nom: str) -> None:
    """Prend la première vraie réponse d’une liste déroulante."""
    reach(page, f"[name='{nom}']")
    page.keyboard.press("ArrowDown")


@pytest.mark.lent
def test_clerk_builds_and_publishes_with_the_keyboard_only(ouvrir):
    """Créer, écrire une question et la fiche, publier, puis fermer : rien ne reste en ligne."""
    page = ouvrir("agent:administratrice")
    page.goto(f"{AGENT}/demarches/")
    follow(page, "main a[href$='/demarches/nouvelle/']")
    write(page, "titre", "Prêt de sonorisation")
    with reponse(page):
        page.keyboard.press("Enter")
    etat = page.locator("[data-etat-enregistrement]")

    reach(page, "#vous summary")
    page.keyboard.press("Enter")
    write(page, "libelle", "Nom de l’association")
    follow(page, "#vous form[action$='/ajouter/vous/'] button")
    write(page, "aide", "Celui des statuts.")
    expect(etat).to_contain_text("Enregistré à")
    follow(page, "#reglages a[href*='foyer=']")
    expect(page.locator("#regler-nom_de_l_association")).to_be_focused()
    follow(page, "nav[aria-label='Démarche'] a[href$='/fiche/']")
    write(page, "resume", "Empruntez de quoi sonoriser une fête.")
    check(page, "invites_autorises")
    choose(page, "service")
    write(page, "cadre_juridique", "Délibération du 4 juin 2026.")
    choose(page, "regle")
    expect(etat).to_contain_text("Enregistré à")
    follow(page, "#reglages button[type=submit]")
    follow(page, "form[action$='/publier/'] button")
    expect(page.locator("#annonces")).to_contain_text("La version 1 est en ligne")
    follow(page, "form[action$='/fermer/'] button")

    expect(page.locator("#annonces")).to_contain_text("La démarche est fermée")
