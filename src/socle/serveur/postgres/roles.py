"""Les rôles de la base : le propriétaire migre, l’application sert, l’opérateur traverse.

La sécurité par ligne est forcée : `socle_app` ne voit que la collectivité en cours. Le rôle
`socle_operateur` ne sert qu’après `SET LOCAL ROLE` : s’il était hérité, ses règles s’ajouteraient
aux autres et le cloisonnement tomberait.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres.binaires import VERSION_MINIMALE
from socle.serveur.postgres.grappe import read_or_create_secret

EXTENSIONS = ("unaccent", "pg_trgm", "btree_gin")
PAR_DEFAUT = "alter default privileges in schema public"
DROITS_PAR_DEFAUT = (
    f"{PAR_DEFAUT} grant usage, select on sequences to {{}}, {{}}",
    f"{PAR_DEFAUT} grant select, insert, update, delete on tables to {{}}, {{}}",
)
REFUS = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedFile)


@dataclass(frozen=True)
class Acces:
    """Adresses de connexion du propriétaire et de l’application, mots de passe compris."""

    proprietaire_url: str
    app_url: str


@dataclass(frozen=True)
class NomsRoles:
    """Noms des rôles ; un serveur partagé par plusieurs installations en demande de différents."""

    app: str
    operateur: str

    @classmethod
    def from_environnement(cls) -> "NomsRoles":
        """Lit `SOCLE_ROLE_APP` et `SOCLE_ROLE_OPERATEUR`."""
        return cls(
            os.environ.get("SOCLE_ROLE_APP", "socle_app"),
            os.environ.get("SOCLE_ROLE_OPERATEUR", "socle_operateur"),
        )


def ensure_roles(
    url_proprietaire: str,
    base: str = "",
    *,
    dossier_cles: Path,
    reprendre: bool = False,
) -> Acces:
    """Crée ou complète les rôles, leurs droits par défaut et les extensions.

    Sans effet quand tout est déjà en place. À appeler une fois par base : droits par défaut et
    extensions sont propres à chaque base.

    Args:
        url_proprietaire: adresse du propriétaire des tables, qui fera les migrations.
        base: base à préparer ; celle de l’adresse par défaut.
        dossier_cles: dossier qui garde le mot de passe de l’application.
        reprendre: remplace le mot de passe d’un rôle déjà présent (serveur qui n’est qu’à nous).

    Raises:
        ErreurServeur: serveur trop ancien ou injoignable, ou droits manquants ; la suite donne le
            SQL à faire exécuter.
    """
    noms = NomsRoles.from_environnement()
    url = change_url(url_proprietaire, base=base)
    secret = _read_secret(noms.app, dossier_cles)
    acces = Acces(url, change_url(url, role=noms.app, secret=secret))
    with connect(url) as connexion:
        _check_version(connexion)
        # Deux commandes lancées ensemble : l’une prépare, l’autre constate.
        connexion.execute("select pg_advisory_lock(hashtext('socle.roles'))")
        try:
            _create_roles(connexion, noms, secret)
            _grant_base(connexion, noms)
            _create_extensions(connexion)
            _open_index_recherche(connexion)
            if reprendre and not _can_connect(acces.app_url):
                _change_secret(connexion, noms.app, secret)
        except REFUS as cause:
            raise _explain(connexion, noms) from cause
    _check_acces(acces, noms)
    return acces


def predict_app_url(url_proprietaire: str, *, dossier_cles: Path) -> str:
    """Adresse qu’aura l’application après `ensure_roles`, sans parler au serveur."""
    role = NomsRoles.from_environnement().app
    return change_url(url_proprietaire, role=role, secret=_read_secret(role, dossier_cles))


def _read_secret(role: str, dossier_cles: Path) -> str:
    dossier_cles.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.environ.get("SOCLE_ROLE_APP_SECRET") or read_or_create_secret(
        dossier_cles / f"{role}.secret"
    )


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Ouvre une connexion en validation automatique.

    Raises:
        ErreurServeur: le serveur ne répond pas ou refuse.
    """
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as cause:
        raise ErreurServeur(
            f"La base de données ne répond pas : {_first_line(cause)}",
            "Vérifiez DATABASE_URL et que le serveur PostgreSQL tourne.",
        ) from cause


