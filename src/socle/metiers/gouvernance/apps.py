from django.apps import AppConfig


class GouvernanceConfig(AppConfig):
    name = "socle.metiers.gouvernance"
    label = "gouvernance"
    verbose_name = "Gouvernance partagée"
