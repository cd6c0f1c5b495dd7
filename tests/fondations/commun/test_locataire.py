"""Trois serrures : ici, la deuxième (sécurité par ligne) et ses portes."""

import pytest
from django.db import connection, transaction

from socle.fondations.collectivites.models import Service
from socle.fondations.commun.locataire import current_collectivite_id, locataire, operateur
from tests.factories import CollectiviteFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def list_noms() -> list[str]:
    return list(Service.objects.order_by("nom").values_list("nom", flat=True))


@pytest.fixture
def deux_collectivites():
    clamart, bievre = CollectiviteFactory(), CollectiviteFactory()
    with locataire(clamart.pk):
        ServiceFactory(collectivite=clamart, nom="Écoles")
    with locataire(bievre.pk):
        ServiceFactory(collectivite=bievre, nom="Piscine")
    return clamart, bievre


def test_tests_run_under_the_application_role():
    with connection.cursor() as curseur:
        curseur.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert curseur.fetchone() == (False, False)


def test_locataire_sees_only_its_rows(deux_collectivites):
    clamart, bievre = deux_collectivites

    with locataire(clamart.pk):
        assert list_noms() == ["Écoles"]
        with locataire(bievre.pk):
            assert list_noms() == ["Piscine"]
        assert list_noms() == ["Écoles"]
        assert current_collectivite_id() == clamart.pk
    assert current_collectivite_id() is None


def test_nothing_is_seen_without_locataire(deux_collectivites):
    assert list_noms() == []


def test_write_for_another_collectivite_is_refused(deux_collectivites):
    clamart, bievre = deux_collectivites

    with (
        locataire(clamart.pk),
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
    ):
        ServiceFactory(collectivite=bievre)
    with locataire(clamart.pk):
        assert Service.objects.filter(collectivite=bievre).update(nom="x") == 0


def test_operateur_sees_everything_then_role_falls_back(deux_collectivites):
    with operateur():
        assert list_noms() == ["Piscine", "Écoles"]
    assert list_noms() == []


def test_variables_are_restored_after_an_error(deux_collectivites):
    clamart, bievre = deux_collectivites

    with locataire(clamart.pk):
        with pytest.raises(ValueError, match="panne"), locataire(bievre.pk):
            raise ValueError("panne")
        assert list_noms() == ["Écoles"]


def test_variables_die_with_the_transaction(deux_collectivites):
    clamart, _ = deux_collectivites

    with locataire(clamart.pk):
        pass
    with connection.cursor() as curseur:
        curseur.execute("SELECT coalesce(current_setting('socle.collectivite', true), '')")
        assert curseur.fetchone() == ("",)


def test_operateur_nests(deux_collectivites):
    with operateur():
        with operateur():
            assert list_noms() == ["Piscine", "Écoles"]
        assert list_noms() == ["Piscine", "Écoles"]
    assert list_noms() == []
