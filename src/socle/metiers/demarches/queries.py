"""Lectures des démarches : portail public et espace des agents."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion
from socle.metiers.demarches.models import Demarche, Version


def list_publiees(collectivite: Collectivite) -> QuerySet[Demarche]:
    return Demarche.objects.filter(collectivite=collectivite, etat=EtatDemarche.PUBLIEE).order_by(
        "titre", "pk"
    )


def search_publiees(collectivite: Collectivite, texte: str) -> QuerySet[Demarche]:
    """Cherche dans les titres, résumés et mots-clés ; accents et accords indifférents."""
    requete = SearchQuery(texte, config="fr", search_type="websearch")
    return (
        list_publiees(collectivite)
        .filter(recherche=requete)
        .annotate(rang=SearchRank(F("recherche"), requete))
        .order_by("-rang", "titre", "pk")
    )


def find_demarche(collectivite: Collectivite, chemin: str) -> Demarche | None:
    return (
        Demarche.objects.filter(collectivite=collectivite, chemin=chemin)
        .exclude(etat=EtatDemarche.BROUILLON)
        .select_related("service", "regle")
        .first()
    )


def count_par_evenement(collectivite: Collectivite) -> dict[str, int]:
    lignes = list_publiees(collectivite).order_by().values("evenement").annotate(nombre=Count("pk"))
    return {ligne["evenement"]: ligne["nombre"] for ligne in lignes}


def get_version_publiee(demarche: Demarche) -> Version | None:
    """Rend la version publiée la plus récente : celle d’une nouvelle demande."""
    return (
        Version.objects.filter(
            collectivite_id=demarche.collectivite_id, demarche=demarche, etat=EtatVersion.PUBLIEE
        )
        .order_by("-numero")
        .first()
    )


def get_brouillon(demarche: Demarche) -> Version | None:
    return Version.objects.filter(
        collectivite_id=demarche.collectivite_id, demarche=demarche, etat=EtatVersion.BROUILLON
    ).first()


def list_demarches(collectivite: Collectivite) -> QuerySet[Demarche]:
    """Rend toutes les démarches, pour les agents."""
    return (
        Demarche.objects.filter(collectivite=collectivite)
        .select_related("service", "regle")
        .order_by("titre", "pk")
    )
