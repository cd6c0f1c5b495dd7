"""Une lecture gardée rend ce que rendrait la requête, sans jamais sortir du locataire."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.db.models import JSONField
from django.db.models.expressions import RawSQL
from django.db.transaction import TransactionManagementError

from socle.fondations.collectivites.models import Branchement, Collectivite, Service
from socle.fondations.commun.lectures import Lecture, Parametre
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.comptes.models import Adhesion
from tests.factories import AdhesionFactory, CollectiviteFactory, ServiceFactory

pytestmark = pytest.mark.django_db

NOMMES = Lecture(lambda: Service.objects.filter(nom=Parametre("nom")).order_by("pk"))
TOUS = Lecture(lambda: Service.objects.order_by("nom"))


@pytest.fixture
def deux_collectivites():
    clamart, bievre = CollectiviteFactory(), CollectiviteFactory()
    for collectivite in (clamart, bievre):
        with locataire(collectivite.pk):
            ServiceFactory(collectivite=collectivite, nom="Écoles")
    return clamart, bievre


def test_lecture_gives_the_same_objects_as_the_query(collectivite):
    service = ServiceFactory(collectivite=collectivite)
    AdhesionFactory(collectivite=collectivite, service=service)
    AdhesionFactory(collectivite=collectivite, service=None)

    def compose():
        return (
            Adhesion.objects.select_related("service", "compte", "collectivite")
            .defer("compte__telephone")
            .order_by("pk")
        )

    lues, attendues = Lecture(compose).fetch(), list(compose())
    assert lues == attendues
    for lue, attendue in zip(lues, attendues, strict=True):
        for nom in ("service", "compte", "collectivite"):
            un, autre = getattr(lue, nom), getattr(attendue, nom)
            garde = [{k: v for k, v in vars(o).items() if k != "_state"} for o in (un, autre) if o]
            assert garde[:1] == garde[1:]
    assert [lue.service for lue in lues] == [service, None]


def test_lecture_converts_values_and_annotations(collectivite):
    Branchement.objects.create(
        collectivite=collectivite, port="essai", code="factice", parametres='{"a": "é"}'
    )
    avec_json = RawSQL("jsonb_build_object('deux', 2)", [], output_field=JSONField())
    lecture = Lecture(
        lambda: Branchement.objects.filter(code=Parametre("code")).annotate(plus=avec_json)
    )

    [lu] = lecture.fetch(code="factice")

    assert (lu.parametres, lu.plus) == ('{"a": "é"}', {"deux": 2})  # chiffré en base, JSON de base


def test_lecture_keeps_constants_and_odd_values(collectivite):
    ServiceFactory(collectivite=collectivite, nom="100 % d’eau", courriel="l'eau@exemple.fr")
    lecture = Lecture(
        lambda: Service.objects.filter(
            nom__contains="100 %", courriel="l'eau@exemple.fr", nom=Parametre("nom")
        )
    )

    assert lecture.first(nom="100 % d’eau") is not None
    assert lecture.first(nom="'; DROP TABLE collectivites_service; --") is None


def test_lecture_is_one_statement_prepared_once(collectivite, count_sql):
    lecture = Lecture(lambda: Service.objects.filter(nom=Parametre("un_nom")).order_by("-pk"))
    lecture.fetch(un_nom="a")
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_prepared_statements")
        [avant] = curseur.fetchone()

    with count_sql() as compte:
        for nom in "abc":
            lecture.fetch(un_nom=nom)

    assert [sql.split(" (")[0][:7] for sql in compte.instructions] == ["EXECUTE"] * 3
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM pg_prepared_statements")
        assert curseur.fetchone() == (avant,)


def test_prepared_statement_follows_the_locataire(deux_collectivites):
    """Un plan gardé reste soumis à la sécurité par ligne de la transaction où il sert."""
    clamart, bievre = deux_collectivites

    for _ in range(8):  # au-delà de cinq, PostgreSQL garde un plan pour tous
        for collectivite in (clamart, bievre):
            with locataire(collectivite.pk):
                assert [s.collectivite_id for s in NOMMES.fetch(nom="Écoles")] == [collectivite.pk]
    with operateur():
        assert len(NOMMES.fetch(nom="Écoles")) == 2
    assert NOMMES.fetch(nom="Écoles") == []


def test_lecture_is_prepared_again_on_a_new_connection(django_db_blocker):
    copie = connections["default"].copy()
    try:
        for _ in range(2):
            assert copie.fetch_prepared("SELECT $1::int + 1", [41]) == [(42,)]
        copie.close()
        assert copie.fetch_prepared("SELECT $1::int + 1", [1]) == [(2,)]
    finally:
        copie.close()


def fetch_then_fail() -> None:
    with transaction.atomic():
        TOUS.fetch()
        raise ValueError("panne")


def test_prepared_statement_survives_a_rollback(collectivite):
    with pytest.raises(ValueError, match="panne"):
        fetch_then_fail()
    assert TOUS.fetch() == []


def test_missing_value_is_an_error(collectivite):
    with pytest.raises(KeyError):
        NOMMES.fetch(autre="Écoles")


def fetch_sans_transaction(lecture: Lecture[Collectivite]) -> None:
    """À lancer dans un autre fil : celui des essais a toujours une transaction ouverte."""
    try:
        with transaction.atomic():
            lecture.fetch()
        with pytest.raises(TransactionManagementError):
            lecture.fetch()
    finally:
        connection.close()


def test_lock_outside_a_transaction_is_refused():
    lecture = Lecture(Collectivite.objects.select_for_update)
    with ThreadPoolExecutor(max_workers=1) as fil:
        fil.submit(fetch_sans_transaction, lecture).result()
