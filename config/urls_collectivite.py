"""Adresses d’une collectivité, les mêmes sous `/c/<slug>/` et sous son propre nom d’hôte."""

from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500
from socle.fondations.collectivites.urls import propres as collectivites
from socle.metiers.adoption.urls import propres as adoption
from socle.metiers.appels.urls import propres as appels
from socle.metiers.catalogue.urls import propres as catalogue
from socle.metiers.echeancier.urls import propres as echeances
from socle.metiers.espaces.urls import propres as outils

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

# Django essaie les adresses dans l’ordre : celles que l’on demande le plus d’abord.
urlpatterns = [
    path("", include("socle.metiers.dossiers.urls")),
    path("", include("socle.metiers.demarches.urls")),
    path("", include("socle.fondations.documents.urls")),
    path("", include("socle.fondations.commun.urls")),
    path("", include((collectivites, "collectivites"))),
    path("", include("socle.fondations.comptes.urls")),
    path("", include("socle.fondations.administration.urls")),
    path("", include("socle.fondations.conservation.urls")),
    path("", include("socle.fondations.notifications.urls")),
    path("", include("socle.fondations.journal.urls")),
    path("", include("socle.metiers.archivage.urls")),
    path("", include((adoption, "adoption"))),
    path("", include((echeances, "echeances"))),
    path("", include((appels, "appels_ici"))),
    path("", include((outils, "outils"))),
    path("", include((catalogue, "catalogue_collectivite"))),
]
