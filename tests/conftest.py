"""Outillage commun : base réelle sous le rôle de l’application, et contrôles stricts des pages."""

import gc
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection, connections
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client
from django.urls import set_urlconf
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from hypothesis.internal.conjecture import providers

from tests.base_essais import open_base
from tests.reseau import check_tentatives, close_reseau

if TYPE_CHECKING:
    from playwright.sync_api import Browser

RACINE = Path(__file__).resolve().parent.parent
DONNEES_OFFICIELLES = Path(
    os.environ.get("SOCLE_TESTS_DONNEES", RACINE.parent / "shared" / "donnees")
)

# Les mêmes exemples à chaque fois, sans durée limite : ni le hasard ni une machine lente ne jugent.
hypothesis.register_profile(
    "essais", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis.load_profile("essais")
# Hypothesis puise aussi dans les constantes des modules déjà chargés : ses exemples dépendraient de
# l’ordre des essais et du processus qui les joue.
providers.is_local_module_file = lambda _fichier: False


# Le serveur de courriel des essais parle encore quand pytest a fermé ses sorties.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

# Essais d’abord : les plus longs, qu’un processus garde pour lui pendant que d’autres avancent.
LONGS = ("tests/e2e/", "tests/serveur/", "tests/architecture/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Commence par les essais longs : aucun processus ne reste seul à en finir un."""
    rangs = {prefixe: rang for rang, prefixe in enumerate(LONGS)}
    items.sort(
        key=lambda item: next(
            (rang for prefixe, rang in rangs.items() if item.nodeid.startswith(prefixe)), len(LONGS)
        )
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Donne un fichier par processus, et tout `e2e` à un seul : le site ne se sème qu’une fois."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Repartition(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            e2e = nodeid.startswith("tests/e2e/")
            return "tests/e2e" if e2e else str(super()._split_scope(nodeid))

    return Repartition(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Fait la base modèle pendant la collecte, qui laisse un cœur libre."""
    preparation = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.base_essais"],
        cwd=RACINE, stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C est pour les essais ; elle finit avec son entrée
    )  # fmt: skip
    config.add_cleanup(preparation.communicate)


def pytest_collection_finish() -> None:
    """Ce qui est chargé ne bouge plus : ramasser au réglage d’origine prend 5 % du processeur."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)


@pytest.fixture(autouse=True, scope="session")
def _reseau_ferme() -> Iterator[None]:
    with close_reseau():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    yield
    check_tentatives()


@pytest.fixture(autouse=True, scope="session")
def _un_seul_ouvrier_de_formats() -> Iterator[None]:
    """Un vrai ouvrier pour tous les versements d’un processus : 130 départs de moins."""
    from socle.metiers.archivage.services import versement

    with ExitStack() as pile, pytest.MonkeyPatch.context() as monkeypatch:
        open_identifieur = versement.open_identifieur

        @cache
        def start() -> object:
            return pile.enter_context(open_identifieur())

        monkeypatch.setattr(versement, "open_identifieur", lambda: nullcontext(start()))
        yield


@pytest.fixture(scope="session")
def donnees_officielles() -> Path:
    """Dossier des artefacts officiels ; les tests qui en dépendent sont passés s’il manque."""
    if not DONNEES_OFFICIELLES.is_dir():
        pytest.skip(f"artefacts officiels absents : {DONNEES_OFFICIELLES}")
    return DONNEES_OFFICIELLES


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """La base d’essai est clonée d’un modèle déjà migré : rien à renommer ici."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    """Clone une base déjà migrée pour ce processus, et s’y connecte en `socle_app`."""
    with django_db_blocker.unblock(), open_base(worker_id) as acces:
        connections["default"].close()
        settings.DATABASES["default"].update(acces)
        connections["default"].settings_dict.update(acces)
        yield
        connections["default"].close()


@pytest.fixture(scope="session")
def moteur() -> "Iterator[Browser]":
    """Le Chromium de ce processus : il n’en admet qu’un, partagé par tous les essais."""
    from playwright.sync_api import expect, sync_playwright

    from tests.e2e.navigateur import CHROMIUM, OPTIONS

    if not CHROMIUM:
        pytest.skip("Chromium n’est pas installé")
    # Le pilote tourne dans une boucle asyncio, que Django croirait être la sienne.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=30_000)  # une machine chargée répond, mais lentement
    with sync_playwright() as pilote:
        navigateur = pilote.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield navigateur
        navigateur.close()


@pytest.fixture
def maintenant() -> datetime:
    """Un samedi fixe : les tests ne lisent jamais l’horloge."""
    return datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class ClientStrict(Client):
    """Client de test qui refuse ce que la CSP et le RGAA refusent."""

    INTERDIT = re.compile(r"\son(click|change|submit|input)=|<script>|\{\{|\{%|\sstyle=")

    def force_login(self, user, backend=None):
        """Ouvre une session comme après une connexion complète, second facteur compris."""
        super().force_login(user, backend)
        session = self.session
        session["mfa"] = True
        session.save()

    def request(self, **requete):
        reponse = super().request(**requete)
        if reponse.get("Content-Type", "").startswith("text/html") and not reponse.streaming:
            trouve = self.INTERDIT.search(reponse.text)
            assert not trouve, f"Interdit dans une page : {trouve.group()!r}"
        return reponse


@pytest.fixture
def client() -> ClientStrict:
    return ClientStrict()


@pytest.fixture(autouse=True, scope="session")
def _ordre_des_requetes_au_hasard() -> Iterator[None]:
    """Une requête sans order_by revient mélangée : un ordre supposé se voit tout de suite."""
    origine = SQLCompiler.get_order_by

    def melange(self):
        requete = self.query
        if not (requete.order_by or requete.extra_order_by or requete.distinct):
            meta = requete.get_meta()
            if not (meta and meta.ordering) and not requete.group_by and not requete.combinator:
                requete.add_ordering("?")
        return origine(self)

    SQLCompiler.get_order_by = melange
    yield
    SQLCompiler.get_order_by = origine


@pytest.fixture(autouse=True)
def _dossiers_a_part(settings, tmp_path_factory) -> None:
    """Clés, documents et courriels d’essai dans un dossier jetable de la session."""
    dossier = tmp_path_factory.getbasetemp() / "socle"
    settings.DOSSIER_DONNEES = dossier
    settings.DOSSIER_CLES = dossier / "cles"
    settings.EMAIL_FILE_PATH = str(dossier / "courriels")


@pytest.fixture(autouse=True)
def _caches_vides() -> None:
    from socle.fondations.collectivites.queries import clear_cache

    clear_cache()


@pytest.fixture(autouse=True)
def _adresses_de_l_installation() -> Iterator[None]:
    """Django garde, d’un essai à l’autre, la table d’adresses de la dernière page servie."""
    set_urlconf(None)
    yield
    set_urlconf(None)


@pytest.fixture
def collectivite(db):
    """Clamart, avec son contexte de locataire ouvert pour tout le test."""
    from socle.fondations.commun.locataire import locataire
    from tests.factories import CollectiviteFactory

    clamart = CollectiviteFactory(nom="Clamart", slug="clamart", siren="219200235")
    with locataire(clamart.pk):
        yield clamart


@pytest.fixture
def count_sql(django_assert_num_queries):
    """Compte les instructions SQL hors contrôle de transaction et variables de session."""
    from django.test.utils import CaptureQueriesContext

    class Compte(CaptureQueriesContext):
        IGNORE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET LOCAL")

        @property
        def instructions(self) -> list[str]:
            return [q["sql"] for q in self.captured_queries if not q["sql"].startswith(self.IGNORE)]

    return lambda: Compte(connection)
