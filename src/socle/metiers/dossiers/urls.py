from django.urls import path, re_path

from socle.metiers.dossiers.views import (
    agent_dossier,
    agent_exports,
    agent_liste,
    depot,
    guichet,
    reprise,
    statistiques,
    suivi,
    version,
)

app_name = "dossiers"
urlpatterns = [
    path("demarches/<slug:chemin>/commencer/", depot.commencer, name="commencer"),
    path("demarches/<slug:chemin>/statistiques/", statistiques.statistiques, name="statistiques"),
    path("dossiers/<int:numero>/", suivi.suivi, name="suivi"),
    path("dossiers/<int:numero>/etape/<int:rang>/", depot.etape, name="etape"),
    path("dossiers/<int:numero>/resume/", depot.resume, name="resume"),
    path("dossiers/<int:numero>/deposer/", depot.deposer, name="deposer"),
    path("dossiers/<int:numero>/supprimer/", depot.supprimer, name="supprimer"),
    path("dossiers/<int:numero>/lien/", reprise.lien, name="lien"),
    path("dossiers/<int:numero>/reprendre/<str:jeton>/", reprise.reprendre, name="reprendre"),
    path("dossiers/<int:numero>/version/", version.version, name="version"),
    path("dossiers/<int:numero>/ecrire/", suivi.ecrire, name="ecrire_usager"),
    path("dossiers/<int:numero>/decision/", suivi.lire_decision, name="lire_decision"),
    path("dossiers/communes/", depot.communes, name="communes"),
    path("espace/", suivi.mes_dossiers, name="mes_dossiers"),
    path("agent/", agent_liste.accueil, name="accueil_agent"),
    path("agent/dossiers/", agent_liste.liste, name="liste"),
    path("agent/dossiers/<int:numero>/", agent_dossier.dossier, name="dossier"),
    path("agent/dossiers/<int:numero>/ecrire/", agent_dossier.ecrire, name="ecrire"),
    path(
        "agent/dossiers/<int:numero>/correction/",
        agent_dossier.demander_correction,
        name="demander_correction",
    ),
    path(
        "agent/dossiers/<int:numero>/correction/annuler/",
        agent_dossier.annuler_correction,
        name="annuler_correction",
    ),
    path("agent/dossiers/<int:numero>/avancer/", agent_dossier.avancer, name="avancer"),
    path("agent/dossiers/<int:numero>/decider/", agent_dossier.decider, name="decider"),
    path("agent/dossiers/<int:numero>/preuve.zip", agent_exports.preuve, name="preuve"),
    re_path(
        r"^agent/demarches/(?P<pk>[0-9]{1,12})/dossiers\.(?P<format_>csv|xlsx)$",
        agent_exports.exporter,
        name="exporter",
    ),
    path("agent/guichet/", guichet.guichet, name="guichet"),
    path("agent/guichet/<slug:chemin>/", guichet.saisir, name="saisir"),
]
