"""Essais à plusieurs sans tout refaire : une seule collecte, puis des copies du processus (fork).

pytest-xdist importe le produit et collecte les essais dans chacun de ses processus. Ici, un seul
importe, collecte et prépare ; ses copies se partagent les fichiers d’essais et lui rendent leurs
rapports. `--copies 3` ; sans l’option, ou avec `-n`, rien ne change.
"""

import atexit
import gc
import mmap
import os
import pickle
import selectors
import struct
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

# Un seul processus garde tout `e2e` : un site semé, un Chromium.
ENSEMBLE = "tests/e2e/"
RACINE = Path(__file__).resolve().parent.parent
LONGUEUR = struct.Struct("!I")
PREPARATION = pytest.StashKey[subprocess.Popen]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--copies", type=int, default=0, help="nombre de copies qui se partagent les fichiers"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Prépare la base modèle dès maintenant : la collecte ne prend qu’un cœur."""
    ici = config.rootpath == RACINE
    if ici and config.getoption("copies") > 1 and not config.option.collectonly:
        config.stash[PREPARATION] = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.base_essais"],
            cwd=RACINE,
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C est pour les essais ; elle finit avec son entrée
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Laisse s’arrêter le serveur des essais, que la préparation gardait ouvert."""
    preparation = config.stash.get(PREPARATION, None)
    if preparation:
        preparation.communicate()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Partage les essais entre des copies ; laisse faire pytest sans l’option ou sans essai."""
    nombre = session.config.getoption("copies")
    if nombre < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    lots = list(group_items(session.items).values())
    Equipe(session, lots).run(min(nombre, len(lots)))
    return True


