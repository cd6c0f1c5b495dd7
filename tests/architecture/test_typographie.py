"""Une espace insécable devant « ; : ? ! » : à 360 pixels, aucune ligne ne commence par eux."""

import ast
import re

from tests.architecture.test_maison import SOURCES

GABARIT = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->", re.DOTALL)
# Ni balise, ni style, ni code à recopier : le texte que l’on lit.
BALISE = re.compile(
    r"<(script|style|pre|code|textarea|kbd)\b.*?</\1>|<!doctype[^>]*>"
    r"|</?[a-z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUT = re.compile(r'\b(?:title|alt|placeholder|aria-label)="([^"]*)"')
CHAINE = re.compile(r'"([^"]*)"')
FAUTE = re.compile(r" [:;?!»]|« ")
# Métiers dont les phrases écrites en Python ont été relues ; les autres suivront.
RELUS = (
    "adoption",
    "appels",
    "consultations",
    "diffusion",
    "echeancier",
    "espaces",
    "gouvernance",
    "pilotage",
)
# Lus dans un terminal ; ou, pour les choix, écrits aussi dans les migrations.
A_PART = {"semence.py", "chargement.py", "enums.py"}
DOSSIERS_A_PART = {"migrations", "commands"}


def list_fautes(gabarit: str) -> list[tuple[int, str]]:
    """Rend la ligne et le passage de chaque espace ordinaire là où elle doit être insécable."""
    sans_logique = _hide(GABARIT, gabarit)
    places = [faute.start() for faute in FAUTE.finditer(_hide(BALISE, sans_logique))]
    for balise in BALISE.finditer(sans_logique):
        places += _find(ATTRIBUT, balise)
    for logique in GABARIT.finditer(gabarit):
        if not logique[0].startswith(("{#", "<!")):
            places += _find(CHAINE, logique)
    return [
        (gabarit.count("\n", 0, place) + 1, gabarit[max(0, place - 20) : place + 12])
        for place in sorted(places)
    ]


def _hide(motif: re.Pattern[str], texte: str) -> str:
    return motif.sub(lambda trouve: "\x01" * len(trouve[0]), texte)


def _find(motif: re.Pattern[str], dans: re.Match[str]) -> list[int]:
    return [
        dans.start() + trouve.start(1) + faute.start()
        for trouve in motif.finditer(dans[0])
        for faute in FAUTE.finditer(trouve[1])
    ]


def test_rule_reads_texts_only():
    faux = """<p title="Quoi ?">Oui : « non » {# a : b #}</p>{% aide resume="Qui ?" %}
{{ a }} : {{ b }}"""
    juste = """<code>a : b</code> 10:30 {% if a == b %}{{ d|date:"H:i" }}_: «_x_»
<a href="/a?b :c" class="a">Oui_!</a>{# « a » #}""".replace("_", "\N{NO-BREAK SPACE}")

    assert [ligne for ligne, _ in list_fautes(faux)] == [1, 1, 1, 1, 1, 2]
    assert list_fautes(juste) == []


def test_no_line_starts_with_a_punctuation_mark():
    """Remède : l’espace insécable U+00A0, celle de `textes.INSECABLE`."""
    fautes = [
        f"{fichier.relative_to(SOURCES)}:{ligne} {passage!r}"
        for fichier in sorted(SOURCES.rglob("templates/**/*.html"))
        for ligne, passage in list_fautes(fichier.read_text())
    ]
    assert fautes == []


def list_fautes_python(source: str) -> list[tuple[int, str]]:
    """La même chose dans les textes d’un module ; une docstring n’en est pas un."""
    arbre = ast.parse(source)
    docstrings = {id(n.value) for n in ast.walk(arbre) if isinstance(n, ast.Expr)}
    return [
        (noeud.lineno, noeud.value[max(0, faute.start() - 20) : faute.start() + 12])
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str)
        if id(noeud) not in docstrings
        for faute in FAUTE.finditer(noeud.value)
    ]


def test_rule_reads_the_texts_of_a_module():
    module = '''"""Docstring : « non »."""
erreur = f"Quoi ? {a != b} : « {c:>3} »"
juste = f"Quoi_? {a != b}_: «_{c:>3}_»" if a[1:2] else "10:30"'''

    assert len(list_fautes_python(module.replace("_", "\N{NO-BREAK SPACE}"))) == 4


def test_texts_of_reread_trades_keep_their_punctuation_too():
    fautes = [
        f"{fichier.relative_to(SOURCES)}:{ligne} {passage!r}"
        for metier in RELUS
        for fichier in sorted((SOURCES / "metiers" / metier).rglob("*.py"))
        if fichier.name not in A_PART and fichier.parent.name not in DOSSIERS_A_PART
        for ligne, passage in list_fautes_python(fichier.read_text())
    ]
    assert fautes == []
