from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "socle.metiers.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers"
