"""Sème le programme commun : contenu, instances, échéancier, catalogue… (bac à sable seulement)."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from socle.fondations.commun.semences import semences
from socle.fondations.comptes.enums import GenreCompte
from socle.fondations.comptes.models import Compte
from socle.fondations.comptes.services.locaux import create_compte_local
from socle.metiers.catalogue.models import Editeur
from socle.metiers.catalogue.services.editeurs import register_representant
from socle.serveur.demo.personnes import EDITRICE


class Command(BaseCommand):
    help = "Sème le programme commun (bac à sable seulement)."

    def handle(self, *args: Any, **options: Any) -> None:
        for code in semences:
            with transaction.atomic():
                self.stdout.write(semences[code](timezone.now()))
        with transaction.atomic():
            seed_editrice(timezone.now())


def seed_editrice(maintenant: datetime) -> None:
    """Crée le compte local d’une éditrice fictive, une fois."""
    if Compte.objects.filter(courriel=EDITRICE["courriel"]).exists():
        return
    compte = create_compte_local(
        genre=GenreCompte.AGENT, verifie=True, maintenant=maintenant, **EDITRICE
    )
    editeur = Editeur.objects.get(slug="socle")
    register_representant(editeur=editeur, compte=compte, par=compte, maintenant=maintenant)
