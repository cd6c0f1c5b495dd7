"""Le calcul seul : notes, seuils, rangs, ex æquo, quorum. Sans base."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.metiers.consultations.queries.evaluation_calcul import (
    Critere,
    Synthese,
    compute_synthese,
    is_classement,
    is_quorum,
    list_ecarts,
    rank,
    round_centieme,
)

MAXIMUM = 3
CRITERES = [Critere(1, 2), Critere(2, 1, Decimal(1)), Critere(3, 5)]
notes = st.fixed_dictionaries({c.cle: st.integers(0, MAXIMUM) for c in CRITERES})
jurys = st.lists(notes, min_size=1, max_size=6)
dossiers = st.dictionaries(st.integers(1, 30), jurys, max_size=12)


def compute(notes):
    return compute_synthese(CRITERES, notes, maximum=MAXIMUM)


def test_note_sur_cent_follows_the_weights():
    synthese = compute([{1: 3, 2: 0, 3: 3}, {1: 3, 2: 1, 3: 0}])

    # (2×3 + 1×½ + 5×1½) / (8×3)
    assert synthese.score == Decimal("58.33")
    assert [m.moyenne for m in synthese.criteres] == [3, Fraction(1, 2), Fraction(3, 2)]
    assert synthese.elimines == (2,)
    assert list_ecarts(synthese, limite=2) == [3]
    assert list_ecarts(synthese, limite=0) == []


def test_sans_note_a_dossier_has_no_score_and_no_rank():
    vide = compute([])

    assert vide.score is None
    assert [(p.cle, p.rang) for p in rank({7: vide, 3: compute([{1: 1, 2: 1, 3: 1}])})] == [
        (3, 1), (7, None),
    ]  # fmt: skip


@pytest.mark.parametrize("valeur", [-1, 4])
def test_note_hors_de_la_grille_is_refused(valeur):
    with pytest.raises(ValueError, match="de 0 à 3"):
        compute([{1: valeur, 2: 1, 3: 1}])


def test_note_incomplete_is_refused():
    with pytest.raises(KeyError):
        compute([{1: 1, 2: 1}])


@given(jurys)
def test_note_stays_between_zero_and_hundred_whatever_the_order(jury):
    synthese = compute(jury)

    assert 0 <= synthese.score <= 100
    assert compute(jury[::-1]) == synthese
    assert compute(jury * 3).score == synthese.score  # le nombre de membres ne change rien


@given(jurys, st.data())
def test_better_note_never_lowers_the_score_nor_eliminates(jury, donnees):
    """Monotonie : monter une note d’un membre ne fait jamais baisser le dossier."""
    qui = donnees.draw(st.integers(0, len(jury) - 1))
    critere = donnees.draw(st.sampled_from(CRITERES)).cle
    monte = [dict(note) for note in jury]
    monte[qui][critere] = min(MAXIMUM, monte[qui][critere] + 1)

    avant, apres = compute(jury), compute(monte)

    assert apres.score >= avant.score
    assert set(apres.elimines) <= set(avant.elimines)


@given(dossiers)
def test_rangs_follow_the_scores_and_say_the_ties(jures):
    syntheses = {cle: compute(jury) for cle, jury in jures.items()}

    places = rank(syntheses)

    assert sorted(p.cle for p in places) == sorted(syntheses)
    classes = [p for p in places if p.rang is not None]
    assert is_classement(p.rang for p in classes)
    for une in classes:
        meilleurs = [p for p in classes if syntheses[p.cle].score > syntheses[une.cle].score]
        pareils = [p for p in classes if syntheses[p.cle].score == syntheses[une.cle].score]
        assert une.rang == len(meilleurs) + 1
        assert une.ex_aequo == (len(pareils) > 1)
    assert all(syntheses[p.cle].is_eliminee for p in places if p.rang is None)


@given(dossiers, st.data())
def test_rang_of_a_dossier_that_gains_never_falls(jures, donnees):
    """Monotonie du classement, les autres notes étant les mêmes."""
    syntheses = {cle: compute(jury) for cle, jury in jures.items()}
    classes = [p for p in rank(syntheses) if p.rang is not None]
    if not classes:
        return
    choisi = donnees.draw(st.sampled_from(classes))
    haut = Synthese(1, Decimal(100), (), ())

    apres = {p.cle: p.rang for p in rank(syntheses | {choisi.cle: haut})}

    assert apres[choisi.cle] == 1 <= choisi.rang


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_arrondi_is_within_half_a_hundredth(haut, bas):
    valeur = Fraction(haut, bas)

    assert abs(Fraction(round_centieme(valeur)) - valeur) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("rangs", "juste"),
    [
        ([], True), ([1], True), ([2, 1], True), ([1, 2, 2, 4], True), ([1, 1, 1], True),
        ([2], False), ([1, 3], False), ([1, 2, 2, 3], False), ([1, 1, 2], False), ([0, 1], False),
    ],
)  # fmt: skip
def test_classement_skips_a_rank_after_a_tie(rangs, juste):
    assert is_classement(rangs) is juste


def test_quorum_counts_notes_and_colleges():
    assert is_quorum(["etat", "etat"], minimum=2)
    assert not is_quorum(["etat"], minimum=2)
    assert not is_quorum(["etat", "etat"], minimum=2, exiges=["etat", "collectivites"])
    assert is_quorum(["etat", "collectivites"], minimum=2, exiges=["etat", "collectivites"])
