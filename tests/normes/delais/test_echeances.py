from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.delais.calendrier import FRANCE
from socle.normes.delais.conservation import compute_communicabilite, compute_fin_de_conservation
from socle.normes.delais.echeances import (
    Complement,
    ExceptionAuSilence,
    compute_accuse_enregistrement,
    compute_accuse_reception,
    compute_notification_portail,
    compute_recours_apres_silence,
    compute_recours_contentieux,
    compute_recours_gracieux,
    compute_rejet_du_recours,
    compute_silence,
    compute_silence_apres_complements,
    find_date_de_notification,
)

JOURS = st.dates(date(1990, 1, 1), date(2150, 12, 31))


def test_recours_contentieux_says_date_article_and_report():
    echeance = compute_recours_contentieux(date(2026, 9, 10))

    assert echeance.date == date(2026, 11, 12)
    assert echeance.code == "recours_contentieux"
    assert echeance.article == "code de justice administrative, art. R. 421-1 et R. 421-5"
    assert echeance.depuis == date(2001, 1, 1)
    assert echeance.explication == (
        "Le recours devant le tribunal administratif est possible jusqu’au jeudi 12 novembre 2026 "
        "inclus : le délai est de deux mois francs (ni le premier ni le dernier jour ne comptent) "
        "à compter de la notification de la décision, le jeudi 10 septembre 2026, et il est "
        "reporté au premier jour ouvré car le 11 novembre 2026 est un jour férié (Armistice de "
        "1918)."
    )


def test_recours_that_ends_on_a_dimanche_says_so():
    assert compute_recours_contentieux(date(2025, 12, 31)).explication.endswith(
        ", et il est reporté au premier jour ouvré car le 1er mars 2026 est un dimanche."
    )


def test_recours_without_report_does_not_speak_of_it():
    assert "reporté" not in compute_recours_contentieux(date(2022, 11, 3)).explication


def test_recours_gracieux_interrupts_the_delai_of_the_tribunal():
    # Notification le 10 janvier, recours gracieux le 15 février, silence : rejet le 15 avril.
    assert compute_recours_gracieux(date(2023, 1, 10)).date == date(2023, 3, 13)
    rejet = compute_rejet_du_recours(date(2023, 2, 15))
    assert rejet.date == date(2023, 4, 15)
    assert rejet.article.endswith("L. 231-4, 2°")

    contentieux = compute_recours_apres_silence(rejet.date)

    assert contentieux.date == date(2023, 6, 16)
    assert contentieux.article == "code de justice administrative, art. R. 421-2"


def test_silence_vaut_acceptation_after_deux_mois():
    echeance = compute_silence(date(2026, 11, 21))

    assert (echeance.code, echeance.date) == ("silence_vaut_acceptation", date(2027, 1, 21))
    assert echeance.article.endswith("art. L. 231-1")
    assert "L. 232-3" in echeance.explication


@pytest.mark.parametrize("exception", ExceptionAuSilence)
def test_silence_vaut_rejet_in_the_five_exceptions(exception):
    echeance = compute_silence(date(2026, 12, 31), exception=exception)

    assert (echeance.code, echeance.date) == ("silence_vaut_rejet", date(2027, 2, 28))
    assert echeance.article.endswith(f"L. 231-4, {exception.value}")
    assert exception.motif in echeance.explication
    assert "tribunal administratif" in echeance.explication


def test_decision_implicite_is_born_even_on_a_closed_jour():
    noel = compute_silence(date(2026, 10, 25))

    assert noel.date == date(2026, 12, 25)


def test_duree_derogatoire_needs_its_texte():
    with pytest.raises(ValueError, match="texte"):
        compute_silence(date(2026, 1, 1), mois=4)

    echeance = compute_silence(
        date(2026, 1, 1), mois=4, texte_du_delai="code de l’urbanisme, art. R. 423-23"
    )

    assert echeance.date == date(2026, 5, 1)
    assert echeance.article.endswith("; code de l’urbanisme, art. R. 423-23")
    assert "quatre mois" in echeance.explication


def test_acceptation_runs_from_the_reception_of_the_pieces():
    attendu = Complement(demande_le=date(2026, 1, 12), limite=date(2026, 2, 12))
    recu = replace(attendu, recu_le=date(2026, 1, 20))

    attente = compute_silence_apres_complements(date(2026, 1, 5), [attendu])
    complete = compute_silence_apres_complements(date(2026, 1, 5), [recu])

    assert attente is None
    assert complete.date == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("completee_le", "fin"),
    [
        (date(2026, 1, 20), date(2026, 3, 13)),  # suspendu 8 jours
        (None, date(2026, 4, 5)),  # suspendu tout le délai accordé, 31 jours
        (date(2026, 3, 1), date(2026, 4, 5)),  # trop tard : la suspension a cessé au terme
        (date(2026, 1, 10), date(2026, 3, 5)),  # reçu avant la demande : pas de suspension
    ],
)
def test_rejet_is_suspended_while_pieces_are_awaited(completee_le, fin):
    complement = Complement(
        demande_le=date(2026, 1, 12), limite=date(2026, 2, 12), recu_le=completee_le
    )

    echeance = compute_silence_apres_complements(
        date(2026, 1, 5), [complement], exception=ExceptionAuSilence.FINANCIERE
    )

    assert echeance.date == fin
    assert echeance.article.endswith("art. L. 114-5")


DEUX_DEMANDES = [
    Complement(demande_le=date(2026, 1, 12), limite=date(2026, 2, 12), recu_le=date(2026, 1, 20)),
    Complement(demande_le=date(2026, 2, 1), limite=date(2026, 2, 11)),
]


