from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "socle.metiers.catalogue"
    label = "catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import mesures
        from socle.fondations.commun.semences import semences
        from socle.fondations.comptes.enums import RoleProgramme
        from socle.fondations.comptes.permissions import list_roles_programme
        from socle.fondations.comptes.ports import EspacePropre, espaces_propres
        from socle.fondations.notifications.ports import modeles
        from socle.metiers.catalogue.ports import bancs
        from socle.metiers.catalogue.queries import api, editeurs, encarts, solutions
        from socle.metiers.catalogue.services.bancs import BANCS
        from socle.metiers.catalogue.services.courrier import MODELES
        from socle.metiers.catalogue.services.semence import seed

        fiches.fiches.register("solution", solutions.resolve_solutions)
        fiches.fiches.register("editeur", editeurs.resolve_editeurs)
        fiches.fiches.register("api", api.resolve_apis)
        fiches.fiches.register("cas", api.resolve_cas)
        fiches.rappels.register("catalogue", solutions.recall_solutions)
        fiches.recherches.register("catalogue", solutions.search_solutions)
        fiches.recherches.register("catalogue_api", api.search_apis)
        fiches.encarts_accueil.register("catalogue", encarts.ACCUEIL)
        fiches.pages_equipe.register("catalogue", encarts.PAGE_EQUIPE)
        semences.register("20-catalogue", seed)
        espaces_propres.register(
            "editeur",
            EspacePropre(
                "Espace éditeur", "editeur/",
                lambda compte, jour: editeurs.list_editeurs_de(compte).exists(),
            ),
        )  # fmt: skip
        espaces_propres.register(
            "label",
            EspacePropre(
                "Relire les candidatures au label", "equipe/catalogue/label/",
                lambda compte, jour: RoleProgramme.PARTENAIRE in list_roles_programme(compte),
            ),
        )  # fmt: skip
        for code, modele in MODELES.items():
            modeles.register(code, modele)
        for code, mesure in encarts.MESURES.items():
            mesures.register(code, mesure)
        for code, banc in BANCS.items():
            bancs.register(code, banc)
