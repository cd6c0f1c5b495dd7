"""Conseil, actes, données personnelles, urbanisme : les règles qui assemblent plusieurs délais."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.delais.actes import (
    Assemblee,
    compute_convocation,
    compute_defere,
    compute_executoire,
)
from socle.normes.delais.rgpd import compute_notification_violation, compute_reponse_rgpd
from socle.normes.delais.suspension import Suspension, count_jours, find_depart, merge
from socle.normes.delais.urbanisme import Pieces, compute_instruction, list_motifs, list_natures

SEANCE = date(2026, 11, 20)


def test_convocation_depends_on_the_population():
    assert compute_convocation(SEANCE, population=3499).date == date(2026, 11, 16)
    assert compute_convocation(SEANCE, population=3500).date == date(2026, 11, 14)
    assert compute_convocation(SEANCE, population=3500, urgence=True).date == date(2026, 11, 18)
    rapport = compute_convocation(SEANCE, population=0, assemblee=Assemblee.DEPARTEMENT_OU_REGION)
    assert (rapport.date, rapport.article) == (
        date(2026, 11, 7),
        "CGCT, art. L. 3121-19 et L. 4132-18",
    )


def test_acte_is_executoire_when_published_and_received():
    lundi, mardi = date(2026, 11, 23), date(2026, 11, 24)

    assert compute_executoire(lundi, reception=mardi).date == mardi
    assert compute_executoire(mardi, reception=lundi).date == mardi
    assert compute_executoire(lundi) is None
    assert compute_executoire(None, reception=lundi) is None
    seul = compute_executoire(lundi, transmissible=False)
    assert seul.date == lundi
    assert seul.explication.endswith("et n’a pas à être transmis au préfet.")


def test_defere_starts_again_with_pieces_and_after_the_recours_gracieux():
    recu = date(2026, 1, 5)

    assert compute_defere(recu).date == date(2026, 3, 6)
    assert compute_defere(recu, complements_recus=[date(2026, 2, 2)]).date == date(2026, 4, 3)
    # Reçues trop tard, les pièces ne font pas renaître un délai fini.
    assert compute_defere(recu, complements_recus=[date(2026, 3, 9)]).date == date(2026, 3, 6)
    # Observations le 20 février, silence au 20 avril, puis deux mois francs (21 juin, dimanche).
    assert compute_defere(recu, recours_gracieux=date(2026, 2, 20)).date == date(2026, 6, 22)
    refus = compute_defere(recu, recours_gracieux=date(2026, 2, 20), rejet=date(2026, 3, 2))
    assert refus.date == date(2026, 5, 4)  # le 3 mai est un dimanche
    assert compute_defere(recu, recours_gracieux=date(2026, 3, 9)).date == date(2026, 3, 6)


def test_rgpd_gives_one_month_then_two_more_if_told_in_time():
    recue = date(2026, 3, 9)

    assert compute_reponse_rgpd(recue).date == date(2026, 4, 9)
    assert compute_reponse_rgpd(recue, prolongee_le=date(2026, 4, 9)).date == date(2026, 6, 9)
    assert compute_reponse_rgpd(recue, prolongee_le=date(2026, 4, 10)).date == date(2026, 4, 9)
    identite = [Suspension(date(2026, 3, 10), date(2026, 3, 17))]
    assert compute_reponse_rgpd(recue, identite=identite).date == date(2026, 4, 16)
    violation = compute_notification_violation(datetime(2026, 12, 24, 9, 30, tzinfo=UTC))
    assert violation.instant == datetime(2026, 12, 27, 9, 30, tzinfo=UTC)  # un dimanche


@pytest.mark.parametrize(
    ("nature", "motifs", "mois", "article"),
    [
        ("DP", [], 1, "R. 423-23, a"),
        ("PD", [], 2, "R. 423-23, b"),
        ("PCMI", [], 2, "R. 423-23, b"),
        ("PC", [], 3, "R. 423-23, c"),
        ("PA", [], 3, "R. 423-23, c"),
        ("CUA", [], 1, "R. 410-9"),
        ("CUB", [], 2, "R. 410-10"),
        ("DP", ["abords"], 2, "R. 423-24, c"),
        ("DP", ["abords", "autre_autorisation"], 2, "R. 423-24"),  # un mois, une fois
        ("PC", ["abords", "commission"], 5, "R. 423-25"),  # +1 et +2 ne se cumulent pas
        ("DP", ["commission_du_patrimoine"], 3, "R. 423-25-1"),
        ("DP", ["evaluation_environnementale"], 3, "R. 423-25"),
        ("PC", ["erp"], 5, "R. 423-28"),
        ("PC", ["erp", "abords"], 5, "R. 423-28"),  # R. 423-33 : ni +1 ni +2
        ("PCMI", ["parc_national"], 5, "R. 423-26"),
        ("PC", ["reserve_naturelle"], 5, "R. 423-27"),
        ("DP", ["reserve_naturelle"], 2, "R. 423-27"),
        ("PC", ["defrichement"], 3, "R. 423-29"),
        ("PC", ["defrichement_reconnaissance"], 5, "R. 423-29"),
        ("PC", ["defrichement_enquete"], 7, "R. 423-29"),
        ("PC", ["defense"], 5, "R. 423-31"),
        ("PC", ["site_classe"], 8, "R. 423-31"),
        ("PC", ["defense_installation_classee"], 10, "R. 423-31"),
        ("PC", ["enquete_publique"], 2, "R. 423-32"),
        ("PC", ["abords", "recours_abf"], 6, "R. 423-35"),
        ("PC", ["erp", "cinema"], 10, "R. 423-36"),
        ("PC", ["defrichement", "prolongation_defrichement"], 6, "R. 423-34"),
        ("PC", ["erp", "evocation"], 8, "R. 423-37"),
    ],
)
def test_instruction_follows_the_table(nature, motifs, mois, article):
    echeance = compute_instruction(nature, date(2026, 1, 5), motifs=motifs)

    assert echeance.date == date(2026, 1 + mois, 5)
    assert article in echeance.article


def test_instruction_says_why_and_what_silence_means():
    accord = compute_instruction("DP", date(2026, 1, 5), motifs=["abords"])
    rejet = compute_instruction("PC", date(2026, 1, 5), motifs=["monument_inscrit"])

    assert accord.code == "urbanisme_accord_tacite"
    assert accord.explication == (
        "Sans réponse, la demande (déclaration préalable) est acceptée le jeudi 5 mars 2026 : le "
        "délai est de deux mois à compter du dossier complet, le lundi 5 janvier 2026, car le "
        "projet est aux abords d’un monument historique ou dans un site patrimonial remarquable."
    )
    assert rejet.code == "urbanisme_rejet_tacite"
    assert rejet.article.endswith("R. 424-2")
    assert "d’un mois" in compute_instruction("DP", date(2026, 1, 5)).explication


def test_pieces_start_the_instruction_again():
    depot = date(2026, 1, 5)

    attente = compute_instruction("PC", depot, pieces=Pieces(recue_le=date(2026, 2, 5)))
    assert (attente.code, attente.date) == ("urbanisme_pieces", date(2026, 5, 5))
    complet = Pieces(recue_le=date(2026, 2, 5), completes_le=date(2026, 5, 5))
    assert compute_instruction("PC", depot, pieces=complet).date == date(2026, 8, 5)
    trop_tard = Pieces(recue_le=date(2026, 2, 5), completes_le=date(2026, 5, 6))
    assert compute_instruction("PC", depot, pieces=trop_tard).code == "urbanisme_pieces"
    hors_delai = Pieces(recue_le=date(2026, 2, 6))  # demandées après un mois : sans effet
    assert compute_instruction("PC", depot, pieces=hors_delai).date == date(2026, 4, 5)


def test_instruction_refuses_what_the_table_does_not_have():
    for nature, motifs in (("XX", []), ("PC", ["lune"]), ("DP", ["commission"]), ("CUA", ["erp"])):
        with pytest.raises(ValueError, match=r"pas connu|ne change pas"):
            compute_instruction(nature, date(2026, 1, 5), motifs=motifs)


@given(
    st.sampled_from(["PC", "PA", "PCMI"]),
    st.dates(date(2010, 1, 1), date(2100, 1, 1)),
    st.lists(st.sampled_from(sorted(list_motifs())), max_size=4, unique=True),
)
def test_instruction_does_not_depend_on_the_order_of_the_motifs(nature, depot, motifs):
    table = list_motifs()
    possibles = [m for m in motifs if not table[m].natures or nature in table[m].natures]
    echeance = compute_instruction(nature, depot, motifs=possibles)

    assert echeance.date == compute_instruction(nature, depot, motifs=possibles[::-1]).date
    assert depot < echeance.date
    assert ". " not in echeance.explication
    assert list_natures()[nature].nom in echeance.explication


def test_each_motif_is_told_in_one_sentence():
    for nom, motif in list_motifs().items():
        nature = next(iter(motif.natures or list_natures()))
        assert ". " not in compute_instruction(nature, date(2026, 1, 5), motifs=[nom]).explication


def test_periodes_are_merged_and_events_after_the_end_do_nothing():
    def jour(n: int) -> date:
        return date(2026, 1, n)

    assert merge([Suspension(jour(5), jour(9)), Suspension(jour(1), jour(5))]) == [
        Suspension(jour(1), jour(9))
    ]
    assert merge([Suspension(jour(9), jour(5))]) == []
    periodes = [Suspension(jour(8), jour(10)), Suspension(jour(11), jour(20))]
    # Finie le 9, la première suspension mène au 11 : la seconde compte aussi.
    assert count_jours(jour(5), jour(9), periodes) == 11
    assert count_jours(jour(5), jour(8), periodes[1:]) == 0
    assert count_jours(jour(9), jour(20), periodes[:1]) == 1  # commencée avant le départ

    def fin(depart: date) -> date:
        return date.fromordinal(depart.toordinal() + 3)

    assert find_depart(jour(1), [jour(4), jour(7), jour(11)], fin) == jour(7)
