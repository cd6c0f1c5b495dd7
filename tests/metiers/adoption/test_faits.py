"""Une collectivité dit ce qu’elle utilise ; le dernier fait qui compte l’emporte."""

from datetime import date, timedelta

import pytest

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.errors import DejaAnnule, MotifManquant, SolutionInconnue
from socle.metiers.adoption.models import Brique, Couverture, Fait, Mouvement, Situation
from socle.metiers.adoption.queries.autorites import list_usages
from socle.metiers.adoption.services import faits
from socle.metiers.adoption.services.agregats import rebuild_tout, refresh_paire
from tests.factories import CollectiviteFactory
from tests.metiers.adoption.fabrique import CLAMART, create_fait


@pytest.fixture
def tchap(db):
    return Brique.objects.create(solution="tchap")


def declare(collectivite, maintenant, usage=Usage.UTILISE, solution="tchap"):
    return faits.declare_usage(
        collectivite=collectivite, solution=solution, usage=usage, acteur="agent:7",
        maintenant=maintenant,
    )  # fmt: skip


def read_comptes():
    """(utilisent, prévoient, arrivées, départs) de Tchap, toutes mailles ensemble."""
    couverture = Couverture.objects.filter(solution="tchap").order_by("pk")
    mouvements = Mouvement.objects.filter(solution="tchap").order_by("pk")
    return (
        sum(c.utilisent for c in couverture), sum(c.prevoient for c in couverture),
        sum(m.arrivees for m in mouvements), sum(m.departs for m in mouvements),
    )  # fmt: skip


def test_declare_usage_changes_the_counts_at_once(collectivite, maintenant, tchap):
    fait = declare(collectivite, maintenant)

    assert (fait.autorite, fait.source, fait.date_fait) == (CLAMART, "declaree", date(2026, 11, 21))
    assert read_comptes() == (1, 0, 1, 0)
    tchap.refresh_from_db()
    assert (tchap.utilisent, tchap.declarees, tchap.dernier_fait) == (1, 1, date(2026, 11, 21))
    assert Brique.objects.get(solution="").utilisent == 1
    [entree] = Entree.objects.filter(action="adoption.declaree").order_by("pk")
    assert entree.collectivite_id == collectivite.pk
    assert entree.donnees["autorite"] == CLAMART


def test_declaration_late_at_night_is_of_the_day_in_paris(collectivite, maintenant, tchap):
    fait = declare(collectivite, maintenant.replace(hour=23, minute=30))

    assert fait.date_fait == date(2026, 11, 22)


def test_second_declaration_the_same_day_replaces_the_first(collectivite, maintenant, tchap):
    declare(collectivite, maintenant)
    declare(collectivite, maintenant, Usage.PREVOIT)

    assert read_comptes() == (0, 1, 0, 0)
    assert Fait.objects.filter(annule_le=None).count() == 1


def test_undo_brings_back_what_was_replaced(collectivite, maintenant, tchap):
    declare(collectivite, maintenant)
    second = declare(collectivite, maintenant, Usage.ARRETE)

    faits.undo_declaration(
        collectivite=collectivite, fait_id=second.pk, acteur="agent:7", maintenant=maintenant
    )

    assert read_comptes() == (1, 0, 1, 0)
    with pytest.raises(DejaAnnule):
        faits.undo_declaration(
            collectivite=collectivite, fait_id=second.pk, acteur="agent:7", maintenant=maintenant
        )


def test_undo_refuses_the_declaration_of_another_authority(collectivite, antony, maintenant, tchap):
    fait = declare(collectivite, maintenant)

    with pytest.raises(Fait.DoesNotExist):
        faits.undo_declaration(
            collectivite=antony, fait_id=fait.pk, acteur="agent:9", maintenant=maintenant
        )


def test_declare_usage_refuses_an_unknown_solution(collectivite, maintenant):
    with pytest.raises(SolutionInconnue):
        declare(collectivite, maintenant, solution="inconnue")


def test_stop_after_use_is_a_departure(collectivite, maintenant, tchap):
    declare(collectivite, maintenant - timedelta(days=90))
    declare(collectivite, maintenant, Usage.ARRETE)

    assert read_comptes() == (0, 0, 1, 1)
    situation = Situation.objects.get(solution="tchap", autorite=CLAMART)
    assert situation.depuis == date(2026, 8, 23)
    assert not Situation.objects.filter(solution="").exists()


