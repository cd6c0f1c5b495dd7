from django.apps import AppConfig


class CollectivitesConfig(AppConfig):
    name = "socle.fondations.collectivites"
    label = "collectivites"
    verbose_name = "Collectivités"
