"""Regarder une page : axe en large et en étroit, parfois en sombre, imprimée, rien qui déborde."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

REGLES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# Sans le détail de ce qui est bon : trois fois plus vite.
OPTIONS = {"runOnly": REGLES, "resultTypes": ["violations"]}
LARGEURS = (1280, 360)
FEUILLE = 658  # pixels : la largeur utile d’une page A4, marges ôtées
# Ce qu’une feuille ne doit pas montrer : un geste sans effet, de l’encre en aplat, du texte pâle.
IMPRIME = """() => {
  const trait = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const lire = couleur => {
    trait.clearRect(0, 0, 1, 1); trait.fillStyle = couleur; trait.fillRect(0, 0, 1, 1);
    const [r, v, b, a] = trait.getImageData(0, 0, 1, 1).data;
    return { clarte: (0.2126 * r + 0.7152 * v + 0.0722 * b) / 255, opaque: a > 127 };
  };
  const nom = e => e.tagName.toLowerCase() + (e.className ? '.' + e.className : '');
  const vu = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
  const grand = e => { const r = e.getBoundingClientRect(); return r.width * r.height > 900; };
  const fautes = [];
  for (const e of document.querySelectorAll('body, body *')) {
    if (!vu(e) || e.closest('.visually-hidden')) continue;
    const style = getComputedStyle(e), fond = lire(style.backgroundColor);
    if (e.matches('nav, button, .btn, .evitement, dialog, textarea, .section-tete a') && grand(e))
      fautes.push('geste : ' + nom(e));
    if (fond.opaque && fond.clarte < 0.75 && grand(e)) fautes.push('fond sombre : ' + nom(e));
    if (e.matches('details') && ![...e.children].every(vu)) fautes.push('replié : ' + nom(e));
    const texte = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (texte && lire(style.color).clarte > 0.5) fautes.push('texte pâle : ' + nom(e));
    if (e.matches('main a[href^="http"]') && !getComputedStyle(e, '::after').content.includes('('))
      fautes.push('adresse perdue : ' + nom(e));
  }
  const large = document.documentElement.scrollWidth;
  if (large > innerWidth) fautes.push(`déborde : ${large} px`);
  return fautes;
}"""
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


def look_imprime(page: Page) -> list[str]:
    """Rend les fautes de la page telle que l’imprimante la recevrait, sur une feuille A4."""
    taille = page.viewport_size
    page.set_viewport_size({"width": FEUILLE, "height": 940})
    page.emulate_media(media="print")
    fautes: list[str] = page.evaluate(IMPRIME)
    page.emulate_media(media="screen")
    if taille is not None:
        page.set_viewport_size(taille)
    return fautes
