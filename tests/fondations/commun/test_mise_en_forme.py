"""Le texte mis en forme : ce qui est permis s’affiche, le reste ne s’exécute jamais."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from socle.fondations.commun.mise_en_forme import render_texte, strip_forme

BALISES = {
    "p", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "h5", "h6", "blockquote", "br",
    "table", "thead", "tbody", "tr", "th", "td", "hr", "code", "pre", "s", "[document]",
}  # fmt: skip
SIGNES = st.text(alphabet=" \n#*_[]()<>!`|-:/\"'=jascriptmgonlhx0", max_size=200)


@pytest.mark.parametrize(
    "texte",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](  JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "<img src=x onerror=alert(1)>",
        "[x](//exemple.fr)",
        "<javascript:alert(1)>",
    ],
)
def test_nothing_active_comes_out(texte):
    soupe = BeautifulSoup(render_texte(texte), "html.parser")

    assert soupe.find(["script", "img", "a"]) is None


@given(SIGNES)
def test_only_known_tags_and_safe_links_come_out(texte):
    soupe = BeautifulSoup(render_texte(texte), "html.parser")

    assert {balise.name for balise in soupe.find_all(True)} <= BALISES
    for balise in soupe.find_all(True):
        assert set(balise.attrs) <= {"href", "title", "start", "class"}, balise
    for lien in soupe.find_all("a"):
        assert lien["href"].lower().startswith(("http", "mailto:", "tel:", "/", "#"))


def test_an_image_is_only_a_link():
    soupe = BeautifulSoup(render_texte("![x](https://exemple.fr/pixel.png)"), "html.parser")

    assert [balise.name for balise in soupe.find_all(True)] == ["p", "a"]


def test_titles_follow_each_other_from_the_asked_level():
    html = render_texte("# Un\n\n### Deux\n\n# Trois", niveau=3)

    assert [t.name for t in BeautifulSoup(html, "html.parser").find_all(["h3", "h4", "h5"])] == [
        "h3", "h4", "h3",
    ]  # fmt: skip


def test_bare_text_keeps_the_words_only():
    assert strip_forme("# Titre\n\n1. *un*\n2. `deux`\n\n> trois") == "Titre un deux trois"
