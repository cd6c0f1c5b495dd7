"""Taux, écarts à tailles égales, qui utilise déjà près d’ici."""

from datetime import date

import pytest

from socle.fondations.referentiels.models import Autorite
from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.models import Brique
from socle.metiers.adoption.queries import autorites, taux
from socle.metiers.adoption.queries.inscriptions import list_rappels_de, name_part
from socle.metiers.adoption.queries.reussites import list_ensembles, list_paires
from socle.metiers.adoption.services.agregats import rebuild_tout
from tests.metiers.adoption.fabrique import CLAMART, create_fait


def list_communes(departement, tranche, nombre=None):
    lignes = Autorite.objects.filter(departement=departement, genre="commune", tranche=tranche)
    return list(lignes.order_by("cle")[:nombre])


def spread(communes, solution="tchap", **fait):
    for commune in communes:
        create_fait(commune.cle, solution, **fait)


@pytest.mark.parametrize(
    ("part", "attendu"),
    [(0, "0 %"), (0.004, "0,4 %"), (0.05, "5 %"), (0.0994, "9,9 %"), (0.341, "34 %"), (1, "100 %")],
)
def test_format_part_reads_in_french(part, attendu):
    assert taux.format_part(part).replace("\N{NO-BREAK SPACE}", " ") == attendu


@pytest.mark.parametrize(
    ("part", "attendu"), [(0.66, "deux sur trois"), (0.5, "une sur deux"), (0.9, "neuf sur dix")]
)
def test_name_part_says_the_nearest_fraction(part, attendu):
    assert name_part(part) == attendu
    assert name_part(0.41).startswith("41")


def test_rates_divide_by_the_authorities_that_exist(db, maintenant):
    communes = list_communes("92", 50_000)
    spread(communes[:3])
    spread(communes[3:4], usage=Usage.PREVOIT)
    rebuild_tout(maintenant=maintenant)

    mailles = taux.list_mailles("tchap", genre="commune")

    ici = taux.sum_mailles(mailles, lambda m: (m.departement, m.tranche))["92", 50_000]
    assert (ici.utilisent, ici.prevoient, ici.nombre) == (3, 1, len(communes))
    assert ici.mots_sources == ["3 par liste"]
    france = taux.sum_tout(taux.list_mailles("tchap"))
    assert france.nombre == Autorite.objects.count()


def test_curve_ends_at_the_current_count(db, maintenant):
    communes = list_communes("92", 50_000)
    spread(communes[:2], jour=date(2020, 3, 5))
    spread(communes[2:3], jour=date(2021, 7, 1))
    spread(communes[:1], usage=Usage.ARRETE, jour=date(2022, 1, 9))
    rebuild_tout(maintenant=maintenant)

    points = taux.read_courbe("tchap", genre="commune")

    assert [(p.mois, p.nombre) for p in points] == [
        (date(2020, 3, 1), 2), (date(2021, 7, 1), 3), (date(2022, 1, 1), 2),
    ]  # fmt: skip
    assert taux.read_courbe("tchap", genre="epci") == []


def test_gap_names_the_territories_far_behind_those_of_same_size(db, maintenant):
    for departement in ("59", "33", "69"):
        spread(list_communes(departement, 3_500))
    spread(list_communes("92", 10_000)[:2])
    rebuild_tout(maintenant=maintenant)

    ecarts = taux.find_ecarts(taux.list_mailles("tchap", genre="commune"))

    assert {ecart.tranche for ecart in ecarts} == {3_500}
    assert {"59", "33", "69"} & {ecart.departement for ecart in ecarts} == set()
    premier = ecarts[0]
    assert premier.taux.utilisent == 0
    assert premier.manque == round(premier.ailleurs * premier.taux.nombre)
    assert [e.manque for e in ecarts] == sorted((e.manque for e in ecarts), reverse=True)


def test_departments_are_compared_at_equal_sizes(db, maintenant):
    spread(list_communes("59", 3_500))
    rebuild_tout(maintenant=maintenant)

    rangs = taux.rank_departements(taux.list_mailles("tchap", genre="commune"))

    assert rangs[-1].departement == "59"
    assert rangs[-1].manque < 0 < rangs[0].manque
    assert round(sum(r.attendu for r in rangs)) == sum(r.taux.utilisent for r in rangs)


def test_absentes_are_named_the_biggest_first(db, maintenant):
    communes = list_communes("92", 50_000)
    spread(communes[:2])
    spread(communes[2:3], usage=Usage.ARRETE)
    rebuild_tout(maintenant=maintenant)

    absentes = taux.list_absentes(
        solution="tchap", genre="commune", departement="92", tranche=50_000
    )

    assert {a.cle for a in absentes} == {c.cle for c in communes[2:]}
    assert [a.population for a in absentes] == sorted(
        (a.population for a in absentes), reverse=True
    )
    assert {a.usage for a in absentes} == {"", "arrete"}


def test_neighbours_come_nearest_first_then_by_size(db, maintenant):
    clamart = Autorite.objects.get(cle=CLAMART)
    spread(list_communes("92", 50_000))
    spread(list_communes("59", 50_000))
    spread(list_communes("92", 3_500)[:1])
    rebuild_tout(maintenant=maintenant)

    voisins = autorites.list_voisins(solution="tchap", autorite=clamart)

    assert CLAMART not in {v.cle for v in voisins}
    assert [v.lien for v in voisins] == sorted(v.lien for v in voisins)
    assert voisins[0].lien == 1
    assert voisins[0].departement == "92"
    assert len(voisins) <= autorites.VOISINS_MAX


def test_neighbours_without_geography_are_the_nearest_in_size(db, maintenant):
    create_fait("region-93")
    rebuild_tout(maintenant=maintenant)
    region = Autorite.objects.get(cle="region-11")

    [voisin] = autorites.list_voisins(solution="tchap", autorite=region)

    assert (voisin.cle, voisin.lien) == ("region-93", 3)


def test_solutions_used_together_are_those_more_frequent_among_users(db, maintenant):
    communes = list_communes("92", 10_000, 8)
    spread(communes[:6])
    spread(communes[:5], "franceconnect")
    spread(list_communes("59", 10_000, 20), "cloud")
    rebuild_tout(maintenant=maintenant)
    nombres = dict(Brique.objects.order_by("pk").values_list("solution", "utilisent"))

    brique = Brique.objects.get(solution="tchap")
    ensembles = list_ensembles(brique, list_paires("tchap"), nombres, 35_000)

    assert [(e.autre, e.ensemble) for e in ensembles] == [("franceconnect", 5)]
    assert ensembles[0].sans == 0


def test_rappel_says_how_many_use_a_solution(db, maintenant):
    spread(list_communes("92", 50_000, 2))
    spread(list_communes("92", 10_000, 1), source=Source.FICTIVE)
    rebuild_tout(maintenant=maintenant)

    groupe = list_rappels_de("solution:tchap").read()

    assert [(f.titre, f.url) for f in groupe.fiches] == [
        ("Utilisée par 3 collectivités", "/adoption/tchap/")
    ]
    assert "1 fictive" in groupe.fiches[0].detail
    assert list_rappels_de("solution:inconnue").read().fiches == ()
