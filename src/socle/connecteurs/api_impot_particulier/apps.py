from django.apps import AppConfig


class ApiImpotParticulierConfig(AppConfig):
    name = "socle.connecteurs.api_impot_particulier"
    label = "connecteur_api_impot_particulier"
    verbose_name = "API Impôt particulier"

    def ready(self) -> None:
        from socle.connecteurs.api_impot_particulier.connecteur import SourceImpots
        from socle.fondations.formulaires.ports import sources

        sources.register(SourceImpots.code, SourceImpots())
