from django.apps import AppConfig


class DemarchesConfig(AppConfig):
    name = "socle.metiers.demarches"
    label = "demarches"
    verbose_name = "Démarches"

    def ready(self) -> None:
        from socle.fondations.administration.ports import emplois_de_sources
        from socle.fondations.conservation.ports import emplois
        from socle.fondations.documents.ports import acces, usages
        from socle.metiers.demarches.queries import map_emplois_de_regles, map_sources_employees
        from socle.metiers.demarches.services.modele import list_utiles
        from socle.metiers.demarches.views.acces import can_read_modele

        acces.register("demarche", can_read_modele)
        usages.register("demarche", list_utiles)
        emplois_de_sources.register("demarche", map_sources_employees)
        emplois.register("demarche", map_emplois_de_regles)
