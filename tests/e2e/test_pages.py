"""Chaque page du dossier : axe, débordement, poids, console, politique de sécurité."""

import gzip
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.parcours import AGENT, CHEMIN, file_demande, fill_tout, fill_vous, press

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
REGLES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
USAGER, SOPHIE, ADMIN = "usager:le_goff", "agent:instructrice", "agent:administratrice"
POIDS_MAX, POLICE_MAX, REQUETES_MAX = 60_000, 40_000, 8

# Nom → personne, adresse. {brouillon} et {depose} sont les numéros de deux demandes.
PAGES = {
    "portail": ("", "/c/clamart/"),
    "recherche": ("", "/c/clamart/demarches/?q=cantine"),
    "fiche": ("", CHEMIN),
    "commencer": ("", f"{CHEMIN}commencer/"),
    "statistiques": ("", f"{CHEMIN}statistiques/"),
    "connexion": ("", "/c/clamart/connexion/"),
    "etape_1": (USAGER, "/c/clamart/dossiers/{brouillon}/etape/1/"),
    "etape_2": (USAGER, "/c/clamart/dossiers/{brouillon}/etape/2/"),
    "etape_3": (USAGER, "/c/clamart/dossiers/{brouillon}/etape/3/"),
    "etape_4": (USAGER, "/c/clamart/dossiers/{brouillon}/etape/4/"),
    "resume": (USAGER, "/c/clamart/dossiers/{brouillon}/resume/"),
    "brouillon": (USAGER, "/c/clamart/dossiers/{brouillon}/"),
    "supprimer": (USAGER, "/c/clamart/dossiers/{brouillon}/supprimer/"),
    "suivi": (USAGER, "/c/clamart/dossiers/{depose}/"),
    "mes_dossiers": (USAGER, "/c/clamart/espace/"),
    "connexion_agent": ("", f"{AGENT}/connexion/"),
    "liste": (SOPHIE, f"{AGENT}/dossiers/"),
    "liste_vide": (SOPHIE, f"{AGENT}/dossiers/?q=introuvable"),
    "liste_filtree": (
        SOPHIE,
        f"{AGENT}/dossiers/?q=Belkasem&canal=en_ligne&du=2020-01-01&tri=ancien",
    ),
    "colonnes": (SOPHIE, f"{AGENT}/dossiers/colonnes/"),
    "dossier_de_liste": (SOPHIE, f"{AGENT}/dossiers/{{depose}}/?file=tous"),
    "dossier": (SOPHIE, f"{AGENT}/dossiers/{{depose}}/"),
    "guichet": (SOPHIE, f"{AGENT}/guichet/"),
    "saisir": (SOPHIE, f"{AGENT}/guichet/cantine-scolaire/"),
    "archives": ("agent:archiviste", f"{AGENT}/archives/"),
}
ESSENTIELLES = ("portail", "fiche", "etape_2", "etape_4", "resume", "suivi", "liste", "dossier")
SOMBRES = ("portail", "etape_2", "suivi", "liste", "dossier")


@pytest.fixture(scope="module")
def numeros(moteur, site, sessions, assurance) -> dict[str, int]:
    """Une demande complète non déposée, et une demande déposée."""
    contexte = moteur.new_context(
        base_url=site, java_script_enabled=False, storage_state=sessions(USAGER)
    )
    page = contexte.new_page()
    depose = fill_tout(page, assurance)
    file_demande(page)
    brouillon = fill_tout(page, assurance)
    contexte.close()
    return {"depose": depose, "brouillon": brouillon}


@pytest.fixture
def visiter(ouvrir, numeros) -> Callable[..., Page]:
    def visit(nom: str, **reglages) -> Page:
        identite, adresse = PAGES[nom]
        page = ouvrir(identite, **reglages)
        page.goto(adresse.format(**numeros))
        return page

    return visit


def check_axe(page: Page) -> None:
    resultat = Axe().run(page, options={"runOnly": REGLES})
    assert resultat.violations_count == 0, resultat.generate_report()


def check_debordement(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def check_large_et_etroit(page: Page) -> None:
    for largeur in (1280, 360):
        page.set_viewport_size({"width": largeur, "height": 900})
        check_axe(page)
    check_debordement(page)


@pytest.mark.parametrize("nom", ["resume", "suivi", "dossier", "mes_dossiers"])
def test_answers_and_names_without_spaces_never_overflow(visiter, nom):
    """400 signes d’affilée dans les réponses, les messages et le nom du compte."""
    page = visiter(nom)
    page.evaluate(
        "document.querySelectorAll('main h1, dd, .message p, .entete-fin .btn, .nom-agent')"
        ".forEach(e => { e.textContent = 'a'.repeat(400) })"
    )

    for largeur in (1280, 360, 320):
        page.set_viewport_size({"width": largeur, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur


@pytest.mark.parametrize("nom", ESSENTIELLES)
def test_page_passes_axe_and_never_overflows(visiter, nom):
    check_large_et_etroit(visiter(nom))


@pytest.mark.lent
@pytest.mark.parametrize("nom", [nom for nom in PAGES if nom not in ESSENTIELLES])
def test_other_page_passes_axe_and_never_overflows(visiter, nom):
    check_large_et_etroit(visiter(nom))


@pytest.mark.lent
@pytest.mark.parametrize("largeur", [1280, 360])
@pytest.mark.parametrize("nom", SOMBRES)
def test_dark_page_passes_axe(visiter, nom, largeur):
    check_axe(visiter(nom, mode="dark", largeur=largeur))


@pytest.mark.parametrize("nom", ["portail", "etape_2", "suivi", "dossier"])
def test_first_visit_is_light(visiter, surveillance, nom):
    page = visiter(nom)
    page.wait_for_load_state("networkidle")
    reponses = surveillance.reponses
    polices = [r for r in reponses if ".woff2" in r.url]
    autres = [r for r in reponses if r not in polices and r.status == 200]

    assert len(reponses) <= REQUETES_MAX, [r.url for r in reponses]
    assert sum(len(r.body()) for r in polices) <= POLICE_MAX
    assert sum(measure(r.body()) for r in autres) <= POIDS_MAX


def measure(corps: bytes) -> int:
    """Octets sur la ligne une fois comprimés : le serveur frontal comprime, pas le service."""
    return len(gzip.compress(corps, 6))


@pytest.mark.lent
def test_etape_in_error_passes_axe(ouvrir):
    page = ouvrir()
    page.goto(f"{CHEMIN}commencer/")
    press(page, "Continuer sans compte")
    press(page, "Continuer")

    check_large_et_etroit(page)


@pytest.mark.lent
def test_conflit_passes_axe(ouvrir):
    page = ouvrir()
    page.goto(f"{CHEMIN}commencer/")
    press(page, "Continuer sans compte")
    autre = page.context.new_page()
    autre.goto(page.url)
    for feuille, telephone in ((page, "06 12 34 56 78"), (autre, "07 11 22 33 44")):
        fill_vous(feuille, invite=True)
        feuille.get_by_label("Téléphone").fill(telephone)
        press(feuille, "Continuer")

    check_large_et_etroit(autre)
