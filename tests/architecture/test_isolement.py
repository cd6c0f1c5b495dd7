"""Isolement des collectivités, par tirage : rien d’autrui ne se lit, ne s’écrit ni ne s’efface.

Des locataires, des objets et des requêtes au hasard, par l’ORM et en SQL, sous le rôle de
l’application. La règle ne dépend d’aucune vue : c’est la base qui la tient.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.fondations.collectivites.models import Service
from socle.fondations.commun.locataire import current_collectivite_id, locataire, operateur
from socle.fondations.comptes.enums import Role
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.documents.models import Document
from socle.fondations.journal.models import Entree
from socle.metiers.demarches import services as demarches
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import depot, echanges
from tests.architecture.adresses import compute_empreinte, list_tables
from tests.factories import (
    AdhesionFactory,
    CollectiviteFactory,
    CompteFactory,
    RegleFactory,
    ServiceFactory,
)
from tests.metiers.conftest import DEFINITION, REPONSES

NOMBRE = 3
EXEMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
rangs = st.integers(0, NOMBRE - 1)


@dataclass(frozen=True, repr=False)
class Monde:
    """Des collectivités peuplées pareil. `lignes[collectivite][table]` : leurs clés."""

    ids: list[int]
    lignes: dict[int, dict[str, list[Any]]]

    @property
    def tables(self) -> list[str]:
        return sorted({t for par_table in self.lignes.values() for t, c in par_table.items() if c})


def populate(rang: int) -> int:
    """Peuple une collectivité : agents, règle, démarche publiée, dossiers, messages, journal."""
    maintenant = timezone.now()
    collectivite = CollectiviteFactory(nom=f"Commune {rang}", slug=f"isolee-{rang}")
    with locataire(collectivite.pk):
        admin = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte
        agent = AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR).compte
        demarche = demarches.create_demarche(
            collectivite=collectivite, titre=f"Cantine {rang}", agent=admin,
            maintenant=maintenant, definition=DEFINITION, resume="Inscrire un enfant.",
            cadre_juridique="Code de l’éducation, art. R. 531-52",
            service=ServiceFactory(collectivite=collectivite),
            regle=RegleFactory(collectivite=collectivite),
        )  # fmt: skip
        demarches.publish_version(demarche=demarche, agent=admin, maintenant=maintenant)
        demarche.refresh_from_db()
        usager = CompteFactory()
        for _ in range(2):
            dossier, _jeton = depot.start_dossier(
                demarche=demarche, version=get_version_publiee(demarche), compte=usager,
                maintenant=maintenant, reponses=REPONSES,
            )  # fmt: skip
        dossier = depot.file_dossier(
            numero=dossier.numero, acces=Acces(compte=usager), maintenant=maintenant
        )
        echanges.send_message(dossier=dossier, auteur=agent, corps="Bonjour", maintenant=maintenant)
    return collectivite.pk


@pytest.fixture
def monde(db) -> Monde:
    ids = [populate(rang) for rang in range(NOMBRE)]
    return Monde(ids, {pk: {t: list_cles(t, pk) for t in list_tables()} for pk in ids})


def list_cles(table: str, collectivite_id: int) -> list[Any]:
    """Clés primaires (en texte) des lignes d’une collectivité, vues par l’opérateur."""
    with operateur(), connection.cursor() as curseur:
        curseur.execute(
            f"SELECT ctid::text FROM {table} WHERE collectivite_id = %s", [collectivite_id]
        )
        return [ligne[0] for ligne in curseur.fetchall()]


MODELES = {m._meta.db_table: m for m in apps.get_models() if m._meta.managed}


def make_colonne(table: str) -> str:
    """Une colonne qu’on peut réécrire telle quelle."""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT * FROM {table} LIMIT 0")
        return next(c.name for c in curseur.description if c.name != "collectivite_id")


def attempt(instruction: str, valeurs: list[Any] | None = None) -> int:
    """Exécute dans un point de reprise ; rend le nombre de lignes touchées, 0 si c’est refusé."""
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(instruction, valeurs or [])
            return max(curseur.rowcount, 0)
    except DatabaseError:
        return 0


@contextmanager
def annule() -> Iterator[None]:
    """Annule un tirage : le suivant part du même monde."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def open_moi(pile: ExitStack, moi: int | None, detours: list[int | None]) -> None:
    """Ouvre le contexte, après des détours par d’autres contextes, déjà refermés ou englobants."""
    for detour in detours:
        with locataire(detour):
            pass
    if detours:
        pile.enter_context(locataire(detours[0]))
    pile.enter_context(locataire(moi))


