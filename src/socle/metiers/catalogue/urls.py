"""Adresses de l’installation."""

from django.urls import path

from socle.metiers.catalogue.views import equipe, flux, public, references

app_name = "catalogue"
urlpatterns = [
    path("catalogue/", public.liste, name="liste"),
    path("catalogue/comparer/", public.comparer, name="comparer"),
    path("catalogue/choisir/", public.choisir, name="choisir"),
    path("catalogue/solutions.json", flux.solutions_json, name="json"),
    path("catalogue/solutions.csv", flux.solutions_csv, name="csv"),
    path("catalogue/nouveautes.atom", flux.atom, name="atom"),
    path("catalogue/label/", references.label, name="label"),
    path("catalogue/label/version/<int:version>/", references.referentiel, name="referentiel"),
    path("catalogue/label/<int:pk>/", references.candidature, name="candidature"),
    path("catalogue/editeurs/", references.editeurs, name="editeurs"),
    path("catalogue/bancs/", references.bancs_d_essai, name="bancs"),
    path("catalogue/editeurs/<slug:slug>/", references.editeur, name="editeur"),
    path("catalogue/clauses/", references.clauses, name="clauses"),
    path("catalogue/clauses/<slug:slug>/", references.clause, name="clause"),
    path("catalogue/clauses/<slug:slug>/clause.txt", references.clause_texte, name="clause_texte"),
    path("catalogue/api/", references.liste_api, name="apis"),
    path("catalogue/api/api.json", flux.apis_json, name="apis_json"),
    path("catalogue/api/cas/<slug:slug>/", references.cas, name="cas"),
    path("catalogue/api/<slug:slug>/", references.api, name="api"),
    path("catalogue/<slug:slug>/", public.solution, name="solution"),
    path("equipe/catalogue/", equipe.accueil, name="equipe"),
    path("catalogue/<slug:slug>/publiccode.yml", flux.publiccode, name="publiccode"),
]
