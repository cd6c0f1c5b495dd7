"""Compter sans suivre : lectures par jour, abonnés, suites d’une lettre."""

from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, Sum

from socle.fondations.commun.mesures import Mesure
from socle.metiers.diffusion.enums import EtatInscription, EtatRemise
from socle.metiers.diffusion.models import Abonne, Audience, Inscription, Lettre, Remise

LECTURE = """
INSERT INTO diffusion_audience AS a (objet, jour, lectures) VALUES (%s, %s, 1)
ON CONFLICT (objet, jour) DO UPDATE SET lectures = a.lectures + 1
"""


def count_lecture(objet: str, jour: date) -> None:
    """Ajoute une lecture à une page ; rien n’est gardé de qui lit."""
    with connection.cursor() as curseur:
        curseur.execute(LECTURE, [objet, jour])


def map_lectures(objets: list[str]) -> dict[str, int]:
    """Rend le nombre de lectures de chaque page, tous jours ensemble."""
    lignes = Audience.objects.filter(objet__in=objets).values_list("objet")
    return dict(lignes.annotate(total=Sum("lectures")).order_by("objet"))


def describe_remises(lettre: Lettre) -> dict[str, int]:
    """Rend le nombre de lignes de chaque état."""
    lignes = Remise.objects.filter(lettre=lettre).values_list("etat")
    comptes = dict(lignes.annotate(nombre=Count("pk")).order_by("etat"))
    return {etat.value: comptes.get(etat.value, 0) for etat in EtatRemise}


def count_abonnes(jour: date) -> Decimal:
    """Abonnés à la fin de ce jour."""
    abonnes = Abonne.objects.filter(consenti_le__date__lte=jour).filter(
        Q(parti_le__isnull=True) | Q(parti_le__date__gt=jour)
    )
    return Decimal(abonnes.count())


def count_lettres(jour: date) -> Decimal:
    """Lettres envoyées à la fin de ce jour."""
    return Decimal(Lettre.objects.filter(demandee_le__date__lte=jour).count())


def count_participations(jour: date) -> Decimal:
    """Présences notées aux évènements finis à la fin de ce jour."""
    presences = Inscription.objects.filter(
        present=True, etat=EtatInscription.INSCRITE, evenement__fin__date__lte=jour
    )
    return Decimal(presences.count())


def count_collectivites(jour: date) -> Decimal:
    """Collectivités différentes venues à un évènement jusqu’à ce jour."""
    presences = Inscription.objects.filter(present=True, evenement__fin__date__lte=jour)
    return Decimal(presences.exclude(autorite="").values("autorite").distinct().count())


MESURES = {
    "diffusion.abonnes": Mesure(
        "Abonnés à la lettre", "abonnés",
        "Adresses qui ont consenti deux fois et ne sont pas parties ; suspendues comprises.",
        count_abonnes,
    ),
    "diffusion.lettres": Mesure(
        "Lettres envoyées", "lettres", "Lettres mises en file pour leurs abonnés.", count_lettres
    ),
    "diffusion.participations": Mesure(
        "Participations aux évènements", "participations",
        "Personnes notées présentes, comptées à chaque évènement.", count_participations,
    ),
    "diffusion.collectivites": Mesure(
        "Collectivités venues à un évènement", "collectivités",
        "Chaque collectivité compte une fois, d’après ce que disent les inscrits.",
        count_collectivites,
    ),
}  # fmt: skip
