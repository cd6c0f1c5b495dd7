"""Un morceau gardé dessiné suit ce qu’il montre, et ne montre que ce qu’il nomme."""

import re
from pathlib import Path
from types import SimpleNamespace

from django.template import Context, Template

from socle.fondations.commun.adresses import prefixe

SOURCES = Path(__file__).resolve().parents[3] / "src" / "socle"
MORCEAU = re.compile(r"{% garde ?(?P<nommes>[^%]*)%}(?P<corps>.*?){% fingarde %}", re.DOTALL)
LU = re.compile(
    r"\b(?:collectivite|request|user|messages|perms|session)\b(?:\.\w+)?|nom_\w+|sous_\w+"
)


def draw(gabarit: Template, racine: str, **collectivite: str) -> str:
    with prefixe(racine):
        return gabarit.render(Context({"collectivite": SimpleNamespace(**collectivite)}))


def test_morceau_follows_what_it_shows():
    gabarit = Template(
        "{% load garde %}{% garde collectivite.nom %}{% chemin %} {{ collectivite.nom }}"
        " {{ collectivite.site }}{% fingarde %}"
    )
    assert draw(gabarit, "/c/a/", nom="A", site="1") == "/c/a/ A 1"
    assert draw(gabarit, "/c/a/", nom="A", site="2") == "/c/a/ A 1"  # gardé : le site n’y est pas
    assert draw(gabarit, "/c/a/", nom="B", site="2") == "/c/a/ B 2"
    assert draw(gabarit, "/c/b/", nom="A", site="2") == "/c/b/ A 2"


def test_morceaux_name_all_that_they_read():
    """Une valeur lue sans être nommée resterait celle d’avant, ou d’une autre collectivité."""
    manquent, vus = {}, 0
    for fichier in SOURCES.rglob("*.html"):
        for morceau in MORCEAU.finditer(fichier.read_text()):
            vus += 1
            nommes = set(morceau["nommes"].split())
            lus = set(LU.findall(morceau["corps"])) - {"collectivite"}
            if lus - nommes or ("collectivite" in morceau["corps"] and not nommes):
                manquent[fichier.name] = lus - nommes
    assert manquent == {}
    assert vus >= 4
