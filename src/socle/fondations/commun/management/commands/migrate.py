"""`migrate`, plus vite sur une base neuve."""

import gc
from typing import Any

from django.core.management.commands import migrate

SEUIL = 50_000  # objets ; au défaut de Python (700), le ramasse-miettes prend 30 % du temps


class Command(migrate.Command):
    """Celle de Django, qui refait des milliers de modèles passés : on ramasse moins souvent."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        gc.set_threshold(SEUIL, 50, 100)
        return super().handle(*args, **options)
