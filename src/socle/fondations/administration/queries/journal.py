"""Lire le journal d’une collectivité : filtrer, nommer les acteurs, relier aux objets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Lower

from socle.fondations.administration.enums import ACTIONS, OBJETS
from socle.fondations.administration.ports import objets_lies
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.models import Entree
from socle.fondations.journal.queries import search_entrees

ACTEURS = {"systeme": "Socle, de lui-même", "usager": "Usager", "invite": "Personne sans compte"}


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une entrée prête à montrer. `adresse` est vide si qui lit ne peut pas ouvrir l’objet."""

    entree: Entree
    action: str
    acteur: str
    objet: str
    adresse: str
    point: int | None
    scelle_le: datetime | None


def search_journal(
    collectivite: Collectivite, *, acteur: str = "", **criteres: Any
) -> QuerySet[Entree]:
    """Entrées de la collectivité qui suivent ces critères, scellement compris.

    Args:
        acteur: « agent:12 », ou le courriel d’un agent.
        criteres: ceux de `journal.queries.search_entrees`.
    """
    entrees = search_entrees(collectivite.pk, **criteres)
    if "@" in acteur:
        agents = Compte.objects.alias(minuscule=Lower("courriel")).filter(
            genre=GenreCompte.AGENT, minuscule=acteur.lower()
        )
        numero = Cast(Subquery(agents.order_by("pk").values("pk")[:1]), CharField())
        return entrees.filter(acteur=Concat(Value("agent:"), numero, output_field=CharField()))
    return entrees.filter(acteur=acteur) if acteur else entrees


def describe_lignes(
    entrees: Iterable[Entree], collectivite: Collectivite, compte: Compte
) -> list[Ligne]:
    """Nomme actions, agents et objets ; deux requêtes pour toute une page."""
    lues = list(entrees)
    noms = map_noms(entree.acteur for entree in lues)
    adresses = _map_adresses(lues, collectivite, compte)
    return [
        Ligne(
            entree=entree,
            action=ACTIONS.get(entree.action, entree.action),
            acteur=noms.get(entree.acteur) or _name_acteur(entree.acteur),
            objet=name_objet(entree.objet),
            adresse=adresses.get(entree.objet, ""),
            point=entree.point,  # type: ignore[attr-defined]
            scelle_le=entree.scelle_le,  # type: ignore[attr-defined]
        )
        for entree in lues
    ]


def map_noms(acteurs: Iterable[str]) -> dict[str, str]:
    """Rend le nom des agents : ils agissent pour le service public. Jamais celui d’un usager."""
    numeros = {
        int(suite)
        for genre, _, suite in (acteur.partition(":") for acteur in set(acteurs))
        if genre == "agent" and suite.isdecimal()
    }
    if not numeros:
        return {}
    agents = Compte.objects.filter(pk__in=numeros, genre=GenreCompte.AGENT)
    lignes = agents.order_by("pk").values_list("pk", "prenom", "nom")
    return {f"agent:{pk}": f"{prenom} {nom}".strip() for pk, prenom, nom in lignes}


def name_objet(objet: str) -> str:
    """« dossier:44171 » devient « Dossier 44171 »."""
    genre, _, suite = objet.partition(":")
    return f"{OBJETS.get(genre, genre)} {suite}".strip()


def _name_acteur(acteur: str) -> str:
    genre, _, suite = acteur.partition(":")
    nom = ACTEURS.get(genre, acteur)
    return f"{nom} {suite}" if genre == "usager" else nom


def _map_adresses(
    entrees: Iterable[Entree], collectivite: Collectivite, compte: Compte
) -> dict[str, str]:
    """Adresse de chaque objet que ce compte peut ouvrir."""
    par_genre: dict[str, set[str]] = {}
    for entree in entrees:
        genre, _, suite = entree.objet.partition(":")
        par_genre.setdefault(genre, set()).add(suite)
    return {
        f"{genre}:{suite}": adresse
        for genre, suites in par_genre.items()
        if genre in objets_lies
        for suite, adresse in objets_lies[genre](collectivite, compte, suites).items()
    }
