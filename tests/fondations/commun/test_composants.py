"""Composants : le contrat de chaque balise, et la page qui les montre tous."""

import hashlib
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from socle.fondations.commun.adresses import prefixe
from socle.fondations.commun.management.commands.assembler_statiques import STATIQUES
from socle.fondations.commun.presentation import Compteur, Donnee, EtapeDuFil
from socle.fondations.commun.templatetags import composants as balises


def render(gabarit: str, **contexte) -> BeautifulSoup:
    return BeautifulSoup(Template(gabarit).render(Context(contexte)), "html.parser")


@pytest.fixture
def vitrine(client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/composants/").text, "html.parser")


@pytest.fixture
def vitrine_agents(client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/composants/agents/").text, "html.parser")


def test_every_composant_is_shown_in_the_vitrine(vitrine, vitrine_agents):
    """Un composant ajouté sans exemple casse ce test : la liste vient de la bibliothèque."""
    sans_forme = {
        "chemin", "encart", "feuille_accent", "lien_nav", "maillon", "prefixe_erreur", "statique",
    }  # fmt: skip
    preuves = {
        "carte": "section.card",
        "alerte": ".alert-warning",
        "aide": "details.aide",
        "vide": ".vide",
        "gestes": "div.gestes[role=group]",
        "tableau": "table.empile.liste",
        "message": "article.message-moi",
        "donnee": ".donnee dd b",
        "ouverture": ".ouverture h1",
        "fil_ariane": "nav ol.breadcrumb",
        "pastille": ".badge.text-bg-success",
        "fil": "ol.fil-h.cadre-fil",
        "resume": ".donnee.change del",
        "source": ".bloc-source .source time",
        "compteurs": "ul.compteurs [aria-current]",
        "pagination": "nav.pagination a[rel=next]",
        "avancement": ".etape + .titre-etape",
        "etapes": "nav > ol.fil a",
        "champ_recherche": "form.recherche[role=search]",
        "televersement": ".champ-faux [aria-invalid] ",
        "annuler": "form.annuler [role=status]",
        "touches": ".touches kbd",
        "conflit": ".conflit table.empile td[data-nom='La vôtre']",
    }

    assert set(balises.register.tags) - sans_forme == set(preuves)
    for nom, selecteur in preuves.items():
        assert vitrine.select(selecteur), nom
    assert vitrine_agents.select_one("body.agent .touches")


@pytest.mark.parametrize("adresse", ["/composants/", "/composants/agents/"])
def test_vitrine_is_well_formed(client, adresse):
    page = BeautifulSoup(client.get(adresse).text, "html.parser")
    identifiants = [element["id"] for element in page.select("[id]")]
    niveaux = [int(titre.name[1]) for titre in page.select("h1, h2, h3, h4")]

    assert len(identifiants) == len(set(identifiants))
    assert niveaux.count(1) == 1
    assert all(apres - avant <= 1 for avant, apres in pairwise(niveaux))
    for lien in page.select('a[href^="#"]'):
        assert page.find(id=lien["href"][1:]), lien
    for element in page.select("[aria-labelledby]"):
        assert page.find(id=element["aria-labelledby"])
    assert not page.select("script:not([src]), style, [style], img:not([alt])")


@pytest.mark.parametrize(
    "gabarit",
    [
        "{% carte %}x{% fincarte %}",
        '{% carte titre="x" couleur="rouge" %}x{% fincarte %}',
        '{% carte "x" %}y{% fincarte %}',
        '{% pastille label="x" %}',
        "{% fil étapes=x %}",
    ],
)
def test_composant_refuses_a_wrong_argument_at_load_time(gabarit):
    with pytest.raises(TemplateSyntaxError):
        Template(gabarit)


def test_composants_escape_what_people_wrote():
    page = render(
        "{% resume donnees=donnees %}{% message auteur=nom %}{{ nom }}{% finmessage %}",
        nom="<script>alert(1)</script>",
        donnees=[Donnee(libelle="Nom", valeur="<b>gras</b>", avant="<i>x</i>", source="<u>y</u>")],
    )

    assert page.find("script") is None
    assert page.find("b").get_text() == "<script>alert(1)</script>"  # l’auteur, échappé
    assert page.find(["i", "u"]) is None


def test_fil_says_in_words_what_the_couleur_shows():
    etapes = [
        EtapeDuFil(libelle="Demande", statut="fait"),
        EtapeDuFil(libelle="Instruction", statut="ici"),
        EtapeDuFil(libelle="Décision"),
    ]

    lignes = render("{% fil etapes=etapes %}", etapes=etapes).select("li")

    assert [" ".join(ligne.get_text().split()) for ligne in lignes] == [
        "Demande , fait",
        "Instruction",
        "Décision , à venir",
    ]
    assert [ligne.get("aria-current") for ligne in lignes] == [None, "step", None]


def test_pastille_takes_any_etat_with_label_and_couleur():
    class Etat:
        label = "En instruction"
        couleur = "warning"

    badge = render("{% pastille etat=etat %}", etat=Etat()).select_one(".badge")

    assert badge.get_text() == "En instruction"
    assert badge["class"] == ["badge", "text-bg-warning"]


def test_compteurs_show_urgent_only_when_there_is_something():
    compteurs = [
        Compteur(nombre=0, libelle="En retard", url="#", urgent=True),
        Compteur(nombre=2, libelle="En retard", url="#", urgent=True),
    ]

    page = render('{% compteurs compteurs=c nom="Files" %}', c=compteurs)

    assert [li.get("class") for li in page.select("li")] == [None, ["urgent"]]


def test_pagination_shows_only_what_leads_somewhere():
    page = render('{% pagination suivante="?apres=x" affiches=9 total=12 objets="dossiers" %}')

    assert [lien["href"] for lien in page.select("a")] == ["?apres=x"]
    assert "9 dossiers sur 12" in page.get_text()


def test_donnee_tells_before_and_after_to_a_lecteur_d_ecran():
    page = render('{% donnee libelle="Garde" avant="Complète" %}Alternée{% findonnee %}')

    assert page.find("del").get_text() == "Avant\xa0: Complète"
    assert page.find("ins").get_text() == "Maintenant\xa0: Alternée"


def test_annuler_carries_the_jeton_of_the_page():
    page = render('{% annuler fait="Supprimé." url="/x/" cle="k" %}', csrf_token="jeton")

    assert page.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"] == "jeton"
    assert page.find("input", attrs={"name": "cle"})["value"] == "k"


@pytest.mark.parametrize(
    ("ici", "courant"),
    [("/demarches/", "page"), ("/demarches/cantine/", "true"), ("/espace/", None)],
)
def test_lien_nav_marks_where_we_are(ici, courant):
    requete = RequestFactory().get(ici)

    page = render('{% lien_nav chemin="demarches/" libelle="Démarches" %}', request=requete)

    assert page.find("a").get("aria-current") == courant


def test_lien_nav_stays_under_the_collectivite():
    with prefixe("/c/clamart/"):
        page = render('{% lien_nav chemin="demarches/" libelle="Démarches" %}')

    assert page.find("a")["href"] == "/c/clamart/demarches/"


@pytest.mark.parametrize(
    ("erreurs", "debut"),
    [
        ({}, ""),
        ({"a": 1}, "Erreur, 1 réponse à reprendre · "),
        ({"a": 1, "b": 2}, "Erreur, 2 réponses à reprendre · "),
    ],
)
def test_prefixe_erreur_opens_the_titre(erreurs, debut):
    class Formulaire:
        is_bound = True
        errors = erreurs

    assert balises.prefixe_erreur(Formulaire()) == debut


def test_statique_changes_with_the_contents_and_refuses_a_missing_fichier():
    contenu = (STATIQUES / "socle.css").read_bytes()
    empreinte = hashlib.sha256(contenu).hexdigest()[:8]

    assert balises.statique("socle.css") == f"/static/socle.css?v={empreinte}"
    with pytest.raises(TemplateSyntaxError):
        balises.statique("nexiste-pas.css")


def test_televersement_names_its_aide_and_its_erreur():
    page = render(
        '{% televersement nom="piece" libelle="Pièce" aide="PDF." erreur="Trop lourd." %}'
    )
    champ = page.find("input", type="file")

    assert champ["aria-describedby"] == "id_piece_helptext id_piece_error"
    assert all(page.find(id=i) for i in champ["aria-describedby"].split())
