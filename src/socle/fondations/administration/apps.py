from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "socle.fondations.administration"
    label = "administration"
    verbose_name = "Administration"

    def ready(self) -> None:
        from socle.fondations.administration.permissions import PAGES, map_regles
        from socle.fondations.administration.ports import objets_lies, pages_de_reglages

        objets_lies.register("regle", map_regles)
        for code, page in PAGES.items():
            pages_de_reglages.register(code, page)
