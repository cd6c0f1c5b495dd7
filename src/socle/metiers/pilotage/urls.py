"""Adresses de l’installation."""

from django.urls import path

from socle.metiers.pilotage.views import equipe, indicateurs, public

app_name = "pilotage"
urlpatterns = [
    path("", public.accueil, name="accueil"),
    path("programme/", public.liste, name="programmes"),
    path("programme/echos/", public.echos, name="echos"),
    path("programme/axe/<slug:code>/", public.axe, name="axe"),
    path("programme/action/<slug:code>/", public.action, name="action"),
    path("programme/recommandation/<slug:code>/", public.recommandation, name="recommandation"),
    path("programme/<slug:code>/", public.programme, name="programme"),
    path("indicateurs/", indicateurs.liste, name="indicateurs"),
    path("indicateurs/<slug:code>/", indicateurs.indicateur, name="indicateur"),
    path("indicateurs/<slug:code>/valeurs.csv", indicateurs.valeurs_csv, name="valeurs_csv"),
    path("recherche/", public.recherche, name="recherche"),
    path("equipe/", equipe.accueil, name="equipe"),
]
