"""Du modèle au texte : balises remplacées une fois, jamais exécutées ; HTML tiré du texte.

Une balise s’écrit « {numero} ». Sa valeur est du texte : une balise venue d’une personne
(« {lien} » dans un nom) s’imprime telle quelle.
"""

import re
from collections.abc import Mapping

from django.utils.html import escape

from socle.fondations.commun.couleurs import build_palette
from socle.fondations.commun.lettre import Bloc, parse_texte
from socle.fondations.notifications.errors import BalisesInconnues
from socle.fondations.notifications.ports import ModeleParDefaut

BALISE = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}", re.ASCII)
ADRESSE = re.compile(r"https?://[^\s<>\"'«»]+[^\s<>\"'«».,;:!?)]")
COMMANDES = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
SUJET_MAX = 200
CORPS_MAX = 20_000

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{sujet}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="margin:0;background:#fbf7f0">
<div style="max-width:38rem;margin:0 auto;padding:24px 20px;font:17px/1.55 system-ui,'Segoe UI',\
Roboto,sans-serif;color:#1d1a26">
<p style="margin:0 0 24px;padding-bottom:10px;border-bottom:3px solid {accent};font-weight:700;\
font-size:20px;color:{accent}">{entete}</p>
{corps}
<div style="margin-top:32px;padding-top:12px;border-top:1px solid #ddd3c2;font-size:14px;\
color:#575163">{pied}</div>
</div></body></html>
"""


def check_balises(defaut: ModeleParDefaut, *textes: str) -> None:
    """Refuse un modèle qui cite une balise inconnue de ce message.

    Raises:
        BalisesInconnues: avec la liste des inconnues et celle des permises.
    """
    citees = [nom for texte in textes for nom in BALISE.findall(texte)]
    permises = defaut.toutes_balises
    inconnues = sorted({nom for nom in citees if nom not in permises})
    if inconnues:
        raise BalisesInconnues(inconnues, sorted(permises))


def render_modele(texte: str, valeurs: Mapping[str, str]) -> str:
    """Remplace les balises par leur valeur ; une balise sans valeur disparaît."""
    return BALISE.sub(lambda trouve: str(valeurs.get(trouve[1], "")), texte)


def render_sujet(texte: str, valeurs: Mapping[str, str]) -> str:
    """Rend un objet de courriel d’une seule ligne, sans caractère de commande, borné."""
    return " ".join(COMMANDES.sub(" ", render_modele(texte, valeurs)).split())[:SUJET_MAX]


def render_corps(texte: str, valeurs: Mapping[str, str]) -> str:
    """Rend le texte d’un courriel, borné ; seuls les sauts de ligne restent comme commandes."""
    lignes = render_modele(texte, valeurs).replace("\r\n", "\n").split("\n")
    return "\n".join(COMMANDES.sub(" ", ligne).rstrip() for ligne in lignes).strip()[:CORPS_MAX]


def render_html(texte: str, *, sujet: str, entete: str, couleur: str, pied: str = "") -> str:
    """Rend la version HTML d’un texte : paragraphes, listes, adresses cliquables. Rien d’autre."""
    return PAGE.format(
        sujet=escape(sujet),
        entete=escape(entete),
        accent=build_palette(couleur).clair.fort,
        corps="\n".join(_render_bloc(bloc) for bloc in parse_texte(texte)),
        pied="<br>".join(_link(ligne) for ligne in pied.split("\n")),
    )


def _render_bloc(bloc: Bloc) -> str:
    if bloc["genre"] == "liste":
        balise = "ol" if bloc["numerotee"] else "ul"
        elements = "".join(f"<li>{_link(element)}</li>" for element in bloc["elements"])
        return f'<{balise} style="margin:0 0 16px;padding-left:24px">{elements}</{balise}>'
    texte = "<br>".join(_link(ligne) for ligne in bloc["texte"].split("\n"))
    return f'<p style="margin:0 0 16px">{texte}</p>'


def _link(texte: str) -> str:
    """Échappe un texte et rend ses adresses cliquables."""
    morceaux, place = [], 0
    for trouve in ADRESSE.finditer(texte):
        adresse = escape(trouve[0])
        morceaux += [
            escape(texte[place : trouve.start()]),
            f'<a href="{adresse}" style="color:#1d1a26">{adresse}</a>',
        ]
        place = trouve.end()
    return "".join([*morceaux, escape(texte[place:])])
