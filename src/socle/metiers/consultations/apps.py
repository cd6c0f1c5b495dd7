from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "socle.metiers.consultations"
    label = "consultations"
    verbose_name = "Consultations et appels"
