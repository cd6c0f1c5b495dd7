"""Deux personnes de l’équipe ont la même page ouverte : la seconde voit les deux versions."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from socle.metiers.gouvernance.models import Decision, PointOrdreDuJour, Reunion, VersionDeDecision
from socle.metiers.gouvernance.services import decisions
from tests.deux_pages import check_deux_pages, read_saisie, read_versions
from tests.metiers.gouvernance.conftest import create_agent
from tests.metiers.gouvernance.fabrique import create_objets

pytestmark = pytest.mark.django_db
FICHES = [  # page, champ
    ("instances/{instances/slug}/modifier/", "mandat"),
    ("reunions/{reunions/pk}/modifier/", "lieu"),
    ("points/{points/pk}/", "texte"),
    ("decisions/{decisions/numero}/modifier/", "texte"),
    ("lignes/{lignes/pk}/", "objectif"),
    ("evaluer/{evaluer/pk}/", "resultats"),
]
ENTIERES = {"lieu", "resultats"}  # le choix joué jusqu’au bout : les deux gabarits


def read(reponse):
    return BeautifulSoup(reponse.text, "html.parser")


def test_two_open_pages_of_the_team_never_overwrite_each_other(client, equipe):
    client.force_login(equipe)
    objets = create_objets()
    for modele, champ in FICHES:
        page = modele
        for nom, valeur in objets.items():
            page = page.replace(f"{{{nom}}}", valeur)
        adresse = f"/equipe/gouvernance/{page}"
        if champ in ENTIERES:
            check_deux_pages(client, adresse, champ, autre="Une.", mienne="Deux.")
            continue
        saisie = read_saisie(read(client.get(adresse)))
        assert client.post(adresse, saisie | {champ: "Une."}).status_code == 302, adresse
        refus = client.post(adresse, saisie | {champ: "Deux."})
        assert refus.status_code == 409, adresse
        assert ("Une.", "Deux.") in read_versions(read(refus)).values(), adresse
    siege = reverse("gouvernance:equipe_siege", args=[objets["sieges/pk"]])
    saisie = read_saisie(read(client.get(siege)))
    a, b = (create_agent().courriel for _ in range(2))
    assert client.post(siege, saisie | {"suppleant": a}).status_code == 302
    refus = read(client.post(siege, saisie | {"suppleant": b}))
    assert read_versions(refus)["Adresse du suppléant"] == (a, b)


def test_stale_place_of_an_item_and_joined_files_are_no_conflict(client, equipe):
    """Un point que ses voisins ont décalé n’a pas changé : rien à choisir."""
    client.force_login(equipe)
    objets = create_objets()
    adresse = reverse("gouvernance:equipe_point", args=[objets["points/pk"]])
    saisie = read_saisie(read(client.get(adresse)))
    documents = [{"titre": "Note", "fichier": "0198", "public": True}]
    PointOrdreDuJour.objects.update(rang=3, documents=documents)

    assert client.post(adresse, saisie | {"texte": "Neuf"}).status_code == 302
    assert PointOrdreDuJour.objects.get().documents == documents


def test_dates_that_read_the_same_are_not_shown_as_two_versions(client, equipe):
    """L’heure gardée a des secondes, celle du formulaire n’en a pas."""
    client.force_login(equipe)
    adresse = f"/equipe/gouvernance/reunions/{create_objets()['reunions/pk']}/modifier/"
    debut = timezone.now().replace(second=7) + timedelta(days=9)
    Reunion.objects.update(debut=debut, fin=debut + timedelta(hours=1))
    saisie = read_saisie(read(client.get(adresse)))
    minutes = {nom: saisie[nom][:16] for nom in ("debut", "fin")}

    refus = client.post(adresse, saisie | minutes | {"empreinte": "vieille", "lieu": "Salle 2"})

    assert read_versions(read(refus)) == {"Lieu": ("vide", "Salle 2")}


def test_second_amendment_and_second_minutes_show_the_first(client, equipe):
    """Deux pages qui n’ont pas la même adresse pour lire et écrire, ou demandent un motif."""
    client.force_login(equipe)
    objets = create_objets()
    maintenant = timezone.now()
    decision = Decision.objects.get()
    decisions.freeze_decision(decision=decision, acteur="systeme", maintenant=maintenant)
    amender = reverse("gouvernance:equipe_decision_amender", args=[decision.numero])
    vieille = read_saisie(read(client.get(amender)))
    premier = vieille | {"texte": "Amendé une fois.", "motif": "Un oubli"}
    assert client.post(amender, premier).status_code == 302
    refus = client.post(amender, vieille | {"texte": "Amendé sans lire.", "motif": "Un autre"})
    assert refus.status_code == 409
    versions = read_versions(read(refus))
    assert versions["Nouveau texte"] == ("Amendé une fois.", "Amendé sans lire.")
    assert client.post(amender, read_saisie(read(refus))).status_code == 302
    textes = VersionDeDecision.objects.order_by("rang").values_list("texte", flat=True)
    assert list(textes) == ["Texte.", "Amendé une fois.", "Amendé sans lire."]

    hier = maintenant - timedelta(days=1)
    Reunion.objects.update(debut=hier, fin=hier + timedelta(hours=1))
    page = reverse("gouvernance:equipe_reunion", args=[objets["reunions/pk"]])
    releve = reverse("gouvernance:equipe_releve", args=[objets["reunions/pk"]])
    vieille = read_saisie(read(client.get(page)))
    assert client.post(releve, vieille | {"releve": "Rien à décider."}).status_code == 302
    refus = client.post(releve, vieille | {"releve": "Une décision."})
    assert refus.status_code == 409
    conflit = read(refus)
    assert read_versions(conflit)["Relevé de décisions"] == ("Rien à décider.", "Une décision.")
    assert conflit.select_one(".conflit .gestes a")["href"] == page
    assert client.post(releve, read_saisie(conflit)).status_code == 302
    assert Reunion.objects.get().releve == "Une décision."
