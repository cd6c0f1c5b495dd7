from django.apps import AppConfig


class EspacesConfig(AppConfig):
    name = "socle.metiers.espaces"
    label = "espaces"
    verbose_name = "Espaces de travail"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.semences import semences
        from socle.fondations.comptes.ports import EspacePropre, espaces_propres
        from socle.fondations.documents.ports import acces
        from socle.fondations.notifications.ports import modeles
        from socle.metiers.espaces import permissions
        from socle.metiers.espaces.queries import fiches as siennes
        from socle.metiers.espaces.queries.groupes import list_mes_groupes
        from socle.metiers.espaces.services.nouvelles import MODELES
        from socle.metiers.espaces.services.semence import seed

        fiches.fiches.register("livrable", siennes.resolve_livrables)
        fiches.fiches.register("retour", siennes.resolve_retours)
        fiches.fiches.register("groupe", siennes.resolve_groupes)
        fiches.rappels.register("espaces", siennes.list_rappels_de)
        fiches.recherches.register("espaces", siennes.search)
        fiches.pages_equipe.register(
            "espaces",
            fiches.PageEquipe(
                ordre=60,
                titre="Outils",
                phrase="Les livrables et leurs versions ; les retours d’expérience à relire.",
                url="espaces:equipe",
            ),
        )
        espaces_propres.register(
            "groupes",
            EspacePropre(
                "Mes groupes de travail", "groupes/",
                lambda compte, jour: bool(list_mes_groupes(compte)),
            ),
        )  # fmt: skip
        semences.register("60-espaces", seed)
        for code, modele in MODELES.items():
            modeles.register(code, modele)
        acces.register("livrable", permissions.can_read_livrable)
        acces.register("groupe", permissions.can_read_fichier)
        self._register_mesures()
        self._register_agents()

    def _register_mesures(self) -> None:
        from socle.fondations.commun.mesures import Mesure, mesures
        from socle.metiers.espaces.queries import fiches as siennes

        for code, mesure in {
            "livrables": Mesure(
                "Livrables dans la boîte à outils", "livrables",
                "Livrables publiés, du programme et des partenaires.", siennes.count_livrables,
            ),
            "retours": Mesure(
                "Retours d’expérience publiés", "retours",
                "Retours relus et publiés ; les exemples fictifs ne comptent pas.",
                siennes.count_retours,
            ),
            "utilisatrices": Mesure(
                "Collectivités qui se servent de la boîte à outils", "collectivités",
                "Collectivités qui disent se servir d’au moins un livrable.",
                siennes.count_usages,
            ),
        }.items():  # fmt: skip
            mesures.register(f"espaces.{code}", mesure)

    def _register_agents(self) -> None:
        from socle.fondations.administration.ports import PageDeReglage, pages_de_reglages
        from socle.fondations.comptes.enums import Role

        pages = {
            "outils": ("Boîte à outils", "Dire quels livrables vous servent.", "outils:liste"),
            "retours": ("Retours d’expérience", "Raconter ce que vous avez fait.",
                        "outils:retours"),
        }  # fmt: skip
        for ordre, (code, (titre, phrase, url)) in enumerate(pages.items(), start=70):
            pages_de_reglages.register(
                code,
                PageDeReglage(
                    groupe="collectivite",
                    titre=titre,
                    phrase=phrase,
                    url=url,
                    roles=(Role.ADMINISTRATEUR,),
                    ordre=ordre,
                ),
            )
