"""Adresses publiques de la diffusion, et de l’équipe du programme."""

from django.urls import path

from socle.metiers.diffusion.views import articles, equipe, evenements, lettres, partage
from socle.metiers.diffusion.views.redaction import ARTICLES, EVENEMENTS

app_name = "diffusion"
EQUIPE = "equipe/diffusion/"
publiques = [
    path("actualites/", articles.liste, name="actualites"),
    path("actualites.atom", articles.atom, name="atom"),
    path("actualites.json", articles.json, name="json"),
    path("actualites/integrer/", partage.integrer, name="integrer"),
    path("actualites/partager/", partage.partager, name="partager"),
    path("actualites/<slug:slug>/", articles.article, name="article"),
    path("sitemap.xml", articles.plan, name="plan"),
    path("lettres/", lettres.liste, name="lettres"),
    path("lettres/abonnement/", lettres.abonnement, name="abonnement"),
    path("lettres/confirmer/<str:jeton>/", lettres.confirmer, name="confirmer_abonnement"),
    path("lettres/desabonner/<str:jeton>/", lettres.desabonner, name="desabonner"),
    path("lettres/<int:numero>/", lettres.lettre, name="lettre"),
    path("evenements/", evenements.liste, name="evenements"),
    path("evenements.ics", evenements.agenda, name="agenda"),
    path("evenements/confirmer/<str:jeton>/", evenements.confirmer, name="confirmer_inscription"),
    path("evenements/place/<str:jeton>/", evenements.inscription, name="inscription"),
    path("evenements/place/<str:jeton>/avis/", evenements.avis, name="avis"),
    path("evenements/<slug:slug>/", evenements.evenement, name="evenement"),
    path("evenements/<slug:slug>/inscription/", evenements.inscrire, name="inscrire"),
    path("contacts/opposition/<str:jeton>/", evenements.opposition, name="opposition"),
]
articles_equipe = [
    path(f"{EQUIPE}articles/nouveau/", ARTICLES["nouveau"], name="equipe_article_nouveau"),
    path(f"{EQUIPE}articles/<slug:slug>/", ARTICLES["modifier"], name="equipe_article"),
    path(f"{EQUIPE}articles/<slug:slug>/apercu/", ARTICLES["apercu"], name="equipe_article_apercu"),
    path(
        f"{EQUIPE}articles/<slug:slug>/publier/", ARTICLES["publier"], name="equipe_article_publier"
    ),
    path(
        f"{EQUIPE}articles/<slug:slug>/retirer/", ARTICLES["retirer"], name="equipe_article_retirer"
    ),
]
UN_EVENEMENT = f"{EQUIPE}evenements/<slug:slug>/"
evenements_equipe = [
    path(f"{EQUIPE}evenements/nouveau/", EVENEMENTS["nouveau"], name="equipe_evenement_nouveau"),
    path(UN_EVENEMENT, EVENEMENTS["modifier"], name="equipe_evenement"),
    path(f"{UN_EVENEMENT}apercu/", EVENEMENTS["apercu"], name="equipe_evenement_apercu"),
    path(f"{UN_EVENEMENT}publier/", EVENEMENTS["publier"], name="equipe_evenement_publier"),
    path(f"{UN_EVENEMENT}retirer/", EVENEMENTS["retirer"], name="equipe_evenement_retirer"),
    path(f"{UN_EVENEMENT}inscrits/", equipe.inscrits, name="equipe_inscrits"),
    path(f"{UN_EVENEMENT}inscrits.csv", equipe.inscrits_csv, name="equipe_inscrits_csv"),
]
urlpatterns = [
    *publiques,
    path(EQUIPE, equipe.accueil, name="equipe"),
    *articles_equipe,
    *evenements_equipe,
    path(f"{EQUIPE}lettres/nouvelle/", equipe.lettre_nouvelle, name="equipe_lettre_nouvelle"),
    path(f"{EQUIPE}lettres/<int:numero>/", equipe.lettre, name="equipe_lettre"),
    path(
        f"{EQUIPE}lettres/<int:numero>/envoyer/", equipe.lettre_envoyer,
        name="equipe_lettre_envoyer",
    ),
    path(
        f"{EQUIPE}lettres/<int:numero>/renvoyer/",
        equipe.lettre_renvoyer,
        name="equipe_lettre_renvoyer",
    ),
    path(f"{EQUIPE}contacts/", equipe.carnet, name="equipe_contacts"),
    path(f"{EQUIPE}contacts.csv", equipe.contacts_csv, name="equipe_contacts_csv"),
    path(f"{EQUIPE}contacts/<int:pk>/effacer/", equipe.contact_effacer, name="equipe_effacer"),
    path(f"{EQUIPE}cibles/", equipe.cibles, name="equipe_cibles"),
    path(f"{EQUIPE}cibles.csv", equipe.cibles_csv, name="equipe_cibles_csv"),
]  # fmt: skip
