"""Lectures de l’espace de l’équipe : tout, retiré compris."""

from typing import Any

from django.db.models import QuerySet

from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Indicateur,
    Modification,
    Partenaire,
    Principe,
    Programme,
    Recommandation,
    Temoignage,
    Valeur,
)


def list_tous_programmes() -> QuerySet[Programme]:
    return Programme.objects.order_by("-date_debut", "pk")


def group_objets(programme: Programme) -> dict[str, list[Any]]:
    """Rend par sorte ce qui se rattache à un programme ; sept instructions."""
    du_programme = {"programme": programme}
    return {
        "axe": list(Axe.objects.filter(**du_programme).order_by("numero", "pk")),
        "action": list(
            Action.objects.filter(axe__programme=programme)
            .select_related("axe")
            .order_by("axe__numero", "numero")
        ),
        "recommandation": list(
            Recommandation.objects.filter(**du_programme).order_by("axe__numero", "numero", "pk")
        ),
        "principe": list(Principe.objects.filter(**du_programme).order_by("numero")),
        "fait": list(
            EvenementCle.objects.filter(**du_programme).order_by("annee", "trimestre", "pk")
        ),
        "partenaire": list(Partenaire.objects.filter(**du_programme).order_by("genre", "nom")),
        "temoignage": list(Temoignage.objects.filter(**du_programme).order_by("pk")),
    }


def list_modifications(cle: str) -> QuerySet[Modification]:
    """Histoire d’un objet, la dernière modification d’abord."""
    return Modification.objects.filter(cle=cle).order_by("-faite_le", "-pk")


def list_tous_indicateurs(texte: str = "") -> QuerySet[Indicateur]:
    indicateurs = Indicateur.objects.select_related("programme")
    if texte:
        indicateurs = indicateurs.filter(titre__icontains=texte)
    return indicateurs.order_by("programme__date_debut", "rang", "titre", "pk")


def list_valeurs(indicateur: Indicateur) -> QuerySet[Valeur]:
    """Toutes ses valeurs, retirées comprises, la plus récente d’abord."""
    return Valeur.objects.filter(indicateur=indicateur).order_by("-jour", "pk")
