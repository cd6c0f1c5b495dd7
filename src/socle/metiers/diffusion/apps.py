from django.apps import AppConfig


class DiffusionConfig(AppConfig):
    name = "socle.metiers.diffusion"
    label = "diffusion"
    verbose_name = "Diffusion"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import mesures
        from socle.fondations.commun.plan import plans
        from socle.fondations.commun.semences import semences
        from socle.fondations.notifications.ports import modeles
        from socle.metiers.diffusion.queries import encarts, parutions
        from socle.metiers.diffusion.queries.audience import MESURES
        from socle.metiers.diffusion.services.modeles import MODELES
        from socle.metiers.diffusion.services.semence import seed

        fiches.fiches.register("article", parutions.find_fiches_articles)
        fiches.fiches.register("evenement", parutions.find_fiches_evenements)
        fiches.rappels.register("diffusion", parutions.list_citant)
        fiches.recherches.register("diffusion", parutions.search_articles)
        fiches.recherches.register("diffusion.evenements", parutions.search_evenements)
        fiches.encarts_accueil.register("diffusion", encarts.ACCUEIL)
        fiches.pages_equipe.register("diffusion", encarts.PAGE_EQUIPE)
        plans.register("diffusion", encarts.list_plan)
        for code, mesure in MESURES.items():
            mesures.register(code, mesure)
        for code, modele in MODELES.items():
            modeles.register(code, modele)
        semences.register("80-diffusion", seed)
