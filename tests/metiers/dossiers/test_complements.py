"""Le délai pour corriger, et le délai légal qu’il arrête (CRPA, L. 114-5 et R. 112-11-4)."""

from datetime import date, timedelta

import pytest

from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches.enums import Silence
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.errors import DateImpossible
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import correction
from socle.metiers.dossiers.services.complements import is_en_pause, read_complements
from tests.metiers.conftest import MAINTENANT, REPONSES

LISTE = "/c/clamart/agent/dossiers/"
LIMITE = date(2026, 12, 11)


def ask(dossier: Dossier, agent, *, limite=LIMITE, jours=0) -> Dossier:
    return correction.request_correction(
        dossier=dossier,
        agent=agent,
        texte="Il manque votre revenu.",
        limite=limite,
        maintenant=MAINTENANT + timedelta(days=jours),
    )


def answer(dossier: Dossier, usager, *, jours: int) -> Dossier:
    correction.save_correction(dossier=dossier, reponses=REPONSES, revision=dossier.revision)
    return correction.submit_correction(
        numero=dossier.numero,
        acces=Acces(compte=usager),
        maintenant=MAINTENANT + timedelta(days=jours),
    )


@pytest.fixture
def rejet(depose) -> Dossier:
    """Le même dossier, déposé le 19 novembre, dans une démarche où le silence vaut refus."""
    depose.demarche.silence = Silence.REJET
    depose.demarche.silence_exception = "3°"
    depose.demarche.save()
    return depose


def test_limit_is_kept_told_and_proved(depose, agent):
    demande = ask(depose, agent)

    demande.refresh_from_db()
    assert demande.correction_limite == LIMITE
    assert demande.evenements.get(fait=Fait.CORRECTION_DEMANDEE).detail == (
        "À faire jusqu’au 11\u00a0décembre 2026"
    )
    entree = Entree.objects.get(objet=depose.objet, action="dossier.correction_demandee")
    assert entree.donnees == {"limite": "2026-12-11", "echeance": ""}


def test_mail_lists_what_is_missing_and_until_when(depose, agent):
    ask(depose, agent)

    courriel = Envoi.objects.get(objet=depose.objet, code="dossier_correction")
    for mots in ("Il manque votre revenu.", "11\u00a0décembre 2026", "114-5", "partira"):
        assert mots in courriel.corps, mots


def test_long_demande_keeps_the_link_in_the_mail(depose, agent):
    correction.request_correction(
        dossier=depose, agent=agent, texte="Trop long. " * 900, maintenant=MAINTENANT
    )

    corps = Envoi.objects.get(objet=depose.objet, code="dossier_correction").corps
    assert "(la suite est au dossier)" in corps
    assert f"/dossiers/{depose.numero}/" in corps


def test_without_a_date_thirty_days_are_given(depose, agent):
    assert ask(depose, agent, limite=None).correction_limite == date(2026, 12, 21)


@pytest.mark.parametrize("jours", [-1, 0, 367])
def test_limit_is_after_today_and_within_a_year(depose, agent, jours):
    with pytest.raises(DateImpossible):
        ask(depose, agent, limite=MAINTENANT.date() + timedelta(days=jours))
    depose.refresh_from_db()
    assert (depose.attend_correction, depose.complements) == (False, None)


def test_acceptation_starts_again_when_the_correction_comes(depose, agent, usager):
    assert depose.echeance == date(2027, 1, 19)

    demande = ask(depose, agent)
    assert demande.echeance is None
    corrige = answer(demande, usager, jours=10)

    corrige.refresh_from_db()
    assert corrige.echeance == date(2027, 2, 1)  # deux mois après le 1er décembre
    assert corrige.correction_limite is None
    entree = Entree.objects.get(objet=depose.objet, action="dossier.correction_deposee")
    assert entree.donnees["echeance"] == "2027-02-01"


@pytest.mark.parametrize(
    ("jours", "fin"),
    [(10, date(2027, 1, 29)), (40, date(2027, 2, 8))],  # 10 jours ; 20, jusqu’au terme accordé
)
def test_rejet_is_only_suspended(rejet, agent, usager, jours, fin):
    demande = ask(rejet, agent)
    assert demande.echeance == date(2027, 2, 8)

    assert answer(demande, usager, jours=jours).echeance == fin


