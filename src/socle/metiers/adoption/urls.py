"""Adresses de l’adoption : au niveau de l’installation, et sous chaque collectivité (`propres`)."""

from django.urls import path

from socle.metiers.adoption.views import agent, conventions, equipe, publiques

app_name = "adoption"
urlpatterns = [
    path("collectivites/", publiques.collectivites, name="collectivites"),
    path("collectivites/ecarts/", publiques.ecarts, name="ecarts"),
    path("collectivites/taux.csv", publiques.taux_csv, name="taux_csv"),
    path("collectivites/<str:cle>/", publiques.autorite, name="autorite"),
    path("adoption/<slug:solution>/", publiques.solution, name="solution"),
    path("adoption/<slug:solution>/taux.csv", publiques.taux_csv, name="solution_taux_csv"),
    path(
        "adoption/<slug:solution>/collectivites.csv",
        publiques.utilisatrices_csv,
        name="utilisatrices_csv",
    ),
    path("adoption/<slug:solution>/pres-de/<str:cle>/", publiques.pres_de, name="pres_de"),
    path("conventions/", conventions.liste, name="conventions"),
    path("conventions/<slug:slug>/", conventions.convention, name="convention"),
    path("conventions/<slug:slug>/adherentes.csv", conventions.adherentes_csv, name="adherentes"),
    path("equipe/adoption/", equipe.accueil, name="equipe"),
    path("equipe/adoption/importer/", equipe.importer, name="importer"),
    path("equipe/adoption/imports/<int:lot>/", equipe.voir_import, name="import"),
    path("equipe/adoption/imports/<int:lot>/appliquer/", equipe.appliquer, name="appliquer"),
    path("equipe/adoption/imports/<int:lot>/abandonner/", equipe.abandonner, name="abandonner"),
    path("equipe/adoption/imports/<int:lot>/annuler/", equipe.annuler_import, name="defaire"),
    path("equipe/adoption/corrections/", equipe.corrections, name="corrections"),
    path("equipe/adoption/faits/<int:fait>/ecarter/", equipe.ecarter, name="ecarter"),
    path("equipe/adoption/faits/<int:fait>/retablir/", equipe.retablir, name="retablir"),
    path("equipe/adoption/conventions/", equipe.nouvelle_convention, name="nouvelle_convention"),
    path(
        "equipe/adoption/conventions/<slug:slug>/",
        equipe.convention,
        name="equipe_convention",
    ),
    path("equipe/adoption/conventions/<slug:slug>/version/", equipe.version, name="version"),
    path("equipe/adoption/conventions/<slug:slug>/etat/", equipe.etat, name="etat"),
]
# Sous l’adresse d’une collectivité : ce qu’elle déclare et ce qu’elle signe.
propres = [
    path("agent/adoption/", agent.liste, name="liste"),
    path("agent/adoption/declarer/", agent.declarer, name="declarer"),
    path("agent/adoption/annuler/", agent.annuler, name="annuler"),
    path("agent/adoption/<slug:solution>/voisins/", agent.voisins, name="voisins"),
    path("agent/adoption/<slug:solution>/ecrire/<str:cle>/", agent.ecrire, name="ecrire"),
    path("agent/conventions/", agent.liste_conventions, name="conventions"),
    path("agent/conventions/<slug:slug>/", agent.convention, name="convention"),
    path("agent/conventions/<slug:slug>/signer/", agent.signer, name="signer"),
    path("agent/conventions/<slug:slug>/retirer/", agent.retirer, name="retirer"),
]
