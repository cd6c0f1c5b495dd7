"""« Dossier suivant » : la place d’un dossier dans la liste d’où l’agent l’a ouvert.

L’adresse du dossier porte les filtres de la liste ; rien n’est gardé en session. Après un geste,
la page d’où il est parti (Referer, même site) les rend.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from socle.fondations.commun.fuseau import PARIS
from socle.fondations.commun.pagination import find_voisins
from socle.fondations.commun.presentation import Touche
from socle.metiers.dossiers.models import SANS_ECHEANCE, Dossier
from socle.metiers.dossiers.permissions import read_lisibles
from socle.metiers.dossiers.queries.liste import list_choix, list_dossiers, read_accord
from socle.metiers.dossiers.views.criteres import read_criteres


@dataclass(frozen=True, slots=True)
class Voisins:
    """Place d’un dossier dans une liste.

    Attributes:
        liste_url: la liste, avec ses filtres si le dossier en vient.
        dans_liste: le dossier a été ouvert depuis une liste.
    """

    liste_url: str
    dans_liste: bool = False
    precedent: dict[str, str] | None = None
    suivant: dict[str, str] | None = None
    raccourcis: list[Touche] = field(default_factory=list)


def build_voisins(request: HttpRequest, dossier: Dossier) -> Voisins:
    """Rend les liens vers les dossiers d’avant et d’après, et vers la liste. Quatre lectures.

    Sans liste dans l’adresse, ne lit rien.
    """
    if "file" not in request.GET:
        return Voisins(reverse("dossiers:liste"))
    aujourdhui = timezone.now().astimezone(PARIS).date()
    portee = read_lisibles(request.user, request.collectivite)
    choix = list_choix(request.collectivite, portee)
    criteres = read_criteres(request.GET, choix, request.user.pk, aujourdhui)
    accord = read_accord(
        request.collectivite, portee, criteres.demande, exact=criteres.filtre.exact
    )
    place = {
        "pression": dossier.echeance or SANS_ECHEANCE,
        "depose_le": dossier.depose_le,
        "numero": dossier.numero,
    }
    avant, apres = find_voisins(
        list_dossiers(request.collectivite, portee, criteres.accord(accord)),
        cles=criteres.cles,
        valeurs=[place[cle] for cle in criteres.cles],
        croissant=criteres.croissant,
    )
    suite = criteres.link()
    return Voisins(
        liste_url=f"{reverse('dossiers:liste')}{suite}",
        dans_liste=True,
        precedent=build_lien(avant, suite),
        suivant=build_lien(apres, suite),
        raccourcis=[Touche(touches=("N", "P"), effet="dossier suivant, précédent")],
    )


def build_lien(ligne: dict[str, Any] | None, suite: str) -> dict[str, str] | None:
    if ligne is None:
        return None
    adresse = reverse("dossiers:dossier", args=[ligne["numero"]])
    return {"url": f"{adresse}{suite}", "nom": ligne["demandeur"] or f"n° {ligne['numero']}"}


def keep_liste(request: HttpRequest, adresse: str) -> str:
    """Rend l’adresse d’un dossier avec les filtres de la page d’où part le geste, s’il y en a."""
    venue = urlsplit(request.headers.get("Referer", ""))
    if venue.path != adresse or venue.netloc != request.get_host() or len(venue.query) > 2_000:
        return adresse
    parametres = QueryDict(venue.query)
    return f"{adresse}?{parametres.urlencode()}" if "file" in parametres else adresse
