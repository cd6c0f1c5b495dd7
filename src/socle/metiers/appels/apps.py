from django.apps import AppConfig


class AppelsConfig(AppConfig):
    name = "socle.metiers.appels"
    label = "appels"
    verbose_name = "Appels relayés et suites"
