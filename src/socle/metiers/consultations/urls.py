"""Adresses de l’installation : pages publiques, espace de réponse, pages de l’équipe."""

from django.urls import path

from socle.metiers.consultations.views import (
    depouillement,
    equipe,
    evaluation_equipe,
    evaluation_jury,
    evaluation_proces_verbal,
    evaluation_resultats,
    publiques,
    questions,
    repondre,
    suivi,
)

app_name = "consultations"
# Grilles, jurys et résultats.
V, J = "equipe/consultations/<slug:slug>/evaluation/", "consultations/jury/"
urls_evaluation = [
    path(J, evaluation_jury.jurys, name="jurys"),
    path(f"{J}<slug:slug>/", evaluation_jury.jury, name="jury"),
    path(f"{J}<slug:slug>/interets/", evaluation_jury.interets, name="jury_interets"),
    path(f"{J}<slug:slug>/dossiers/<uuid:cle>/", evaluation_jury.dossier, name="jury_dossier"),
    path(
        f"{J}<slug:slug>/dossiers/<uuid:cle>/retrait/",
        evaluation_jury.retrait,
        name="jury_retrait",
    ),
    path(f"{J}<slug:slug>/deliberation/", evaluation_jury.deliberer, name="jury_deliberation"),
    path(
        f"{J}<slug:slug>/deliberation/geste/",
        evaluation_jury.deliberation_geste,
        name="jury_geste",
    ),
    path("consultations/<slug:slug>/resultats/", evaluation_resultats.resultats, name="resultats"),
    path(
        "consultations/<slug:slug>/resultats.<slug:format_>",
        evaluation_resultats.resultats_fichier,
        name="resultats_fichier",
    ),
    path(
        "consultations/reponses/<uuid:cle>/resultat/",
        evaluation_resultats.resultat,
        name="resultat",
    ),
    path(V, evaluation_equipe.evaluation, name="equipe_evaluation"),
    path(f"{V}grille/", evaluation_equipe.grille, name="equipe_grille"),
    path(f"{V}grille/copier/", evaluation_equipe.grille_copier, name="equipe_grille_copier"),
    path(f"{V}grille/apercu/", evaluation_equipe.grille_apercu, name="equipe_grille_apercu"),
    path(f"{V}reglages/", evaluation_equipe.reglages, name="equipe_evaluation_reglages"),
    path(f"{V}recevabilite/<uuid:cle>/", evaluation_equipe.dossier, name="equipe_recevabilite"),
    path(f"{V}jury/ajouter/", evaluation_equipe.jury_ajouter, name="equipe_jury_ajouter"),
    path(f"{V}jury/<int:pk>/sortir/", evaluation_equipe.jury_sortir, name="equipe_jury_sortir"),
    path(
        f"{V}jury/<int:pk>/fonction/",
        evaluation_equipe.jury_fonction,
        name="equipe_jury_fonction",
    ),
    path(f"{V}deports/ajouter/", evaluation_equipe.deport_ajouter, name="equipe_deport_ajouter"),
    path(f"{V}deports/<int:pk>/lever/", evaluation_equipe.deport_lever, name="equipe_deport_lever"),
    path(f"{V}ouvrir/", evaluation_equipe.ouvrir, name="equipe_evaluation_ouvrir"),
    path(f"{V}publier/", evaluation_equipe.publier, name="equipe_evaluation_publier"),
    path(f"{V}proces-verbal/", evaluation_proces_verbal.page, name="equipe_proces_verbal"),
    path(f"{V}proces-verbal.pdf", evaluation_proces_verbal.pdf, name="equipe_proces_verbal_pdf"),
]
urls_publiques = [
    path("consultations/", publiques.liste, name="liste"),
    path("consultations.atom", publiques.atom, name="atom"),
    path("consultations.ics", publiques.agenda, name="agenda"),
    path("consultations/<slug:slug>/", publiques.campagne, name="campagne"),
    path("consultations/<slug:slug>/repondre/", repondre.commencer, name="commencer"),
    path("consultations/<slug:slug>/synthese/", publiques.synthese, name="synthese"),
    path("consultations/<slug:slug>/synthese.pdf", publiques.synthese_pdf, name="synthese_pdf"),
    path("consultations/<slug:slug>/chiffres.csv", publiques.synthese_csv, name="synthese_csv"),
]
urls_reponses = [
    path("consultations/reponses/<uuid:cle>/", suivi.recu, name="recu"),
    path("consultations/reponses/<uuid:cle>/recu.pdf", suivi.recu_pdf, name="recu_pdf"),
    path("consultations/reponses/<uuid:cle>/etape/<int:rang>/", repondre.etape, name="etape"),
    path("consultations/reponses/<uuid:cle>/relire/", repondre.relire, name="relire"),
    path("consultations/reponses/<uuid:cle>/deposer/", repondre.deposer, name="deposer"),
    path("consultations/reponses/<uuid:cle>/corriger/", suivi.corriger, name="corriger"),
    path("consultations/reponses/<uuid:cle>/retirer/", suivi.retirer, name="retirer"),
    path(
        "consultations/reponses/<uuid:cle>/reprendre/<str:jeton>/",
        repondre.reprendre,
        name="reprendre",
    ),
]
E = "equipe/consultations/"
urls_equipe = [
    path(E, equipe.equipe, name="equipe"),
    path(f"{E}nouvelle/", equipe.nouvelle, name="nouvelle"),
    path(f"{E}<slug:slug>/", equipe.campagne, name="equipe_campagne"),
    path(f"{E}<slug:slug>/fiche/", equipe.modifier, name="equipe_modifier"),
    path(f"{E}<slug:slug>/publier/", equipe.publier, name="publier"),
    path(f"{E}<slug:slug>/prolonger/", equipe.prolonger, name="prolonger"),
    path(f"{E}<slug:slug>/clore/", equipe.clore, name="clore"),
    path(f"{E}<slug:slug>/annuler/", equipe.annuler, name="annuler"),
    path(f"{E}<slug:slug>/archiver/", equipe.archiver, name="archiver"),
    path(f"{E}<slug:slug>/copier/", equipe.copier, name="copier"),
    path(f"{E}<slug:slug>/questions/", questions.questions, name="questions"),
    path(f"{E}<slug:slug>/questions/gestes/", questions.gestes, name="gestes"),
    path(f"{E}<slug:slug>/questions/annuler/", questions.annuler_geste, name="annuler_geste"),
    path(
        f"{E}<slug:slug>/questions/page/<slug:page_id>/ajouter/", questions.ajouter, name="ajouter"
    ),
    path(f"{E}<slug:slug>/questions/page/<slug:page_id>/", questions.page, name="page"),
    path(f"{E}<slug:slug>/questions/<slug:champ_id>/", questions.question, name="question"),
    path(f"{E}<slug:slug>/apercu/<int:rang>/", questions.apercu, name="apercu"),
    path(f"{E}<slug:slug>/reponses/", depouillement.reponses, name="equipe_reponses"),
    path(f"{E}<slug:slug>/reponses.csv", depouillement.export, {"format_": "csv"}, "export_csv"),
    path(f"{E}<slug:slug>/reponses.xlsx", depouillement.export, {"format_": "xlsx"}, "export_xlsx"),
    path(f"{E}<slug:slug>/reponses/<uuid:cle>/", depouillement.reponse, name="equipe_reponse"),
    path(f"{E}<slug:slug>/reponses/<uuid:cle>/extrait/", depouillement.extrait, name="extrait"),
    path(f"{E}<slug:slug>/synthese/", depouillement.synthese, name="equipe_synthese"),
    path(f"{E}<slug:slug>/depouiller/", depouillement.depouiller, name="depouiller"),
]
urlpatterns = [*urls_evaluation, *urls_reponses, *urls_publiques, *urls_equipe]
