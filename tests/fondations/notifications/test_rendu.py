"""Du modèle au texte : une balise s’imprime, elle ne s’exécute pas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.fondations.notifications.errors import BalisesInconnues
from socle.fondations.notifications.ports import modeles
from socle.fondations.notifications.services import check_balises, render_html, render_modele
from socle.fondations.notifications.services.rendu import SUJET_MAX, render_corps, render_sujet


@pytest.mark.parametrize(
    ("texte", "rendu"),
    [
        ("Bonjour {prenom}", "Bonjour Léa"),
        ("{ prenom } {Prenom} {prenom", "{ prenom } {Prenom} {prenom"),
        ("{absente}!", "!"),
        ("{{prenom}}", "{Léa}"),
        ("{prenom.__class__} {0} {prenom!r}", "{prenom.__class__} {0} {prenom!r}"),
        ("{% load x %} {{ y }}", "{% load x %} {{ y }}"),
    ],
)
def test_only_plain_tags_are_replaced(texte, rendu):
    assert render_modele(texte, {"prenom": "Léa"}) == rendu


def test_value_is_never_read_again_as_a_template():
    assert render_modele("{a} {b}", {"a": "{b}", "b": "secret"}) == "{b} secret"


def test_unknown_tags_are_refused_with_both_lists():
    with pytest.raises(BalisesInconnues) as refus:
        check_balises(modeles["essai_recu"], "{numero} {zut}", "{prenom} {autre}")

    assert refus.value.message == "Balise inconnue dans ce message : {autre} et {zut}."
    assert refus.value.suite == "Balises permises : {collectivite}, {lien}, {numero} et {prenom}."


@given(st.text(max_size=300))
def test_subject_is_one_bounded_line_whatever_the_value(valeur):
    sujet = render_sujet("Demande de {nom}", {"nom": valeur})

    assert len(sujet) <= SUJET_MAX
    assert not set("\r\n\0\u2028") & set(sujet)
    assert sujet.startswith("Demande de")


def test_body_keeps_lines_and_drops_control_characters():
    assert render_corps("a {x}\r\n\r\nb", {"x": "1\x07\x1b2"}) == "a 1 2\n\nb"


def test_html_comes_from_the_text_and_escapes_it():
    html = render_html(
        "Bonjour <b>&\n\n- un\n- https://exemple.fr/a?b=1&c=2.\n\n1. x",
        sujet="<s>",
        entete="Clamart & Cie",
        couleur="#a8401f",
        pied="Fin\nhttps://x.fr/<y>",
    )

    assert "Bonjour &lt;b&gt;&amp;" in html
    assert "<ul " in html
    assert "<ol " in html
    assert 'href="https://exemple.fr/a?b=1&amp;c=2"' in html
    assert "<title>&lt;s&gt;</title>" in html
    assert "Clamart &amp; Cie" in html
    assert 'href="https://x.fr/"' in html
    assert "<script" not in html


@given(st.text(max_size=200))
def test_html_never_lets_a_value_open_a_tag(valeur):
    html = render_html(f"a{valeur}", sujet=valeur, entete=valeur, couleur="#000000", pied=valeur)

    import re

    permises = {"html", "head", "meta", "title", "body", "div", "p", "a", "br", "ul", "ol", "li"}
    assert set(re.findall(r"</?([a-zA-Z]+)", html)) <= permises
