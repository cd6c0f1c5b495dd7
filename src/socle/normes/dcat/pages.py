"""Découper un catalogue en pages qui s’enchaînent."""

from collections.abc import Callable
from dataclasses import dataclass

from socle.normes.dcat.modele import Catalogue, JeuDeDonnees, ServiceDeDonnees


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Une part du catalogue et l’adresse des autres ; « » s’il n’y en a pas."""

    adresse: str
    premiere: str
    derniere: str
    precedente: str = ""
    suivante: str = ""
    jeux: tuple[JeuDeDonnees, ...] = ()
    services: tuple[ServiceDeDonnees, ...] = ()


def paginate(catalogue: Catalogue, *, par_page: int, adresse: Callable[[int], str]) -> list[Page]:
    """Rend les pages, une au moins ; un service va avec le premier de ses jeux.

    Args:
        par_page: jeux par page, 1 au moins.
        adresse: rend l’adresse de la page d’un rang, à partir de 1.
    """
    if par_page < 1:
        raise ValueError("Une page porte un jeu au moins.")
    tranches = [
        catalogue.jeux[debut : debut + par_page]
        for debut in range(0, max(len(catalogue.jeux), 1), par_page)
    ]
    rangs = {jeu.uri: rang for rang, tranche in enumerate(tranches) for jeu in tranche}
    services: list[list[ServiceDeDonnees]] = [[] for _ in tranches]
    for service in catalogue.services:
        connus = [rangs[uri] for uri in service.jeux if uri in rangs]
        services[min(connus, default=0)].append(service)
    adresses = [adresse(rang) for rang in range(1, len(tranches) + 1)]
    return [
        Page(
            adresse=adresses[rang],
            premiere=adresses[0],
            derniere=adresses[-1],
            precedente=adresses[rang - 1] if rang else "",
            suivante=adresses[rang + 1] if rang + 1 < len(adresses) else "",
            jeux=tranche,
            services=tuple(services[rang]),
        )
        for rang, tranche in enumerate(tranches)
    ]
