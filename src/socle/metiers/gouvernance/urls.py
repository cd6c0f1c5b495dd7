"""Adresses de l’installation : pages publiques, espace des membres, pages de l’équipe."""

from django.urls import include, path, re_path

from socle.metiers.gouvernance.views import documents, equipe, flux, membres, publiques
from socle.metiers.gouvernance.views import equipe_decisions as decisions
from socle.metiers.gouvernance.views import equipe_feuilles as feuilles
from socle.metiers.gouvernance.views import equipe_instances as instances
from socle.metiers.gouvernance.views import equipe_reunions as reunions

app_name = "gouvernance"
SEMESTRE = r"(?P<semestre>20[0-9]{2}-[12])"
MOIS = r"(?P<mois>20[0-9]{2}-[01][0-9])"

pages_equipe = [
    path("", equipe.accueil, name="equipe"),
    path("sieges/<int:pk>/", instances.pourvoir, name="equipe_siege"),
    path("reunions/<int:pk>/", reunions.reunion, name="equipe_reunion"),
    path("points/<int:pk>/", reunions.point, name="equipe_point"),
    path("effets/<int:pk>/", decisions.suivre_effet, name="equipe_effet"),
    path("feuilles/<int:pk>/", feuilles.feuille, name="equipe_feuille"),
    path("lignes/<int:pk>/", feuilles.ligne, name="equipe_ligne"),
    path("instances/nouvelle/", instances.nouvelle, name="equipe_instance_nouvelle"),
    path("instances/<slug:slug>/", instances.instance, name="equipe_instance"),
    path("instances/<slug:slug>/modifier/", instances.modifier, name="equipe_instance_modifier"),
    path("instances/<slug:slug>/sieges/", instances.ouvrir_siege, name="equipe_siege_ouvrir"),
    path("sieges/<int:pk>/finir/", instances.finir, name="equipe_siege_finir"),
    path("reunions/nouvelle/", reunions.nouvelle, name="equipe_reunion_nouvelle"),
    path("reunions/<int:pk>/modifier/", reunions.modifier, name="equipe_reunion_modifier"),
    path("reunions/<int:pk>/convoquer/", reunions.convoquer, name="equipe_convoquer"),
    path("reunions/<int:pk>/annuler/", reunions.annuler, name="equipe_reunion_annuler"),
    path("reunions/<int:pk>/presences/", reunions.presences, name="equipe_presences"),
    path("reunions/<int:pk>/releve/", reunions.releve, name="equipe_releve"),
    path("reunions/<int:pk>/points/", reunions.ajouter_point, name="equipe_point_ajouter"),
    path("points/<int:pk>/fichier/", reunions.joindre, name="equipe_point_fichier"),
    path("points/<int:pk>/fichier/retirer/", reunions.detacher, name="equipe_point_detacher"),
    path("points/<int:pk>/retirer/", reunions.retirer_point, name="equipe_point_retirer"),
    path("decisions/nouvelle/", decisions.nouvelle, name="equipe_decision_nouvelle"),
    path("decisions/<int:numero>/", decisions.decision, name="equipe_decision"),
    path("decisions/<int:numero>/modifier/", decisions.modifier, name="equipe_decision_modifier"),
    path("decisions/<int:numero>/figer/", decisions.figer, name="equipe_decision_figer"),
    path("decisions/<int:numero>/amender/", decisions.amender, name="equipe_decision_amender"),
    path(
        "decisions/<int:numero>/prolonger/", decisions.prolonger, name="equipe_decision_prolonger"
    ),
    path("decisions/<int:numero>/retirer/", decisions.retirer, name="equipe_decision_retirer"),
    path("decisions/<int:numero>/seance/", decisions.seance, name="equipe_seance"),
    path("decisions/<int:numero>/clore/", decisions.clore, name="equipe_decision_clore"),
    path("feuilles/nouvelle/", feuilles.nouvelle, name="equipe_feuille_nouvelle"),
    path("feuilles/<int:pk>/lignes/", feuilles.ajouter_ligne, name="equipe_ligne_ajouter"),
    path("feuilles/<int:pk>/figer/", feuilles.figer, name="equipe_feuille_figer"),
    path("lignes/<int:pk>/retirer/", feuilles.retirer_ligne, name="equipe_ligne_retirer"),
    path("evaluer/nouvelle/", feuilles.nouvelle_evaluation, name="equipe_evaluation_nouvelle"),
    path("evaluer/<int:pk>/", feuilles.evaluation, name="equipe_evaluation"),
    path(
        "evaluer/<int:pk>/publier/",
        feuilles.publier_evaluation,
        name="equipe_evaluation_publier",
    ),
]
urlpatterns = [
    path("instances/", publiques.instances, name="instances"),
    path("instances.ics", flux.agenda, name="agenda"),
    path("instances/<slug:slug>.ics", flux.agenda_instance, name="agenda_instance"),
    path("instances/<slug:slug>/", publiques.instance, name="instance"),
    path("reunions/", publiques.reunions, name="reunions"),
    path("reunions/<int:pk>/", publiques.reunion, name="reunion"),
    path("reunions/<int:pk>/inscription/", membres.inscrire, name="inscrire"),
    path("reunions/<int:pk>/inscription/retirer/", membres.desinscrire, name="desinscrire"),
    path("decisions/", publiques.decisions, name="decisions"),
    path("decisions/atom.xml", flux.atom_decisions, name="atom_decisions"),
    path("decisions/<int:numero>/", publiques.decision, name="decision"),
    path("decisions/<int:numero>/texte.txt", documents.decision_texte, name="decision_texte"),
    path("decisions/<int:numero>/preuve.zip", documents.decision_preuve, name="decision_preuve"),
    path("feuille-de-route/", documents.feuilles, name="feuilles"),
    re_path(rf"^feuille-de-route/{SEMESTRE}/$", documents.feuille, name="feuille"),
    re_path(rf"^feuille-de-route/{SEMESTRE}\.pdf$", documents.feuille_pdf, name="feuille_pdf"),
    path("rapports/", documents.rapports, name="rapports"),
    path("rapports/atom.xml", flux.atom_rapports, name="atom_rapports"),
    re_path(rf"^rapports/{MOIS}/$", documents.rapport, name="rapport"),
    re_path(rf"^rapports/{MOIS}\.pdf$", documents.rapport_pdf, name="rapport_pdf"),
    re_path(rf"^rapports/{MOIS}\.json$", documents.rapport_json, name="rapport_json"),
    re_path(rf"^rapports/{MOIS}\.csv$", documents.rapport_csv, name="rapport_csv"),
    path("evaluations/", documents.evaluations, name="evaluations"),
    path("evaluations/<int:pk>/", documents.evaluation, name="evaluation"),
    path("mes-instances/", membres.mes_instances, name="mes_instances"),
    path("mes-instances/convocations/<int:pk>/repondre/", membres.repondre, name="repondre"),
    path("mes-instances/decisions/<int:numero>/voter/", membres.voter, name="voter"),
    path("mes-instances/sieges/<int:pk>/deleguer/", membres.deleguer, name="deleguer"),
    path("mes-instances/delegations/<int:pk>/reprendre/", membres.reprendre, name="reprendre"),
    path("equipe/gouvernance/", include(pages_equipe)),
]
