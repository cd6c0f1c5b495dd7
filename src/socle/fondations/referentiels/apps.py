from django.apps import AppConfig


class ReferentielsConfig(AppConfig):
    name = "socle.fondations.referentiels"
    label = "referentiels"
    verbose_name = "Référentiels"
