from django.apps import AppConfig


class ApiParticulierConfig(AppConfig):
    name = "socle.connecteurs.api_particulier"
    label = "connecteur_api_particulier"
    verbose_name = "API Particulier"

    def ready(self) -> None:
        from socle.connecteurs.api_particulier.connecteur import FOYER, QUOTIENT, SourceQuotient
        from socle.fondations.formulaires.ports import sources

        for profil in (QUOTIENT, FOYER):
            sources.register(profil.code, SourceQuotient(profil))