def change_url(url: str, *, base: str = "", role: str = "", secret: str = "") -> str:
    """Change la base, ou le rôle et son mot de passe, d’une adresse `postgresql://…`."""
    parties = urlsplit(url)
    hote = parties.netloc.rpartition("@")[2]
    compte = parties.netloc.rpartition("@")[0]
    if role:
        compte = f"{quote(role, safe='')}:{quote(secret, safe='')}"
    chemin = f"/{quote(base, safe='')}" if base else parties.path
    return urlunsplit(parties._replace(netloc=f"{compte}@{hote}" if compte else hote, path=chemin))


def read_nom_base(url: str) -> str:
    """Nom de la base que désigne une adresse."""
    return unquote(urlsplit(url).path.lstrip("/"))


def _first_line(cause: Exception) -> str:
    return (str(cause).strip().splitlines() or [type(cause).__name__])[-1]


def _check_version(connexion: psycopg.Connection[tuple[object, ...]]) -> None:
    majeure = connexion.info.server_version // 10_000
    if majeure < VERSION_MINIMALE:
        raise ErreurServeur(
            f"Ce serveur est PostgreSQL {majeure} ; Socle demande la version {VERSION_MINIMALE}"
            " ou plus récente.",
            "Mettez le serveur à jour, ou laissez Socle utiliser sa base embarquée.",
        )


def _create_roles(
    connexion: psycopg.Connection[tuple[object, ...]], noms: NomsRoles, secret: str
) -> None:
    presents = {
        str(nom): (superutilisateur, contourne, herite, connecte)
        for nom, superutilisateur, contourne, herite, connecte in connexion.execute(
            "select rolname, rolsuper, rolbypassrls, rolinherit, rolcanlogin from pg_roles"
            " where rolname = any(%s)",
            [[noms.app, noms.operateur]],
        )
    }
    if noms.operateur not in presents:
        _run(connexion, "create role {} nologin nosuperuser nobypassrls", noms.operateur)
    if noms.app not in presents:
        _run(
            connexion,
            "create role {} login nosuperuser nobypassrls noinherit",
            noms.app,
        )
        _change_secret(connexion, noms.app, secret)
    elif presents[noms.app] != (False, False, False, True):
        _run(connexion, "alter role {} login nosuperuser nobypassrls noinherit", noms.app)
    if presents.get(noms.operateur, (False, False))[:2] != (False, False):
        _run(connexion, "alter role {} nosuperuser nobypassrls", noms.operateur)
    _grant_operateur(connexion, noms)


def _grant_operateur(connexion: psycopg.Connection[tuple[object, ...]], noms: NomsRoles) -> None:
    """Permet à l’application de prendre le rôle d’opérateur, sans en hériter."""
    recent = connexion.info.server_version >= 160_000
    colonnes = "not m.inherit_option and m.set_option" if recent else "true"
    requete = sql.SQL(
        "select 1 from pg_auth_members m where m.roleid = %s::regrole"
        " and m.member = %s::regrole and {}"
    ).format(sql.SQL(colonnes))
    identifiants = [sql.Identifier(nom).as_string(connexion) for nom in (noms.operateur, noms.app)]
    if connexion.execute(requete, identifiants).fetchone() is None:
        suite = " with inherit false, set true" if recent else ""
        _run(connexion, "grant {} to {}" + suite, noms.operateur, noms.app)


def _grant_base(connexion: psycopg.Connection[tuple[object, ...]], noms: NomsRoles) -> None:
    """Donne aux deux rôles l’usage des tables présentes et à venir du propriétaire.

    Les droits des tables déjà là ne sont donnés que la première fois : une migration a pu, depuis,
    en retirer.
    """
    deja = connexion.execute(
        "select 1 from pg_default_acl d where d.defaclrole = current_user::regrole"
        " and d.defaclnamespace = 'public'::regnamespace and d.defaclobjtype = 'r'"
        " and (select count(*) from aclexplode(d.defaclacl) a"
        "  join pg_roles r on r.oid = a.grantee where r.rolname = any(%s)"
        "  and a.privilege_type = 'SELECT') = 2",
        [[noms.app, noms.operateur]],
    ).fetchone()
    if deja:
        return
    for modele in (
        "grant usage on schema public to {}, {}",
        "grant select, insert, update, delete on all tables in schema public to {}, {}",
        "grant usage, select on all sequences in schema public to {}, {}",
        *DROITS_PAR_DEFAUT,
    ):
        _run(connexion, modele, noms.app, noms.operateur)


