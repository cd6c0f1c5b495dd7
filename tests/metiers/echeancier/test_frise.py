"""La géométrie de la frise : rien hors du cadre, et les mêmes lignes que le tableau."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.fondations.commun.presentation import Etat
from socle.metiers.echeancier.enums import Surete
from socle.metiers.echeancier.exports.frise import (
    ETROITE,
    LARGE,
    Echelle,
    Periode,
    build_frise,
    choose_periode,
    fit,
    measure,
)
from socle.metiers.echeancier.queries.lignes import LigneEcheance

AUJOURDHUI = date(2026, 11, 21)
JOURS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
ANNEES = st.one_of(st.none(), st.integers(-5, 9999))


@st.composite
def lignes(draw) -> LigneEcheance:
    """Une ligne comme la base peut en rendre : le début précède le jour, la connue a un jour."""
    surete = draw(st.sampled_from(Surete.values))
    jour = draw(JOURS if surete == Surete.CONNUE else st.one_of(st.none(), JOURS))
    debut = draw(st.one_of(st.none(), JOURS))
    if debut and jour and debut > jour:
        debut, jour = jour, debut
    return build(
        surete=surete, jour=jour, debut=debut, ancien_jour=draw(st.one_of(st.none(), JOURS)),
        court=draw(st.text(min_size=1, max_size=40)),
        date_texte=draw(st.text("abc 2026", max_size=60)),
    )  # fmt: skip


def build(**valeurs) -> LigneEcheance:
    base = {
        "slug": "x", "titre": "Une échéance", "court": "Échéance", "url": "/echeancier/x/",
        "ministere": "Intérieur", "date_texte": "1er sept. 2027", "jour": None, "debut": None,
        "ancien_jour": None, "surete": Surete.CONNUE, "en_vigueur": False,
        "etat": Etat(label="Connue"), "ancienne": "", "public": "", "resume": "", "reference": "",
        "lien": "",
    }  # fmt: skip
    return LigneEcheance(**base | valeurs)


@given(st.lists(lignes(), max_size=30), ANNEES, st.dates(date(1990, 1, 1), date(2098, 1, 1)))
@pytest.mark.parametrize("gabarit", [LARGE, ETROITE], ids=lambda g: g.nom)
def test_everything_stays_inside_the_frame(gabarit, trouvees, annee, aujourdhui):
    periode = choose_periode(annee, aujourdhui)

    frise = build_frise(trouvees, periode=periode, aujourdhui=aujourdhui, gabarit=gabarit)

    for rang in frise.rangs:
        haut, bas = rang.y, rang.y + gabarit.rang
        assert bas <= frise.hauteur
        for barre in rang.barres:
            assert gabarit.gauche <= barre.x
            assert barre.x + barre.largeur <= gabarit.droite
            assert barre.largeur >= 2
            assert haut <= barre.y
            assert barre.y + barre.hauteur <= bas
        for losange in rang.losanges:
            assert gabarit.gauche <= losange.x - losange.demi
            assert losange.x + losange.demi <= gabarit.droite
            assert haut <= losange.y - losange.demi
            assert losange.y + losange.demi <= bas
        assert haut < rang.texte_y <= bas
        assert gabarit.gauche <= rang.texte_x <= gabarit.droite
    if frise.aujourdhui_x is not None:
        assert gabarit.gauche <= frise.aujourdhui_x <= gabarit.droite


@given(st.lists(lignes(), max_size=30))
@pytest.mark.parametrize("gabarit", [LARGE, ETROITE], ids=lambda g: g.nom)
def test_drawing_has_the_lines_of_the_table_in_their_order(gabarit, trouvees):
    periode = choose_periode(None, AUJOURDHUI)

    frise = build_frise(trouvees, periode=periode, aujourdhui=AUJOURDHUI, gabarit=gabarit)

    assert [rang.ligne for rang in frise.rangs] == trouvees
    assert [rang.y for rang in frise.rangs] == sorted({rang.y for rang in frise.rangs})


@given(lignes())
def test_date_of_a_wide_line_never_overflows(ligne):
    [rang] = build_frise(
        [ligne], periode=choose_periode(None, AUJOURDHUI), aujourdhui=AUJOURDHUI, gabarit=LARGE
    ).rangs
    large = measure(ligne.date_texte, LARGE.petit)

    debut = rang.texte_x if rang.ancre == "start" else rang.texte_x - large

    assert debut >= min(LARGE.gauche, LARGE.droite - large)
    assert debut + large <= LARGE.droite


@given(JOURS, JOURS)
def test_later_days_are_never_to_the_left(un, autre):
    echelle = Echelle(Periode(date(2026, 1, 1), date(2028, 7, 1)), LARGE)
    avant, apres = sorted((un, autre))

    assert echelle.place(avant) <= echelle.place(apres)


@given(st.text(max_size=200), st.integers(80, 400))
def test_names_fit_their_column(texte, place):
    assert measure(fit(texte, 15, place), 15) <= place + 15


def shapes(**valeurs) -> tuple[list[str], list[str]]:
    periode = choose_periode(None, AUJOURDHUI)
    [rang] = build_frise(
        [build(**valeurs)], periode=periode, aujourdhui=AUJOURDHUI, gabarit=LARGE
    ).rangs
    return [b.genre for b in rang.barres], [d.genre for d in rang.losanges]


def test_each_kind_of_date_has_its_own_shape():
    """La forme suffit, sans la couleur."""
    futur, passe = date(2027, 9, 1), date(2026, 4, 1)
    debut = date(2026, 1, 1)

    connue = shapes(jour=futur, debut=debut)
    en_vigueur = shapes(jour=passe, debut=debut)
    estimee = shapes(jour=futur, debut=debut, surete=Surete.ESTIMEE)
    a_fixer = shapes(debut=debut, surete=Surete.ESTIMEE)
    permanente = shapes(surete=Surete.PERMANENTE)
    reportee = shapes(jour=futur, debut=debut, ancien_jour=passe)

    assert connue == (["connu"], ["jal"])
    assert en_vigueur == (["connu", "continu"], ["jal"])
    assert estimee == (["estime"], ["jal-estime"])
    assert a_fixer == (["estime"], [])
    assert permanente == (["continu"], [])
    assert reportee == (["connu"], ["jal-ancien", "jal"])


def test_period_is_thirty_months_and_stays_in_reason():
    assert choose_periode(None, AUJOURDHUI) == Periode(date(2026, 1, 1), date(2028, 7, 1))
    assert choose_periode(99999, AUJOURDHUI).debut.year == 2100
    assert choose_periode(-3, AUJOURDHUI).debut.year == 1990


def test_today_is_absent_from_another_period():
    periode = choose_periode(2030, AUJOURDHUI)

    frise = build_frise([], periode=periode, aujourdhui=AUJOURDHUI, gabarit=LARGE)

    assert frise.aujourdhui_x is None


def test_today_crosses_no_name_in_the_narrow_drawing():
    frise = build_frise(
        [build(), build()], periode=choose_periode(None, AUJOURDHUI), aujourdhui=AUJOURDHUI,
        gabarit=ETROITE,
    )  # fmt: skip

    traits = re.findall(rf"M{frise.aujourdhui_x} (\d+)v(\d+)", frise.trait_du_jour)
    for rang, (haut, long) in zip(frise.rangs, traits, strict=True):
        assert rang.y + ETROITE.titre_y < int(haut) <= rang.y + ETROITE.barre_y
        assert int(haut) + int(long) < rang.texte_y - ETROITE.petit


def test_bar_length_is_proportional_to_time():
    echelle = Echelle(Periode(date(2026, 1, 1), date(2028, 7, 1)), LARGE)
    an = echelle.place(date(2027, 1, 1)) - echelle.place(date(2026, 1, 1))
    suivant = echelle.place(date(2027, 1, 1) + timedelta(365)) - echelle.place(date(2027, 1, 1))

    assert abs(an - suivant) <= 1
