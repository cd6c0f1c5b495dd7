"""L’instruction d’une demande par les agents, dans un vrai navigateur."""

import contextlib
import csv
import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from socle.normes.seda.controles import check_sip
from socle.serveur.preuve import main as verify
from tests.e2e.parcours import (
    AGENT,
    ESSAIS,
    click,
    file_demande,
    fill_enfant,
    fill_foyer_a_la_main,
    fill_garde,
    fill_tout,
    fill_vous,
    press,
    read_numero,
)
from tests.e2e.test_pages import check_large_et_etroit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SOPHIE = "agent:instructrice"


@pytest.fixture(scope="module")
def depose(moteur, site, sessions, assurance) -> int:
    """Numéro d’une demande déposée, pour les tests qui la lisent sans la changer."""
    contexte = moteur.new_context(
        base_url=site, java_script_enabled=False, storage_state=sessions("usager:le_goff")
    )
    page = contexte.new_page()
    numero = fill_tout(page, assurance)
    file_demande(page)
    contexte.close()
    return numero


def open_dossier(page: Page, numero: int) -> None:
    page.goto(f"{AGENT}/dossiers/{numero}/")


def test_demande_is_corrected_then_accepted(ouvrir, assurance):
    usager = ouvrir("usager:belkacem", js=False)
    numero = fill_tout(usager, assurance)
    file_demande(usager)
    agent = ouvrir(SOPHIE)

    open_dossier(agent, numero)
    agent.get_by_label("Répondre à l’usager").fill("Bonjour, j’ai bien lu votre demande.")
    press(agent, "Envoyer à l’usager")
    expect(agent.locator(".message").last).to_contain_text("j’ai bien lu")
    agent.locator("summary", has_text="Demander une correction").click()
    agent.get_by_label("Que doit corriger l’usager ?").fill("Précisez la garde.")
    press(agent, "Demander")
    expect(agent.locator(".tete")).to_contain_text("Correction demandée")

    usager.reload()
    expect(usager.get_by_role("heading", level=1)).to_contain_text("correction")
    usager.goto(f"/c/clamart/dossiers/{numero}/etape/4/")
    usager.get_by_label("Garde alternée").check()
    press(usager, "Relire ma demande")
    usager.locator("[name=accord_garde]").set_input_files(assurance)
    press(usager, "Relire ma demande")
    press(usager, "Déposer ma correction")

    open_dossier(agent, numero)
    change = agent.locator(".donnee.change", has_text="Garde des enfants")
    expect(change.locator("del")).to_contain_text("toute la semaine")
    expect(change.locator("ins")).to_contain_text("Garde alternée")
    press(agent, "Passer en instruction")
    expect(agent.locator("#annonces")).to_contain_text("En instruction")
    agent.get_by_label("Accepter", exact=True).check()
    press(agent, "Relire avant de décider")
    expect(agent.get_by_role("heading", level=1)).to_have_text("Accepter cette demande ?")
    press(agent, "Accepter")
    expect(agent.locator(".tete")).to_contain_text("Accepté")

    usager.reload()
    expect(usager.get_by_role("heading", level=1)).to_have_text("Le service a répondu.")
    wait_text(usager, "Lire la décision (PDF)")

    archiviste = ouvrir("agent:archiviste")
    archiviste.goto(f"{AGENT}/archives/")
    wait_text(archiviste, f"2026-{numero}")
    click(archiviste.locator(f"main a[href$='2026-{numero}/']").first)
    wait_text(archiviste, "Télécharger le paquet (ZIP)")
    paquet = download(archiviste, "Télécharger le paquet (ZIP)")
    assert check_sip(paquet).is_acceptable
    agent.goto(f"{AGENT}/demarches/")
    titre, reference = "Inscription à la cantine scolaire", f"219200235-2026-{numero}"
    texte = download(agent, f"CSV de {titre}").read_text(encoding="utf-8-sig")
    assert [ligne for ligne in csv.reader(texte.splitlines(), delimiter=";") if reference in ligne]
    with zipfile.ZipFile(download(agent, f"XLSX de {titre}")) as classeur:
        assert reference in str([classeur.read(nom) for nom in classeur.namelist()])


def download(page: Page, lien: str) -> Path:
    """Suit un lien qui remet un fichier ; rend où le navigateur l’a rangé."""
    with page.expect_download() as attendu:
        page.get_by_role("link", name=lien, exact=True).first.click()
    return attendu.value.path()


@pytest.mark.lent
def test_evidence_bundle_is_downloaded_and_whole(ouvrir, depose):
    """Le travailleur scelle chaque minute : avant, la page dit d’attendre."""
    page = ouvrir(SOPHIE)
    reponse = page.request.get(f"{AGENT}/dossiers/{depose}/preuve.zip")
    for _ in range(ESSAIS):
        if reponse.ok:
            break
        page.wait_for_timeout(1000)
        reponse = page.request.get(f"{AGENT}/dossiers/{depose}/preuve.zip")
    open_dossier(page, depose)
    with contextlib.redirect_stdout(io.StringIO()) as rapport:
        assert verify(["verifier", str(download(page, "Dossier de preuve"))]) == 0, rapport


