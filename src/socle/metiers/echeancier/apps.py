from django.apps import AppConfig


class EcheancierConfig(AppConfig):
    name = "socle.metiers.echeancier"
    label = "echeancier"
    verbose_name = "Échéancier"

    def ready(self) -> None:
        from socle.fondations.commun.semences import semences
        from socle.metiers.echeancier.services.semence import seed

        semences.register("40-echeancier", seed)
