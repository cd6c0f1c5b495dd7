from django.apps import AppConfig


class CommunConfig(AppConfig):
    name = "socle.fondations.commun"
    label = "commun"
    verbose_name = "Commun"
