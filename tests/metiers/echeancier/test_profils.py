"""Qui est concerné : Python et SQL disent la même chose, et la phrase aussi."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.fondations.referentiels.enums import GenreAutorite
from socle.metiers.echeancier.models import Obligation, PublicConcerne
from socle.metiers.echeancier.queries.obligations import Criteres, list_obligations
from socle.metiers.echeancier.queries.profils import (
    Profil,
    describe_collectivite,
    describe_public,
    filter_profil,
    is_concernee,
)
from socle.metiers.echeancier.services.obligations import Public
from tests.metiers.echeancier.fabrique import create

pytestmark = pytest.mark.django_db
AUJOURDHUI = date(2026, 11, 21)
GENRES = st.sampled_from(GenreAutorite.values)
TAILLES = st.one_of(st.none(), st.sampled_from([0, 1, 3_499, 3_500, 3_501, 50_000, 50_001]))
CODES = st.lists(st.sampled_from(["dep-92", "dep-2A", "reg-11"]), unique=True, max_size=2)


@st.composite
def publics(draw) -> list[Public]:
    genres = draw(st.lists(GENRES, unique=True, max_size=4))
    trouves = []
    for genre in genres:
        bornes = sorted(b for b in (draw(TAILLES), draw(TAILLES)) if b is not None)
        basse = bornes[0] if len(bornes) == 2 or (bornes and draw(st.booleans())) else None
        haute = bornes[-1] if len(bornes) == 2 or (bornes and basse is None) else None
        trouves.append(Public(genre=genre, population_min=basse, population_max=haute))
    return trouves


PROFILS = st.builds(
    Profil, cle=st.just("x"), nom=st.just("X"), genre=st.sampled_from([*GenreAutorite, "syndicat"]),
    population=TAILLES, departement=st.sampled_from(["92", "2A", "75", ""]),
    region=st.sampled_from(["11", "94", ""]),
)  # fmt: skip


@pytest.fixture
def cible():
    return create(slug="cible", jour=date(2027, 1, 1))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(voulus=publics(), territoires=CODES, profil=PROFILS)
def test_python_and_sql_agree_on_who_is_concerned(cible, voulus, territoires, profil):
    PublicConcerne.objects.filter(obligation=cible).delete()
    PublicConcerne.objects.bulk_create(
        PublicConcerne(
            obligation=cible, genre=p.genre, population_min=p.population_min,
            population_max=p.population_max,
        )
        for p in voulus
    )  # fmt: skip
    Obligation.objects.filter(pk=cible.pk).update(territoires=territoires)
    lue = Obligation.objects.get(pk=cible.pk)

    trouvee = Obligation.objects.filter(filter_profil(profil), pk=cible.pk).exists()

    assert trouvee is is_concernee(lue, profil)


def profil(genre="commune", population=3_500, departement="92") -> Profil:
    return Profil("x", "X", genre, population, departement, "11")


@pytest.mark.parametrize(
    ("public", "profil_vu", "attendu"),
    [
        ((), profil(), True),
        ((Public(genre="commune", population_min=3_500),), profil(population=3_500), True),
        ((Public(genre="commune", population_min=3_501),), profil(population=3_500), False),
        ((Public(genre="commune", population_max=3_499),), profil(population=3_500), False),
        ((Public(genre="epci"),), profil(), False),
        ((Public(genre="epci"), Public(genre="commune")), profil(), True),
        ((Public(genre="commune", population_min=3_500),), profil(population=None), True),
    ],
)
def test_bounds_are_included(public, profil_vu, attendu):
    obligation = create(slug="bornes", publics=public)

    assert is_concernee(obligation, profil_vu) is attendu


def test_territory_limits_the_public():
    create(slug="ici", territoires=["reg-11"])
    create(slug="ailleurs", territoires=["dep-2A"])

    trouvees = list_obligations(Criteres(profil=profil()), aujourdhui=AUJOURDHUI)

    assert [o.slug for o in trouvees.order_by("slug")] == ["ici"]


@pytest.mark.parametrize(
    ("fiche", "publics_vus", "phrase"),
    [
        ({}, (), "Toutes les collectivités"),
        (
            {},
            (Public(genre="commune", population_min=3_500), Public(genre="region")),
            "Communes de 3\N{NO-BREAK SPACE}500 habitants et plus et régions",
        ),
        (
            {},
            (Public(genre="commune", population_min=50_001),),
            "Communes de plus de 50\N{NO-BREAK SPACE}000 habitants",
        ),
        (
            {},
            (Public(genre="commune", population_max=3_499),),
            "Communes de moins de 3\N{NO-BREAK SPACE}500 habitants",
        ),
        (
            {"territoires": ["dep-92"], "precision": "avec une maternité"},
            (Public(genre="commune", population_min=500, population_max=999),),
            "Communes de 500 à 999 habitants (département 92) : avec une maternité",
        ),
    ],
)
def test_public_is_written_in_plain_french(fiche, publics_vus, phrase):
    assert describe_public(create(slug="phrase", publics=publics_vus, **fiche)) == phrase


def test_authority_without_a_place_in_the_reference_keeps_its_own_facts(collectivite):
    collectivite.genre, collectivite.population = "syndicat", 12_000
    collectivite.siren = "259200235"

    vu = describe_collectivite(collectivite)

    assert (vu.cle, vu.genre, vu.population) == ("", "syndicat", 12_000)
