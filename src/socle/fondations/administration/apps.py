from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "socle.fondations.administration"
    label = "administration"
    verbose_name = "Administration"
