from django.apps import AppConfig


class FormulairesConfig(AppConfig):
    name = "socle.fondations.formulaires"
    label = "formulaires"
    verbose_name = "Formulaires"
