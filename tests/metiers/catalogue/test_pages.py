"""Pages publiques : lues par tous, en nombre constant d’instructions, sans rien d’actif."""

import pytest
from django.urls import reverse

from socle.metiers.catalogue.models import Api, CasUsage, Clause, Editeur, Solution

PAGES = (
    "/catalogue/",
    "/catalogue/?q=archivage&besoin=archives&taille=grande&libre=on",
    "/catalogue/comparer/",
    "/catalogue/comparer/?s=tchap&s=franceconnect&s=publik&s=socle",
    "/catalogue/choisir/",
    "/catalogue/choisir/?besoin=demarches&taille=petite&moyens=aucun",
    "/catalogue/label/",
    "/catalogue/label/version/1/",
    "/catalogue/editeurs/",
    "/catalogue/editeurs/dinum/",
    "/catalogue/bancs/",
    "/catalogue/clauses/",
    "/catalogue/clauses/versement-seda/",
    "/catalogue/api/",
    "/catalogue/api/api-entreprise/",
    "/catalogue/api/cas/cantine/",
    "/catalogue/solutions.json",
    "/catalogue/solutions.csv",
    "/catalogue/api/api.json",
    "/catalogue/nouveautes.atom",
    "/catalogue/socle/publiccode.yml",
    "/catalogue/clauses/versement-seda/clause.txt",
)


@pytest.mark.parametrize("adresse", PAGES)
def test_page_is_public_cheap_and_revalidated(client, catalogue, count_sql, adresse):
    client.get(adresse)
    with count_sql() as compte:
        reponse = client.get(adresse)

    assert reponse.status_code == 200
    assert len(compte.instructions) <= 8
    assert client.get(adresse, headers={"If-None-Match": reponse["ETag"]}).status_code == 304


def test_every_sheet_of_the_seed_opens(client, catalogue, count_sql):
    for nom, modele in (("solution", Solution), ("editeur", Editeur), ("api", Api),
                        ("cas", CasUsage), ("clause", Clause)):  # fmt: skip
        for slug in modele.objects.order_by("id").values_list("slug", flat=True):
            adresse = reverse(f"catalogue:{nom}", args=[slug])
            client.get(adresse)
            with count_sql() as compte:
                assert client.get(adresse).status_code == 200
            assert len(compte.instructions) <= 8
