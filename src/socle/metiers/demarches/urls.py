from django.urls import path

from socle.metiers.demarches import views

app_name = "demarches"
urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("demarches/", views.liste, name="liste"),
    path("demarches/<slug:chemin>/", views.fiche, name="fiche"),
]
