"""La démonstration : instances des sources, exemples fictifs dits comme tels, rejouable."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from socle.fondations.commun.fiches import search_partout
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.gouvernance.enums import (
    EtatDecision,
    EtatFeuille,
    EtatReunion,
    NatureInstance,
)
from socle.metiers.gouvernance.models import (
    Decision,
    FeuilleDeRoute,
    Instance,
    RapportMensuel,
    Reunion,
    Siege,
)
from socle.metiers.gouvernance.services.semence import seed
from tests.factories import CompteFactory

pytestmark = pytest.mark.django_db
PERSONNES = (
    ("Claire", "Delmas", "claire.delmas@programme.example"),
    ("Thomas", "Roussel", "thomas.roussel@ministere.example"),
    ("Hélène", "Maury", "helene.maury@elus.example"),
    ("Lucie", "Bertin", "lucie.bertin@clamart.example"),
)


@pytest.fixture
def personnes():
    return {
        prenom: CompteFactory(agent=True, prenom=prenom, nom=nom, courriel=courriel)
        for prenom, nom, courriel in PERSONNES
    }


def list_etats() -> list[tuple]:
    return [
        *Decision.objects.order_by("numero").values_list("numero", "etat", "modifie_le"),
        *Instance.objects.order_by("pk").values_list("slug", "modifie_le"),
        *Siege.objects.order_by("pk").values_list("pk", "modifie_le"),
    ]


def test_seed_tells_what_it_should(personnes, maintenant):
    seed(maintenant)

    assert dict(Instance.objects.order_by("ordre").values_list("slug", "nature")) == {
        "cos": NatureInstance.POLITIQUE,
        "inp": NatureInstance.TRAVAIL,
        "dnt": NatureInstance.TRAVAIL,
        "gt-dln1f": NatureInstance.CONCERTATION,
    }
    assert list(Decision.objects.order_by("numero").values_list("etat", flat=True)) == [
        EtatDecision.PRISE, EtatDecision.PRISE, EtatDecision.EN_VALIDATION,
    ]  # fmt: skip
    assert list(FeuilleDeRoute.objects.order_by("semestre").values_list("semestre", "etat")) == [
        ("2026-2", EtatFeuille.VALIDEE), ("2027-1", EtatFeuille.BROUILLON),
    ]  # fmt: skip
    assert Reunion.objects.filter(demonstration=False).count() == 0  # rien d’inventé
    assert RapportMensuel.objects.count() == 1
    nommes = Siege.objects.pourvus().values_list("titulaire", flat=True).distinct()
    assert set(nommes.order_by()) < {compte.pk for compte in personnes.values()}


def test_seed_again_changes_nothing(personnes, maintenant):
    seed(maintenant)
    avant = list_etats()
    seed(maintenant)
    assert list_etats() == avant


def test_seed_without_people_keeps_the_instances_their_mandate_and_frequency(client, maintenant):
    seed(maintenant)
    assert (Instance.objects.count(), Decision.objects.count()) == (4, 0)
    frequences = dict(Instance.objects.order_by("ordre").values_list("slug", "frequence"))
    assert list(frequences.values()) == [
        "Deux fois par an", "Mensuelle", "Selon les sujets", "Selon l’avancement",
    ]  # fmt: skip
    for instance in Instance.objects.order_by("ordre"):
        page = BeautifulSoup(client.get(f"/instances/{instance.slug}/").text, "html.parser")
        mandat = page.select_one('[aria-labelledby="t-mandat"]').get_text(" ", strip=True)
        regles = page.select_one('[aria-labelledby="t-regles"]').get_text(" ", strip=True)
        assert instance.mandat.split("\n")[0].replace("**", "")[:40] in mandat, instance.slug
        assert f"Fréquence {instance.frequence}" in regles
        assert instance.source in mandat


@pytest.mark.parametrize(
    ("adresse", "texte"),
    [
        ("/instances/", "Dernière décision"),
        ("/instances/cos/", "À désigner"),
        ("/instances/gt-dln1f/", "Cette instance ne prend pas de décision"),
        ("/reunions/", "Commission d’orientation stratégique d’automne"),
        ("/decisions/", "Publier le rapport chaque mois"),
        ("/decisions/2/", "Validée : 2 pour"),
        ("/decisions/3/", "En attente"),
        ("/feuille-de-route/", "FranceConnect par défaut"),
        ("/feuille-de-route/2027-1/", "quatre cas prouvés en mars"),
        ("/rapports/", "Rapport d’octobre 2026"),
        ("/rapports/2026-10/", "Décisions à deux collèges"),
        ("/evaluations/", "Visioconférence dans les instances"),
    ],
)
def test_public_pages_show_it_within_eight_statements(
    client, personnes, maintenant, count_sql, adresse, texte
):
    seed(maintenant)
    with count_sql() as compte:
        reponse = client.get(adresse)

    assert texte in reponse.text
    assert len(compte.instructions) <= 8, compte.instructions
    assert reponse["Cache-Control"]
    assert client.get(adresse, headers={"If-None-Match": reponse["ETag"]}).status_code == 304


def test_members_and_team_pages_show_it(client, personnes, maintenant):
    seed(maintenant)
    MembreProgramme.objects.create(compte=personnes["Claire"], role=RoleProgramme.EQUIPE)
    client.force_login(personnes["Thomas"])
    page = client.get(reverse("gouvernance:mes_instances")).text
    assert "À exprimer" in page
    assert "Je serai présent" in page

    client.force_login(personnes["Claire"])
    tableau = client.get(reverse("gouvernance:equipe")).text
    assert "Premier rapport publié" in tableau
    tenue = Reunion.objects.get(etat=EtatReunion.TENUE)
    for chemin in (
        reverse("gouvernance:equipe_reunion", args=[tenue.pk]),  # son relevé se corrige encore
        reverse("gouvernance:equipe_decision", args=[1]),
    ):
        assert f'href="{chemin}"' in tableau


def test_search_finds_decisions_in_one_statement(personnes, maintenant, count_sql):
    seed(maintenant)
    with count_sql() as compte:
        groupes = {groupe.titre: groupe.fiches for groupe in search_partout("quotient")}
    assert next(fiche.titre for fiche in groupes["Gouvernance"]).startswith(("N° 3", "Atelier"))
    assert sum("gouvernance_" in sql for sql in compte.instructions) == 1
