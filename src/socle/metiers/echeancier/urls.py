"""Adresses publiques et de l’équipe ; `propres` sont celles d’une collectivité."""

from django.urls import path

from socle.metiers.echeancier.views import flux, integration, public

app_name = "echeancier"
urlpatterns = [
    path("echeancier/", public.liste, name="liste"),
    path("echeancier.ics", flux.agenda, name="agenda"),
    path("echeancier.atom", flux.atom, name="atom"),
    path("echeancier.csv", flux.csv, name="csv"),
    path("echeancier.json", flux.json, name="json"),
    path("echeancier/imprimer/", public.imprimer, name="imprimer"),
    path("echeancier/integrer/", integration.integrer, name="integrer"),
    path("echeancier/partager/", integration.partager, name="partager"),
    path("echeancier/<slug:slug>/", public.fiche, name="fiche"),
]
