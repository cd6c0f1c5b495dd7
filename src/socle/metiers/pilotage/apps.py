from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "socle.metiers.pilotage"
    label = "pilotage"
    verbose_name = "Pilotage du programme"
