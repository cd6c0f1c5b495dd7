"""Le serveur que l’on mesure : un vrai `./socle servir`, dans un processus à part."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from socle.serveur.base import Base, open_base
from socle.serveur.dossier import RACINE, DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.ports import ask_sante, find_port_libre
from socle.serveur.postgres.roles import NomsRoles

REGLAGES = "shared_preload_libraries=pg_stat_statements;pg_stat_statements.max=5000"
# Le contrôle de transaction et ses variables (SET LOCAL) sont à part, comme dans les essais.
SQL_COMPTE = """
select coalesce(sum(calls), 0) from pg_stat_statements s join pg_roles r on r.oid = s.userid
where r.rolname = any(%s)
  and query !~* '^\\s*(begin|start transaction|commit|end|rollback|savepoint|release|set local)'
"""
FILE = """
select 1 from procrastinate_jobs
where status in ('todo', 'doing') and coalesce(scheduled_at, now()) <= now() limit 1
"""
PATIENCE = 120.0
# Un invité du banc dépose aussitôt commencé : le délai qui décourage les robots est levé.
DELAI = {"SOCLE_DELAI_INVITE": "0"}


@dataclass
class ServeurMesure:
    """Serveur démarré et ce qu’il faut pour le mesurer."""

    pid: int
    port: int
    demarrage: float
    base: Base
    installation: Installation
    connexion: psycopg.Connection[tuple[object, ...]]

    def read_sql(self) -> int:
        """Instructions SQL exécutées par le web et le travailleur depuis le démarrage."""
        noms = NomsRoles.from_environnement()
        ligne = self.connexion.execute(SQL_COMPTE, [[noms.app, noms.operateur]]).fetchone()
        return int(str(ligne[0])) if ligne else 0

    def wait_file_vide(self, patience: float = PATIENCE) -> None:
        """Attend la fin des tâches différées : leur travail compte avec ce qui les a demandées.

        Raises:
            ErreurServeur: il en reste après ces secondes.
        """
        limite = time.monotonic() + patience
        while self.connexion.execute(FILE).fetchone() is not None:
            if time.monotonic() > limite:
                raise ErreurServeur("Le travailleur du banc n’a pas fini ses tâches.")
            time.sleep(0.05)


@contextmanager
def start_serveur(dossier: DossierDonnees) -> Iterator[ServeurMesure]:
    """Lance le serveur d’exploitation et attend son premier 200.

    La base est d’abord ouverte ici : elle reste là entre deux démarrages, et ses compteurs aussi.
    """
    port = find_port_libre()
    journal = dossier.chemin / "banc.log"
    dossier.prepare()
    commande = [sys.executable, "-P", "-m", "socle.serveur", "servir"]
    debut = time.monotonic()
    with journal.open("ab") as sortie:
        processus = subprocess.Popen(
            [*commande, "--donnees", str(dossier.chemin), "--port", str(port)],
            cwd=RACINE,
            env=_build_environnement(),
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=sortie,
        )
    try:
        _wait(processus, port, journal=str(journal))
        demarrage = time.monotonic() - debut
        with (
            open_base(dossier) as base,
            psycopg.connect(base.acces.proprietaire_url, autocommit=True) as connexion,
        ):
            connexion.execute("create extension if not exists pg_stat_statements")
            yield ServeurMesure(
                processus.pid,
                port,
                demarrage,
                base,
                Installation(dossier, base.acces, port=port),
                connexion,
            )
    finally:
        processus.send_signal(signal.SIGTERM)
        processus.wait(60)


def _build_environnement() -> dict[str, str]:
    retires = {"DATABASE_URL", "DATABASE_URL_FILE", "SOCLE_BAC_A_SABLE", "SOCLE_DEBUG"}
    garde = {nom: valeur for nom, valeur in os.environ.items() if nom not in retires}
    # Chaque invité du banc a son adresse : la limite de départs par adresse reste en place.
    return garde | {"SOCLE_PG_REGLAGES": REGLAGES, "SOCLE_MANDATAIRES": "127.0.0.1"} | DELAI


def _wait(processus: "subprocess.Popen[bytes]", port: int, *, journal: str) -> None:
    limite = time.monotonic() + 120
    while ask_sante(port).get("statut") != 200:
        if processus.poll() is not None or time.monotonic() > limite:
            raise ErreurServeur("Le serveur du banc n’a pas démarré.", f"Voyez {journal}.")
        time.sleep(0.01)
