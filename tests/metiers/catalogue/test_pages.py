"""Pages publiques : lues par tous, en nombre constant d’instructions, sans rien d’actif."""

import pytest
from django.urls import reverse

from socle.metiers.catalogue.models import Api, CasUsage, Clause, Editeur, Solution


@pytest.mark.lent
def test_every_sheet_of_the_seed_opens(client, catalogue, count_sql):
    for nom, modele in (("solution", Solution), ("editeur", Editeur), ("api", Api),
                        ("cas", CasUsage), ("clause", Clause)):  # fmt: skip
        for slug in modele.objects.order_by("id").values_list("slug", flat=True):
            adresse = reverse(f"catalogue:{nom}", args=[slug])
            client.get(adresse)
            with count_sql() as compte:
                assert client.get(adresse).status_code == 200
            assert len(compte.instructions) <= 8
