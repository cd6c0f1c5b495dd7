from django.urls import path

from socle.metiers.demarches.views import (
    agent,
    apercu,
    bareme,
    champ,
    echange,
    editeur,
    portail,
)

app_name = "demarches"
AGENT = "agent/demarches/<int:pk>/"
PAGE = f"{AGENT}formulaire/pages/<slug:page_id>/"
CHAMP = f"{AGENT}formulaire/champs/<slug:champ_id>/"
urlpatterns = [
    path("", portail.accueil, name="accueil"),
    path("demarches/", portail.liste, name="liste"),
    path("demarches/<slug:chemin>/", portail.fiche, name="fiche"),
    path("agent/demarches/", agent.liste, name="liste_agent"),
    path("agent/demarches/nouvelle/", agent.nouvelle, name="nouvelle"),
    path(f"{AGENT}fiche/", agent.fiche, name="modifier"),
    path(f"{AGENT}publication/", agent.publication, name="publication"),
    path(f"{AGENT}publier/", agent.publier, name="publier"),
    path(f"{AGENT}fermer/", agent.fermer, name="fermer"),
    path("agent/demarches/importer/", echange.importer, name="importer"),
    path(f"{AGENT}abandonner/", agent.abandonner, name="abandonner"),
    path(f"{AGENT}dupliquer/", echange.dupliquer, name="dupliquer"),
    path(f"{AGENT}demarche.json", echange.telecharger, name="telecharger"),
    path(f"{AGENT}apercu/<int:rang>/", apercu.apercu, name="apercu"),
    path(f"{AGENT}formulaire/", editeur.editeur, name="editeur"),
    path(f"{AGENT}formulaire/gestes/", editeur.gestes, name="gestes"),
    path(f"{AGENT}formulaire/annuler/", editeur.annuler, name="annuler"),
    path(f"{AGENT}formulaire/pages/", editeur.ajouter_page, name="ajouter_page"),
    path(PAGE, editeur.page, name="page"),
    path(f"{PAGE}supprimer/", editeur.supprimer_page, name="supprimer_page"),
    path(f"{AGENT}formulaire/ajouter/<slug:dans>/", editeur.ajouter_champ, name="ajouter_champ"),
    path(CHAMP, champ.champ, name="champ"),
    path(f"{CHAMP}modele/", champ.modele, name="modele"),
    path(f"{AGENT}formulaire/baremes/", bareme.bareme, name="nouveau_bareme"),
    path(f"{AGENT}formulaire/baremes/<slug:bareme_id>/", bareme.bareme, name="bareme"),
]
