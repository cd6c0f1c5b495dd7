from django.urls import path

from socle.metiers.demarches.views import agent, editeur, portail

app_name = "demarches"
AGENT = "agent/demarches/<int:pk>/"
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
    path(f"{AGENT}formulaire/", editeur.editeur, name="editeur"),
    path(f"{AGENT}apercu/<int:rang>/", editeur.apercu, name="apercu"),
    path(f"{AGENT}formulaire/annuler/", editeur.annuler, name="annuler"),
    path(f"{AGENT}formulaire/pages/", editeur.ajouter_page, name="ajouter_page"),
    path(f"{AGENT}formulaire/pages/<slug:page_id>/", editeur.page, name="page"),
    path(f"{AGENT}formulaire/ajouter/<slug:dans>/", editeur.ajouter_champ, name="ajouter_champ"),
    path(f"{AGENT}formulaire/champs/<slug:champ_id>/", editeur.champ, name="champ"),
    path(f"{AGENT}formulaire/baremes/", editeur.bareme, name="nouveau_bareme"),
    path(f"{AGENT}formulaire/baremes/<slug:bareme_id>/", editeur.bareme, name="bareme"),
]
