"""De quoi préremplir une fiche : ce que le code officiel géographique sait d’une collectivité."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from socle.fondations.collectivites.enums import GenreCollectivite
from socle.fondations.collectivites.models import Collectivite, build_slug
from socle.fondations.referentiels.enums import NatureEpci
from socle.fondations.referentiels.models import Commune, Epci
from socle.fondations.referentiels.queries import (
    get_commune,
    get_epci,
    list_membres,
    search_communes,
    search_epcis,
)


@dataclass(frozen=True, slots=True)
class Proposition:
    """Une commune ou une intercommunalité trouvée. `cle` : « commune:92023 », « epci:2000… »."""

    cle: str
    nom: str
    genre: str
    detail: str
    population: int
    presente: bool


def search_propositions(texte: str) -> list[Proposition]:
    """Cherche dans le COG : vingt communes et dix intercommunalités au plus."""
    communes, epcis = search_communes(texte, 20), search_epcis(texte, 10)
    sirens = {commune.siren for commune in communes} | {epci.siren for epci in epcis}
    presents = set(
        Collectivite.objects.filter(siren__in=sirens).order_by("pk").values_list("siren", flat=True)
    )
    return [
        Proposition(
            f"commune:{commune.code}",
            commune.nom,
            "Commune",
            ", ".join(commune.codes_postaux[:3]) or commune.departement,
            commune.population,
            commune.siren in presents,
        )
        for commune in communes
    ] + [
        Proposition(
            f"epci:{epci.siren}",
            format_epci(epci),
            "Intercommunalité",
            epci.siren,
            epci.population or 0,
            epci.siren in presents,
        )
        for epci in epcis
    ]


def find_fiche(cle: str) -> dict[str, Any] | None:
    """Rend les valeurs de départ de la fiche d’une proposition, None si elle n’existe pas."""
    genre, _, code = cle.partition(":")
    if genre == "commune" and (commune := get_commune(code)):
        return _describe_commune(commune)
    if genre == "epci" and (epci := get_epci(code)):
        return _describe_epci(epci)
    return None


def format_epci(epci: Epci) -> str:
    """Rend le nom en toutes lettres : « CC du Pays d’Ain » donne « Communauté de communes du… »."""
    if epci.nature not in NatureEpci.values:
        return epci.nom
    nature = NatureEpci(epci.nature)
    for abrege in (f"{nature.value} ", "Métropole ", "CU ", "CA ", "CC "):
        if epci.nom.startswith(abrege):
            return f"{nature.label} {epci.nom.removeprefix(abrege)}"
    return epci.nom


def _describe_commune(commune: Commune) -> dict[str, Any]:
    postal = commune.codes_postaux[0] if commune.codes_postaux else ""
    return {
        "nom": commune.nom,
        "slug": build_slug(commune.nom),
        "genre": GenreCollectivite.COMMUNE,
        "siren": commune.siren,
        "code_cog": commune.code,
        "departement": commune.departement,
        "population": commune.population,
        "adresse": f"Mairie\n{postal} {commune.nom}".strip(),
    }


def _describe_epci(epci: Epci) -> dict[str, Any]:
    membres = list_membres(epci.siren)
    departements = Counter(membre.departement for membre in membres)
    nom = format_epci(epci)
    return {
        "nom": nom,
        "slug": build_slug(nom),
        "genre": GenreCollectivite.EPCI,
        "siren": epci.siren,
        "code_cog": epci.siren,
        "departement": departements.most_common(1)[0][0] if departements else "",
        "population": epci.population,
        "adresse": "",
    }
