from django.apps import AppConfig


class AppelsConfig(AppConfig):
    name = "socle.metiers.appels"
    label = "appels"
    verbose_name = "Appels relayés et suites"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import mesures
        from socle.fondations.commun.plan import plans
        from socle.fondations.commun.semences import semences
        from socle.fondations.comptes.enums import RoleProgramme
        from socle.fondations.comptes.permissions import list_roles_programme
        from socle.fondations.comptes.ports import EspacePropre, espaces_propres
        from socle.fondations.documents.ports import acces
        from socle.fondations.notifications.ports import modeles
        from socle.fondations.notifications.signals import desabonne
        from socle.metiers.appels import permissions
        from socle.metiers.appels.queries import citations
        from socle.metiers.appels.services.departs import hear_depart
        from socle.metiers.appels.services.modeles import MODELES
        from socle.metiers.appels.services.semence import seed
        from socle.metiers.appels.views import encarts

        fiches.fiches.register("appel", citations.map_appels)
        fiches.fiches.register("octroi", citations.map_octrois)
        fiches.rappels.register("appels", citations.list_citations)
        fiches.recherches.register("appels", citations.search_appels)
        fiches.encarts_accueil.register("appels", encarts.ACCUEIL)
        fiches.encarts_autorite.register("appels", encarts.AUTORITE)
        plans.register("appels", encarts.list_plan)
        for code, mesure in citations.MESURES.items():
            mesures.register(code, mesure)
        for code, modele in MODELES.items():
            modeles.register(code, modele)
        espaces_propres.register(
            "appels",
            EspacePropre(
                "Proposer un appel à relayer", "appels/proposer/",
                lambda compte, jour: RoleProgramme.PARTENAIRE in list_roles_programme(compte),
            ),
        )  # fmt: skip
        acces.register("octroi", permissions.can_read_justificatif)
        desabonne.connect(hear_depart, dispatch_uid="appels.hear_depart")
        semences.register("75-appels", seed)
        self._register_equipe()

    def _register_equipe(self) -> None:
        from socle.fondations.commun.fiches import PageEquipe, pages_equipe

        pages_equipe.register(
            "appels",
            PageEquipe(
                ordre=75,
                titre="Appels",
                phrase="Les appels des autres : vérifier, relayer, réunir les doubles.",
                url="appels:equipe",
            ),
        )
        pages_equipe.register(
            "octrois",
            PageEquipe(
                ordre=76,
                titre="Octrois",
                phrase="Ce qui est accordé : versements, pièces, bilans, sommes rendues.",
                url="appels:equipe_octrois",
            ),
        )
