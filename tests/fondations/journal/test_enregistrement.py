"""Ajouter au journal : une instruction, cloisonnée, que personne ne réécrit."""

import json
from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.journal import services
from socle.fondations.journal.models import Entree
from socle.fondations.journal.queries import list_entrees
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.merkle import hash_feuille

pytestmark = pytest.mark.django_db
COMMUN = {"objet": "dossier:44171", "acteur": "agent:12"}


def _record(collectivite_id, maintenant, **suite):
    return services.record(
        **{"action": "dossier.depose", **COMMUN, **suite},
        collectivite_id=collectivite_id,
        maintenant=maintenant,
    )


def test_entree_takes_one_instruction_and_reads_back(
    collectivite, maintenant, django_assert_num_queries
):
    with django_assert_num_queries(1):
        entree = _record(collectivite.pk, maintenant, donnees={"canal": "en_ligne"})

    [relue] = list_entrees(objet="dossier:44171")
    assert relue.contenu == entree.contenu
    assert bytes(relue.empreinte) == hash_feuille(entree.contenu)
    assert json.loads(relue.contenu)["survenu_le"] == "2026-11-21T09:30:00.000000Z"


def test_entrees_come_in_order(collectivite, maintenant):
    for heure in (3, 1, 2):
        _record(collectivite.pk, maintenant + timedelta(hours=heure), donnees={"heure": heure})
    _record(collectivite.pk, maintenant, objet="dossier:7")
    fil = list_entrees(objet="dossier:44171", collectivite_id=collectivite.pk)
    assert [entree.donnees["heure"] for entree in fil] == [1, 2, 3]


def test_fil_without_collectivite_is_empty():
    assert list(list_entrees(objet="dossier:44171")) == []


def test_entree_of_another_collectivite_is_hidden_and_refused(collectivite, maintenant):
    _record(collectivite.pk, maintenant)
    with locataire(collectivite.pk + 1):
        assert not Entree.objects.exists()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            _record(collectivite.pk, maintenant)


def test_journal_of_installation_is_written_by_all_and_read_by_operateur(collectivite, maintenant):
    _record(None, maintenant, objet="journal")
    assert not Entree.objects.exists()
    with locataire(None):
        _record(None, maintenant, objet="journal")
    with operateur():
        assert Entree.objects.filter(collectivite_id=0).count() == 2


def test_consultation_is_noted_once_an_hour(collectivite, maintenant, django_assert_num_queries):
    def consult(minutes=0, **suite):
        return services.record_consultation(
            **COMMUN | suite,
            collectivite_id=collectivite.pk,
            maintenant=maintenant + timedelta(minutes=minutes),
        )

    with django_assert_num_queries(1):
        assert consult()
    with django_assert_num_queries(1):
        assert not consult(minutes=29)
    assert consult(minutes=30)
    assert consult(acteur="agent:13")
    assert consult(objet="dossier:7")
    assert list_entrees(objet="dossier:44171").count() == 3


@pytest.mark.parametrize(
    "suite",
    [
        {"action": ""},
        {"action": "a" * 81},
        {"objet": "a" * 121},
        {"acteur": ""},
        {"donnees": {"a": float("nan")}},
        {"donnees": {"a": b"octets"}},
        {"donnees": {"a": "nul\0"}},
        {"donnees": {"a": "\ud800"}},
        {"donnees": {"a": "x" * 40_000}},
        {"engagements": {1: "a"}},
    ],
    ids=repr,
)
def test_entree_that_could_not_be_proved_is_refused(collectivite, maintenant, suite):
    with pytest.raises(PreuveInvalide):
        _record(collectivite.pk, maintenant, **suite)
    assert not Entree.objects.exists()


def test_instant_without_fuseau_is_refused(collectivite, maintenant):
    with pytest.raises(PreuveInvalide, match="fuseau"):
        _record(collectivite.pk, maintenant.replace(tzinfo=None))


DONNEES = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
        lambda enfants: st.lists(enfants, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(donnees=DONNEES)
def test_any_donnees_give_the_same_feuille_once_read_back(collectivite, maintenant, donnees):
    """PostgreSQL range le JSON à sa manière : la feuille doit se refaire à l’octet."""
    entree = _record(collectivite.pk, maintenant, donnees=donnees)
    relue = Entree.objects.get(pk=entree.pk)
    assert hash_feuille(relue.contenu) == bytes(relue.empreinte)


INTERDITS = [
    "UPDATE journal_entree SET acteur = 'agent:99'",
    "DELETE FROM journal_entree",
    "TRUNCATE journal_entree",
    "UPDATE journal_lot SET taille = 0",
    "DELETE FROM journal_tete",
    "TRUNCATE journal_lot CASCADE",
    "DELETE FROM journal_noeud",
    "DELETE FROM journal_noeud_sommet",
    "UPDATE journal_jeton SET reponse = ''",
]


@pytest.mark.parametrize("instruction", INTERDITS)
def test_application_and_operateur_have_no_right_to_rewrite(collectivite, instruction):
    for contexte in (locataire(collectivite.pk), operateur()):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            contexte,
            connection.cursor() as curseur,
        ):
            curseur.execute(instruction)


@pytest.mark.parametrize("instruction", INTERDITS)
def test_even_the_proprietaire_is_refused_by_the_base(proprietaire, instruction):
    with pytest.raises(psycopg.errors.IntegrityError, match="ne se modifie pas"):
        proprietaire.execute(instruction)


@pytest.mark.parametrize("colonne", ["xid", "systeme"])
def test_application_cannot_choose_its_place(collectivite, maintenant, colonne):
    entree = _record(collectivite.pk, maintenant)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(
            "INSERT INTO journal_entree (id, collectivite_id, action, objet, acteur, survenu_le,"
            f" donnees, engagements, empreinte, {colonne}) VALUES (gen_random_uuid(), %s, 'a',"
            " 'b', 'c', now(), '{}', '{}', %s, 1)",
            [collectivite.pk, bytes(entree.empreinte)],
        )
