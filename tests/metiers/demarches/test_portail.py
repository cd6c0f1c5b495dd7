"""Le portail vu d’un habitant : chercher, parcourir, lire une démarche ouverte ou fermée."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.collectivites.models import Service
from socle.metiers.demarches import services
from socle.metiers.demarches.enums import EtatDemarche, EvenementDeVie
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import describe_formulaire, get_version_publiee
from socle.serveur.demo.stationnement import FICHE as FICHE_DEMO
from tests.metiers.conftest import MAINTENANT

FICHE = {
    cle: FICHE_DEMO[cle]
    for cle in ("titre", "chemin", "resume", "description", "mots_cles", "evenement")
}

PORTAIL = "/c/clamart/"
LISTE = f"{PORTAIL}demarches/"


def publish(demarche, **fiche):
    """Une autre démarche en ligne, du même formulaire."""
    autre = Demarche.objects.get(pk=demarche.pk)
    definition = get_version_publiee(demarche).definition
    fiche = {"titre": "Autre", "chemin": "autre"} | fiche
    return services.publish_version(
        demarche=services.create_demarche(
            collectivite=autre.collectivite,
            agent=get_version_publiee(demarche).publiee_par,
            maintenant=MAINTENANT,
            definition=definition,
            resume=fiche.pop("resume", "Une phrase."),
            cadre_juridique="Délibération",
            service=autre.service,
            regle=autre.regle,
            **fiche,
        ),
        agent=get_version_publiee(demarche).publiee_par,
        maintenant=MAINTENANT,
    ).demarche


def list_titres(reponse) -> list[str]:
    page = BeautifulSoup(reponse.text, "html.parser")
    return [titre.get_text(strip=True) for titre in page.select("#resultats h2 a")]


@pytest.fixture
def composteur(demarche):
    return publish(
        demarche,
        titre="Réserver un composteur",
        chemin="composteur",
        evenement=EvenementDeVie.CADRE_DE_VIE,
        mots_cles="déchets jardin",
    )


@pytest.mark.parametrize(
    "texte", ["composteur", "COMPOSTEURS", "reserver", "réservé", "dechets", "jardins"]
)
def test_search_ignores_accents_plurals_and_case(client, composteur, texte):
    assert list_titres(client.get(LISTE, {"q": texte})) == ["Réserver un composteur"]


@pytest.fixture
def stationnement(demarche):
    """La démarche de déménagement de la démonstration, à côté de la cantine et du composteur."""
    return publish(demarche, **FICHE)


@pytest.mark.parametrize(
    "texte",
    ["stationnement", "stationement", "stationner", "parking", "voirie", "déménager", "panneaux",
     "statio", "Je déménage", "parking demenag"],
)  # fmt: skip
def test_search_reads_all_the_fiche_and_beginnings(client, stationnement, composteur, texte):
    page = client.get(LISTE, {"q": texte})

    assert list_titres(page) == [FICHE["titre"]]
    assert "s’en approche" not in page.text


def test_search_reads_the_service(client, demarche, composteur):
    Service.objects.update(nom="Vie des écoles")

    assert len(list_titres(client.get(LISTE, {"q": "école"}))) == 2


@pytest.mark.parametrize(
    ("texte", "titre"),
    [
        ("stationnemant", FICHE["titre"]),
        ("demenagment", FICHE["titre"]),
        ("parkin voitture", FICHE["titre"]),
        ("compostteur", "Réserver un composteur"),
        ("un composteur pour mon balcon", "Réserver un composteur"),
    ],
)
def test_search_forgives_typos_and_says_so(client, stationnement, composteur, texte, titre):
    page = client.get(LISTE, {"q": texte})

    assert list_titres(page)[0] == titre
    assert f"Rien avec «\xa0{texte}\xa0». Voici ce qui s’en approche." in page.text


def test_typo_stays_in_the_chosen_category(client, stationnement, composteur):
    page = client.get(LISTE, {"q": "compostteur", "evenement": EvenementDeVie.DEMENAGEMENT})

    assert list_titres(page) == []


@pytest.mark.parametrize("texte", ["passeport", "'; drop table", "\\", "&|!", "a" * 90])
def test_search_without_result_says_so(client, composteur, texte):
    page = client.get(LISTE, {"q": texte})

    assert page.status_code == 200
    assert "Rien ne correspond" in page.text


def test_search_too_long_shows_everything(client, composteur):
    assert len(list_titres(client.get(LISTE, {"q": "a" * 500}))) == 2


def test_categories_filter(client, demarche, composteur):
    page = client.get(LISTE, {"evenement": EvenementDeVie.CADRE_DE_VIE})

    assert list_titres(page) == ["Réserver un composteur"]
    assert len(list_titres(client.get(LISTE, {"evenement": "inconnu"}))) == 2


def test_brouillons_and_closed_are_not_listed(client, demarche, composteur, brouillon):
    Demarche.objects.filter(pk=demarche.pk).update(etat=EtatDemarche.CLOSE)

    assert list_titres(client.get(LISTE)) == ["Réserver un composteur"]
    assert brouillon.titre not in client.get(PORTAIL).text


@pytest.mark.parametrize("criteres", [{}, {"q": "composteur"}, {"q": "rien du tout"}])
def test_fragment_is_part_of_the_page(client, demarche, composteur, criteres):
    page = BeautifulSoup(client.get(LISTE, criteres).text, "html.parser")
    fragment = client.get(LISTE, criteres, headers={"HX-Request": "true"})

    obtenu = BeautifulSoup(fragment.text, "html.parser")
    assert obtenu.select_one("html") is None
    assert obtenu.select_one("#resultats").prettify() == page.select_one("#resultats").prettify()
    assert "HX-Request" in fragment["Vary"]


@pytest.mark.parametrize("nombre", [1, 3])
@pytest.mark.parametrize("page", [PORTAIL, LISTE, f"{LISTE}?q=cantine", f"{LISTE}?q=cantinne"])
def test_portail_costs_a_constant_number_of_statements(client, demarche, nombre, page, count_sql):
    for n in range(nombre - 1):
        publish(demarche, titre=f"Cantine {n}", chemin=f"cantine-{n}")
    client.get(page)

    with count_sql() as compte:
        reponse = client.get(page)

    assert reponse.text.count("Cantine") >= nombre
    assert len(compte.instructions) <= 3, compte.instructions


def test_accueil_shows_categories_that_have_demarches(client, demarche, composteur):
    page = BeautifulSoup(client.get(PORTAIL).text, "html.parser")

    assert [h.get_text(strip=True) for h in page.select(".evenements h3")] == [
        EvenementDeVie.CADRE_DE_VIE.label, EvenementDeVie.AUTRE.label,
    ]  # fmt: skip


def test_accueil_without_demarche_says_where_to_go(client, collectivite):
    assert "Aucune démarche n’est encore ouverte" in client.get(PORTAIL).text


def test_fiche_says_what_is_needed_and_how_long(client, demarche):
    page = BeautifulSoup(client.get(f"{LISTE}{demarche.chemin}/").text, "html.parser")

    texte = page.select_one("main").get_text(" ", strip=True)
    assert "environ, 2 étapes" in texte
    assert "Le dossier est gardé 5 ans, puis détruit." in texte.replace("\xa0", " ")
    assert page.select_one("a.btn-primary")["href"] == f"{LISTE}{demarche.chemin}/commencer/"


def test_phones_can_be_dialled_and_hours_hold_on_a_line(client, demarche):
    Service.objects.update(telephone="01 46 00 00 00", horaires="Lundi, 8 h 30 à 17 h 30")

    for adresse in (PORTAIL, f"{LISTE}{demarche.chemin}/"):
        page = BeautifulSoup(client.get(adresse).text, "html.parser")
        assert page.select_one("main a[href='tel:0146000000']")
    assert "17\xa0h\xa030" in client.get(PORTAIL).text


def test_fiche_of_a_closed_demarche_is_gone(client, demarche, administrateur):
    services.close_demarche(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)

    reponse = client.get(f"{LISTE}{demarche.chemin}/")

    assert reponse.status_code == 410
    assert "Cette démarche est fermée" in reponse.text
    assert "commencer/" not in reponse.text


def test_fiche_of_a_brouillon_does_not_exist(client, brouillon):
    assert client.get(f"{LISTE}{brouillon.chemin}/").status_code == 404


def test_pieces_say_when_they_depend_on_the_situation(demarche, administrateur):
    definition = get_version_publiee(demarche).definition
    piece = {"type": "piece_justificative"}
    definition["pages"][0]["champs"] += [
        {**piece, "id": "a", "libelle": "Assurance"},
        {**piece, "id": "b", "libelle": "Jugement", "condition": ["filled?", ["champ", "nom"]]},
        {**piece, "id": "c", "libelle": "Photo", "obligatoire": False},
    ]
    services.update_brouillon(
        demarche=demarche, definition=definition, revision=0, libelle="Pièces",
        agent=administrateur, maintenant=MAINTENANT,
    )  # fmt: skip
    services.publish_version(demarche=demarche, agent=administrateur, maintenant=MAINTENANT)

    resume = describe_formulaire(get_version_publiee(demarche))

    assert resume.pieces == [
        "Assurance", "Jugement, selon votre situation", "Photo (facultatif)",
    ]  # fmt: skip
