"""Deux cent mille faits : les comptes se refont vite, les pages ne lisent jamais tout."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socle.metiers.adoption.models import Couverture, Fait, Mouvement
from socle.metiers.adoption.services.agregats import rebuild_tout
from socle.metiers.adoption.services.volume import load_volume
from tests.metiers.adoption.fabrique import CLAMART
from tests.metiers.adoption.test_pages import SQL_MAX

GROSSES = ("adoption_fait", "adoption_situation", "adoption_mouvement")


def count_par_solution(modele, formule):
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT solution, {formule} FROM {modele._meta.db_table} WHERE solution <> ''"
            " GROUP BY solution ORDER BY solution"
        )
        return dict(curseur.fetchall())


def list_lectures_entieres(sql: str) -> list[str]:
    """Tables lues d’un bout à l’autre par cette instruction."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    with connection.cursor() as curseur:
        curseur.execute(f"EXPLAIN {sql}")
        plan = [ligne[0] for ligne in curseur.fetchall()]
    return [ligne for ligne in plan if "Seq Scan" in ligne and any(t in ligne for t in GROSSES)]


@pytest.mark.lent
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_pages_stay_light_with_many_facts(client, maintenant):
    assert load_volume(200_000) == 200_000 == Fait.objects.count()
    rebuild_tout(maintenant=maintenant)
    utilisent = count_par_solution(Couverture, "sum(utilisent)")
    assert len(utilisent) == 60
    assert utilisent == count_par_solution(Mouvement, "sum(arrivees) - sum(departs)")

    for adresse in (
        "/collectivites/", f"/collectivites/{CLAMART}/", "/collectivites/ecarts/?solution=banc-07",
        "/adoption/banc-07/", f"/adoption/banc-07/pres-de/{CLAMART}/",
        "/collectivites/ecarts/?solution=banc-07&departement=59&tranche=500",
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as capture:
            assert client.get(adresse).status_code == 200
        assert len(capture) <= SQL_MAX
        entieres = [l for q in capture.captured_queries for l in list_lectures_entieres(q["sql"])]  # noqa: E741
        assert entieres == [], adresse


@pytest.mark.django_db
def test_volume_is_always_the_same_and_exact():
    assert load_volume(1_000, solutions=3) == 1_000
    avant = list(Fait.objects.order_by("pk").values_list("solution", "autorite", "date_fait"))
    Fait.objects.all().delete()

    load_volume(1_000, solutions=3)

    assert list(
        Fait.objects.order_by("pk").values_list("solution", "autorite", "date_fait")
    ) == avant  # fmt: skip
