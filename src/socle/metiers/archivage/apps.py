from django.apps import AppConfig


class ArchivageConfig(AppConfig):
    name = "socle.metiers.archivage"
    label = "archivage"
    verbose_name = "Archivage"

    def ready(self) -> None:
        from socle.fondations.administration.ports import (
            PageDeReglage,
            objets_lies,
            pages_de_reglages,
        )
        from socle.fondations.conservation.ports import remises
        from socle.fondations.documents.ports import acces
        from socle.metiers.archivage.permissions import REGLEURS, can_read_paquet, map_adresses
        from socle.metiers.archivage.queries import RemisesDesVersements

        acces.register("versement", can_read_paquet)
        remises.register("versement", RemisesDesVersements())
        objets_lies.register("versement", map_adresses)
        pages_de_reglages.register(
            "archivage",
            PageDeReglage(
                groupe="donnees",
                titre="Archivage",
                phrase="Le contrat et les identifiants donnés par votre service d’archives.",
                url="archivage:reglages",
                roles=REGLEURS,
                ordre=20,
            ),
        )
