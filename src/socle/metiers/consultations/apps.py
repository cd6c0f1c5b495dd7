from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "socle.metiers.consultations"
    label = "consultations"
    verbose_name = "Consultations et appels"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import mesures
        from socle.fondations.commun.plan import plans
        from socle.fondations.commun.semences import semences
        from socle.fondations.comptes.ports import EspacePropre, espaces_propres
        from socle.fondations.documents.ports import acces, usages
        from socle.fondations.notifications.ports import modeles
        from socle.metiers.consultations import permissions
        from socle.metiers.consultations.queries import fiches as siennes
        from socle.metiers.consultations.queries.evaluation_jury import list_places
        from socle.metiers.consultations.queries.reponses import list_utiles
        from socle.metiers.consultations.services import evaluation_messages, evaluation_semence
        from socle.metiers.consultations.services.courriels import MODELES
        from socle.metiers.consultations.services.semence import seed

        fiches.fiches.register("consultation", siennes.resolve_campagnes)
        fiches.rappels.register("consultations", siennes.list_rappels_de)
        fiches.recherches.register("consultations", siennes.search)
        fiches.encarts_accueil.register("consultations", siennes.ACCUEIL)
        fiches.pages_equipe.register("consultations", siennes.PAGE_EQUIPE)
        plans.register("consultations", siennes.list_plan)
        for code, mesure in siennes.MESURES.items():
            mesures.register(code, mesure)
        for code, modele in (MODELES | evaluation_messages.MODELES).items():
            modeles.register(code, modele)
        espaces_propres.register(
            "jurys",
            EspacePropre(
                "Mes jurys", "consultations/jury/", lambda compte, jour: bool(list_places(compte))
            ),
        )
        acces.register("reponse", permissions.can_read_fichier)
        usages.register("reponse", list_utiles)
        semences.register("70-consultations", seed)
        semences.register("71-evaluation", evaluation_semence.seed)
