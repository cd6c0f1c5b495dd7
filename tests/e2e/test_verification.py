"""Vérifier un fichier dans un vrai navigateur : déposer, lire, corriger, télécharger."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.parcours import press
from tests.metiers.verification.fichiers import build_deliberations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]
FICHIER = build_deliberations("21/11/2026", "2026-11-22")
PIECE = {"name": "deliberations.csv", "mimeType": "text/csv", "buffer": FICHIER}


def drop(page):
    """Glisse le fichier sur la zone : elle se montre prête, puis le champ natif le reçoit."""
    zone = page.locator("[data-depot]").first
    glisse = page.evaluate_handle(
        """([nom, texte]) => {
            const glisse = new DataTransfer();
            glisse.items.add(new File([texte], nom, { type: "text/csv" }));
            return glisse;
        }""",
        [PIECE["name"], FICHIER.decode()],
    )
    zone.dispatch_event("dragover", {"dataTransfer": glisse})
    expect(zone).to_contain_class("survol")
    zone.dispatch_event("drop", {"dataTransfer": glisse})
    expect(zone).not_to_contain_class("survol")
    choisi = page.get_by_label("Votre fichier").evaluate("(champ) => champ.files[0]?.name")
    assert choisi == "deliberations.csv"


@pytest.mark.parametrize("js", [False, True])
def test_file_is_checked_mended_and_taken_back(ouvrir, js):
    page = ouvrir(js=js)
    page.goto("/boite-a-outils/")
    press(page, "Vérifier un fichier")
    if js:
        drop(page)
    else:
        page.get_by_label("Votre fichier").set_input_files(PIECE)
    press(page, "Vérifier")
    expect(
        page.get_by_role("heading", name="Fichier à corriger : deliberations.csv")
    ).to_be_visible()
    expect(page.get_by_role("row", name="Ligne 2 DELIB_DATE")).to_contain_text(
        "Écrivez 2026-11-21."
    )
    with page.expect_download() as rapport:
        page.get_by_role("button", name="Rapport en CSV").click()
    assert rapport.value.suggested_filename == "rapport-deliberations.csv"

    if not js:  # le script garde le fichier choisi ; sans lui, on le choisit de nouveau
        page.get_by_label("Votre fichier").set_input_files(PIECE)
    press(page, "Corriger")

    expect(page.get_by_role("row", name="Ligne 2 DELIB_DATE")).to_contain_text("2026-11-21")
    with page.expect_download() as corrige:
        page.get_by_role("button", name="Télécharger le fichier corrigé").click()
    assert corrige.value.suggested_filename == "deliberations_corrige.csv"
    rendu = Path(corrige.value.path()).read_bytes().replace(b"\r\n", b"\n")
    assert rendu == build_deliberations("2026-11-21", "2026-11-22")
