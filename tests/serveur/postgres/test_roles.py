"""Les rôles : ce qu’ils peuvent, ce qu’ils ne peuvent pas, et l’aide à l’administrateur."""

import secrets
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.embarque import PostgresEmbarque
from socle.serveur.postgres.essais import prepare_base_essais
from socle.serveur.postgres.roles import change_url, connect, ensure_roles, read_nom_base
from tests.serveur.outils import run_python

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
TABLE = """
create table ligne (id int generated always as identity, collectivite_id int, texte text);
alter table ligne enable row level security;
alter table ligne force row level security;
create policy ligne_locataire on ligne to socle_app
  using (collectivite_id = nullif(current_setting('socle.collectivite', true), '')::int)
  with check (collectivite_id = nullif(current_setting('socle.collectivite', true), '')::int);
create policy ligne_operateur on ligne to socle_operateur using (true) with check (true);
create policy ligne_proprietaire on ligne to current_user using (true) with check (true);
insert into ligne (collectivite_id, texte) values (1, 'Clamart'), (2, 'Vanves');
"""


@pytest.fixture(scope="module")
def essais():
    return prepare_base_essais()


@pytest.fixture
def acces(essais, tmp_path):
    """Base neuve, rôles prêts, une table cloisonnée."""
    nom = f"roles_{secrets.token_hex(4)}"
    with connect(essais.proprietaire_url) as connexion:
        connexion.execute(sql.SQL("create database {}").format(sql.Identifier(nom)))
    cles = Path(essais.cles)
    acces = ensure_roles(essais.proprietaire_url, nom, dossier_cles=cles, reprendre=True)
    with connect(acces.proprietaire_url) as connexion:
        connexion.execute(TABLE)
    yield acces
    with connect(essais.proprietaire_url) as connexion:
        connexion.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(nom)))


def list_textes(connexion: psycopg.Connection) -> list[str]:
    return [texte for (texte,) in connexion.execute("select texte from ligne order by texte")]


def test_app_sees_nothing_without_a_collectivite(acces):
    with psycopg.connect(acces.app_url) as connexion:
        assert list_textes(connexion) == []


def test_app_sees_its_collectivite_only(acces):
    with psycopg.connect(acces.app_url) as connexion:
        connexion.execute("set local socle.collectivite = '2'")
        assert list_textes(connexion) == ["Vanves"]


