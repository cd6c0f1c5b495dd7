"""Le programme, vu par tous ; une preuve d’avancement, écrite par l’équipe, sans JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.e2e.parcours import press

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.mark.parametrize("largeur", [1280, 360])
def test_anyone_goes_from_the_home_to_a_figure_and_its_origin(ouvrir, largeur):
    page = ouvrir(js=False, largeur=largeur)
    page.goto("/")
    press(page, "FranceConnect sur les portails")
    press(page, "Collectivités qui emploient FranceConnect")

    expect(page.get_by_role("heading", name="Ces nombres se contredisent")).to_be_visible()
    expect(page.get_by_role("cell", name="Éditorial")).to_be_visible()


def test_team_notes_a_progress_with_its_evidence_and_the_public_reads_it(ouvrir):
    page = ouvrir("agent:equipe", js=False)
    page.goto("/equipe/programmes/2018-2020/")
    press(page, "1.6. Accompagner un label des solutions destinées aux collectivités")
    press(page, "Noter un avancement")
    page.get_by_label("État").select_option("en_service")
    press(page, "Noter l’avancement")
    expect(page.get_by_text("il manque une preuve")).to_be_visible()
    page.get_by_label("Ce qui le montre").fill("Le label est ouvert au catalogue.")
    press(page, "Noter l’avancement")
    expect(page.get_by_text("L’avancement est noté, avec sa preuve.")).to_be_visible()

    public = ouvrir(js=False)
    public.goto("/programme/action/2018-2020-1-6/")
    expect(public.get_by_text("Le label est ouvert au catalogue.")).to_be_visible()
