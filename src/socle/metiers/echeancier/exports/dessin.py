"""Le SVG d’une ligne de la frise, écrit d’un trait : un gabarit y passerait des millisecondes."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from socle.metiers.echeancier.exports.frise import LARGE, Frise, Rang


def draw_rangs(frise: Frise, cible: str = "") -> SafeString:
    """Dessine les lignes d’une frise, chacune un lien.

    Args:
        cible: fenêtre où ouvrir les liens ; vide pour la même.
    """
    return mark_safe("".join([_draw_rang(rang, frise, cible) for rang in frise.rangs]))  # noqa: S308  tout texte y est échappé


def _draw_rang(rang: Rang, frise: Frise, cible: str) -> str:
    g, ligne, lecture = frise.gabarit, rang.ligne, escape(rang.ligne.lecture)
    large = g is LARGE
    cadre = f'x="1" y="{rang.y + 1}" width="{g.largeur - 2}" height="{g.rang - 2}"'
    remplie = f' fill="url(#hachure-{g.nom}{frise.numero_texte})"'
    fenetre = f' target="{escape(cible)}" rel="noopener"' if cible else ""
    sous = f'<text class="m" x="8" y="{rang.y + g.sous_y}">{escape(ligne.ministere)}</text>'
    barres = "".join([
        f'<rect class="{b.genre}" x="{b.x}" y="{b.y}" width="{b.largeur}" height="{b.hauteur}"'
        f' rx="3"{remplie if b.genre == "estime" else ""}/>'
        for b in rang.barres
    ])  # fmt: skip
    losanges = "".join([f'<path class="{d.genre}" d="{d.trace}"/>' for d in rang.losanges])
    place = f'x="{rang.texte_x}" y="{rang.texte_y}"'
    ancre = ' text-anchor="end"' if rang.ancre == "end" else ""
    quand = ligne.date_texte if large else f"{ligne.date_texte} · {ligne.etat.label}"
    return f"""
  <a class="rang" href="{escape(ligne.url)}" aria-label="{lecture}"{fenetre}>
    <title>{lecture}</title>
    <rect class="prise" {cadre} rx="6"/>
    <text class="nom" x="8" y="{rang.y + g.titre_y}">{escape(rang.nom)}</text>
    {sous if large else ""}
    {barres}
    {losanges}
    <text class="m quand" {place}{ancre}>{escape(quand)}</text>
  </a>
  """