def test_app_cannot_write_for_another_collectivite(acces):
    with psycopg.connect(acces.app_url) as connexion:
        connexion.execute("set local socle.collectivite = '2'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connexion.execute("insert into ligne (collectivite_id, texte) values (1, 'intrus')")


def test_operateur_role_is_taken_then_dropped(acces):
    with psycopg.connect(acces.app_url) as connexion:
        connexion.execute("set local role socle_operateur")
        assert list_textes(connexion) == ["Clamart", "Vanves"]
        connexion.execute("insert into ligne (collectivite_id, texte) values (3, 'Malakoff')")
        connexion.commit()
        assert list_textes(connexion) == []


def test_operateur_rights_are_not_inherited(acces):
    with connect(acces.proprietaire_url) as connexion:
        connexion.execute("create table reservee (n int)")
        connexion.execute("revoke all on reservee from socle_app")
    with (
        psycopg.connect(acces.app_url) as connexion,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connexion.execute("select * from reservee")


@pytest.mark.parametrize(
    "ordre",
    [
        "create table intruse (n int)",
        "alter table ligne disable row level security",
        "drop policy ligne_locataire on ligne",
        "truncate ligne",
        "set role socle",
        "alter role socle_app superuser",
        "create role autre",
    ],
)
def test_app_cannot_change_the_rules(acces, ordre):
    with (
        psycopg.connect(acces.app_url) as connexion,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connexion.execute(ordre)


def test_roles_have_no_power(acces):
    with connect(acces.proprietaire_url) as connexion:
        lignes = connexion.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,"
            " rolinherit from pg_roles where rolname in ('socle_app', 'socle_operateur')"
            " order by rolname"
        ).fetchall()

    assert lignes == [
        ("socle_app", False, False, False, False, True, False),
        ("socle_operateur", False, False, False, False, False, True),
    ]


def test_roles_are_repaired(acces, essais):
    with connect(acces.proprietaire_url) as connexion:
        connexion.execute("alter role socle_app bypassrls inherit")
        connexion.execute("grant socle_operateur to socle_app with inherit true")

    ensure_roles(acces.proprietaire_url, dossier_cles=Path(essais.cles), reprendre=True)

    with psycopg.connect(acces.app_url) as connexion:
        assert list_textes(connexion) == []


def test_right_withdrawn_by_a_migration_stays_withdrawn(acces, essais):
    with connect(acces.proprietaire_url) as connexion:
        connexion.execute("revoke delete on ligne from socle_app")

    ensure_roles(acces.proprietaire_url, dossier_cles=Path(essais.cles), reprendre=True)

    with connect(acces.proprietaire_url) as connexion:
        droit = connexion.execute("select has_table_privilege('socle_app', 'ligne', 'delete')")
        assert droit.fetchone() == (False,)


def test_extensions_are_ready(acces):
    with psycopg.connect(acces.app_url) as connexion:
        ligne = connexion.execute("select unaccent('Étang'), similarity('mairie', 'mairi') > 0.5")
        assert ligne.fetchone() == ("Etang", True)


def test_search_index_serves_under_row_security(acces):
    with connect(acces.proprietaire_url) as connexion:
        ligne = connexion.execute("select proleakproof from pg_proc where proname = 'ts_match_vq'")
        assert ligne.fetchone() == (True,)


def test_role_of_another_installation_is_left_alone(acces, tmp_path):
    """Sur un serveur partagé, on ne change pas le mot de passe d’un rôle déjà là."""
    with pytest.raises(ErreurServeur, match="SOCLE_ROLE_APP"):
        ensure_roles(acces.proprietaire_url, dossier_cles=tmp_path)

    psycopg.connect(acces.app_url).close()


def test_secret_is_readable_by_us_only(essais):
    secret = Path(essais.cles) / "socle_app.secret"
    assert secret.stat().st_mode & 0o777 == 0o600


def test_unreachable_server_is_explained(tmp_path):
    with pytest.raises(ErreurServeur, match="ne répond pas"):
        ensure_roles("postgresql://x@127.0.0.1:1/x", dossier_cles=tmp_path)


@pytest.mark.parametrize(
    ("url", "attendue"),
    [
        ("postgresql://a:b@h:1/x?sslmode=require", "postgresql://r:m%40t@h:1/y?sslmode=require"),
        ("postgresql:///x?host=/tmp", "postgresql://r:m%40t@/y?host=/tmp"),
    ],
)
def test_change_url_keeps_the_rest(url, attendue):
    assert change_url(url, base="y", role="r", secret="m@t") == attendue
    assert read_nom_base(attendue) == "y"


@pytest.fixture
def ancien(dossier, monkeypatch):
    """PostgreSQL 15 de Debian, et un propriétaire ordinaire."""
    if not DEBIAN_15.exists():
        pytest.skip("PostgreSQL 15 absent (apt install postgresql-15)")
    monkeypatch.setenv("SOCLE_PG_BIN", str(DEBIAN_15))
    with PostgresEmbarque(dossier / "pg", durable=False) as serveur:
        yield serveur


def create_proprietaire(serveur: PostgresEmbarque, droits: str) -> str:
    with connect(serveur.url()) as connexion:
        connexion.execute(f"create role mairie login {droits} password 'essai'")
        connexion.execute("create database mairie owner mairie")
    return serveur.url("mairie", "mairie", "essai")


def test_ordinary_owner_on_the_embedded_version(pret, tmp_path):
    with PostgresEmbarque(pret, durable=False) as serveur:
        check_ordinary_owner(serveur, tmp_path)


@pytest.mark.lent
@pytest.mark.timeout(200)
def test_ordinary_owner_on_postgresql_15(ancien, tmp_path):
    check_ordinary_owner(ancien, tmp_path)


def check_ordinary_owner(serveur: PostgresEmbarque, tmp_path: Path) -> None:
    url = create_proprietaire(serveur, "createrole")

    acces = ensure_roles(url, dossier_cles=tmp_path)
    ensure_roles(url, dossier_cles=tmp_path)  # une seconde fois ne change rien

    with connect(acces.proprietaire_url) as connexion:
        connexion.execute(TABLE)
        assert list_textes(connexion) == ["Clamart", "Vanves"]
    with psycopg.connect(acces.app_url) as connexion:
        assert list_textes(connexion) == []
        connexion.execute("set local role socle_operateur")
        assert list_textes(connexion) == ["Clamart", "Vanves"]


@pytest.mark.lent
@pytest.mark.timeout(200)
def test_owner_without_right_gets_the_sql_for_the_dba(ancien, tmp_path, monkeypatch):
    url = create_proprietaire(ancien, "")

    with pytest.raises(ErreurServeur) as refus:
        ensure_roles(url, dossier_cles=tmp_path)

    ordres = [ligne for ligne in refus.value.suite.splitlines() if ligne.endswith(";")]
    with connect(ancien.url("mairie")) as connexion:
        for ordre in ordres:
            connexion.execute(ordre.replace("…", "choisi"))
    monkeypatch.setenv("SOCLE_ROLE_APP_SECRET", "choisi")
    acces = ensure_roles(url, dossier_cles=tmp_path)
    with psycopg.connect(acces.app_url) as connexion:
        assert connexion.execute("select current_user").fetchone() == ("socle_app",)


ENSEMBLE = """
import sys
from pathlib import Path
from socle.serveur.postgres.roles import ensure_roles
for _ in range(5):
    ensure_roles(sys.argv[1], dossier_cles=Path(sys.argv[2]), reprendre=True)
"""


@pytest.mark.timeout(200)
def test_two_commands_prepare_roles_together(acces, essais):
    with connect(acces.proprietaire_url) as connexion:
        connexion.execute(
            "alter default privileges in schema public revoke all on tables from socle_app"
        )
    commandes = [run_python(ENSEMBLE, acces.proprietaire_url, str(essais.cles)) for _ in range(3)]

    issues = [commande.communicate(timeout=180)[1] for commande in commandes]

    assert issues == ["", "", ""]