@given(donnees=st.data())
@EXEMPLES
def test_sql_of_one_authority_touches_no_row_of_another(monde, donnees):
    moi = donnees.draw(st.sampled_from([*monde.ids, None]), label="moi")
    autre = donnees.draw(st.sampled_from([i for i in monde.ids if i != moi]), label="autre")
    table = donnees.draw(st.sampled_from(monde.tables), label="table")
    detours = donnees.draw(st.lists(st.sampled_from([*monde.ids, None]), max_size=2))
    colonne = make_colonne(table)
    quoi = donnees.draw(st.sampled_from(["lire", "reecrire", "prendre", "donner", "effacer"]))
    ou = donnees.draw(
        st.sampled_from(["true", f"collectivite_id = {autre}", f"collectivite_id <> {moi or 0}"])
    )
    avant = {i: compute_empreinte(i) for i in monde.ids if i != moi}

    with annule(), ExitStack() as pile:
        open_moi(pile, moi, detours)
        with connection.cursor() as curseur:
            curseur.execute(f"SELECT DISTINCT collectivite_id FROM {table} WHERE {ou}")
            assert {ligne[0] for ligne in curseur.fetchall()} <= {moi}
        if quoi == "reecrire":
            attempt(f"UPDATE {table} SET {colonne} = {colonne} WHERE {ou}")
        elif quoi == "prendre":
            touchees = attempt(f"UPDATE {table} SET collectivite_id = {moi or 'NULL'} WHERE {ou}")
            assert touchees <= len(monde.lignes.get(moi or 0, {}).get(table, []))
        elif quoi == "donner":
            assert attempt(f"UPDATE {table} SET collectivite_id = {autre} WHERE {ou}") == 0
        elif quoi == "effacer":
            attempt(f"DELETE FROM {table} WHERE {ou}")

        assert {i: compute_empreinte(i) for i in avant} == avant


@given(donnees=st.data())
@EXEMPLES
def test_orm_of_one_authority_touches_no_row_of_another(monde, donnees):
    tables = [t for t in monde.tables if t in MODELES]
    moi = donnees.draw(st.sampled_from([*monde.ids, None]), label="moi")
    autre = donnees.draw(st.sampled_from([i for i in monde.ids if i != moi]), label="autre")
    modele = MODELES[donnees.draw(st.sampled_from(tables), label="modèle")]
    detours = donnees.draw(st.lists(st.sampled_from([*monde.ids, None]), max_size=2))
    quoi = donnees.draw(st.sampled_from(["lire", "changer", "effacer", "joindre", "exclure"]))
    with operateur():
        cles = list(modele.objects.filter(collectivite_id=autre).values_list("pk", flat=True))
    cle = donnees.draw(st.sampled_from(cles), label="clé")
    avant = {i: compute_empreinte(i) for i in monde.ids if i != moi}

    with annule(), ExitStack() as pile:
        open_moi(pile, moi, detours)
        assert current_collectivite_id() == moi
        lignes = modele.objects.all()
        assert set(lignes.values_list("collectivite_id", flat=True)) <= {moi}
        assert not lignes.filter(pk=cle).exists()
        assert not lignes.filter(collectivite_id=autre).exists()
        if quoi == "changer":
            champ = next(f for f in modele._meta.concrete_fields if not f.primary_key)
            pareil = {champ.attname: models.F(champ.attname)}
            assert attempt_orm(lambda: lignes.filter(pk=cle).update(**pareil)) == 0
        elif quoi == "effacer":
            assert attempt_orm(lambda: lignes.filter(pk=cle).delete()[0]) == 0
        elif quoi == "joindre":
            cle_autre = "collectivite__pk" if has_fk(modele) else "collectivite_id"
            assert not lignes.filter(**{cle_autre: autre}).exists()
        elif quoi == "exclure":
            assert set(lignes.exclude(pk=cle).values_list("collectivite_id", flat=True)) <= {moi}

        assert {i: compute_empreinte(i) for i in avant} == avant


def has_fk(modele: type[models.Model]) -> bool:
    return any(f.name == "collectivite" and f.is_relation for f in modele._meta.get_fields())


def attempt_orm(faire: Callable[[], int]) -> int:
    """Rend le nombre de lignes touchées ; 0 si la table est en ajout seul ou la ligne protégée."""
    try:
        with transaction.atomic():
            return faire()
    except DatabaseError:
        return 0


@given(moi=rangs, autre=rangs, nom=st.text("abcdefgh ’é", min_size=1, max_size=12))
@EXEMPLES
def test_row_written_for_another_authority_is_refused(monde, moi, autre, nom):
    """Créer chez autrui échoue, quel que soit le contexte ; chez soi, cela marche."""
    ici, la = monde.ids[moi], monde.ids[autre]
    with annule(), locataire(ici):
        try:
            with transaction.atomic():
                Service.objects.create(collectivite_id=la, nom=nom)
            ecrit = True
        except DatabaseError:
            ecrit = False
        assert ecrit == (ici == la)


@given(texte=st.text(max_size=30).filter(lambda t: "\0" not in t))
@EXEMPLES
def test_variable_of_the_base_opens_nothing_when_it_is_not_a_number_we_gave(monde, texte):
    """Vide, fausse ou trop grande, elle ne montre aucune ligne, ou fait échouer la lecture."""
    if texte.strip() in {str(pk) for pk in monde.ids}:
        return
    with locataire(None), connection.cursor() as curseur:
        curseur.execute("SELECT set_config('socle.collectivite', %s, true)", [texte])
        for modele in (Service, RegleDeConservation, Document, Entree):
            try:
                with transaction.atomic():
                    assert not modele.objects.exists()
            except DatabaseError:
                pass
