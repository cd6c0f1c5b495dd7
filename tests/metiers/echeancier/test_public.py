"""L’échéancier public : la frise, son tableau, les filtres, la fiche, le papier."""

import pytest

from tests.metiers.echeancier.fabrique import create_beaucoup

pytestmark = pytest.mark.django_db
LISTE = "/echeancier/"


def test_page_lists_seeded_obligations(client, semee):
    page = client.get(LISTE)

    assert page.status_code == 200
    assert "Double authentification" in page.text


def test_page_stays_fast_with_many_lines(client, count_sql):
    create_beaucoup(600)
    with count_sql() as compte:
        page = client.get(LISTE)
    assert page.status_code == 200
    assert len(compte.instructions) <= 8, compte.instructions
