"""Qui est concerné : la même règle en Python, pour une ligne, et en SQL, pour une liste."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q

from socle.fondations.collectivites.queries import describe_collectivite
from socle.fondations.commun.textes import join_mots
from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import Profil, describe_autorite
from socle.metiers.echeancier.models import Obligation, PublicConcerne

__all__ = ["Profil", "describe_autorite", "describe_collectivite"]
Public = tuple[str, int | None, int | None]
"""Un genre et ses deux tailles, comprises."""
PLURIELS: dict[str, str] = {
    GenreAutorite.COMMUNE: "communes",
    GenreAutorite.EPCI: "intercommunalités",
    GenreAutorite.DEPARTEMENT: "départements",
    GenreAutorite.REGION: "régions",
    GenreAutorite.OUTRE_MER: "collectivités d’outre-mer",
}
RANGS = {genre: rang for rang, genre in enumerate(GenreAutorite.values)}


def is_concernee(obligation: Obligation, profil: Profil) -> bool:
    """Vrai si cette obligation tombe sur cette collectivité.

    Sans public nommé, elle concerne tout le monde ; une population inconnue n’écarte rien.
    """
    if obligation.territoires and not set(obligation.territoires) & set(profil.territoires):
        return False
    publics = list(obligation.publics.all())
    return not publics or any(_admits(public, profil) for public in publics)


def _admits(public: PublicConcerne, profil: Profil) -> bool:
    if public.genre != profil.genre:
        return False
    if profil.population is None:
        return True
    basse, haute = public.population_min, public.population_max
    return (basse is None or profil.population >= basse) and (
        haute is None or profil.population <= haute
    )


def filter_profil(profil: Profil) -> Q:
    """Rend la même règle, en SQL, pour filtrer des obligations."""
    publics = PublicConcerne.objects.filter(obligation=OuterRef("pk"))
    siens = publics.filter(genre=profil.genre)
    if profil.population is not None:
        siens = siens.filter(
            Q(population_min__isnull=True) | Q(population_min__lte=profil.population),
            Q(population_max__isnull=True) | Q(population_max__gte=profil.population),
        )
    return filter_portee(profil.territoires) & (~Exists(publics) | Exists(siens))


def filter_portee(portee: Iterable[str]) -> Q:
    """Obligations de toute la France, ou d’un de ces territoires."""
    return Q(territoires=[]) | Q(territoires__overlap=list(portee))


def filter_genre(genre: str) -> Q:
    """Obligations qui concernent au moins une collectivité de ce genre."""
    publics = PublicConcerne.objects.filter(obligation=OuterRef("pk"))
    return Q(~Exists(publics)) | Q(Exists(publics.filter(genre=genre)))


def filter_population(population: int) -> Q:
    """Obligations qui concernent au moins une collectivité de cette taille."""
    publics = PublicConcerne.objects.filter(obligation=OuterRef("pk"))
    de_cette_taille = publics.filter(
        Q(population_min__isnull=True) | Q(population_min__lte=population),
        Q(population_max__isnull=True) | Q(population_max__gte=population),
    )
    return Q(~Exists(publics)) | Q(Exists(de_cette_taille))


def describe_public(obligation: Obligation) -> str:
    """Rend « Communes de 3 500 habitants et plus, départements et régions » d’un objet chargé."""
    publics = [(p.genre, p.population_min, p.population_max) for p in obligation.publics.all()]
    return describe_concernes(publics, obligation.territoires, obligation.precision)


def describe_concernes(publics: Sequence[Public], territoires: list[str], precision: str) -> str:
    """Écrit qui est concerné, du plus petit genre au plus grand.

    Sans public nommé : « Toutes les collectivités ». La précision et le territoire suivent.
    """
    tries = sorted(publics, key=_rank) if len(publics) > 1 else publics
    phrase = join_mots(_describe_un(*public) for public in tries) or "toutes les collectivités"
    if territoires:
        phrase += f" ({', '.join(map(_describe_territoire, territoires))})"
    if precision:
        phrase += f" : {precision}"
    return phrase[0].upper() + phrase[1:]


def _rank(public: Public) -> int:
    return RANGS[public[0]]


@lru_cache(maxsize=8_192)  # un grand fichier en redit des milliers
def _describe_un(genre: str, basse: int | None, haute: int | None) -> str:
    nom = PLURIELS[genre]
    if basse is not None and haute is not None:
        return f"{nom} de {_nombre(basse)} à {_nombre(haute)} habitants"
    if basse is not None:
        # « plus de 50 000 » se lit mieux que « 50 001 et plus »
        return (
            f"{nom} de plus de {_nombre(basse - 1)} habitants"
            if basse % 10 == 1
            else f"{nom} de {_nombre(basse)} habitants et plus"
        )
    if haute is not None:
        return f"{nom} de moins de {_nombre(haute + 1)} habitants"
    return nom


def _describe_territoire(code: str) -> str:
    genre, _, numero = code.partition("-")
    return f"{'département' if genre == 'dep' else 'région'} {numero}"


def _nombre(valeur: int) -> str:
    return f"{valeur:,}".replace(",", "\N{NO-BREAK SPACE}")
