"""Une insertion gardée composée, une mise à jour nommée : elles écrivent ce qu’écrirait Django."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import CharField
from django.db.models.expressions import RawSQL

from socle.fondations.collectivites.models import Branchement, Service
from socle.fondations.commun.ecritures import insert, update
from socle.fondations.documents.models import Document
from tests.factories import CollectiviteFactory, ServiceFactory

pytestmark = pytest.mark.django_db


def read_champs(objet):
    return {c.attname: getattr(objet, c.attname) for c in objet._meta.concrete_fields}


def test_insert_writes_what_django_writes(collectivite):
    """Clé donnée par la base, valeur chiffrée, JSON, instants : relus à l’identique."""
    branchement = Branchement(collectivite=collectivite, port="p", code="c", parametres='{"a": 1}')

    assert insert(branchement) is branchement
    relu = Branchement.objects.get(pk=branchement.pk)

    assert read_champs(relu) == read_champs(branchement)
    assert relu.cree_le is not None
    branchement.code = "d"
    branchement.save()  # l’objet est connu : une mise à jour, pas une seconde ligne
    assert [b.code for b in Branchement.objects.order_by("pk")] == ["d"]


def test_insert_is_one_statement(collectivite, count_sql):
    with count_sql() as compte:
        insert(Service(collectivite=collectivite, nom="Écoles"))
    assert len(compte.instructions) == 1


def test_insert_obeys_constraints_and_locataire(collectivite, maintenant):
    document = {"nom": "x", "objet": "o:1", "type_mime": "t", "sha256": "a" * 64, "etat": "sain"}
    vide = Document(collectivite=collectivite, taille=0, depose_le=maintenant, **document)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(vide)
    autre = CollectiviteFactory()
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        insert(ServiceFactory.build(collectivite=autre))


def test_update_writes_the_named_champs_and_nothing_else(collectivite):
    """Valeur chiffrée, `modifie_le`, expression ; une ligne qu’on ne voit pas se dit."""
    branchement = Branchement(collectivite=collectivite, port="p", code="c", parametres="{}")
    ancien = insert(branchement).modifie_le
    branchement.parametres, branchement.code, branchement.port = '{"b": 2}', "jamais", "%s"
    branchement.code = RawSQL("upper(%s)", ["été"], output_field=CharField())
    update(branchement, "parametres", "code", "modifie_le")

    relu = Branchement.objects.get(pk=branchement.pk)
    assert (relu.parametres, relu.code, relu.port) == ('{"b": 2}', "ÉTÉ", "p")
    assert relu.modifie_le == branchement.modifie_le > ancien
    with connection.cursor() as curseur:
        curseur.execute("SET LOCAL socle.collectivite = '0'")
    with pytest.raises(DatabaseError, match="aucune ligne"), transaction.atomic():
        update(branchement, "port")
