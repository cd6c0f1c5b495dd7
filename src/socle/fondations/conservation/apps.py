from django.apps import AppConfig


class ConservationConfig(AppConfig):
    name = "socle.fondations.conservation"
    label = "conservation"
    verbose_name = "Conservation"
