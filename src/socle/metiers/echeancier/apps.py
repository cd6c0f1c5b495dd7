from django.apps import AppConfig


class EcheancierConfig(AppConfig):
    name = "socle.metiers.echeancier"
    label = "echeancier"
    verbose_name = "Échéancier"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import Mesure, mesures
        from socle.fondations.commun.semences import semences
        from socle.fondations.notifications.ports import modeles
        from socle.metiers.echeancier.queries import citations
        from socle.metiers.echeancier.services.modeles import RAPPEL
        from socle.metiers.echeancier.services.semence import seed
        from socle.metiers.echeancier.services.suivis import CODE_RAPPEL
        from socle.metiers.echeancier.views import encarts

        semences.register("40-echeancier", seed)
        modeles.register(CODE_RAPPEL, RAPPEL)
        fiches.fiches.register("echeance", citations.map_echeances)
        fiches.rappels.register("echeancier", citations.list_citations)
        fiches.recherches.register("echeancier", citations.search_echeances)
        fiches.encarts_accueil.register(
            "echeancier",
            fiches.Encart(40, "echeancier/_encart_accueil.html", encarts.build_accueil),
        )
        fiches.encarts_autorite.register(
            "echeancier",
            fiches.Encart(20, "echeancier/_encart_autorite.html", encarts.build_autorite),
        )
        fiches.pages_equipe.register(
            "echeancier",
            fiches.PageEquipe(
                ordre=40,
                titre="Échéancier",
                phrase="Les obligations des collectivités, leurs dates et leurs textes.",
                url="echeancier:equipe",
            ),
        )
        mesures.register(
            "echeancier.obligations",
            Mesure(
                libelle="Échéances publiées",
                unite="échéances",
                definition="Obligations et projets publiés à l’échéancier, chacun avec son texte ;"
                " ni brouillon, ni échéance annulée.",
                compute=citations.count_publiees,
            ),
        )
