"""Ce que la gouvernance montre sur l’accueil du programme."""

from typing import Any

from django.http import HttpRequest

from socle.metiers.gouvernance.queries.pages import find_derniere_prise


def build_derniere(request: HttpRequest, sujet: Any) -> dict[str, Any] | None:
    """La dernière décision prise ; rien tant qu’il n’y en a pas. Une instruction SQL."""
    decision = find_derniere_prise()
    return {"decision": decision} if decision else None
