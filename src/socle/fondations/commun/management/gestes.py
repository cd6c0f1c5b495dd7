"""Commandes de gestion à plusieurs gestes : `gerer agent inviter`, `gerer fournisseur tester`."""

from typing import Any

from django.core.management.base import CommandError

USAGE_INCORRECT = 2


def require_geste(choisi: str | None, gestes: Any) -> str:
    """Rend le geste choisi.

    Args:
        choisi: None si la personne n’en a pas donné.
        gestes: les sous-commandes de l’analyseur (`add_subparsers`).

    Raises:
        CommandError: aucun geste ; le message les liste, avec ce qu’ils font.
    """
    if choisi:
        return choisi
    lignes = [f"  {geste.dest:<12}{geste.help}" for geste in gestes._choices_actions]  # noqa: SLF001
    raise CommandError("\n".join(["Donnez un geste :", *lignes]), returncode=USAGE_INCORRECT)
