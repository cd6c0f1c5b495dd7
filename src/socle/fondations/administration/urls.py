from django.urls import path

from socle.fondations.administration.views import etat, operateur, reglages

app_name = "administration"
# Au niveau de l’installation.
installation = [
    path("operateur/", operateur.liste, name="liste"),
    path("operateur/etat/", etat.installation, name="etat"),
    path("operateur/nouvelle/", operateur.nouvelle, name="nouvelle"),
    path("operateur/<int:pk>/", operateur.collectivite, name="collectivite"),
    path("operateur/<int:pk>/inviter/", operateur.inviter, name="inviter"),
]
# Sous l’adresse d’une collectivité.
urlpatterns = [
    path("agent/reglages/", reglages.accueil, name="reglages"),
    path("agent/reglages/identite/", reglages.identite, name="identite"),
    path("agent/reglages/apparence/", reglages.apparence, name="apparence"),
    path("agent/reglages/connecteurs/", etat.connecteurs, name="connecteurs"),
    path("agent/reglages/services/nouveau/", reglages.service, name="nouveau_service"),
    path("agent/reglages/services/<int:pk>/", reglages.service, name="service"),
]
