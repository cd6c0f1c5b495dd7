"""Adresses de l’installation."""

from django.urls import path

from socle.metiers.pilotage.views import equipe

app_name = "pilotage"
urlpatterns = [
    path("equipe/", equipe.accueil, name="equipe"),
]