def wait_text(page: Page, texte: str) -> None:
    """Recharge jusqu’à lire ce texte, que le travailleur fait venir."""
    for _ in range(ESSAIS):
        if page.get_by_text(texte).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"« {texte} » n’est pas venu sur {page.url}")


def test_refus_asks_for_a_motif(ouvrir, assurance):
    usager = ouvrir("usager:moreau", js=False)
    numero = fill_tout(usager, assurance)
    file_demande(usager)
    agent = ouvrir(SOPHIE)
    open_dossier(agent, numero)
    press(agent, "Passer en instruction")

    press(agent, "Relire avant de décider")
    expect(agent.locator(".invalid-feedback")).to_contain_text("Choisissez une décision.")
    agent.get_by_label("Refuser").check()
    press(agent, "Relire avant de décider")

    expect(agent.locator(".invalid-feedback")).to_contain_text("Écrivez le motif")
    agent.get_by_label("Motif").fill("L’enfant n’est pas scolarisé dans la commune.")
    press(agent, "Relire avant de décider")
    expect(agent.get_by_role("heading", level=1)).to_have_text("Refuser cette demande ?")
    expect(agent.locator("main")).to_contain_text("L’enfant n’est pas scolarisé")


def test_liste_filters_by_htmx_and_keeps_the_address(ouvrir, depose):
    page = ouvrir(SOPHIE)
    page.goto(f"{AGENT}/dossiers/")
    page.evaluate("window.memePage = true")
    expect(page.get_by_role("link", name=re.compile("GOFF", re.IGNORECASE)).first).to_be_visible()

    page.get_by_label("Nom, numéro ou mot du dossier").fill("introuvable")
    press(page, "Filtrer")

    expect(page.locator("#resultats")).to_contain_text("Aucun dossier trouvé")
    expect(page).to_have_url(re.compile("q=introuvable"))
    assert page.evaluate("window.memePage")


def test_typo_shows_the_near_name_and_the_exact_search(ouvrir, depose):
    page = ouvrir(SOPHIE)
    page.goto(f"{AGENT}/dossiers/")

    page.get_by_label("Nom, numéro ou mot du dossier").fill("Belkasem")
    press(page, "Filtrer")

    expect(page.locator(".corrige")).to_contain_text("Voici ceux avec « Belkacem »")
    click(page.get_by_role("link", name="Chercher exactement"))
    expect(page.locator("#resultats")).to_contain_text("Aucun dossier avec ces filtres")
    click(page.get_by_role("link", name="Tout effacer"))
    expect(page.locator("tr[data-ligne]").first).to_be_visible()


@pytest.mark.parametrize("js", [True, False])
def test_agent_chooses_columns(ouvrir, depose, js):
    page = ouvrir(SOPHIE, js=js)
    page.goto(f"{AGENT}/dossiers/?file=tous")
    click(page.get_by_role("link", name="Choisir les colonnes"))
    page.get_by_label("Référence").check()
    click(page.get_by_role("button", name=re.compile("Monter Échéance")))
    press(page, "Enregistrer et voir la liste")
    expect(page.locator("thead")).to_contain_text(
        re.compile("Échéance.*Déposé.*Référence", re.DOTALL)
    )

    click(page.get_by_role("link", name="Choisir les colonnes"))
    press(page, "Revenir aux colonnes d’origine")
    expect(page.locator("thead")).not_to_contain_text("Référence")


def test_keyboard_goes_from_case_to_case(ouvrir, assurance, depose):
    usager = ouvrir("usager:moreau", js=False)
    fill_tout(usager, assurance)
    file_demande(usager)
    page = ouvrir(SOPHIE)
    page.goto(f"{AGENT}/dossiers/?file=tous")
    click(page.locator("tr[data-ligne] a").first)
    premier = page.url

    expect(page.locator(".touches")).to_contain_text("dossier suivant, précédent")
    page.keyboard.press("n")
    page.wait_for_url(lambda adresse: adresse != premier)
    page.keyboard.press("p")
    page.wait_for_url(premier)


def test_compteurs_match_their_file(ouvrir, depose):
    page = ouvrir(SOPHIE)
    page.goto(f"{AGENT}/dossiers/")
    files = page.locator(".compteurs a")
    adresses = [
        (lien.get_attribute("href"), lien.locator("b").inner_text()) for lien in files.all()
    ]

    for adresse, nombre in adresses:
        page.goto(f"{AGENT}/dossiers/{adresse}&taille=100")
        assert page.locator("tr[data-ligne]").count() == int(nombre), adresse


