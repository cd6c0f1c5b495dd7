from django.apps import AppConfig


class DemarchesConfig(AppConfig):
    name = "socle.metiers.demarches"
    label = "demarches"
    verbose_name = "Démarches"
