from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "socle.metiers.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage du programme"

    def ready(self) -> None:
        from socle.fondations.commun.fiches import (
            PageEquipe,
            fiches,
            pages_equipe,
            rappels,
            recherches,
        )
        from socle.fondations.commun.semences import semences
        from socle.metiers.pilotage.queries import fiches as resolutions
        from socle.metiers.pilotage.queries.ecrans import find_ecrans
        from socle.metiers.pilotage.services.chargement import seed_programmes

        fiches.register("programme", resolutions.find_programmes)
        fiches.register("axe", resolutions.find_axes)
        fiches.register("action", resolutions.find_actions)
        fiches.register("recommandation", resolutions.find_recommandations)
        fiches.register("indicateur", resolutions.find_indicateurs)
        fiches.register("ecran", find_ecrans)
        rappels.register("pilotage", resolutions.list_citant)
        recherches.register("pilotage", resolutions.search_programme)
        semences.register("10-pilotage", seed_programmes)
        pages_equipe.register(
            "pilotage",
            PageEquipe(
                ordre=10,
                titre="Programmes",
                phrase="Axes, actions, recommandations, faits marquants, partenaires, témoignages.",
                url="pilotage:equipe_programmes",
            ),
        )
        pages_equipe.register(
            "pilotage.indicateurs",
            PageEquipe(
                ordre=11,
                titre="Indicateurs",
                phrase="Définitions, valeurs avec leur origine, mesures de l’installation.",
                url="pilotage:equipe_indicateurs",
            ),
        )
