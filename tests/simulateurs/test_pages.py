"""Pages des simulateurs : accessibles, sans script, et qui disent ce qu’elles sont."""

import re

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import Client

from socle.simulateurs.personnes import PERSONNES
from socle.simulateurs.proconnect.agents import AGENTS
from tests.simulateurs.parcours import Service

INTERDIT = re.compile(r"\son\w+=|<script|\{\{|\{%|\sstyle=|\{[a-z_]+\}")


def read_page(texte: str) -> BeautifulSoup:
    assert not INTERDIT.search(texte), INTERDIT.search(texte)
    return BeautifulSoup(texte, "html.parser")


@pytest.mark.parametrize(
    ("fournisseur", "nom", "identites"),
    [
        ("franceconnect", "FranceConnect", PERSONNES),
        ("franceconnect-plus", "FranceConnect+", PERSONNES),
        ("proconnect", "ProConnect", AGENTS),
    ],
)
def test_choix_says_what_it_is_and_lists_everyone(simulateurs, fournisseur, nom, identites):
    """Un groupe par page quand la liste est longue ; toute page coche sa première identité."""
    service = Service(simulateurs, fournisseur)
    pages = [read_page(service.open_page())]
    liens = [lien["href"] for lien in pages[0].select("nav.filtres a:not([aria-current=true])")]
    pages += [
        read_page(service.web.get(f"{service.base}/interaction{lien}").text) for lien in liens
    ]

    assert pages[0].h1.text == f"Simulateur — ce n’est pas {nom}"
    trouvees = [list_identites(page) for page in pages]
    assert sorted(code for codes in trouvees for code in codes) == sorted(identites)
    for page, codes in zip(pages, trouvees, strict=True):
        assert [radio["value"] for radio in page.select("input[checked]")] == [codes[0]]
        assert len(codes) <= 20


def list_identites(page: BeautifulSoup) -> list[str]:
    return [radio["value"] for radio in page.select('input[type="radio"][name="identite"]')]


def test_long_list_tells_what_is_official_and_is_searched(franceconnect):
    texte = franceconnect.open_page()
    page = read_page(texte)
    sceau = page.select_one("form.recherche input[name=demande]")["value"]

    def search(**filtre: str) -> BeautifulSoup:
        reponse = franceconnect.web.get(
            f"{franceconnect.base}/interaction", query_string={"demande": sceau, **filtre}
        )
        return read_page(reponse.text)

    for groupe in range(len(page.select("nav.filtres a"))):
        lue = search(groupe=str(groupe))
        officielles = "Identités de test de FranceConnect" in lue.legend.text
        assert officielles != ("inventé" in lue.legend.text)
        assert lue.select_one("nav.filtres [aria-current=true]").text == lue.legend.text
        assert {PERSONNES[code].officielle for code in list_identites(lue)} == {officielles}
    assert not page.select_one("details.autres").has_attr("open")
    assert search(recherche="hoarau").select_one("details.autres").has_attr("open")
    assert list_identites(search(recherche="hoarau")) == ["outre_mer"]
    assert list_identites(search(recherche="seguin")) == ["naissance_Portugal"]
    assert list_identites(search(recherche="martin yasser")) == ["mois_00"]
    assert list_identites(search(recherche="TEST_corse")) == ["test_CORSE_2A", "test_CORSE_2B"]
    assert search(recherche="corse-du-sud").select_one("#recherche")["value"] == "corse-du-sud"
    rien = search(recherche="<b>zzz</b>")
    assert "Aucune identité ne répond à « <b>zzz</b> »" in rien.select_one(".vide").text
    assert rien.b is None
    # Un filtre faux montre les familles ; la personne reconnue ouvre son groupe.
    assert list_identites(search(groupe="99"))[0] == "belkacem"
    franceconnect.choose(texte, "moins_18_ans")
    retour = read_page(franceconnect.open_page())
    assert [radio["value"] for radio in retour.select("input[checked]")] == ["moins_18_ans"]


def test_every_field_has_a_label_and_every_group_a_legend(franceconnect):
    page = read_page(franceconnect.open_page())
    libelles = {libelle["for"] for libelle in page.select("label")}
    champs = page.select('input:not([type="hidden"]), select')

    assert {champ["id"] for champ in champs} == libelles
    assert all(groupe.legend.text for groupe in page.select("fieldset"))
    decrits = {p["id"] for p in page.select("p[id]")}
    assert {champ["aria-describedby"] for champ in page.select("input[aria-describedby]")} == (
        decrits
    )


