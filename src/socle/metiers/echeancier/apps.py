from django.apps import AppConfig


class EcheancierConfig(AppConfig):
    name = "socle.metiers.echeancier"
    label = "echeancier"
    verbose_name = "Échéancier"
