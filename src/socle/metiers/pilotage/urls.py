"""Adresses de l’installation."""

from django.urls import path

from socle.metiers.pilotage.views import (
    bilan,
    edition,
    edition_indicateurs,
    equipe,
    importation,
    indicateurs,
    public,
)

app_name = "pilotage"
# Sorte d’objet → le mot de son adresse.
SORTES = {
    "programme": "fiche",
    "axe": "axes",
    "action": "actions",
    "recommandation": "recommandations",
    "principe": "principes",
    "fait": "faits",
    "partenaire": "partenaires",
    "temoignage": "temoignages",
}
urlpatterns = [
    path("", public.accueil, name="accueil"),
    path("programme/", public.liste, name="programmes"),
    path("programme/echos/", public.echos, name="echos"),
    path("programme/axe/<slug:code>/", public.axe, name="axe"),
    path("programme/action/<slug:code>/", public.action, name="action"),
    path("programme/recommandation/<slug:code>/", public.recommandation, name="recommandation"),
    path("programme/<slug:code>/", public.programme, name="programme"),
    path("programme/<slug:code>/bilan/", bilan.bilan, name="bilan"),
    path("programme/<slug:code>/bilan.pdf", bilan.bilan_pdf, name="bilan_pdf"),
    path("indicateurs/", indicateurs.liste, name="indicateurs"),
    path("indicateurs/<slug:code>/", indicateurs.indicateur, name="indicateur"),
    path("indicateurs/<slug:code>/valeurs.csv", indicateurs.valeurs_csv, name="valeurs_csv"),
    path("recherche/", public.recherche, name="recherche"),
    path("equipe/", equipe.accueil, name="equipe"),
    path("equipe/programmes/", edition.programmes, name="equipe_programmes"),
    path("equipe/programmes/nouveau/", edition.nouveau_programme, name="nouveau_programme"),
    path("equipe/programmes/<slug:code>/", edition.sommaire, name="sommaire"),
    path("equipe/programmes/<slug:code>/ajouter/<slug:sorte>/", edition.nouveau, name="nouveau"),
    path("equipe/indicateurs/", edition_indicateurs.liste, name="equipe_indicateurs"),
    path("equipe/indicateurs/nouveau/", edition_indicateurs.nouveau, name="nouvel_indicateur"),
    path("equipe/indicateurs/importer/", importation.importer, name="importer_valeurs"),
    path("equipe/indicateurs/<int:pk>/", edition_indicateurs.indicateur, name="equipe_indicateur"),
    path(
        "equipe/indicateurs/<int:pk>/retirer/",
        edition_indicateurs.retirer,
        name="retirer_indicateur",
    ),
    path(
        "equipe/indicateurs/<int:pk>/valeurs/nouvelle/",
        edition_indicateurs.nouvelle_valeur,
        name="nouvelle_valeur",
    ),
    path("equipe/valeurs/<int:pk>/", edition_indicateurs.valeur, name="equipe_valeur"),
    path(
        "equipe/valeurs/<int:pk>/retirer/",
        edition_indicateurs.retirer_valeur,
        name="retirer_valeur",
    ),
]
# Chaque sorte d’objet a sa page, au même modèle.
for _sorte, _chemin in SORTES.items():
    urlpatterns += [
        path(
            f"equipe/{_chemin}/<int:pk>/",
            edition.objet,
            {"sorte": _sorte},
            name=f"equipe_{_sorte}",
        ),
        path(
            f"equipe/{_chemin}/<int:pk>/retirer/",
            edition.retirer,
            {"sorte": _sorte},
            name=f"retirer_{_sorte}",
        ),
    ]
for _sorte in ("action", "recommandation"):
    urlpatterns += [
        path(
            f"equipe/{SORTES[_sorte]}/<int:pk>/avancement/",
            edition.avancement,
            {"sorte": _sorte},
            name=f"avancement_{_sorte}",
        )
    ]