def test_measure_wins_over_a_declaration_of_the_same_day(db, maintenant):
    create_fait(usage=Usage.ARRETE, source=Source.DECLAREE)
    create_fait(usage=Usage.UTILISE, source=Source.MESUREE)

    rebuild_tout(maintenant=maintenant)

    assert Situation.objects.get(solution="tchap").source == Source.MESUREE
    [usage] = list_usages(CLAMART)
    assert usage.fait.source == Source.MESUREE
    assert usage.is_contredit
    assert [autre.source for autre in usage.autres] == [Source.DECLAREE]


def test_fictitious_fact_counts_only_alone(db, maintenant):
    create_fait(source=Source.FICTIVE, jour=date(2025, 1, 1))
    rebuild_tout(maintenant=maintenant)
    assert Brique.objects.get(solution="tchap").fictives == 1

    create_fait(usage=Usage.PREVOIT, source=Source.IMPORTEE, jour=date(2019, 1, 1))
    rebuild_tout(maintenant=maintenant)

    assert read_comptes() == (0, 1, 0, 0)
    assert Brique.objects.get(solution="tchap").fictives == 0


def test_pair_and_whole_rebuild_give_the_same_counts(db, maintenant):
    """La portée étroite et la portée entière sont les mêmes instructions : même résultat."""
    voisines = list(Autorite.objects.filter(departement="92").order_by("cle")[:12])
    for rang, autorite in enumerate(voisines):
        usage = list(Usage)[rang % 3]
        create_fait(autorite.cle, usage=usage, jour=date(2020, 1 + rang % 6, 3))
        create_fait(autorite.cle, usage=Usage.UTILISE, jour=date(2022, 1 + rang % 6, 3))
        refresh_paire(solution="tchap", autorite=autorite, maintenant=maintenant)
    modeles = (Situation, Couverture, Mouvement)
    etroit = [list(modele.objects.order_by("pk").values_list()) for modele in modeles]
    briques = list(Brique.objects.order_by("pk").values_list("solution", "utilisent"))

    rebuild_tout(maintenant=maintenant)

    assert [list(modele.objects.order_by("pk").values_list()) for modele in modeles] == etroit
    assert list(Brique.objects.order_by("pk").values_list("solution", "utilisent")) == briques
    assert read_comptes()[0] == 12


def test_team_withdraws_a_fact_with_its_reason_and_brings_it_back(collectivite, maintenant, tchap):
    fait = declare(collectivite, maintenant)
    with pytest.raises(MotifManquant):
        faits.withdraw_fait(fait_id=fait.pk, motif=" ", acteur="agent:1", maintenant=maintenant)

    faits.withdraw_fait(
        fait_id=fait.pk, motif="Erreur de SIREN.", acteur="agent:1", maintenant=maintenant
    )
    assert read_comptes() == (0, 0, 0, 0)
    faits.restore_fait(fait_id=fait.pk, acteur="agent:1", maintenant=maintenant)

    assert read_comptes() == (1, 0, 1, 0)
    with operateur():
        actions = Entree.objects.filter(action__startswith="adoption.", collectivite_id=0)
        assert set(actions.values_list("action", flat=True)) == {
            "adoption.corrigee", "adoption.retablie",
        }  # fmt: skip


def test_restore_sets_aside_the_fact_that_took_its_place(collectivite, maintenant, tchap):
    premier = declare(collectivite, maintenant)
    declare(collectivite, maintenant, Usage.ARRETE)

    faits.restore_fait(fait_id=premier.pk, acteur="agent:1", maintenant=maintenant)

    assert read_comptes() == (1, 0, 1, 0)
    assert Fait.objects.filter(annule_le=None).count() == 1


def test_authority_outside_the_code_declares_without_entering_the_rates(db, maintenant, tchap):
    territoire = CollectiviteFactory(
        nom="Vallée Sud", slug="vallee", siren="200057966", genre="epci", code_cog="200057966"
    )
    from socle.fondations.commun.locataire import locataire

    with locataire(territoire.pk):
        fait = declare(territoire, maintenant)

    assert fait.autorite == "siren-200057966"
    assert read_comptes() == (0, 0, 0, 0)
    assert [usage.solution for usage in list_usages("siren-200057966")] == ["tchap"]