def group_items(items: list[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """Réunit les essais d’un fichier : ses fixtures de module ne servent qu’une fois."""
    lots: dict[str, list[pytest.Item]] = {}
    for item in items:
        fichier = item.nodeid.split("::")[0]
        lots.setdefault(ENSEMBLE if fichier.startswith(ENSEMBLE) else fichier, []).append(item)
    return lots


@dataclass
class Copie:
    """Une copie au travail, vue du premier processus."""

    pid: int
    tube: int
    recu: bytearray = field(default_factory=bytearray)

    def read_messages(self) -> Iterator[tuple[str, dict]]:
        """Lit les messages entiers déjà là ; ferme le tube quand la copie a fini."""
        octets = os.read(self.tube, 1 << 16)
        if not octets:
            self.close()
        self.recu += octets
        while len(self.recu) >= LONGUEUR.size:
            fin = LONGUEUR.size + LONGUEUR.unpack_from(self.recu)[0]
            if len(self.recu) < fin:
                return
            yield pickle.loads(self.recu[LONGUEUR.size : fin])
            del self.recu[:fin]

    @property
    def finie(self) -> bool:
        return self.tube < 0

    def close(self) -> None:
        if not self.finie:
            os.close(self.tube)
            self.tube = -1


class Equipe:
    """Le premier processus et ses copies.

    Les numéros des lots attendent dans un tube : qui a fini en prend un autre. `arret` est un octet
    partagé, mis à un quand il faut s’arrêter (`-x`, Ctrl-C).
    """

    def __init__(self, session: pytest.Session, lots: list[list[pytest.Item]]) -> None:
        self.session, self.lots, self.pid = session, lots, os.getpid()
        self.tubes: list[int] = []
        self.restent = dict.fromkeys(item.nodeid for item in session.items)
        self.arret = mmap.mmap(-1, 1)
        self.lecture, ecriture = os.pipe()
        with open(ecriture, "wb") as tube:  # noqa: PTH123  un descripteur, pas un chemin
            tube.writelines(LONGUEUR.pack(rang) for rang in range(len(lots)))

    def run(self, nombre: int) -> None:
        """Lance les copies, montre leurs rapports, les attend ; tout essai non joué échoue."""
        config = self.session.config
        config.pluginmanager.get_plugin("terminalreporter").showfspath = False
        config._tmp_path_factory.getbasetemp()
        gc.collect()
        gc.freeze()  # ce qui est déjà là ne sera plus parcouru, et reste partagé
        gc.set_threshold(5_000, 10, 10)  # au défaut, ramasser prend un vingtième du processeur
        copies = [self._fork(rang) for rang in range(nombre)]
        try:
            self._listen(copies)
        finally:
            self.arret[0] = 1
            for copie in copies:
                copie.close()
                os.waitpid(copie.pid, 0)
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
        if self.session.shouldstop:
            raise self.session.Interrupted(self.session.shouldstop)
        for nodeid in self.restent:
            config.hook.pytest_runtest_logreport(report=build_mort(nodeid))

    def _fork(self, rang: int) -> Copie:
        sys.stdout.flush()
        sys.stderr.flush()
        lecture, ecriture = os.pipe()
        self.tubes.append(lecture)
        pid = os.fork()
        if pid:
            os.close(ecriture)
            return Copie(pid, lecture)
        code = 1
        try:
            for tube in self.tubes:  # le premier processus seul les lit : lui mort, écrire échoue
                os.close(tube)
            Ouvrier(self, rang, ecriture).work()
            code = 0
        except Exception:  # noqa: BLE001  personne au-dessus ; ses essais seront dits non joués
            traceback.print_exc()
        finally:
            os._exit(code)

    def _listen(self, copies: list[Copie]) -> None:
        """Relaie chaque rapport à pytest jusqu’à la fin de toutes les copies."""
        with selectors.DefaultSelector() as attente:
            for copie in copies:
                attente.register(copie.tube, selectors.EVENT_READ, copie)
            while attente.get_map():
                for cle, _ in attente.select():
                    for genre, contenu in cle.data.read_messages():
                        self._relay(genre, contenu)
                    if cle.data.finie:
                        attente.unregister(cle.fd)
                if self.session.shouldfail or self.session.shouldstop:
                    self.arret[0] = 1

    def _relay(self, genre: str, contenu: dict) -> None:
        hook = self.session.config.hook
        if genre == "debut":
            hook.pytest_runtest_logstart(**contenu)
        elif genre == "fin":
            hook.pytest_runtest_logfinish(**contenu)
            self.restent.pop(contenu["nodeid"], None)
        else:
            rapport = hook.pytest_report_from_serializable(config=self.session.config, data=contenu)
            hook.pytest_runtest_logreport(report=rapport)


class Ouvrier:
    """Ce que fait une copie : prendre des lots, jouer leurs essais, écrire leurs rapports."""

    def __init__(self, equipe: Equipe, rang: int, tube: int) -> None:
        self.equipe, self.rang, self.tube = equipe, rang, tube
        self.session, self.config = equipe.session, equipe.session.config

    def work(self) -> None:
        """Joue des essais tant qu’il y en a, puis défait les fixtures qui restent."""
        atexit._clear()  # ce qu’a promis le premier processus, il le fera lui-même
        self._separate()
        self.config.pluginmanager.register(self, "ouvrier")
        essais = self._iter_essais()
        essai = next(essais, None)
        try:
            while essai is not None and not self._is_arrete():
                suivant = next(essais, None)
                self.config.hook.pytest_runtest_protocol(item=essai, nextitem=suivant)
                essai = suivant
        finally:
            self.session._setupstate.teardown_exact(None)
            atexit._run_exitfuncs()

    def _separate(self) -> None:
        """Ne rien partager avec les autres : terminal, captures, dossier d’essais."""
        os.environ["PYTEST_XDIST_WORKER"] = f"gw{self.rang}"
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        terminal._tw._file = open(os.devnull, "w")  # noqa: PTH123, SIM115
        capture = self.config.pluginmanager.get_plugin("capturemanager")
        capture.stop_global_capturing()
        capture.start_global_capturing()
        capture.suspend_global_capture()
        dossiers = self.config._tmp_path_factory
        dossiers._basetemp = dossiers.getbasetemp() / f"copie{self.rang}"
        Path(dossiers._basetemp).mkdir(mode=0o700)

    def _iter_essais(self) -> Iterator[pytest.Item]:
        while numero := os.read(self.equipe.lecture, LONGUEUR.size):
            yield from self.equipe.lots[LONGUEUR.unpack(numero)[0]]

    def _is_arrete(self) -> bool:
        orpheline = os.getppid() != self.equipe.pid
        session = self.session
        return bool(orpheline or self.equipe.arret[0] or session.shouldfail or session.shouldstop)

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self._write("debut", {"nodeid": nodeid, "location": location})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        donnees = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        self._write("rapport", donnees)

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self._write("fin", {"nodeid": nodeid, "location": location})

    def _write(self, genre: str, contenu: object) -> None:
        octets = pickle.dumps((genre, contenu))
        reste = memoryview(LONGUEUR.pack(len(octets)) + octets)
        while reste:
            reste = reste[os.write(self.tube, reste) :]


def build_mort(nodeid: str) -> pytest.TestReport:
    """Rapport d’un essai dont le processus a disparu."""
    return pytest.TestReport(
        nodeid=nodeid,
        location=(nodeid.split("::")[0], None, nodeid.partition("::")[2]),
        keywords={},
        outcome="failed",
        longrepr="Pas joué jusqu’au bout : le processus qui l’avait est mort.",
        when="call",
    )
