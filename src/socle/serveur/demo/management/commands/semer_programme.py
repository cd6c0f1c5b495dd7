"""Sème le programme commun : contenu, instances, échéancier, catalogue… (bac à sable seulement)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from socle.fondations.commun.semences import semences


class Command(BaseCommand):
    help = "Sème le programme commun (bac à sable seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        for code in semences:
            with transaction.atomic():
                self.stdout.write(semences[code](timezone.now()))