def test_data_asked_is_said_in_french(franceconnect):
    page = read_page(franceconnect.open_page(scope="openid identite_pivot dgfip_rfr"))

    assert page.select_one(".demande").text == (
        "Données demandées : prénoms, nom de naissance, sexe, date et lieu de naissance, "
        "revenu fiscal de référence."
    )


def test_page_is_protected_and_lets_its_form_go_back(franceconnect):
    adresse = franceconnect.authorize().headers["Location"]
    reponse = franceconnect.web.get(adresse)
    politique = reponse.headers["Content-Security-Policy"]

    assert "default-src 'none'" in politique
    assert "form-action 'self' http://localhost:8000" in politique
    assert "frame-ancestors 'none'" in politique
    assert reponse.headers["Cache-Control"] == "no-store"


def test_text_from_the_service_is_escaped(create_simulateurs):
    client = {
        "client_id": "x",
        "nom": "<img src=x onerror=alert(1)>",
        "redirections": ["http://localhost:8000/connexion/retour/"],
    }
    service = Service(create_simulateurs(clients={"franceconnect": [client]}), client_id="x")

    texte = service.open_page(scope="openid cnaf_<script>")
    assert "<img" not in texte
    assert "<script" not in texte


def test_text_of_an_error_is_escaped(franceconnect):
    reponse = franceconnect.authorize(**{"<script>x": "1"})

    assert reponse.status_code == 400
    assert "<script" not in reponse.text


def test_accueil_lists_simulators_people_and_faults(simulateurs):
    reponse = Client(simulateurs).get("/simulateurs/")
    page = read_page(reponse.text)

    assert "http://localhost:8000/simulateurs/proconnect/api/v2" in reponse.text
    lignes = [ligne.get_text("|", strip=True) for ligne in page.select("tbody tr")]
    assert (
        "Nadia Soumaya BELKACEM|Parent seul, deux enfants, petit revenu|"
        "14\u202f820\u00a0€, 2,5\u00a0parts|468 (CNAF)"
    ) in lignes
    assert "Mario Brosse|test_CORSE_2A|Né en Corse-du-Sud" in lignes
    assert all(tableau.caption for tableau in page.select("table"))


@pytest.mark.parametrize("racine", ["/simulateurs", ""])
def test_adresses_work_with_and_without_the_public_path(simulateurs, racine):
    web = Client(simulateurs)

    assert web.get(f"{racine}/").status_code == 200
    assert web.get(f"{racine}/sante").json == {"etat": "pret"}
    assert web.get(f"{racine}/statique/simulateurs.css").content_type.startswith("text/css")
    assert web.get(f"{racine}/proconnect/api/v2/jwks").status_code == 200


@pytest.mark.parametrize(
    ("chemin", "statut"),
    [
        ("/simulateurs/inconnu", 404),
        ("/simulateurs/franceconnect/api/v2/token", 405),
        ("/simulateurs/proconnect/api/v2/checktoken", 404),
    ],
)
def test_unknown_address_has_a_page(simulateurs, chemin, statut):
    reponse = Client(simulateurs).get(chemin)

    assert reponse.status_code == statut
    assert read_page(reponse.text).h1


def test_big_bodies_are_refused(simulateurs):
    reponse = Client(simulateurs).post(
        "/simulateurs/franceconnect/api/v2/token", data={"code": "x" * 70_000}
    )

    assert reponse.status_code == 413


def test_long_request_is_refused(franceconnect):
    assert franceconnect.authorize(state="e" * 2001).status_code == 400


def test_every_page_has_its_css_classes(simulateurs):
    """Une classe employée par un gabarit existe dans la feuille de style."""
    feuille = Client(simulateurs).get("/simulateurs/statique/simulateurs.css").text
    texte = Service(simulateurs).open_page() + Client(simulateurs).get("/simulateurs/").text
    classes = {nom for trouve in re.findall(r'class="([^"]+)"', texte) for nom in trouve.split()}

    assert sorted(nom for nom in classes if f".{nom}" not in feuille) == []
