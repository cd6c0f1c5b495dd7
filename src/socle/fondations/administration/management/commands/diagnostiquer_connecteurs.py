"""`gerer diagnostiquer_connecteurs` : une ligne JSON par essai, pour `./socle diagnostiquer`."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from socle.fondations.administration.services.connecteurs import (
    DELAI_COMMANDE,
    list_sondes,
    run_sondes,
)


class Command(BaseCommand):
    """Essaie tout sans rien changer, en une minute au plus. Sort toujours avec 0."""

    help = "Essaie les connecteurs et les services voisins ; une ligne JSON par essai."

    def handle(self, *args: Any, **options: Any) -> None:
        for etat in run_sondes(list_sondes(), delai=DELAI_COMMANDE):
            ligne = etat.to_dict() | {"portee": etat.portee}
            self.stdout.write(json.dumps(ligne, ensure_ascii=False))
