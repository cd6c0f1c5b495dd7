from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "socle.fondations.journal"
    label = "journal"
    verbose_name = "Journal de preuve"
