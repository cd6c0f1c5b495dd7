"""Les échéances nommées : dates des textes, phrase, validité, et propriétés de toutes."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.delais.calculs import add_heures, compute_jours_francs
from socle.normes.delais.calendrier import FRANCE, Calendrier, list_territoires
from socle.normes.delais.moteur import compute_delai
from socle.normes.delais.regles import DelaiInconnu, Unite, find_regle, list_regles
from socle.normes.delais.suspension import Suspension

PARIS = ZoneInfo("Europe/Paris")
JOURS = st.dates(date(2016, 1, 1), date(2100, 12, 31))
CODES = sorted(code for code, regles in list_regles().items() if regles[0].unite != Unite.HEURE)
CALENDRIERS = [FRANCE, *(Calendrier(territoire=code) for code in list_territoires())]

# (délai, départ, dernier jour) : exemples des textes, ou comptés à la main.
EXEMPLES = [
    ("recours_contentieux", "2007-10-01", "2007-12-03"),  # le 2 décembre est un dimanche
    ("recours_contentieux", "2022-11-03", "2023-01-04"),
    ("recours_contentieux", "2024-11-12", "2025-01-13"),
    ("recours_contentieux", "2015-01-27", "2015-03-30"),  # le 28 mars est un samedi
    ("recours_contentieux", "2026-09-10", "2026-11-12"),  # le 11 novembre est férié
    ("recours_contentieux", "2025-12-31", "2026-03-02"),
    ("recours_contentieux", "2026-12-31", "2027-03-01"),
    ("recours_des_tiers", "2026-09-10", "2026-11-12"),
    ("recours_apres_silence", "2023-04-15", "2023-06-16"),
    ("recours_gracieux", "2023-01-10", "2023-03-13"),
    ("rejet_du_recours", "2023-02-15", "2023-04-15"),
    ("defere_prefectoral", "2025-12-31", "2026-03-02"),
    ("silence_vaut_acceptation", "2026-11-21", "2027-01-21"),
    ("silence_vaut_rejet", "2026-12-31", "2027-02-28"),
    ("silence_sur_un_document", "2026-01-31", "2026-02-28"),
    ("accuse_enregistrement", "2026-12-18", "2026-12-21"),
    ("accuse_reception", "2026-12-18", "2027-01-05"),
    ("notification_portail", "2026-11-21", "2026-12-06"),
    ("retrait", "2026-10-31", "2027-02-28"),
    ("convocation_moins_de_3500", "2026-11-20", "2026-11-16"),
    ("convocation_3500_et_plus", "2026-11-20", "2026-11-14"),
    ("convocation_urgence", "2026-11-20", "2026-11-18"),
    ("rapport_departement_region", "2026-11-20", "2026-11-07"),
    ("seconde_convocation", "2026-11-20", "2026-11-23"),
    ("liste_des_deliberations", "2026-11-20", "2026-11-27"),
    ("proces_verbal", "2026-12-18", "2026-12-25"),
    ("information_des_conseillers", "2026-01-31", "2026-02-28"),
    ("transmission_acte_individuel", "2026-11-20", "2026-12-05"),
    ("duree_de_publicite", "2026-11-21", "2027-01-21"),
    ("entree_en_vigueur", "2026-12-31", "2027-01-01"),
    ("rgpd_reponse", "2026-03-05", "2026-04-07"),  # dimanche de Pâques, puis lundi
    ("rgpd_reponse", "2026-01-30", "2026-03-02"),  # le 28 février est un samedi
    ("rgpd_reponse_prolongee", "2026-03-05", "2026-06-05"),
    ("urbanisme_recours_gracieux", "2025-11-27", "2026-01-28"),
    ("urbanisme_recours_gracieux", "2025-11-28", "2025-12-28"),
    ("urbanisme_recours_des_tiers", "2026-09-10", "2026-11-12"),
    ("urbanisme_notification_du_recours", "2026-11-04", "2026-11-20"),
    ("urbanisme_notification_du_recours", "2026-11-05", "2026-11-23"),  # le 21 est un samedi
    ("urbanisme_retrait", "2026-11-30", "2027-02-28"),
    ("urbanisme_peremption", "2016-01-05", "2018-01-05"),
    ("urbanisme_peremption", "2016-01-06", "2019-01-06"),
    ("urbanisme_notification", "2026-11-20", "2026-11-21"),
    ("urbanisme_affichage_en_mairie", "2026-11-20", "2026-11-28"),
    ("urbanisme_avis_de_depot", "2026-11-20", "2026-12-05"),
    ("marche_offres", "2026-11-20", "2026-12-25"),
    ("marche_renseignements", "2026-12-25", "2026-12-19"),
    ("marche_signature", "2026-11-20", "2026-12-02"),
    ("marche_paiement", "2026-11-20", "2026-12-20"),
    ("marche_donnees_essentielles", "2026-12-31", "2027-02-28"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "depart", "dernier"), EXEMPLES)
def test_worked_examples_are_found_again(code, depart, dernier):
    assert compute_delai(code, date.fromisoformat(depart)).date == date.fromisoformat(dernier)


def test_violation_has_72_elapsed_hours_even_when_the_clock_changes():
    """Le 25 octobre 2026 à 3 h, il est 2 h ; le 29 mars 2026 à 2 h, il est 3 h."""
    automne = compute_delai("rgpd_violation", datetime(2026, 10, 24, 20, tzinfo=PARIS))
    printemps = compute_delai("rgpd_violation", datetime(2026, 3, 27, 22, 5, tzinfo=PARIS))

    assert automne.instant == datetime(2026, 10, 27, 18, tzinfo=UTC)
    assert automne.date == date(2026, 10, 27)
    assert "le mardi 27 octobre 2026 à 19\xa0h : le délai est de 72 heures" in automne.explication
    assert printemps.instant.astimezone(PARIS).hour == 23
    assert "à 23\xa0h\xa005" in printemps.explication
    with pytest.raises(ValueError, match="instant"):
        compute_delai("rgpd_violation", date(2026, 10, 24))
    with pytest.raises(ValueError, match="fuseau"):
        add_heures(datetime(2026, 10, 24), 1)
    with pytest.raises(ValueError, match="suspend"):
        compute_delai("rgpd_violation", automne.instant, interruptions=[date(2026, 10, 25)])


def test_rule_is_the_one_of_the_day_and_says_when_it_is_too_early():
    avant = compute_delai("urbanisme_recours_gracieux", date(2025, 11, 27))
    apres = compute_delai("urbanisme_recours_gracieux", date(2025, 11, 28))

    assert (avant.depuis, apres.depuis) == (date(2016, 1, 1), date(2025, 11, 28))
    assert apres.article == "code de l’urbanisme, art. L. 600-12-2"
    assert "sans faire repartir le délai du tribunal" in apres.explication
    assert avant.reserve == ""
    assert compute_delai("rgpd_reponse", date(2018, 5, 24)).reserve == (
        "Cette règle n’est vérifiée que depuis le 25 mai 2018 : cherchez le texte d’alors."
    )
    with pytest.raises(DelaiInconnu):
        compute_delai("pause_cafe", date(2026, 1, 1))


def test_explanation_says_suspension_and_interruption():
    suspendu = compute_delai(
        "recours_contentieux",
        date(2026, 1, 5),
        suspensions=[Suspension(date(2026, 1, 10), date(2026, 1, 11))],
    )
    repris = compute_delai(
        "recours_contentieux", date(2026, 1, 5), interruptions=[date(2026, 2, 2), date(2027, 1, 1)]
    )

    assert suspendu.date == date(2026, 3, 9)  # le 6 mars, puis le samedi 7
    assert ", plus 1 jour de suspension, et il est reporté" in suspendu.explication
    assert repris.date == date(2026, 4, 3)
    assert repris.explication.endswith(", et il est reparti de zéro le lundi 2 février 2026.")
    with pytest.raises(ValueError, match="remonte"):
        compute_delai(
            "convocation_urgence",
            date(2026, 1, 5),
            suspensions=[Suspension(date(2026, 1, 1), date(2026, 1, 3))],
        )


def test_report_follows_the_territoire():
    depart = date(2026, 3, 26)  # le 27 mai est férié en Guadeloupe

    assert compute_delai("recours_contentieux", depart).date == date(2026, 5, 27)
    local = Calendrier(territoire="guadeloupe")
    echeance = compute_delai("recours_contentieux", depart, calendrier=local)
    assert echeance.date == date(2026, 5, 28)
    assert "un jour férié (Abolition de l’esclavage)" in echeance.explication


def test_each_rule_is_complete_and_its_periods_follow_each_other():
    for code, regles in list_regles().items():
        assert re.fullmatch(r"[a-z0-9_]+", code)
        assert all("{jour}" in regle.effet and regle.article for regle in regles), code
        for avant, apres in pairwise(regles):
            assert avant.jusqu_a == apres.depuis - timedelta(1), code
        assert regles[-1].jusqu_a is None


@given(st.sampled_from(CODES), JOURS, JOURS, st.sampled_from(CALENDRIERS))
def test_each_delai_is_monotone_open_and_told_in_one_sentence(code, a, b, calendrier):
    tot, tard = sorted((a, b))
    premier, second = (compute_delai(code, jour, calendrier=calendrier) for jour in (tot, tard))
    regle = find_regle(code, tot)

    if regle == find_regle(code, tard):
        assert premier.date <= second.date
    if regle.report or regle.unite is Unite.JOUR_OUVRE:
        assert calendrier.is_ouvre(premier.date)
    assert (premier.date < tot) == regle.avant
    phrase = re.sub(r"art\. ", "", premier.explication)
    assert phrase.endswith(".")
    assert ". " not in phrase
    assert premier.depuis == regle.depuis


@given(
    st.sampled_from(["recours_contentieux", "rgpd_reponse", "silence_vaut_rejet"]),
    JOURS,
    st.lists(st.tuples(st.integers(-40, 200), st.integers(-5, 60)), max_size=4),
)
def test_suspension_never_shortens_and_never_counts_twice(code, depart, ecarts):
    periodes = [
        Suspension(depart + timedelta(debut), depart + timedelta(debut + duree))
        for debut, duree in ecarts
    ]
    sans = compute_delai(code, depart)
    avec = compute_delai(code, depart, suspensions=periodes)

    jours = {
        jour
        for periode in periodes
        for jour in range(periode.debut.toordinal(), periode.fin.toordinal())
        if jour >= depart.toordinal()
    }
    assert sans.date <= avec.date <= sans.date + timedelta(len(jours) + 5)
    if sans.code != "silence_vaut_rejet":
        assert FRANCE.is_ouvre(avec.date)


@given(JOURS, st.integers(1, 60), st.sampled_from(CALENDRIERS))
def test_jours_francs_leave_whole_days_between(depart, nombre, calendrier):
    dernier = compute_jours_francs(depart, nombre, calendrier=calendrier)

    assert calendrier.is_ouvre(dernier)
    assert (dernier - depart).days - 1 >= nombre
