"""Ce que la gouvernance montre sur l’accueil du programme."""

from typing import Any

from django.http import HttpRequest

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Contexte
from socle.metiers.gouvernance.queries.pages import list_dernieres_prises


def build_derniere(request: HttpRequest, sujet: Any) -> LecturePrevue[Contexte]:
    """La dernière décision prise ; rien tant qu’il n’y en a pas."""
    return LecturePrevue(
        (list_dernieres_prises()[:1],), lambda lues: {"decision": lues[0]} if lues else None
    )
