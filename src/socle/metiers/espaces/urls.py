"""Adresses des espaces : publiques, de l’équipe, des groupes ; `propres`, d’une collectivité."""

from django.urls import path

from socle.metiers.espaces.views import agents, animer, ecrire, equipe, groupes, publiques

app_name = "espaces"
urlpatterns = [
    path("boite-a-outils/", publiques.boite, name="boite"),
    path("boite-a-outils.atom", publiques.atom, name="atom"),
    path("boite-a-outils/<slug:slug>/", publiques.livrable, name="livrable"),
    path("retours/", publiques.retours, name="retours"),
    path("retours/<slug:slug>/", publiques.retour, name="retour"),
    path("groupes/", groupes.liste, name="groupes"),
    path("groupes/ouvrir/", animer.ouvrir, name="ouvrir"),
    path("groupes/<slug:slug>/", groupes.groupe, name="groupe"),
    path("groupes/<slug:slug>/entrer/", animer.entrer, name="entrer"),
    path("groupes/<slug:slug>/quitter/", animer.quitter, name="quitter"),
    path("groupes/<slug:slug>/reglages/", animer.reglages, name="reglages"),
    path("groupes/<slug:slug>/archiver/", animer.archiver, name="archiver"),
    path("groupes/<slug:slug>/membres/", animer.membres, name="membres"),
    path("groupes/<slug:slug>/membres/<int:pk>/role/", animer.role, name="role"),
    path("groupes/<slug:slug>/membres/<int:pk>/retirer/", animer.retirer, name="retirer"),
    path("groupes/<slug:slug>/entrees/<int:pk>/", animer.repondre, name="repondre"),
    path("groupes/<slug:slug>/sujets/ecrire/", ecrire.sujet, name="ecrire"),
    path("groupes/<slug:slug>/sujets/<int:pk>/", groupes.sujet, name="sujet"),
    path("groupes/<slug:slug>/sujets/<int:pk>/commenter/", ecrire.commenter, name="commenter"),
    path("groupes/<slug:slug>/sujets/<int:pk>/version/", ecrire.version, name="version"),
    path(
        "groupes/<slug:slug>/sujets/<int:pk>/retenir/<int:commentaire>/",
        ecrire.retenir,
        name="retenir",
    ),
    path("groupes/<slug:slug>/taches/", ecrire.taches, name="taches"),
    path("groupes/<slug:slug>/taches/<int:pk>/", ecrire.tache, name="tache"),
    path("equipe/boite-a-outils/", equipe.accueil, name="equipe"),
    path("equipe/boite-a-outils/nouveau/", equipe.nouveau, name="nouveau"),
    path("equipe/boite-a-outils/<slug:slug>/", equipe.modifier, name="modifier"),
    path("equipe/boite-a-outils/<slug:slug>/version/", equipe.version, name="livrable_version"),
    path("equipe/boite-a-outils/<slug:slug>/etat/", equipe.etat, name="etat"),
    path("equipe/retours/<slug:slug>/", equipe.relire, name="relire"),
    path("equipe/retours/<slug:slug>/retirer/", equipe.retirer_retour, name="retirer_retour"),
]
# Sous l’adresse d’une collectivité, nommées `outils:`.
propres = [
    path("agent/boite-a-outils/", agents.liste, name="liste"),
    path("agent/boite-a-outils/<slug:livrable>/", agents.dire, name="dire"),
    path("agent/retours/", agents.retours, name="retours"),
    path("agent/retours/nouveau/", agents.nouveau, name="nouveau"),
    path("agent/retours/<int:pk>/", agents.modifier, name="modifier"),
    path("agent/retours/<int:pk>/proposer/", agents.proposer, name="proposer"),
]
