"""Composants dans un vrai navigateur : axe, défilement, script, avec et sans JavaScript.

Les pages sont servies sans base ; les échanges du script sont joués par le navigateur lui-même.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.e2e.navigateur import CHROMIUM, serve

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium n’est pas installé"),
]

VITRINES = ["/composants/", "/composants/agents/"]
BROUILLON = """() => {
  document.querySelector("main").innerHTML = `
    <form id="f" hx-post="/brouillon/" hx-trigger="input" hx-swap="none"
        data-enregistrement="input">
      <label for="t">Texte</label><input id="t" name="t">
      <p data-etat-enregistrement class="enregistrement" role="status"></p>
    </form>`;
  htmx.process(document.querySelector("#f"));
}"""


@pytest.fixture(scope="module")
def adresse() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture
def page(moteur, adresse) -> Iterator[Page]:
    contexte = moteur.new_context(base_url=adresse, viewport={"width": 1280, "height": 900})
    feuille = contexte.new_page()
    fautes: list[str] = []
    feuille.on("pageerror", lambda erreur: fautes.append(str(erreur)))
    feuille.on(
        "console", lambda m: fautes.append(m.text) if "Content Security Policy" in m.text else None
    )
    yield feuille
    contexte.close()
    assert fautes == []


@pytest.mark.parametrize(
    ("largeur", "mode"),
    [
        (1280, "dark"),
        (360, "light"),
        pytest.param(1280, "light", marks=pytest.mark.lent),
        pytest.param(360, "dark", marks=pytest.mark.lent),
    ],
)
@pytest.mark.parametrize("chemin", VITRINES)
def test_vitrine_passes_axe(moteur, adresse, chemin, largeur, mode):
    contexte = moteur.new_context(
        base_url=adresse, viewport={"width": largeur, "height": 900}, color_scheme=mode
    )
    page = contexte.new_page()
    page.goto(chemin)

    resultat = Axe().run(page)

    assert resultat.violations_count == 0, resultat.generate_report()
    contexte.close()


@pytest.mark.parametrize("chemin", [*VITRINES, "/accessibilite/", "/nexiste-pas/"])
def test_page_never_overflows(page, chemin):
    for largeur in (1280, 960, 672, 360, 320):
        page.set_viewport_size({"width": largeur, "height": 900})
        page.goto(chemin)

        assert page.evaluate("document.documentElement.scrollWidth") <= largeur


@pytest.mark.lent
@pytest.mark.parametrize("couleur", ["ffe600", "87ceeb", "000000"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_hard_couleurs_pass_axe(moteur, adresse, couleur, mode):
    from socle.fondations.commun.couleurs import render_feuille

    contexte = moteur.new_context(base_url=adresse, color_scheme=mode)
    page = contexte.new_page()
    feuille = render_feuille(f"#{couleur}")
    page.route("**/theme/*.css", lambda route: route.fulfill(content_type="text/css", body=feuille))
    page.goto("/composants/")

    resultat = Axe().run(page, options={"runOnly": ["color-contrast"]})

    assert resultat.violations_count == 0, resultat.generate_report()
    contexte.close()


def test_text_at_200_percent_never_overflows(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/composants/")
    page.evaluate("document.documentElement.style.fontSize = '225%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("chemin", VITRINES)
def test_page_reads_without_javascript(moteur, adresse, chemin):
    contexte = moteur.new_context(base_url=adresse, java_script_enabled=False)
    page = contexte.new_page()
    page.goto(chemin)

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-couper-touches]").first).to_be_hidden()
    expect(page.locator(".poignee").first).to_be_hidden()
    expect(page.get_by_role("button", name="Monter").first).to_be_visible()
    contexte.close()


def test_evitement_is_the_first_stop_of_the_keyboard(page):
    page.goto("/composants/")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_keyboard_walks_the_rows_and_chooses(page):
    page.goto("/composants/agents/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Léonie Tessandre")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_role("checkbox", name="Choisir le dossier 48213")).to_be_checked()
    expect(page.locator("[data-compte]")).to_have_text("2 choisis")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Yanis Orbellec")).to_be_focused()


def test_touches_do_nothing_in_a_champ_and_can_be_cut(page):
    page.goto("/composants/agents/")

    page.get_by_label("Nom, numéro ou mot du dossier").press_sequentially("j?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(".touches [data-couper-touches]").click()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.reload()
    expect(page.locator(".touches [data-couper-touches]")).to_have_text("Rétablir les raccourcis")


def test_question_mark_lists_the_touches_and_escape_closes(page):
    page.goto("/composants/agents/")
    page.keyboard.press("?")

    dialogue = page.get_by_role("dialog", name="Raccourcis de cette page")
    expect(dialogue).to_contain_text("descendre, monter")
    page.keyboard.press("Escape")
    expect(dialogue).to_be_hidden()


def test_brouillon_says_when_it_is_saved(page):
    page.goto("/composants/")
    page.evaluate(BROUILLON)
    page.route("**/brouillon/", lambda route: route.fulfill(status=204))

    page.get_by_label("Texte").press_sequentially("bonjour")

    expect(page.locator("[data-etat-enregistrement]")).to_contain_text("Brouillon enregistré à")


def test_brouillon_that_fails_says_so_retries_and_holds_the_page(page):
    page.goto("/composants/")
    page.clock.install()
    page.evaluate(BROUILLON)
    essais = []

    def answer(route: Route) -> None:
        essais.append(route.request)
        if len(essais) == 1:
            route.abort()
        else:
            route.fulfill(status=403 if len(essais) == 2 else 204)

    page.route("**/brouillon/", answer)
    page.get_by_label("Texte").press_sequentially("b")

    etat = page.locator("[data-etat-enregistrement]")
    expect(etat).to_contain_text("Pas enregistré")
    expect(etat).to_have_class("enregistrement panne")
    retenue = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(retenue)
    page.clock.fast_forward(6_000)
    expect(etat).to_contain_text("Pas enregistré. Votre session a expiré")
    page.clock.fast_forward(16_000)
    expect(etat).to_contain_text("Brouillon enregistré à")
    assert not page.evaluate(retenue)


def test_leaving_an_untouched_page_is_never_held(page):
    page.goto("/composants/")

    assert page.evaluate(
        "() => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    )


def test_erreurs_received_by_htmx_take_the_focus(page):
    page.goto("/composants/")
    page.evaluate(BROUILLON.replace('hx-swap="none"', 'hx-swap="outerHTML"'))
    resume = '<div><div class="resume-erreurs" tabindex="-1"><h2>1 réponse</h2></div></div>'
    page.route("**/brouillon/", lambda route: route.fulfill(status=422, body=resume))

    page.get_by_label("Texte").press_sequentially("b")

    expect(page.locator(".resume-erreurs", has_text="1 réponse")).to_be_focused()


def test_form_pressed_twice_leaves_once(page):
    page.goto("/composants/")
    page.evaluate("""() => {
      document.querySelector("main").innerHTML =
        '<form method="post" action="/recu/"><button>Envoyer</button></form>';
      window.departs = [];
      window.addEventListener("submit", (e) => window.departs.push(!e.defaultPrevented));
    }""")
    page.route("**/recu/", lambda route: route.fulfill(status=204))  # la page reste

    page.get_by_role("button", name="Envoyer").dblclick()

    page.wait_for_function("() => window.departs.length > 1")
    assert page.evaluate("window.departs") == [True, False]


def test_panne_is_shown_and_says_what_is_kept(page):
    page.goto("/composants/")
    page.evaluate(BROUILLON.replace("data-enregistrement", "data-rien"))
    page.route("**/brouillon/", lambda route: route.fulfill(status=500, body="panne"))

    page.get_by_label("Texte").press_sequentially("b")

    expect(page.locator("#annonces .alert-danger")).to_contain_text("encore à l’écran")


def test_envoi_of_a_fichier_shows_real_progress_and_can_be_stopped(page, tmp_path):
    page.goto("/composants/")
    page.evaluate("""() => {
      const zone = document.querySelector("[data-envoi]").outerHTML;
      document.querySelector("main").innerHTML =
        `<form id="f" hx-post="/envoi-lent/" enctype="multipart/form-data" hx-swap="none">
         <div class="pieces" data-depot><input type="file" name="p" aria-label="Pièce">${zone}</div>
         <button>Envoyer</button></form>`;
      htmx.process(document.querySelector("#f"));
    }""")
    fichier = tmp_path / "plan.pdf"
    fichier.write_bytes(b"x" * 20_000_000)
    page.get_by_label("Pièce").set_input_files(fichier)

    page.get_by_role("button", name="Envoyer").click()

    expect(page.locator("[data-envoi-texte]")).to_contain_text("Mo envoyés")
    page.get_by_role("button", name="Arrêter l’envoi").click()
    expect(page.locator("[data-envoi]")).to_be_hidden()


def test_drag_and_alt_arrows_both_reorder(page):
    page.goto("/composants/agents/")
    page.evaluate("""() => {
      window.envois = [];
      document.querySelectorAll("[data-monter], [data-descendre]")
        .forEach((b) => b.addEventListener("click", () => window.envois.push(b.value)));
      document.querySelector("[data-ordonnable]").addEventListener("submit", (e) => {
        e.preventDefault(); window.envois.push(e.target.ordre.value); });
    }""")

    page.locator("[data-monter]").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.locator("[data-id=a]").drag_to(
        page.locator("[data-id=b]"), target_position={"x": 30, "y": 50}
    )
    page.wait_for_function("() => window.envois.length > 1")

    assert page.evaluate("window.envois") == ["b", "b,a"]


def test_end_of_session_is_announced_and_can_be_put_off(page):
    page.clock.install()
    page.route("**/aide/", inject_session)
    page.route("**/prolonger/", lambda route: route.fulfill(status=204))
    page.goto("/aide/")

    page.clock.fast_forward(6 * 60_000)
    dialogue = page.get_by_role("dialog", name="Êtes-vous encore là ?")
    expect(dialogue).to_contain_text("4 minutes")
    page.get_by_role("button", name="Continuer").click()
    expect(dialogue).to_be_hidden()
    page.clock.fast_forward(60_000)
    expect(dialogue).to_be_hidden()


def inject_session(route: Route) -> None:
    """Sert la page avec le dialogue que reçoit une personne connectée, session de dix minutes."""
    from django.template.loader import render_to_string

    dialogue = render_to_string(
        "commun/_session.html", {"session_secondes": 600, "session_prolonger_url": "/prolonger/"}
    )
    reponse = route.fetch()
    route.fulfill(response=reponse, body=reponse.text().replace("</body>", dialogue + "</body>"))
