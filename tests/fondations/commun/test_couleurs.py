"""La couleur d’une collectivité : toute couleur saisie donne des pages lisibles."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.fondations.commun import couleurs
from socle.fondations.commun.couleurs import (
    AA,
    BLANC,
    ENCRES_CLAIRES,
    ENCRES_SOMBRES,
    FONDS_CLAIRS,
    FONDS_SOMBRES,
    SUR_ACCENT_SOMBRE,
    CouleurInvalide,
    build_palette,
    compute_contraste,
    convert_hexa,
    convert_oklch,
    correct_couleur,
    parse_couleur,
)

JETONS = (Path(couleurs.__file__).parent / "sass" / "_jetons.scss").read_text()
couleur_quelconque = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("saisie", "lue"),
    [("#12694F", "#12694f"), ("12694f", "#12694f"), (" #0a5 ", "#00aa55")],
)
def test_parse_couleur_reads_what_people_write(saisie, lue):
    assert parse_couleur(saisie) == lue


@pytest.mark.parametrize(
    "saisie", ["", "vert", "#12", "#12694", "#12694f00", "#１２６９４ｆ", "rgb(1,2,3)"]
)
def test_parse_couleur_refuses_anything_else(saisie):
    with pytest.raises(CouleurInvalide):
        parse_couleur(saisie)


@pytest.mark.parametrize(
    ("une", "autre", "rapport"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)],
)
def test_compute_contraste_matches_published_values(une, autre, rapport):
    assert compute_contraste(une, autre) == pytest.approx(rapport, abs=0.01)
    assert compute_contraste(autre, une) == compute_contraste(une, autre)


def test_convert_oklch_matches_css_color_4():
    """Valeurs d’exemple de la recommandation : rouge pur, oklch(62.8% 0.2577 29.23)."""
    rouge = convert_oklch("#ff0000")

    assert rouge.clarte == pytest.approx(0.628, abs=0.001)
    assert rouge.chroma == pytest.approx(0.2577, abs=0.001)
    assert rouge.teinte == pytest.approx(29.23, abs=0.05)


@given(couleur_quelconque)
def test_oklch_comes_back_to_the_same_couleur(couleur):
    assert convert_hexa(convert_oklch(couleur)) == couleur


@settings(max_examples=300, deadline=None)
@given(couleur_quelconque)
def test_every_couleur_reads_in_light(couleur):
    palette = build_palette(couleur)
    fonds = [*FONDS_CLAIRS.values(), palette.clair.doux, BLANC]

    assert min(compute_contraste(palette.clair.fort, fond) for fond in fonds) >= AA
    assert min(compute_contraste(e, palette.clair.doux) for e in ENCRES_CLAIRES.values()) >= AA
    assert compute_contraste(palette.nuit, BLANC) >= AA


@settings(max_examples=300, deadline=None)
@given(couleur_quelconque)
def test_every_couleur_reads_in_dark(couleur):
    palette = build_palette(couleur)
    fonds = [*FONDS_SOMBRES.values(), palette.sombre.doux, SUR_ACCENT_SOMBRE]

    assert min(compute_contraste(palette.sombre.fort, fond) for fond in fonds) >= AA
    assert min(compute_contraste(e, palette.sombre.doux) for e in ENCRES_SOMBRES.values()) >= AA


@settings(max_examples=200, deadline=None)
@given(couleur_quelconque)
def test_correct_couleur_is_stable_and_keeps_what_already_reads(couleur):
    retenue, corrigee, message = correct_couleur(couleur)

    assert corrigee == (retenue != couleur) == bool(message)
    assert correct_couleur(retenue)[0] == build_palette(couleur).clair.fort or not corrigee
    if not corrigee:
        assert build_palette(couleur).clair.fort == couleur


@pytest.mark.parametrize("couleur", ["#ffe600", "#ffc0cb", "#87ceeb", "#e1000f"])
def test_correct_couleur_darkens_without_changing_teinte(couleur):
    retenue, corrigee, message = correct_couleur(couleur)
    avant, apres = convert_oklch(couleur), convert_oklch(retenue)

    assert corrigee
    assert apres.clarte < avant.clarte
    assert apres.teinte == pytest.approx(avant.teinte, abs=2)
    assert couleur in message
    assert retenue in message


@pytest.mark.parametrize("couleur", ["#12694f", "#000080", "#a8401f", "#14532d"])
def test_correct_couleur_leaves_a_readable_couleur_untouched(couleur):
    assert correct_couleur(couleur) == (couleur, False, "")


def read_jetons(debut: str, fin: str) -> dict[str, str]:
    """Valeurs hexadécimales déclarées entre deux repères de _jetons.scss."""
    bloc = JETONS[JETONS.index(debut) : JETONS.index(fin)]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", bloc))


@pytest.mark.parametrize(
    ("attendus", "debut", "fin"),
    [
        (FONDS_CLAIRS | ENCRES_CLAIRES, "\n:root {", "@media (prefers"),
        (FONDS_SOMBRES | ENCRES_SOMBRES, "@mixin sombre", "\n:root {"),
    ],
)
def test_couleurs_measured_are_those_of_the_feuille(attendus, debut, fin):
    declares = read_jetons(debut, fin)

    assert {nom: declares[nom] for nom in attendus} == attendus


def test_jetons_fall_back_on_the_accent_of_the_installation():
    palette = build_palette(couleurs.ACCENT_PAR_DEFAUT)
    replis = dict(re.findall(r"var\(--(a[cs]-\w+), (#[0-9a-f]{6})\)", JETONS))

    assert replis == {
        "ac-fort": palette.clair.fort,
        "ac-doux": palette.clair.doux,
        "ac-trait": palette.clair.trait,
        "ac-nuit": palette.nuit,
        "as-fort": palette.sombre.fort,
        "as-doux": palette.sombre.doux,
        "as-trait": palette.sombre.trait,
    }


@given(couleur_quelconque)
def test_feuille_holds_couleurs_and_nothing_else(couleur):
    assert re.fullmatch(r":root\{(--[a-z-]+:#[0-9a-f]{6};?)+\}\n", couleurs.render_feuille(couleur))


def test_theme_is_served_without_base_and_kept_one_year(client):
    reponse = client.get(couleurs.build_chemin_feuille("#12694f"))

    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in reponse["Cache-Control"]
    assert "max-age=31536000" in reponse["Cache-Control"]
    assert "--ac-fort:#12694f" in reponse.text
    assert "Cookie" not in reponse.get("Vary", "")


def test_theme_of_another_version_is_kept_one_minute(client):
    reponse = client.get(reverse("commun:theme", args=["12694f", "00000000"]))

    assert reponse.status_code == 200
    assert reponse["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("fin", ["12694F-00000000", "12694g-00000000", "12694f", "../etc/passwd"])
def test_theme_answers_404_to_anything_else(client, fin):
    assert client.get(f"/theme/{fin}.css").status_code == 404


def test_build_chemin_feuille_never_breaks_a_page():
    assert couleurs.build_chemin_feuille("") == couleurs.build_chemin_feuille("n’importe quoi")
