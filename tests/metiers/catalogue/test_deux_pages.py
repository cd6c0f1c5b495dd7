"""Deux personnes de l’équipe ont la même fiche ouverte : la seconde voit les deux versions."""

import pytest
from bs4 import BeautifulSoup

from socle.metiers.catalogue.models import Api, CasUsage, UsageApi, VersionClause
from tests.deux_pages import check_deux_pages, read_saisie, read_versions
from tests.metiers.catalogue.fabrique import create_objets

pytestmark = pytest.mark.django_db
FICHES = [  # page, champ, ce qui manque à l’objet d’essai
    ("editeurs/essai/", "description", {}),
    ("clauses/une/", "texte", {"texte": "Le texte."}),
    ("api/une/", "limites", {}),
    ("imports/voisin/", "licence", {"url": "https://voisin.example/c.csv"}),
]


def read(reponse):
    return BeautifulSoup(reponse.text, "html.parser")


def check_seconde(client, adresse, champ, une, deux, **plus):
    saisie = read_saisie(read(client.get(adresse))) | plus
    assert client.post(adresse, saisie | {champ: une}).status_code == 302, adresse
    refus = client.post(adresse, saisie | {champ: deux})
    assert refus.status_code == 409, adresse
    conflit = read(refus)
    assert (une, deux) in read_versions(conflit).values(), adresse
    assert "vous, dans une autre page" in conflit.select_one(".conflit").get_text(), adresse


def test_two_open_pages_of_the_catalogue_never_overwrite_each_other(client, equipe):
    client.force_login(equipe)
    objets = create_objets()
    UsageApi.objects.create(cas=CasUsage.objects.get(), api=Api.objects.get(), donnees="nom")
    solution = f"/equipe/catalogue/solutions/{objets['solutions/slug']}/"
    etape = f"{solution}etapes/{objets['etapes/pk']}/"

    check_deux_pages(client, etape, "detail", autre="Une.", mienne="Deux.")
    for page, champ, plus in FICHES:
        check_seconde(client, f"/equipe/catalogue/{page}", champ, "Une.", "Deux.", **plus)
    cas = f"/equipe/catalogue/api/cas/{objets['cas/slug']}/"
    check_seconde(client, cas, "usages", "une | nom, adresse", "une | quotient")
    assert list(VersionClause.objects.values_list("texte", flat=True)) == ["Une."]
    assert UsageApi.objects.get().donnees == "nom, adresse"
