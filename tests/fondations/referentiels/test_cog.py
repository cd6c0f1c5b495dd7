"""Le COG chargé dans la base d’essai : complet, cherché vite et bien."""

import gzip
import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from socle.fondations.referentiels import queries
from socle.fondations.referentiels.models import Commune, Epci, Referentiel, normalize_nom
from socle.fondations.referentiels.services import find_cog, load_cog
from tests.mesure import check_cpu

pytestmark = pytest.mark.django_db


def list_noms(texte: str, limite: int = 20) -> list[str]:
    return [commune.nom for commune in queries.search_communes(texte, limite)]


def test_the_real_cog_is_there():
    assert Commune.objects.count() == 34_969
    assert Epci.objects.count() == 1_255
    assert Commune.objects.exclude(siren="").count() == 34_875
    clamart = Commune.objects.get(code="92023")
    assert (clamart.nom, clamart.nom_tri, clamart.departement, clamart.region) == (
        "Clamart", "clamart", "92", "11",
    )  # fmt: skip
    assert (clamart.siren, clamart.codes_postaux) == ("219200235", ["92140"])
    assert clamart.population > 50_000
    version = queries.get_version_cog()
    assert (version.version, version.nombre, len(version.empreinte)) == ("2026", 34_969, 64)
    assert "6.0.0" in version.source
    assert "Licence Ouverte" in version.licence


def test_embedded_file_is_small():
    assert find_cog().stat().st_size < 1_500_000


@pytest.mark.parametrize(
    ("texte", "premier"),
    [
        ("clamart", "Clamart"),
        ("CLAMART", "Clamart"),
        ("clama", "Clamart"),
        ("l'hay les roses", "L’Haÿ-les-Roses"),
        ("hay les roses", "L’Haÿ-les-Roses"),
        ("st etienne", "Saint-Étienne"),
        ("ste foy les lyon", "Sainte-Foy-lès-Lyon"),
        ("st-denis", "Saint-Denis"),
        ("92140", "Clamart"),
        ("92023", "Clamart"),
        ("clamart 92140", "Clamart"),
        ("Clamart (92)", "Clamart"),
        ("clamrat", "Clamart"),
        ("oeuilly", "Œuilly"),
        ("75011", "Paris"),
        ("2a004", "Ajaccio"),
        ("ajaccio 2A", "Ajaccio"),
        ("saint-denis 974", "Saint-Denis"),
    ],
)
def test_search_finds_first(texte, premier):
    assert list_noms(texte)[0] == premier


def test_code_narrows_the_name():
    saint_denis = queries.search_communes("saint-denis 974")

    assert {commune.departement for commune in saint_denis} == {"974"}


def test_short_postal_code_lists_the_biggest():
    communes = queries.search_communes("921", 5)

    assert len(communes) == 5
    assert all(any(c.startswith("921") for c in commune.codes_postaux) for commune in communes)
    populations = [commune.population for commune in communes]
    assert populations == sorted(populations, reverse=True)


@pytest.mark.parametrize("texte", ["", "  ", "'", "%", "_", "9", "\\", "zzzzqqqq", "\x00"])
def test_nothing_useful_finds_nothing(texte):
    assert list_noms(texte) == []


@pytest.mark.parametrize("texte", ["saint", "92", "st", "a"])
def test_search_is_one_bounded_statement(texte, count_sql):
    with count_sql() as compte:
        communes = queries.search_communes(texte, 7)

    assert len(communes) == (0 if texte == "" else 7)
    assert len(compte.instructions) == 1


def test_old_codes_lead_to_the_commune_of_today(count_sql):
    assert queries.get_commune("92023").nom == "Clamart"
    assert queries.get_commune("75023").nom == "Clamart"  # avant 1968
    assert queries.get_commune("75111").nom == "Paris"
    assert queries.get_commune("13201").nom == "Marseille"
    assert queries.get_commune("00000") is None


def test_epcis():
    [trouve, *_] = queries.search_epcis("faucigny glieres")

    assert (trouve.siren, trouve.nature) == ("200000172", "CC")
    assert queries.get_epci("200000172") == trouve
    assert queries.search_epcis("200000172") == [trouve]
    assert "Bonneville" in [c.nom for c in queries.list_membres(trouve.siren)]


