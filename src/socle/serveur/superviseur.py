"""Surveillance des processus d’une installation, sans importer Django.

Chaque enfant a son propre groupe de processus : Ctrl-C ne l’atteint pas et, s’il meurt, ce qu’il a
lancé meurt avec lui. Un enfant qui meurt est relancé, de plus en plus lentement.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO, TypeVar

from socle.serveur.console import say
from socle.serveur.enfants import SIGNAUX, Copie, Processus, launch

ATTENTES = (0.2, 1.0, 2.0, 5.0, 10.0, 30.0)  # secondes avant une relance, selon les échecs de suite
DUREE_SAINE = 60.0  # au-delà, les échecs passés sont oubliés
DELAI_ARRET = 20.0
Resultat = TypeVar("Resultat")


@dataclass
class Enfant:
    """Processus surveillé : de quoi le relancer, et où il en est."""

    nom: str
    lance: Callable[[], Processus]
    processus: Processus | None = None
    echecs: int = 0
    lance_a: float = 0.0
    relance_a: float = 0.0
    retenue: IO[bytes] | None = None

    def release(self) -> None:
        """Laisse partir un programme retenu."""
        if self.retenue is not None:
            self.retenue.close()
            self.retenue = None

    def start(self) -> None:
        """Lance le processus."""
        self.lance_a = time.monotonic()
        self.processus = self.lance()

    def check(self, maintenant: float) -> None:
        """Relance le processus s’il est mort et que l’attente est passée."""
        if self.processus is None:
            if maintenant >= self.relance_a:
                self.start()
            return
        if self.processus.poll() is None:
            return
        self.kill()
        self.release()
        if maintenant - self.lance_a > DUREE_SAINE:
            self.echecs = 0
        attente = ATTENTES[min(self.echecs, len(ATTENTES) - 1)]
        say(
            f"Le processus « {self.nom} » s’est arrêté (code {self.processus.returncode}) ;"
            f" relance dans {attente:g} s."
        )
        self.echecs += 1
        self.processus = None
        self.relance_a = maintenant + attente

    def kill(self) -> None:
        """Tue ce qui reste de son groupe."""
        if self.processus is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.processus.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """Demande la fin au processus."""
        self.release()
        if self.processus is not None and self.processus.poll() is None:
            self.processus.terminate()


@dataclass
class Superviseur:
    """Enfants d’une installation et boucle de surveillance.

    `entretien` est appelée à chaque tour : elle relance ce qui n’est pas un enfant (la base).
    """

    enfants: list[Enfant] = field(default_factory=list)
    entretien: Callable[[], None] = lambda: None
    arret_demande: bool = False

    def add(self, nom: str, commande: Sequence[str], environnement: dict[str, str]) -> Enfant:
        """Ajoute un programme et le lance."""
        return self._add(Enfant(nom, partial(launch, commande, environnement)))

    def add_copie(self, nom: str, fonction: Callable[[], object]) -> Enfant:
        """Ajoute une copie de ce processus, qui exécute `fonction`."""
        return self._add(Enfant(nom, partial(Copie, nom, fonction)))

    def add_retenu(
        self, nom: str, commande: Sequence[str], environnement: dict[str, str]
    ) -> Enfant:
        """Lance un programme qui se prépare puis attend `release` ; une relance n’attend plus."""
        enfant = Enfant(nom, partial(launch, commande, environnement))
        retenu = launch(commande, environnement, retenu=True)
        enfant.processus, enfant.retenue = retenu, retenu.stdin
        self.enfants.append(enfant)
        return enfant

    def _add(self, enfant: Enfant) -> Enfant:
        self.enfants.append(enfant)
        enfant.start()
        return enfant

    def tick(self) -> None:
        """Un tour de surveillance."""
        self.entretien()
        for enfant in self.enfants:
            enfant.check(time.monotonic())

    def watch(self, pause: float = 0.25) -> None:
        """Surveille jusqu’à ce que l’arrêt soit demandé."""
        while not self.arret_demande:
            self.tick()
            time.sleep(pause)

    def run_during(self, travail: Callable[[], Resultat]) -> Resultat:
        """Surveille pendant qu’un travail se fait dans un autre fil, et rend son résultat.

        Raises:
            KeyboardInterrupt: l’arrêt a été demandé avant la fin.
        """
        with ThreadPoolExecutor(max_workers=1) as executeur:
            futur = executeur.submit(travail)
            while not futur.done():
                if self.arret_demande:
                    for enfant in self.enfants:
                        enfant.kill()  # le travail en cours échoue vite
                    futur.cancel()
                    raise KeyboardInterrupt
                self.tick()
                time.sleep(0.05)
            return futur.result()

    def stop(self, delai: float = DELAI_ARRET) -> None:
        """Arrête les enfants : poliment, ensemble, puis de force après `delai` secondes."""
        for enfant in self.enfants:
            enfant.terminate()
        limite = time.monotonic() + delai
        for enfant in self.enfants:
            if enfant.processus is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    enfant.processus.wait(max(0.0, limite - time.monotonic()))
        for enfant in self.enfants:
            enfant.kill()
            if enfant.processus is not None:
                enfant.processus.wait()

    @contextmanager
    def handle_signaux(self) -> Iterator[None]:
        """SIGTERM, SIGINT et SIGHUP demandent l’arrêt ; un second n’attend plus."""

        def ask(_signal: int, _cadre: object) -> None:
            if self.arret_demande:
                for enfant in self.enfants:
                    enfant.kill()
            self.arret_demande = True

        anciens = {ordre: signal.signal(ordre, ask) for ordre in SIGNAUX}
        try:
            yield
        finally:
            for ordre, ancien in anciens.items():
                signal.signal(ordre, ancien)
