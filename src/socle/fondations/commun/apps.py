from django.apps import AppConfig


class CommunConfig(AppConfig):
    name = "socle.fondations.commun"
    label = "commun"
    verbose_name = "Commun"

    def ready(self) -> None:
        from socle.fondations.commun.phrases import install_phrases

        install_phrases()