def test_departements_regions_and_countries():
    assert len(queries.list_departements()) == 109
    assert queries.list_departements()[0].nom == "Ain"
    assert len(queries.list_regions()) == 26
    pays = queries.list_pays()
    assert pays[0].nom == "France"
    assert len(pays) > 200
    assert queries.find_pays("99352") == queries.find_pays("DZ")
    assert queries.find_pays("ZZ") is None
    assert [normalize_nom(p.nom) for p in pays[1:]] == sorted(
        normalize_nom(p.nom) for p in pays[1:]
    )


def test_public_holidays_of_moselle():
    metropole, moselle = (queries.list_jours_feries(2026, d) for d in ("92", "57"))

    assert len(metropole) == 11
    assert {f.jour for f in moselle} - {f.jour for f in metropole} == {
        date(2026, 4, 3),
        date(2026, 12, 26),
    }


def test_loading_again_changes_nothing():
    _, charge = load_cog()

    assert charge is False
    assert Referentiel.objects.count() == 1
    sortie = StringIO()
    call_command("charger_cog", stdout=sortie)
    assert sortie.getvalue() == "COG 2026 déjà chargé : 34969 communes.\n"


@pytest.fixture
def petit_cog(tmp_path):
    donnees = {
        "version": "2027",
        "source": "essai",
        "licence": "LO",
        "communes": [["92023", "Clamart", "92", "219200235", "", 58_576, "92140", "75023"]],
        "epci": [],
        "departements": [["92", "Hauts-de-Seine", "11", "Île-de-France"]],
    }
    fichier = tmp_path / "cog-2027.json.gz"
    fichier.write_bytes(gzip.compress(json.dumps(donnees).encode()))
    return fichier


def test_new_version_replaces_everything_and_is_recorded(petit_cog):
    version, charge = load_cog(petit_cog)

    assert charge is True
    assert list(Commune.objects.order_by("code").values_list("code", flat=True)) == ["92023"]
    assert queries.get_version_cog() == version
    assert Referentiel.objects.count() == 2
    load_cog()  # revenir à la précédente
    assert Commune.objects.count() == 34_969
    assert queries.get_version_cog().version == "2026"


def test_loading_takes_about_one_second(petit_cog):
    def load() -> None:
        load_cog(petit_cog)
        load_cog()

    check_cpu(load, 3)


def test_file_is_made_the_same_way_twice(tmp_path):
    paquet = tmp_path / "package"
    (paquet / "data").mkdir(parents=True)
    (paquet / "package.json").write_text('{"version": "6.0.0"}')
    communes = [
        {"code": "01002", "nom": "L'Abergement", "departement": "01", "type": "commune-actuelle",
         "siren": "210100020", "codesPostaux": ["01640"], "population": 274},
        {"code": "01039", "nom": "Béon", "type": "commune-deleguee", "chefLieu": "01002"},
        {"code": "75101", "nom": "Paris 1er", "type": "arrondissement-municipal",
         "commune": "01002"},
    ]  # fmt: skip
    contenus = {
        "communes": communes,
        "epci": [{"code": "200000172", "nom": "CC d'Ain", "type": "CC",
                  "membres": [{"code": "01002"}], "populationMunicipale": 9}],
        "departements": [{"code": "01", "nom": "Ain", "region": "84"}],
        "regions": [{"code": "84", "nom": "Auvergne-Rhône-Alpes"}],
    }  # fmt: skip
    for nom, contenu in contenus.items():
        (paquet / "data" / f"{nom}.json").write_text(json.dumps(contenu))

    for dossier in ("a", "b"):
        (tmp_path / dossier).mkdir()
        call_command("fabriquer_cog", paquet, "2026", vers=tmp_path / dossier, stdout=StringIO())

    [un, deux] = [(tmp_path / d / "cog-2026.json.gz").read_bytes() for d in ("a", "b")]
    assert un == deux
    donnees = json.loads(gzip.decompress(un))
    assert donnees["communes"] == [
        ["01002", "L’Abergement", "01", "210100020", "200000172", 274, "01640", "01039 75101"]
    ]
    assert donnees["epci"] == [["200000172", "CC d’Ain", "CC", 9]]


@pytest.mark.parametrize(
    ("nom", "cle"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("St-Étienne", "saint etienne"),
        ("Œuilly", "oeuilly"),
        ("  CHÂTEAU-d'Oex ", "chateau d oex"),
        ("Stains", "stains"),
    ],
)
def test_normalize_nom(nom, cle):
    assert normalize_nom(nom) == cle
