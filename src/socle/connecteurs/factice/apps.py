from django.apps import AppConfig
from django.conf import settings


class FacticeConfig(AppConfig):
    name = "socle.connecteurs.factice"
    label = "connecteur_factice"
    verbose_name = "Connecteur factice"

    def ready(self) -> None:
        from socle.connecteurs.factice.connecteur import AnnuaireFactice, SourceFactice
        from socle.fondations.formulaires.ports import etablissements, sources

        if settings.BAC_A_SABLE or settings.TESTS:
            sources.register(SourceFactice.code, SourceFactice())
            etablissements.register("factice", AnnuaireFactice())
