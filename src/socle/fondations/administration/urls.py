from django.urls import path

from socle.fondations.administration.views import (
    chiffres,
    etat,
    journal,
    operateur,
    programme,
    reglages,
)

app_name = "administration"
# Au niveau de l’installation.
installation = [
    path("operateur/", operateur.liste, name="liste"),
    path("operateur/etat/", etat.installation, name="etat"),
    path("operateur/chiffres/", chiffres.chiffres, name="chiffres"),
    path("operateur/chiffres.csv", chiffres.chiffres_csv, name="chiffres_csv"),
    path("operateur/programme/", programme.membres, name="programme"),
    path("operateur/nouvelle/", operateur.nouvelle, name="nouvelle"),
    path("operateur/<int:pk>/", operateur.collectivite, name="collectivite"),
    path("operateur/<int:pk>/inviter/", operateur.inviter, name="inviter"),
]
# Sous l’adresse d’une collectivité.
urlpatterns = [
    path("agent/journal/", journal.liste, name="journal"),
    path("agent/journal/export.csv", journal.exporter, name="journal_export"),
    path("agent/journal/preuve/", journal.preuve, name="journal_preuve"),
    path("agent/journal/<uuid:pk>/", journal.entree, name="journal_entree"),
    path("agent/reglages/", reglages.accueil, name="reglages"),
    path("agent/reglages/identite/", reglages.identite, name="identite"),
    path("agent/reglages/apparence/", reglages.apparence, name="apparence"),
    path("agent/reglages/connecteurs/", etat.connecteurs, name="connecteurs"),
    path("agent/reglages/services/", reglages.liste_services, name="services"),
    path("agent/reglages/services/nouveau/", reglages.service, name="nouveau_service"),
    path("agent/reglages/services/<int:pk>/", reglages.service, name="service"),
]
