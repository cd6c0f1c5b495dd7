from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "socle.fondations.documents"
    label = "documents"
    verbose_name = "Documents"
