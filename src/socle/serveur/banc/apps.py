from django.apps import AppConfig


class BancConfig(AppConfig):
    name = "socle.serveur.banc"
    label = "banc"
    verbose_name = "Banc de mesure"
