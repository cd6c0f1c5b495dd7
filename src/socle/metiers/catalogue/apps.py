from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "socle.metiers.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"
