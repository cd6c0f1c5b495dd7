"""Adresses publiques et de l’équipe ; `propres` sont celles d’une collectivité."""

from django.urls import path

from socle.metiers.appels.views import (
    agents,
    alertes,
    equipe,
    equipe_octrois,
    flux,
    octrois,
    propositions,
    public,
)

app_name = "appels"
UN_APPEL = "equipe/appels/<slug:slug>/"
UN_OCTROI = "equipe/octrois/<int:pk>/"
publiques = [
    path("appels/", public.liste, name="liste"),
    path("appels.ics", flux.agenda, name="agenda"),
    path("appels.atom", flux.atom, name="atom"),
    path("appels.csv", flux.csv, name="csv"),
    path("appels.json", flux.json, name="json"),
    path("appels/alertes/", alertes.demander, name="alertes"),
    path("appels/alertes/confirmer/<str:jeton>/", alertes.confirmer, name="confirmer"),
    path("appels/alertes/arreter/<str:jeton>/", alertes.arreter, name="arreter"),
    path("appels/octrois/", octrois.publics, name="octrois"),
    path("appels/octrois.csv", octrois.fichier, name="octrois_csv"),
    path("appels/proposer/", propositions.proposer, name="proposer"),
    path("appels/<slug:slug>/", public.fiche, name="fiche"),
]
urlpatterns = [
    *publiques,
    path("equipe/appels/", equipe.liste, name="equipe"),
    path("equipe/appels/nouvel/", equipe.nouvel, name="nouvel"),
    path("equipe/appels/importer/", equipe.importer, name="importer"),
    path(UN_APPEL, equipe.modifier, name="modifier"),
    path(f"{UN_APPEL}apercu/", equipe.apercu, name="apercu"),
    path(f"{UN_APPEL}date/", equipe.changer_date, name="changer_date"),
    path(f"{UN_APPEL}relayer/", equipe.relayer, name="relayer"),
    path(f"{UN_APPEL}clore/", equipe.clore, name="clore"),
    path(f"{UN_APPEL}archiver/", equipe.archiver, name="archiver"),
    path(f"{UN_APPEL}reprendre/", equipe.reprendre, name="reprendre"),
    path(f"{UN_APPEL}verifier/", equipe.verifier, name="verifier"),
    path(f"{UN_APPEL}reunir/", equipe.reunir, name="reunir"),
    path("equipe/octrois/", equipe_octrois.liste, name="equipe_octrois"),
    path("equipe/octrois/nouvel/", equipe_octrois.nouvel, name="equipe_octroi_nouvel"),
    path(UN_OCTROI, equipe_octrois.fiche, name="equipe_octroi"),
    path(f"{UN_OCTROI}modifier/", equipe_octrois.modifier, name="equipe_octroi_modifier"),
    path(f"{UN_OCTROI}versements/", equipe_octrois.versement, name="versement"),
    path(
        f"{UN_OCTROI}versements/<int:rang>/", equipe_octrois.versement_etat, name="versement_etat"
    ),
    path(f"{UN_OCTROI}pieces/", equipe_octrois.piece, name="piece"),
    path(f"{UN_OCTROI}pieces/<int:rang>/", equipe_octrois.piece_juger, name="piece_juger"),
    path(f"{UN_OCTROI}rendre/", equipe_octrois.rendre, name="rendre"),
    path(f"{UN_OCTROI}solder/", equipe_octrois.solder, name="solder"),
    path(f"{UN_OCTROI}rouvrir/", equipe_octrois.rouvrir, name="rouvrir"),
    path(f"{UN_OCTROI}annuler/", equipe_octrois.annuler, name="annuler"),
]
# Sous `appels_ici:`, pour ne pas se confondre avec les pages publiques de l’installation.
propres = [
    path("agent/appels/", agents.liste, name="liste"),
    path("agent/appels/alertes/", agents.alertes, name="alertes"),
    path("agent/octrois/", agents.octrois, name="octrois"),
    path("agent/octrois/<int:octroi>/", agents.octroi, name="octroi"),
]
