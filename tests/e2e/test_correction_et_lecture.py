"""La personne corrige, puis lit la décision, avec JavaScript ; et chaque page s’imprime bien."""

import io

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.parcours import AGENT, CHEMIN, file_demande, fill_tout, press
from tests.e2e.regard import look_imprime
from tests.e2e.test_agent import wait_text
from tests.pdf import read_texte

pytestmark = [pytest.mark.e2e, pytest.mark.lent, pytest.mark.timeout(300)]


def check_imprime(page: Page, *textes: str) -> None:
    """Ce que dit la page reste sur la feuille ; ce qui ne sert qu’à l’écran n’y est pas."""
    assert look_imprime(page) == [], page.url
    page.emulate_media(media="print")
    for texte in ("Clamart", *textes):
        expect(page.get_by_text(texte).locator("visible=true").first).to_be_visible()
    page.emulate_media(media="screen")


def test_demande_is_corrected_and_its_decision_read_with_javascript(
    ouvrir, assurance, surveillance
):
    usager, agent = ouvrir("usager:diallo"), ouvrir("agent:instructrice")
    numero = fill_tout(usager, assurance)
    reference = f"219200235-2026-{numero}"
    check_imprime(usager, "Relisez votre demande", "Maëlle", "assurance.pdf")
    file_demande(usager)
    check_imprime(usager, "Accusé", reference, "Service chargé du dossier", "Maëlle")

    agent.goto(f"{AGENT}/dossiers/{numero}/")
    agent.locator("summary", has_text="Demander une correction").click()
    agent.get_by_label("Que doit corriger l’usager ?").fill("Précisez la garde.")
    press(agent, "Demander")
    expect(agent.locator(".tete")).to_contain_text("Correction demandée")

    usager.reload()
    expect(usager.locator("#messages")).to_contain_text("Précisez la garde.")
    correct(usager, assurance)
    expect(usager.get_by_role("heading", level=1)).to_have_text("Votre demande suit son cours.")
    expect(usager.locator("main")).to_contain_text("Garde alternée")

    agent.reload()
    change = agent.locator(".donnee.change", has_text="Garde des enfants")
    expect(change.locator("ins")).to_contain_text("Garde alternée")
    check_imprime(agent, reference, "toute la semaine", "Garde alternée", "Pièces")
    press(agent, "Passer en instruction")
    agent.get_by_label("Accepter", exact=True).check()
    press(agent, "Relire avant de décider")
    check_imprime(agent, "Accepter cette demande ?")
    press(agent, "Accepter")
    expect(agent.locator(".tete")).to_contain_text("Accepté")

    usager.reload()
    wait_text(usager, "Lire la décision (PDF)")
    check_imprime(usager, "Le service a répondu.", "Votre réponse est disponible")
    read_decision(usager, surveillance, reference)
    agent.reload()
    expect(agent.get_by_text("Décision consultée").first).to_be_visible()
    usager.goto(f"{CHEMIN}statistiques/")
    check_imprime(usager, "Demandes déposées", "Délai moyen de réponse")


def correct(page: Page, piece) -> None:
    """Corrige la garde, page à page, comme on a rempli : le fichier demandé apparaît aussitôt."""
    press(page, "Corriger ma demande")
    for titre in ("Votre foyer", "Vos enfants", "Garde et pièces"):
        press(page, "Continuer")
        expect(page.get_by_role("heading", level=1)).to_have_text(titre)
    page.get_by_label("Garde alternée").check()
    page.locator("[name=accord_garde]").set_input_files(piece)
    expect(page.locator(".fichiers")).to_have_count(2)
    press(page, "Relire ma demande")
    expect(page.locator("main")).to_contain_text("Vous corrigez une demande déposée.")
    press(page, "Déposer ma correction")


def read_decision(page: Page, surveillance, reference: str) -> None:
    """Le bouton remet le PDF : statut, en-têtes, nom, titre, texte."""
    with page.expect_download() as attendu:
        page.get_by_role("button", name="Lire la décision (PDF)").click()
    octets = attendu.value.path().read_bytes()
    assert attendu.value.suggested_filename == f"decision-{reference}.pdf"
    [remise] = [r for r in surveillance.reponses if r.url == attendu.value.url]
    entetes = {nom: remise.headers[nom] for nom in (
        "content-type", "content-length", "content-disposition", "x-content-type-options",
        "cache-control")}  # fmt: skip
    assert remise.status == 200
    assert entetes == {
        "content-type": "application/pdf",
        "content-length": str(len(octets)),
        "content-disposition": f'attachment; filename="decision-{reference}.pdf"',
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-cache",
    }
    with pikepdf.open(io.BytesIO(octets)) as pdf, pdf.open_metadata() as metadonnees:
        assert metadonnees["dc:title"] == f"Décision d’acceptation, {reference}"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    texte = read_texte(octets)
    for mention in ("Décision d’acceptation", reference, "Voies et délais de recours"):
        assert mention in texte, mention
