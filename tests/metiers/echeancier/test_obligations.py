"""Écrire une obligation : chaque geste au journal, aucune date perdue."""

from datetime import date

import pytest

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.errors import (
    AdresseDejaPrise,
    DateInchangee,
    ObligationAnnulee,
    ObligationIncomplete,
)
from socle.metiers.echeancier.models import DateEcheance, Obligation
from socle.metiers.echeancier.queries.histoire import build_histoire
from socle.metiers.echeancier.queries.obligations import find_obligation
from socle.metiers.echeancier.services import obligations as services
from socle.metiers.echeancier.services.obligations import Changement, Echeance, Public
from tests.metiers.echeancier.fabrique import create

pytestmark = pytest.mark.django_db
ACTEUR = "agent:1"


def list_actions(obligation: Obligation) -> list[str]:
    with operateur():
        entrees = Entree.objects.filter(objet=obligation.objet).order_by("pk")
        return list(entrees.values_list("action", flat=True))


def read_donnees(action: str) -> dict[str, object]:
    with operateur():
        return Entree.objects.get(action=action).donnees


def move(obligation, jour, maintenant, surete=Surete.CONNUE, motif="La loi a changé."):
    return services.change_date(
        obligation=obligation,
        changement=Changement(echeance=Echeance(surete=surete, jour=jour), motif=motif),
        acteur=ACTEUR,
        maintenant=maintenant,
    )


def test_creation_and_publication_are_journaled():
    obligation = create(slug="neuve")

    assert obligation.etat == EtatObligation.PUBLIEE
    assert list_actions(obligation) == ["obligation.creee", "obligation.publiee"]


@pytest.mark.parametrize("slug", ["prise", "integrer", "importer"])
def test_address_already_taken_is_refused(slug):
    create(slug="prise")

    with pytest.raises(AdresseDejaPrise):
        create(slug=slug)


def test_postponed_date_keeps_the_old_one_and_its_reason(maintenant):
    obligation = create(slug="reportee", jour=date(2026, 1, 1))

    move(obligation, date(2027, 9, 1), maintenant)

    lue = find_obligation("reportee")
    assert (lue.jour, lue.ancien_jour) == (date(2027, 9, 1), date(2026, 1, 1))
    assert [(p.texte, p.courante, p.motif) for p in build_histoire(lue)] == [
        ("1er\N{NO-BREAK SPACE}sept. 2027", True, "La loi a changé."),
        ("1er\N{NO-BREAK SPACE}janv. 2026", False, ""),
    ]
    assert read_donnees("obligation.date_changee") == {
        "avant": "2026-01-01 (connue)",
        "apres": "2027-09-01 (connue)",
        "motif": "La loi a changé.",
    }


def test_date_brought_forward_is_not_a_postponement(maintenant):
    obligation = create(slug="avancee", jour=date(2028, 1, 1), debut=date(2027, 12, 1))

    move(obligation, date(2027, 6, 1), maintenant)

    lue = find_obligation("avancee")
    assert (lue.ancien_jour, lue.debut) == (None, date(2027, 6, 1))


def test_date_put_back_is_no_longer_a_postponement(maintenant):
    obligation = create(slug="remise", jour=date(2027, 1, 1))
    move(obligation, date(2028, 1, 1), maintenant)

    move(obligation, date(2027, 1, 1), maintenant, motif="Retour à la première date.")

    lue = find_obligation("remise")
    assert lue.ancien_jour is None
    assert DateEcheance.objects.filter(obligation=lue).count() == 3


def test_date_that_is_no_longer_fixed_keeps_the_first_one(maintenant):
    obligation = create(slug="a-fixer", jour=date(2024, 10, 17))

    move(obligation, None, maintenant, surete=Surete.ESTIMEE)

    assert find_obligation("a-fixer").ancien_jour == date(2024, 10, 17)


def test_same_date_is_refused(obligation, maintenant):
    with pytest.raises(DateInchangee):
        move(obligation, obligation.jour, maintenant)

    assert DateEcheance.objects.filter(obligation=obligation).count() == 1


def test_correction_changes_only_what_is_different(obligation, maintenant):
    services.update_obligation(
        obligation=obligation, publics=[Public(genre="commune")], acteur=ACTEUR,
        maintenant=maintenant, titre="Un autre titre", ministere=obligation.ministere,
    )  # fmt: skip

    assert read_donnees("obligation.modifiee") == {"champs": ["publics", "titre"]}
    assert "autre titre" in find_obligation(obligation.slug).recherche


def test_correction_without_change_writes_nothing(obligation, maintenant):
    services.update_obligation(
        obligation=obligation, publics=[], acteur=ACTEUR, maintenant=maintenant,
        titre=obligation.titre,
    )  # fmt: skip

    assert "obligation.modifiee" not in list_actions(obligation)


def test_publication_asks_for_a_text_and_a_sentence(maintenant):
    brouillon = create(slug="maigre", reference="", publiee=False)

    with pytest.raises(ObligationIncomplete):
        services.publish_obligation(obligation=brouillon, acteur=ACTEUR, maintenant=maintenant)


def test_cancelled_obligation_stays_readable_and_can_come_back(obligation, maintenant):
    services.cancel_obligation(
        obligation=obligation, motif="Texte abrogé.", acteur=ACTEUR, maintenant=maintenant
    )
    with pytest.raises(ObligationAnnulee):
        move(obligation, date(2030, 1, 1), maintenant)

    services.restore_obligation(obligation=obligation, acteur=ACTEUR, maintenant=maintenant)

    lue = find_obligation(obligation.slug, publiee=False)
    assert (lue.etat, lue.motif_annulation) == (EtatObligation.BROUILLON, "")
    assert list_actions(lue)[-2:] == ["obligation.annulee", "obligation.retablie"]


def test_draft_is_not_public():
    create(slug="brouillon", publiee=False)

    assert find_obligation("brouillon") is None
