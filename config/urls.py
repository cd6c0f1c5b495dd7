"""Adresses de l’installation : tout ce qui n’appartient pas à une collectivité."""

from django.urls import include, path, re_path

from socle.fondations.administration.urls import installation as operateur
from socle.fondations.commun.relais import relay
from socle.fondations.comptes.views.compte import choisir_collectivite
from socle.fondations.notifications.urls import espace as messages

handler400 = "socle.fondations.commun.views.erreur_400"
handler403 = "socle.fondations.commun.views.erreur_403"
handler404 = "socle.fondations.commun.views.erreur_404"
handler429 = "socle.fondations.comptes.views.securite.trop_de_demandes"  # pour django-allauth
handler500 = "socle.fondations.commun.views.erreur_500"

urlpatterns = [
    re_path("^simulateurs/(?P<chemin>.*)$", relay),
    path("", include("socle.fondations.commun.urls")),
    path("", include("socle.fondations.collectivites.urls")),
    path("", include("socle.metiers.pilotage.urls")),
    path("", include("socle.metiers.gouvernance.urls")),
    path("", include("socle.metiers.echeancier.urls")),
    path("", include("socle.metiers.catalogue.urls")),
    path("", include("socle.metiers.adoption.urls")),
    path("", include("socle.metiers.diffusion.urls")),
    path("", include("socle.metiers.espaces.urls")),
    path("", include("socle.metiers.consultations.urls")),
    path("", include("socle.metiers.appels.urls")),
    path("", include("socle.metiers.verification.urls")),
    path("agent/", choisir_collectivite, name="choisir_collectivite"),
    path("", include("socle.fondations.comptes.urls")),
    path("", include("socle.fondations.journal.urls")),
    path("", include((messages, "notifications"))),
    path("", include((operateur, "administration"))),
]