def test_keyboard_opens_the_dossier_and_goes_to_the_message(ouvrir, depose):
    page = ouvrir(SOPHIE)
    page.goto(f"{AGENT}/dossiers/")

    page.keyboard.press("j")
    expect(page.locator("tr.visee a")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/agent/dossiers/\d+/\?file="))
    page.keyboard.press("m")

    expect(page.get_by_label("Répondre à l’usager")).to_be_focused()


def fill_pour_raymond(page: Page, assurance) -> int:
    """Remplit le formulaire d’un demandeur sans compte, jusqu’à la relecture."""
    numero = read_numero(page)
    expect(page.get_by_label("Prénom")).to_have_value("Raymond")
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Vasseur")
    page.get_by_label("Date de naissance").fill("1950-01-02")
    fill_vous(page)
    press(page, "Continuer")
    fill_foyer_a_la_main(page)
    press(page, "Continuer")
    fill_enfant(page)
    press(page, "Continuer")
    fill_garde(page, assurance)
    press(page, "Relire la demande")
    expect(page.locator("main")).to_contain_text("La personne déclare")
    expect(page.locator("[name=accord_portail]")).to_have_count(0)
    return numero


def test_demande_is_filed_at_the_guichet(ouvrir, assurance):
    page = ouvrir(SOPHIE)
    page.goto(f"{AGENT}/guichet/")
    click(page.get_by_role("link", name="Inscription à la cantine scolaire"))
    page.get_by_label("Au guichet").check()
    page.get_by_label("Prénom du demandeur").fill("Raymond")
    page.get_by_label("Nom du demandeur", exact=True).fill("Vasseur")
    press(page, "Remplir le formulaire")
    numero = fill_pour_raymond(page, assurance)
    press(page, "Déposer la demande")

    page.wait_for_url(f"**/agent/dossiers/{numero}/")
    expect(page.locator("#annonces")).to_contain_text("Remettez l’accusé")
    expect(page.locator("main")).to_contain_text(f"219200235-2026-{numero}")
    wait_text(page, "Accusé de réception (PDF)")
    page.emulate_media(media="print")
    expect(page.locator(".entete nav")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def check_page(page: Page, *, js: bool) -> None:
    """Passe axe aux deux largeurs ; sans JavaScript, axe ne tourne pas."""
    if js:
        check_large_et_etroit(page)
        page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.lent
@pytest.mark.parametrize("js", [True, False])
def test_letter_is_typed_later_then_corrected_for_the_person(ouvrir, assurance, js):
    """Reçue il y a douze jours, commencée, quittée, reprise, déposée, corrigée par téléphone."""
    page = ouvrir(SOPHIE, js=js)
    recue = date.today() - timedelta(days=12)
    page.goto(f"{AGENT}/guichet/cantine-scolaire/")
    page.get_by_label("Par courrier").check()
    page.get_by_label("Reçue le").fill(recue.isoformat())
    page.get_by_label("Prénom du demandeur").fill("Raymond")
    page.get_by_label("Nom du demandeur", exact=True).fill("Vasseur")
    press(page, "Remplir le formulaire")
    numero = read_numero(page)
    press(page, "Enregistrer et continuer plus tard")
    page.wait_for_url(f"**{AGENT}/guichet/")
    check_page(page, js=js)
    click(page.locator(f"main a[href$='/dossiers/{numero}/etape/1/']"))
    fill_pour_raymond(page, assurance)
    expect(page.get_by_label("Reçue le")).to_have_value(recue.isoformat())
    check_page(page, js=js)
    press(page, "Déposer la demande")

    page.wait_for_url(f"**/agent/dossiers/{numero}/")
    expect(page.locator("#annonces")).to_contain_text("Imprimez l’accusé")
    expect(page.locator("main")).to_contain_text("Par courrier, reçue le")
    wait_text(page, "Accusé de réception (PDF)")
    page.locator("summary", has_text="Demander une correction").click()
    page.get_by_label("Que doit corriger l’usager ?").fill("Quel est le revenu ?")
    press(page, "Demander")
    expect(page.locator(".tete")).to_contain_text("Délai en pause")
    check_page(page, js=js)
    press(page, "Saisir la correction")
    press(page, "Continuer")
    page.get_by_label("Revenu fiscal de référence").fill("18000")
    for bouton in ("Continuer", "Continuer", "Relire la demande", "Déposer la correction"):
        press(page, bouton)

    page.wait_for_url(f"**/agent/dossiers/{numero}/")
    expect(page.locator("main")).to_contain_text("Correction saisie par un agent")
    expect(page.locator(".tete")).to_contain_text("À décider avant le")


def test_archiviste_reads_the_versements(ouvrir):
    page = ouvrir("agent:archiviste")
    page.goto(f"{AGENT}/archives/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
