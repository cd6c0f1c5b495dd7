from django.urls import path

from socle.fondations.journal import views

app_name = "journal"
# Les mêmes au niveau de l’installation et sous chaque collectivité.
urlpatterns = [
    path("journal/cles/", views.cles, name="cles"),
    path("journal/cles/cles-publiques.txt", views.fichier_cles, name="fichier_cles"),
    path("journal/cles/point-de-controle.txt", views.dernier_point, name="dernier_point"),
]
