from django.apps import AppConfig


class EspacesConfig(AppConfig):
    name = "socle.metiers.espaces"
    label = "espaces"
    verbose_name = "Espaces de travail"
