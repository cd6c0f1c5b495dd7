from django.apps import AppConfig


class CommunConfig(AppConfig):
    name = "socle.fondations.commun"
    label = "commun"
    verbose_name = "Commun"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from socle.fondations.commun.phrases import install_phrases
        from socle.fondations.commun.versions import follow_tables

        install_phrases()
        post_migrate.connect(follow_tables, sender=self, dispatch_uid="commun.versions")
