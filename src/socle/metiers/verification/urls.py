"""Adresses de la page « Vérifier un fichier » et de son interface de programmation."""

from django.urls import path

from socle.metiers.verification import api, views

app_name = "verification"
urlpatterns = [
    path("outils/verifier/", views.verifier, name="verifier"),
    path("outils/verifier/rapport/", views.rapport, name="rapport"),
    path("outils/verifier/corrige/", views.corrige, name="corrige"),
    path("api/outils/verifier/", api.verifier, name="api"),
    path("api/outils/verifier/openapi.json", api.openapi, name="openapi_json"),
]
