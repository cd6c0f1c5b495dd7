from datetime import date

import pytest
from django.db import IntegrityError, transaction

from socle.fondations.commun.locataire import locataire
from socle.fondations.conservation.enums import PointDeDepart, SortFinal
from socle.fondations.conservation.errors import RegleDejaPresente, RegleIncomplete
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.queries import find_regle, list_regles
from socle.fondations.conservation.services import (
    create_regle,
    load_regles_par_defaut,
    update_regle,
)
from socle.fondations.journal.models import Entree
from tests.factories import CollectiviteFactory

CANTINE = {
    "code": "SCO-CANTINE",
    "intitule": "Restauration scolaire",
    "duree_annees": 10,
    "point_de_depart": PointDeDepart.FIN_EXERCICE,
    "sort_final": SortFinal.DETRUIRE,
    "source_juridique": "Tableau de gestion visé le 3 mars 2026",
}


@pytest.fixture
def regle(collectivite, maintenant):
    return create_regle(
        collectivite=collectivite, acteur="agent:1", maintenant=maintenant, **CANTINE
    )


def list_actions() -> list[tuple[str, str]]:
    return list(
        Entree.objects.filter(action__startswith="regle.")
        .order_by("survenu_le", "id")
        .values_list("action", "acteur")
    )


def test_create_regle_keeps_its_champs_and_tells_the_journal(regle, collectivite):
    lue = find_regle(collectivite, "SCO-CANTINE")

    assert lue == regle
    assert {champ: getattr(lue, champ) for champ in CANTINE} == CANTINE
    assert str(lue) == "Restauration scolaire"
    assert list_actions() == [("regle.creee", "agent:1")]


def test_two_regles_cannot_share_a_code(regle, collectivite, maintenant):
    with pytest.raises(RegleDejaPresente):
        create_regle(collectivite=collectivite, acteur="agent:1", maintenant=maintenant, **CANTINE)


@pytest.mark.parametrize(
    "defaut",
    [
        {"code": ""},
        {"code": "avec espace"},
        {"intitule": "  "},
        {"source_juridique": ""},
        {"duree_annees": -1},
        {"duree_annees": None},
        {"point_de_depart": ""},
        {"sort_final": ""},
    ],
    ids=lambda d: "-".join(f"{k}={v!r}" for k, v in d.items()),
)
def test_regle_incomplete_is_refused(collectivite, maintenant, defaut):
    with pytest.raises(RegleIncomplete):
        create_regle(
            collectivite=collectivite,
            acteur="agent:1",
            maintenant=maintenant,
            **(CANTINE | defaut),
        )


def test_champ_unknown_is_a_defaut_of_the_code(collectivite, maintenant):
    with pytest.raises(TypeError, match="duree"):
        create_regle(
            collectivite=collectivite, acteur="x", maintenant=maintenant, **CANTINE, duree=3
        )


def test_update_regle_tells_before_and_after(regle, maintenant):
    update_regle(regle=regle, acteur="agent:2", maintenant=maintenant, duree_annees=5)

    regle.refresh_from_db()
    assert regle.duree_annees == 5
    derniere = Entree.objects.filter(action="regle.modifiee").get()
    assert derniere.donnees["avant"]["duree_annees"] == 10
    assert derniere.donnees["apres"]["duree_annees"] == 5


def test_update_without_change_writes_nothing(regle, maintenant):
    update_regle(regle=regle, acteur="agent:2", maintenant=maintenant, duree_annees=10)

    assert list_actions() == [("regle.creee", "agent:1")]


def test_base_itself_refuses_a_regle_without_source(collectivite):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegleDeConservation.objects.create(
            collectivite=collectivite, **(CANTINE | {"source_juridique": ""})
        )


def test_regles_par_defaut_are_loaded_once_and_never_touched_again(collectivite, maintenant):
    ajoutees = load_regles_par_defaut(collectivite)
    cantine = find_regle(collectivite, "SCO-PERISCOLAIRE")
    update_regle(regle=cantine, acteur="agent:1", maintenant=maintenant, duree_annees=7)

    assert ajoutees == list_regles(collectivite).count() >= 10
    assert load_regles_par_defaut(collectivite) == 0
    assert find_regle(collectivite, "SCO-PERISCOLAIRE").duree_annees == 7


def test_regles_par_defaut_never_pose_as_law(collectivite):
    load_regles_par_defaut(collectivite)

    for regle in list_regles(collectivite):
        assert regle.a_confirmer
        assert "à confirmer par les Archives départementales" in regle.source_juridique
        assert regle.communicabilite_source == "Code du patrimoine, art. L. 213-2, I, 3°"


def test_each_collectivite_has_its_own_regles(collectivite):
    load_regles_par_defaut(collectivite)
    voisine = CollectiviteFactory()

    with locataire(voisine.pk):
        assert not RegleDeConservation.objects.exists()
        assert load_regles_par_defaut(voisine) >= 10


DEPOT, DECISION, CLOTURE = date(2026, 6, 1), date(2026, 6, 20), date(2026, 7, 4)


@pytest.mark.parametrize(
    ("depart", "jour"),
    [
        (PointDeDepart.DEPOT, DEPOT),
        (PointDeDepart.DECISION, DECISION),
        (PointDeDepart.CLOTURE, CLOTURE),
        (PointDeDepart.FIN_ANNEE_SCOLAIRE, date(2026, 8, 31)),
        (PointDeDepart.FIN_EXERCICE, date(2026, 12, 31)),
    ],
)
def test_depart_of_the_duree_follows_the_regle(depart, jour):
    regle = RegleDeConservation(point_de_depart=depart)

    assert regle.compute_depart(depot=DEPOT, decision=DECISION, cloture=CLOTURE) == jour


def test_depart_without_decision_is_the_cloture():
    regle = RegleDeConservation(point_de_depart=PointDeDepart.DECISION)

    assert regle.compute_depart(depot=DEPOT, decision=None, cloture=CLOTURE) == CLOTURE


def test_annee_scolaire_of_a_dossier_of_september_ends_the_next_year():
    regle = RegleDeConservation(point_de_depart=PointDeDepart.FIN_ANNEE_SCOLAIRE)

    fin = regle.compute_depart(depot=DEPOT, decision=None, cloture=date(2026, 9, 1))

    assert fin == date(2027, 8, 31)
