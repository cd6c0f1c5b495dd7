"""Une base qui valide vraiment : on ne scelle pas ce qui est dans une transaction ouverte."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.journal import services
from socle.fondations.journal.models import Entree, Lot, Tete
from socle.normes.preuve.points import PointDeControle
from socle.serveur.postgres.essais import prepare_base_essais
from socle.serveur.postgres.roles import change_url

CLAMART, GRAND_PARIS = 17, 4
MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TABLES = [
    "journal_jeton",
    "journal_tete",
    "journal_lot",
    "journal_noeud_sommet",
    "journal_noeud",
    "journal_arbre",
    "journal_entree",
]


@pytest.fixture
def proprietaire(django_db_setup) -> Iterator[psycopg.Connection]:
    """Connexion du propriétaire des tables, pour faire ce que l’application ne peut pas."""
    base = str(settings.DATABASES["default"]["NAME"])
    with psycopg.connect(change_url(prepare_base_essais().proprietaire_url, base=base)) as acces:
        acces.autocommit = True
        yield acces


@pytest.fixture
def base_vive(proprietaire, django_db_blocker, settings, tmp_path) -> Iterator[None]:
    """Base sans transaction autour du test, et dossier de clés neuf ; vidée à la fin."""
    settings.DOSSIER_CLES = tmp_path / "cles"
    with django_db_blocker.unblock():
        yield
        connection.close()
    with force(proprietaire):
        proprietaire.execute(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")


@contextmanager
def force(proprietaire: psycopg.Connection) -> Iterator[None]:
    """Lève l’interdiction de réécrire, comme seul peut le faire qui tient la base."""
    immuables = [table for table in TABLES if table != "journal_arbre"]
    with proprietaire.transaction():
        for table in immuables:
            proprietaire.execute(f"ALTER TABLE {table} DISABLE TRIGGER journal_immuable")
        yield
        proprietaire.execute("SET CONSTRAINTS ALL IMMEDIATE")  # ALTER TABLE refuse d’en différer
        for table in immuables:
            proprietaire.execute(f"ALTER TABLE {table} ENABLE TRIGGER journal_immuable")


def write(nombre: int = 1, *, collectivite: int = CLAMART, objet: str = "dossier:44171", **suite):
    """Écrit des entrées validées, chacune dans sa transaction."""
    entrees: list[Entree] = []
    for _ in range(nombre):
        with locataire(collectivite):
            entrees.append(
                services.record(
                    action="dossier.instruit",
                    objet=objet,
                    acteur="agent:12",
                    collectivite_id=collectivite,
                    maintenant=MAINTENANT,
                    **suite,
                )
            )
    return entrees


def wait_borne() -> None:
    """Attend que toutes les transactions d’avant soient finies, même celles des autres tests."""
    limite = time.monotonic() + 60
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_current_xact_id()::text::bigint")
        notre = curseur.fetchone()[0]
        while time.monotonic() < limite:
            curseur.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if curseur.fetchone()[0] > notre:
                return
            time.sleep(0.01)
    raise TimeoutError("Une transaction reste ouverte.")


@pytest.fixture
def seal(base_vive) -> Callable[[], list[Lot]]:
    """Scelle tout ce qui est écrit à cet instant."""

    def run() -> list[Lot]:
        services.load_signataire(maintenant=MAINTENANT)
        wait_borne()
        return services.seal_journal(maintenant=MAINTENANT)

    return run


def make_lot(collectivite, maintenant: datetime) -> Lot:
    """Scelle d’un trait tout ce qui est au journal, dans la transaction d’un essai."""
    with operateur():
        systeme = Entree.objects.order_by("-xid").values_list("systeme", flat=True)[0]
        nombre = Entree.objects.filter(collectivite_id=collectivite.pk).count()
        signataire = services.load_signataire(maintenant=maintenant)
        lot = Lot.objects.create(
            scelle_le=maintenant, systeme=systeme, xid_debut=0, xid_fin=2**62, entrees=nombre,
            origine=signataire.nom, taille=1, cle=signataire.cle_publique.to_texte(),
            note=PointDeControle(signataire.nom, 1, bytes(32)).sign(signataire),
        )  # fmt: skip
        Tete.objects.create(
            indice=0, collectivite_id=collectivite.pk, lot=lot, debut=0, taille=nombre,
            racine=b"r" * 32,
        )  # fmt: skip
    return lot
