from django.urls import path

from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.permissions import role_requis
from socle.fondations.notifications import views

AGENTS = role_requis(*(role for role in Role if role != Role.OPERATEUR), par_service=True)
app_name = "notifications"
# Aussi servies au niveau de l’installation : les messages de toutes les collectivités.
espace = [
    path("espace/messages/", views.liste, name="liste"),
    path("espace/messages/lus/", views.tout_lire, name="tout_lire"),
    path("espace/messages/preferences/", views.preferences, name="preferences"),
    path("espace/messages/<uuid:identifiant>/", views.message, name="message"),
]
# Les mêmes pages pour un agent, sous sa propre porte : ce que ses collègues lui confient.
agents = [
    path("agent/messages/", AGENTS(views.liste), name="liste_agent"),
    path("agent/messages/lus/", AGENTS(views.tout_lire), name="tout_lire_agent"),
    path("agent/messages/preferences/", AGENTS(views.preferences), name="preferences_agent"),
    path("agent/messages/<uuid:identifiant>/", AGENTS(views.message), name="message_agent"),
]
urlpatterns = [
    *espace,
    *agents,
    path("agent/reglages/messages/", views.modeles, name="modeles"),
    path("agent/reglages/messages/reessayer/", views.reessayer, name="reessayer"),
    path("agent/reglages/messages/<slug:code>/", views.modele, name="modele"),
    path("agent/reglages/messages/<slug:code>/retablir/", views.retablir, name="retablir"),
    path("courriels/<str:jeton>/", views.desabonner, name="desabonner"),
]