def test_suspensions_of_several_demandes_add_up():
    echeance = compute_silence_apres_complements(
        date(2026, 1, 5), DEUX_DEMANDES, exception=ExceptionAuSilence.FINANCIERE
    )

    assert echeance.date == date(2026, 3, 23)  # 5 mars, et 8 puis 10 jours
    assert "suspendu 18 jours" in echeance.explication


def test_demandes_that_overlap_suspend_once():
    ensemble = [
        Complement(demande_le=date(2026, 1, 12), limite=date(2026, 2, 12)),
        Complement(demande_le=date(2026, 1, 20), limite=date(2026, 2, 20)),
        Complement(demande_le=date(2026, 6, 1), limite=date(2026, 7, 1)),  # le délai est fini
    ]

    echeance = compute_silence_apres_complements(
        date(2026, 1, 5), ensemble, exception=ExceptionAuSilence.FINANCIERE
    )

    assert echeance.date == date(2026, 4, 13)  # 5 mars, et 39 jours


def test_acceptation_waits_for_the_last_demande():
    premiere, seconde = DEUX_DEMANDES
    recue = replace(seconde, recu_le=date(2026, 3, 2))
    perdue = replace(premiere, recu_le=None)

    assert compute_silence_apres_complements(date(2026, 1, 5), DEUX_DEMANDES) is None
    for suite in ([premiere, recue], [perdue, recue]):
        assert compute_silence_apres_complements(date(2026, 1, 5), suite).date == date(2026, 5, 2)
    assert compute_silence_apres_complements(date(2026, 1, 5), []).date == date(2026, 3, 5)


def test_accuses_are_due_in_one_and_ten_jours_ouvres():
    vendredi = date(2026, 12, 18)

    enregistrement = compute_accuse_enregistrement(vendredi)
    reception = compute_accuse_reception(vendredi)

    assert enregistrement.date == date(2026, 12, 21)
    assert reception.date == date(2027, 1, 5)
    assert enregistrement.explication == (
        "L’accusé d’enregistrement doit partir au plus tard le lundi 21 décembre 2026 : le délai "
        "est d’un jour ouvré à compter de la réception de l’envoi, le vendredi 18 décembre 2026."
    )
    assert "de dix jours ouvrés" in reception.explication
    assert reception.article.endswith("art. R. 112-11-2")


@pytest.mark.parametrize(
    ("consultee_le", "aujourd_hui", "notifiee"),
    [
        (None, date(2026, 11, 22), None),
        (None, date(2026, 12, 6), None),  # quinzième jour : pas encore
        (None, date(2026, 12, 7), date(2026, 11, 21)),  # seizième : réputée notifiée au départ
        (date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 12, 6), date(2027, 1, 1), date(2026, 12, 6)),
        (date(2026, 12, 8), date(2026, 12, 8), date(2026, 11, 21)),  # lue trop tard
    ],
)
def test_decision_of_the_portail_is_notified_by_reading_or_after_quinze_jours(
    consultee_le, aujourd_hui, notifiee
):
    trouvee = find_date_de_notification(
        date(2026, 11, 21), consultee_le=consultee_le, aujourd_hui=aujourd_hui
    )

    assert trouvee == notifiee


def test_notification_of_the_portail_explains_itself():
    echeance = compute_notification_portail(date(2026, 11, 21))

    assert echeance.date == date(2026, 12, 6)
    assert echeance.article.endswith("R. 112-20")
    assert echeance.explication == (
        "La décision non lue jusqu’au dimanche 6 décembre 2026 inclus est considérée comme "
        "notifiée depuis sa mise à disposition : le délai est de quinze jours à compter de la mise "
        "à disposition dans le portail, le samedi 21 novembre 2026."
    )


def test_conservation_ends_after_the_duree_of_the_regle():
    echeance = compute_fin_de_conservation(date(2026, 7, 4), 10, source="circulaire X")

    assert echeance.date == date(2036, 7, 4)
    assert echeance.article == "circulaire X ; code du patrimoine, art. L. 212-2 et R. 212-14"
    assert "visa des Archives départementales" in echeance.explication
    assert "1 an à" in compute_fin_de_conservation(date(2026, 7, 4), 1, source="").explication


def test_communicabilite_opens_after_its_delai():
    vie_privee = compute_communicabilite(date(2026, 7, 4), 50, source="art. L. 213-2, I, 3°")
    libre = compute_communicabilite(date(2026, 7, 4), 0, source="")

    assert (vie_privee.date, libre.date) == (date(2076, 7, 4), date(2026, 7, 4))
    assert libre.explication == "Le document est communicable à tous dès maintenant."


@pytest.mark.parametrize("calcule", [compute_fin_de_conservation, compute_communicabilite])
def test_duree_negative_is_refused(calcule):
    with pytest.raises(ValueError, match="négati"):
        calcule(date(2026, 7, 4), -1, source="")


@given(JOURS)
def test_recours_never_ends_on_a_closed_jour_nor_before_the_silence(depart):
    silence = compute_silence(depart, exception=ExceptionAuSilence.FINANCIERE)

    for compute in (compute_recours_contentieux, compute_recours_gracieux):
        assert FRANCE.is_ouvre(compute(depart).date)
        assert compute(depart).date > silence.date
    assert (
        compute_recours_apres_silence(silence.date).date > compute_recours_contentieux(depart).date
    )


@given(JOURS, st.integers(0, 40), st.integers(0, 40))
def test_notification_is_never_before_the_mise_a_disposition_nor_after_quinze_jours(
    depart, lecture, attente
):
    consultee = date.fromordinal(depart.toordinal() + lecture)
    aujourd_hui = date.fromordinal(depart.toordinal() + max(lecture, attente))

    notifiee = find_date_de_notification(depart, consultee_le=consultee, aujourd_hui=aujourd_hui)

    assert depart <= notifiee <= compute_notification_portail(depart).date
