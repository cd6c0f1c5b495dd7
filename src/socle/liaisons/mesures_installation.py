"""Ce que l’installation compte d’elle-même : collectivités, démarches, comptes reliés."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from socle.fondations.administration.enums import FaitMesure
from socle.fondations.administration.models import MesureInstallation
from socle.fondations.commun.locataire import operateur
from socle.fondations.commun.mesures import Mesure, mesures
from socle.fondations.comptes.models import CompteurConnexion

RELIES = "Reliés pour la première fois, depuis le premier jour."


def count_stock(jour: date, fait: FaitMesure) -> Decimal:
    lignes = MesureInstallation.objects.filter(fait=fait, jour__lte=jour)
    return Decimal(lignes.aggregate(total=Sum("nombre"))["total"] or 0)


def count_relies(jour: date, profil: str) -> Decimal:
    with operateur():
        lignes = CompteurConnexion.objects.filter(profil=profil, mois__lte=jour)
        return Decimal(lignes.aggregate(total=Sum("nouveaux"))["total"] or 0)


mesures.register(
    "installation.collectivites",
    Mesure("Collectivités ouvertes", "collectivités", "Portails ouverts ce jour-là.",
           lambda jour: count_stock(jour, FaitMesure.COLLECTIVITE)),
)  # fmt: skip
mesures.register(
    "installation.demarches",
    Mesure("Démarches publiées", "démarches", "Ouvertes au public ce jour-là.",
           lambda jour: count_stock(jour, FaitMesure.DEMARCHE)),
)  # fmt: skip
mesures.register(
    "comptes.relies_franceconnect",
    Mesure("Comptes reliés par FranceConnect", "comptes", RELIES,
           lambda jour: count_relies(jour, "franceconnect")),
)  # fmt: skip
mesures.register(
    "comptes.relies_proconnect",
    Mesure("Comptes reliés par ProConnect", "comptes", RELIES,
           lambda jour: count_relies(jour, "proconnect")),
)  # fmt: skip