def test_two_demandes_add_up(rejet, agent, usager):
    corrige = answer(ask(rejet, agent), usager, jours=10)
    seconde = ask(corrige, agent, limite=date(2026, 12, 20), jours=15)
    fini = answer(seconde, usager, jours=18)

    assert fini.echeance == date(2027, 2, 1)  # 19 janvier, 10 et 3 jours
    assert [c.suspension for c in read_complements(fini)] == [10, 3]


def test_correction_nobody_asked_moves_no_deadline(depose, usager):
    assert answer(depose, usager, jours=10).echeance == date(2027, 1, 19)


def test_withdrawn_demande_never_stopped_the_clock(depose, agent):
    ask(depose, agent)

    retire = correction.cancel_correction(
        dossier=depose, agent=agent, maintenant=MAINTENANT + timedelta(days=3)
    )

    assert (retire.echeance, retire.correction_limite) == (date(2027, 1, 19), None)
    assert retire.complements is None
    entree = Entree.objects.get(objet=depose.objet, action="dossier.correction_annulee")
    assert entree.donnees == {"echeance": "2027-01-19"}


def test_unanswered_demande_still_counts_once_its_term_is_past(rejet, agent):
    ask(rejet, agent)

    repris = correction.cancel_correction(
        dossier=rejet, agent=agent, maintenant=MAINTENANT + timedelta(days=21)
    )

    assert repris.echeance == date(2027, 2, 8)
    assert repris.attend_correction is False


def test_correction_asked_before_this_rule_keeps_its_deadline(depose, usager):
    Dossier.objects.filter(pk=depose.pk).update(attend_correction=True)
    depose.refresh_from_db()

    assert answer(depose, usager, jours=10).echeance == date(2027, 1, 19)


@pytest.mark.parametrize(
    ("attend", "echeance", "limite", "attendu"),
    [
        (False, None, None, False),
        (True, None, LIMITE, True),  # acceptation : rien ne court
        (True, date(2027, 2, 8), LIMITE, True),  # rejet, avant le terme
        (True, date(2027, 2, 8), date(2026, 12, 9), False),  # rejet, terme passé
        (True, date(2027, 1, 19), None, False),  # demande sans date limite
    ],
)
def test_pause_is_said_only_when_it_is_true(attend, echeance, limite, attendu):
    assert is_en_pause(attend, echeance, limite, date(2026, 12, 10)) is attendu


def test_list_and_pages_say_the_pause(client, depose, agent, usager):
    correction.request_correction(
        dossier=depose, agent=agent, texte="Revenu ?", maintenant=MAINTENANT
    )
    Dossier.objects.filter(pk=depose.pk).update(correction_limite=date(2999, 12, 31))
    client.force_login(agent)
    liste = client.get(f"{LISTE}?file=chez_usager").text
    fiche = client.get(f"{LISTE}{depose.numero}/").text
    client.force_login(usager)
    suivi = client.get(f"/c/clamart/dossiers/{depose.numero}/").text

    assert "En pause" in liste
    assert "Délai en pause" in fiche
    for page in (fiche, suivi):
        assert "31\u00a0décembre 2999" in page
    assert "114-5" in suivi


def test_pages_say_when_the_term_is_past(client, rejet, agent, usager):
    ask(rejet, agent)
    Dossier.objects.filter(pk=rejet.pk).update(
        correction_limite=date(2020, 1, 2), echeance=date(2999, 2, 8)
    )
    client.force_login(agent)
    liste = client.get(f"{LISTE}?file=chez_usager").text
    fiche = client.get(f"{LISTE}{rejet.numero}/").text
    client.force_login(usager)
    suivi = client.get(f"/c/clamart/dossiers/{rejet.numero}/").text

    assert "En pause" not in liste
    assert "Continuer sans la correction" in fiche
    assert "À décider avant le" in fiche
    assert "Le délai pour corriger a pris fin" in suivi


def test_form_proposes_a_date_and_refuses_a_past_one(client, depose, agent):
    client.force_login(agent)
    adresse = f"{LISTE}{depose.numero}/"

    ouvert = client.get(adresse).text
    refus = client.post(f"{adresse}correction/", {"corps": "Revenu ?", "limite": "2020-01-01"})
    depose.refresh_from_db()

    assert 'name="limite" value="20' in ouvert
    assert refus.status_code == 422
    assert "Choisissez un jour après aujourd’hui" in refus.text
    assert "Revenu ?" in refus.text
    assert depose.attend_correction is False

    client.post(f"{adresse}correction/", {"corps": "Revenu ?", "limite": ""})
    depose.refresh_from_db()
    assert depose.attend_correction is True