@contextmanager
def suspend_droits_par_defaut(url_proprietaire: str) -> Iterator[None]:
    """Ôte les droits par défaut le temps d’une restauration, qui apporte ceux de chaque table.

    Sans cela, un droit qu’une migration avait retiré reviendrait avec la table.
    """
    noms = NomsRoles.from_environnement()
    with connect(url_proprietaire) as connexion:
        for modele in DROITS_PAR_DEFAUT:
            retrait = modele.replace(" grant ", " revoke ").replace(" to {}", " from {}")
            _run(connexion, retrait, noms.app, noms.operateur)
    yield
    with connect(url_proprietaire) as connexion:
        for modele in DROITS_PAR_DEFAUT:
            _run(connexion, modele, noms.app, noms.operateur)


def _create_extensions(connexion: psycopg.Connection[tuple[object, ...]]) -> None:
    presentes = {
        nom
        for (nom,) in connexion.execute(
            "select extname from pg_extension where extname = any(%s)",
            [list(EXTENSIONS)],
        )
    }
    for extension in EXTENSIONS:
        if extension not in presentes:
            _run(
                connexion,
                "create extension if not exists {} with schema public",
                extension,
            )


def _open_index_recherche(connexion: psycopg.Connection[tuple[object, ...]]) -> None:
    """Permet aux index de recherche de servir sous la sécurité par ligne.

    `@@` est déclaré sans fuite ; seul un superutilisateur le peut, et une sauvegarde ne le garde
    pas. Sans cela, la recherche est juste mais plus lente sur une très grande collectivité.
    """
    if connexion.execute(
        "select 1 from pg_roles where rolname = current_user and rolsuper and not exists"
        " (select 1 from pg_proc where proname = 'ts_match_vq' and proleakproof)"
    ).fetchone():
        connexion.execute("alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof")


def _change_secret(
    connexion: psycopg.Connection[tuple[object, ...]], role: str, secret: str
) -> None:
    """Change le mot de passe en n’envoyant que son empreinte : aucun journal n’aura le clair."""
    empreinte = connexion.pgconn.encrypt_password(
        secret.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    connexion.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(empreinte))
    )


def _run(connexion: psycopg.Connection[tuple[object, ...]], modele: str, *noms: str) -> None:
    requete = sql.SQL(modele).format(*(sql.Identifier(nom) for nom in noms))
    connexion.execute(requete)


def _can_connect(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _check_acces(acces: Acces, noms: NomsRoles) -> None:
    try:
        psycopg.connect(acces.app_url, connect_timeout=10).close()
    except psycopg.OperationalError as cause:
        raise ErreurServeur(
            f"Le rôle « {noms.app} » ne peut pas se connecter : {_first_line(cause)}",
            "S’il sert à une autre installation, choisissez d’autres noms dans SOCLE_ROLE_APP et"
            " SOCLE_ROLE_OPERATEUR. Sinon, donnez son mot de passe dans SOCLE_ROLE_APP_SECRET.",
        ) from cause


def _explain(connexion: psycopg.Connection[tuple[object, ...]], noms: NomsRoles) -> ErreurServeur:
    """Dit quel SQL faire exécuter par l’administrateur du serveur."""
    proprietaire = connexion.info.user
    suite = " with inherit false, set true" if connexion.info.server_version >= 160_000 else ""
    lignes = [
        f'create role "{noms.operateur}" nologin;',
        f"create role \"{noms.app}\" login noinherit password '…';",
        f'grant "{noms.operateur}" to "{noms.app}"{suite};',
        *(f"create extension if not exists {nom} with schema public;" for nom in EXTENSIONS),
        f'grant create on schema public to "{proprietaire}";',
    ]
    return ErreurServeur(
        f"Le rôle « {proprietaire} » n’a pas le droit de préparer la base"
        f" « {connexion.info.dbname} ».",
        "Faites exécuter ces lignes, connecté à cette base, par l’administrateur de PostgreSQL,"
        " puis donnez le mot de passe choisi dans SOCLE_ROLE_APP_SECRET :\n  "
        + "\n  ".join(lignes),
    )
