from django.urls import path

from socle.fondations.notifications import views

app_name = "notifications"
# Aussi servies au niveau de l’installation : les messages de toutes les collectivités.
espace = [
    path("espace/messages/", views.liste, name="liste"),
    path("espace/messages/lus/", views.tout_lire, name="tout_lire"),
    path("espace/messages/preferences/", views.preferences, name="preferences"),
    path("espace/messages/<uuid:identifiant>/", views.message, name="message"),
]
urlpatterns = [
    *espace,
    path("agent/reglages/messages/", views.modeles, name="modeles"),
    path("agent/reglages/messages/reessayer/", views.reessayer, name="reessayer"),
    path("agent/reglages/messages/<slug:code>/", views.modele, name="modele"),
    path("agent/reglages/messages/<slug:code>/retablir/", views.retablir, name="retablir"),
    path("courriels/<str:jeton>/", views.desabonner, name="desabonner"),
]
