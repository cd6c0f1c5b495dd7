"""Relevés : ce que l’installation mesure, daté, rejouable, gardé après toute purge."""

from datetime import date
from decimal import Decimal

import pytest

from socle.fondations.commun.mesures import Mesure, mesures
from socle.metiers.pilotage.enums import SourceIndicateur
from socle.metiers.pilotage.models import Indicateur, Releve
from socle.metiers.pilotage.queries.indicateurs import read_serie
from socle.metiers.pilotage.services import record_releves
from socle.metiers.pilotage.tasks import relever

pytestmark = pytest.mark.django_db
JOUR = date(2026, 11, 21)


@pytest.fixture
def inscrite(monkeypatch):
    """Inscrit une mesure le temps d’un essai."""
    avant = dict(mesures._par_code)

    def register(code, compute):
        mesures.register(code, Mesure("Essai", "essais", "Pour l’essai.", compute))

    yield register
    mesures._par_code.clear()
    mesures._par_code.update(avant)


def read(code: str) -> Decimal | None:
    return Releve.objects.filter(mesure=code, jour=JOUR).values_list("nombre", flat=True).first()


def test_every_measure_is_recorded_once_a_day(inscrite):
    nombres = iter([Decimal(3), Decimal(5)])
    inscrite("essai.un", lambda jour: next(nombres))

    record_releves(JOUR)
    record_releves(JOUR)

    assert Releve.objects.filter(mesure="essai.un").count() == 1
    assert read("essai.un") == 5


def test_unknown_measure_of_a_day_writes_nothing(inscrite):
    inscrite("essai.inconnue", lambda jour: None)

    record_releves(JOUR)

    assert read("essai.inconnue") is None


def test_broken_measure_does_not_stop_the_others(inscrite):
    def fail(jour):
        raise LookupError

    inscrite("essai.a", fail)
    inscrite("essai.b", lambda jour: Decimal(1))

    record_releves(JOUR)

    assert read("essai.a") is None
    assert read("essai.b") == 1


def test_task_records_the_day_of_paris(inscrite):
    inscrite("essai.jour", lambda jour: Decimal(jour.day))

    relever(timestamp=1_795_303_800)  # 21 novembre 2026, 23 h 30 UTC : le 22 à Paris

    [releve] = Releve.objects.filter(mesure="essai.jour")
    assert releve.jour == date(2026, 11, 22)


def test_measures_of_the_installation_follow_a_deposit(collectivite, depose):
    record_releves(date.today())

    lus = dict(Releve.objects.values_list("mesure", "nombre"))
    assert lus["dossiers.deposes"] == 1
    assert lus["dossiers.canal_en_ligne"] == 1
    assert lus["dossiers.canal_assiste"] == 0
    assert lus["dossiers.decides"] == 0
    assert lus["dossiers.collectivites_actives"] == 1
    assert lus["installation.demarches"] == 1
    assert lus["installation.collectivites"] == 1
    assert {"comptes.relies_franceconnect", "comptes.relies_proconnect"} <= set(lus)


def test_releves_outlive_what_they_count(collectivite, depose):
    record_releves(JOUR)
    avant = Releve.objects.count()

    depose.delete()

    assert Releve.objects.count() == avant


def test_measured_indicator_shows_its_releves(client, inscrite):
    for rang, jour in enumerate((date(2026, 11, 20), JOUR), start=1):
        Releve.objects.create(mesure="essai.page", jour=jour, nombre=rang)
    indicateur = Indicateur.objects.create(
        code="essai", titre="Essais", unite="essais", source=SourceIndicateur.MESUREE,
        mesure="essai.page",
    )  # fmt: skip

    serie = read_serie(indicateur)
    page = client.get("/indicateurs/essai/").text

    assert [jour.principale.nombre for jour in serie.jours] == [1, 2]
    assert "<svg" in page
    assert "Relevé de Socle" in page
