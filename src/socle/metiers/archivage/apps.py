from django.apps import AppConfig


class ArchivageConfig(AppConfig):
    name = "socle.metiers.archivage"
    label = "archivage"
    verbose_name = "Archivage"

    def ready(self) -> None:
        from socle.fondations.documents.ports import acces
        from socle.metiers.archivage.permissions import can_read_paquet

        acces.register("versement", can_read_paquet)
