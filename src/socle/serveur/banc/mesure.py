"""Mesure d’un point : débit, latences, SQL et processeur par opération."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from socle.serveur.banc.client import Navigateur
from socle.serveur.banc.processus import read_cpu
from socle.serveur.banc.serveur import PATIENCE, ServeurMesure
from socle.serveur.errors import ErreurServeur

Operation = Callable[[Navigateur, int], None]
ECHAUFFEMENT = 3  # opérations par connexion, non comptées


@dataclass(frozen=True)
class Point:
    """Ce que l’on mesure.

    `operation(navigateur, rang)` fait une opération entière et lève une erreur si elle échoue ;
    `ouvre` prépare chaque navigateur (connexion d’un agent, par exemple). `fois` borne le nombre
    d’opérations, sans échauffement : pour ce qui ne se répète pas à volonté. `patience` : secondes
    laissées aux tâches différées pour finir.
    """

    nom: str
    operation: Operation
    ouvre: Callable[[Navigateur], object] = lambda _navigateur: None
    fois: int = 0
    patience: float = PATIENCE


@dataclass(frozen=True)
class Mesure:
    """Résultat d’un point à un nombre de connexions ; latences en ms, SQL et CPU par opération."""

    point: str
    connexions: int
    par_seconde: float
    p50_ms: float
    p95_ms: float
    sql: float
    cpu_ms: float


def measure(serveur: ServeurMesure, point: Point, *, connexions: int, duree: float) -> Mesure:
    """Répète une opération pendant `duree` secondes, sur `connexions` navigateurs à la fois.

    Raises:
        ErreurServeur: une opération a échoué.
    """
    course = _Course(serveur.port, point, connexions, duree)
    course.warm_up()
    serveur.wait_file_vide()
    cpu, sql = read_cpu(serveur.pid), serveur.read_sql()
    debut = time.perf_counter()
    latences = course.run()
    ecoule = time.perf_counter() - debut
    serveur.wait_file_vide(point.patience)
    cpu, sql = read_cpu(serveur.pid) - cpu, serveur.read_sql() - sql
    nombre = len(latences)
    quantiles = statistics.quantiles(latences, n=20) if nombre > 1 else latences * 19
    return Mesure(
        point=point.nom,
        connexions=connexions,
        par_seconde=round(nombre / ecoule, 1),
        p50_ms=round(statistics.median(latences) * 1000, 1),
        p95_ms=round(quantiles[18] * 1000, 1),
        sql=round(sql / nombre, 1),
        cpu_ms=round(cpu * 1000 / nombre, 1),
    )


class _Course:
    """Navigateurs qui répètent ensemble la même opération."""

    def __init__(self, port: int, point: Point, connexions: int, duree: float) -> None:
        self._point, self._duree = point, duree
        self._navigateurs = [Navigateur(port) for _ in range(connexions)]
        self._latences: list[float] = []
        self._erreurs: list[Exception] = []
        self._rang = 0
        self._verrou = threading.Lock()

    def warm_up(self) -> None:
        for navigateur in self._navigateurs:
            self._point.ouvre(navigateur)
            for _ in range(0 if self._point.fois else ECHAUFFEMENT):
                self._point.operation(navigateur, self._next())

    def run(self) -> list[float]:
        limite = time.perf_counter() + self._duree
        fils = [
            threading.Thread(target=self._repeat, args=(navigateur, limite), daemon=True)
            for navigateur in self._navigateurs
        ]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        for navigateur in self._navigateurs:
            navigateur.close()
        if self._erreurs:
            raise ErreurServeur(
                f"Le point « {self._point.nom} » a échoué : {self._erreurs[0]}"
            ) from self._erreurs[0]
        return self._latences

    def _repeat(self, navigateur: Navigateur, limite: float) -> None:
        miennes: list[float] = []
        try:
            while (debut := time.perf_counter()) < limite or self._point.fois:
                if self._point.fois and len(miennes) >= self._point.fois:
                    break
                self._point.operation(navigateur, self._next())
                miennes.append(time.perf_counter() - debut)
        except Exception as erreur:  # noqa: BLE001  rapportée par run()
            self._erreurs.append(erreur)
        with self._verrou:
            self._latences += miennes

    def _next(self) -> int:
        with self._verrou:
            self._rang += 1
            return self._rang
