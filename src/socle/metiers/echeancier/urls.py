"""Adresses publiques et de l’équipe ; `propres` sont celles d’une collectivité."""

from django.urls import path

from socle.metiers.echeancier.views import agents, equipe, flux, integration, public

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
    path("equipe/echeancier/", equipe.liste, name="equipe"),
    path("equipe/echeancier/nouvelle/", equipe.nouvelle, name="nouvelle"),
    path("equipe/echeancier/importer/", equipe.importer, name="importer"),
    path("equipe/echeancier/<slug:slug>/", equipe.modifier, name="modifier"),
    path("equipe/echeancier/<slug:slug>/apercu/", equipe.apercu, name="apercu"),
    path("equipe/echeancier/<slug:slug>/date/", equipe.changer_date, name="changer_date"),
    path("equipe/echeancier/<slug:slug>/annuler/", equipe.annuler, name="annuler"),
    path("equipe/echeancier/<slug:slug>/publier/", equipe.publier, name="publier"),
    path("equipe/echeancier/<slug:slug>/retablir/", equipe.retablir, name="retablir"),
]
# Sous `echeances:`, pour ne pas se confondre avec les pages publiques de l’installation.
propres = [
    path("agent/echeancier/", agents.liste, name="liste"),
    path("agent/echeancier/rappels/", agents.alertes, name="alertes"),
    path("agent/echeancier/<slug:echeance>/", agents.fiche, name="fiche"),
]
