from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "socle.fondations.comptes"
    label = "comptes"
    verbose_name = "Comptes"
