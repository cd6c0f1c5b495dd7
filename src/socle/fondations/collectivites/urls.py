from django.urls import path

from socle.fondations.collectivites import views

app_name = "collectivites"
# Au niveau de l’installation.
urlpatterns = [path("portails/", views.accueil, name="accueil")]
# Sous l’adresse d’une collectivité.
propres = [path("logo/<str:empreinte>/", views.logo, name="logo")]
