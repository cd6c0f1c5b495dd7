from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "socle.metiers.adoption"
    label = "adoption"
    verbose_name = "Adoption"
