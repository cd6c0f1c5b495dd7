from django.apps import AppConfig


class CataloguesConfig(AppConfig):
    name = "socle.connecteurs.catalogues"
    label = "connecteur_catalogues"
    verbose_name = "Autres catalogues"

    def ready(self) -> None:
        from socle.connecteurs.catalogues.connecteur import LecteurHttp
        from socle.metiers.catalogue.ports import lecteurs

        lecteurs.register("http", LecteurHttp())
