"""Regarder une page : axe en large et en étroit, parfois en sombre, et rien qui déborde."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

REGLES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# Sans le détail de ce qui est bon : trois fois plus vite.
OPTIONS = {"runOnly": REGLES, "resultTypes": ["violations"]}
LARGEURS = (1280, 360)
LARGEUR_MIN = 320


def look(page: Page, sombre: bool = False) -> list[str]:
    """Rend les fautes d’une page, dans les deux largeurs et, si l’on veut, en sombre."""
    fautes = []
    for largeur, mode in (*((largeur, "light") for largeur in LARGEURS), (360, "dark")):
        if mode == "dark" and not sombre:
            continue
        page.emulate_media(color_scheme=mode)
        if mode == "dark":
            page.wait_for_timeout(400)  # les couleurs passent d’un thème à l’autre en fondu
        page.set_viewport_size({"width": largeur, "height": 900})
        resultat = Axe().run(page, options=OPTIONS)
        for faute in resultat.response["violations"]:
            cibles = [noeud["target"] for noeud in faute["nodes"]][:3]
            fautes.append(f"{mode} {largeur} {faute['id']} : {cibles}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": LARGEUR_MIN, "height": 900})
    debord = page.evaluate("document.documentElement.scrollWidth")
    return [*fautes, f"déborde : {debord} px"] if debord > LARGEUR_MIN else fautes
