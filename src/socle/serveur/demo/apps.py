from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "socle.serveur.demo"
    label = "demonstration"
    verbose_name = "Démonstration"
