from django.apps import AppConfig


class GouvernanceConfig(AppConfig):
    name = "socle.metiers.gouvernance"
    label = "gouvernance"
    verbose_name = "Gouvernance partagée"

    def ready(self) -> None:
        from socle.fondations.commun import fiches
        from socle.fondations.commun.mesures import mesures
        from socle.fondations.commun.semences import semences
        from socle.fondations.comptes.ports import EspacePropre, espaces_propres
        from socle.fondations.documents.ports import acces, usages
        from socle.metiers.gouvernance.permissions import can_read_piece
        from socle.metiers.gouvernance.ports import applicateurs
        from socle.metiers.gouvernance.queries import fiches as siennes
        from socle.metiers.gouvernance.queries.mesures import MESURES
        from socle.metiers.gouvernance.queries.sieges import list_sieges_du_compte
        from socle.metiers.gouvernance.services import lignes_decidees, pieces
        from socle.metiers.gouvernance.services.semence import seed
        from socle.metiers.gouvernance.views.encarts import build_derniere

        fiches.fiches.register("instance", siennes.resolve_instances)
        fiches.fiches.register("reunion", siennes.resolve_reunions)
        fiches.fiches.register("decision", siennes.resolve_decisions)
        fiches.fiches.register("feuille", siennes.resolve_feuilles)
        fiches.rappels.register("gouvernance", siennes.list_rappels)
        fiches.recherches.register("gouvernance", siennes.search)
        fiches.encarts_accueil.register(
            "gouvernance.derniere", fiches.Encart(40, "gouvernance/_encart.html", build_derniere)
        )
        fiches.pages_equipe.register(
            "gouvernance",
            fiches.PageEquipe(
                ordre=20,
                titre="Gouvernance",
                phrase="Instances, réunions, décisions, feuille de route, évaluations.",
                url="gouvernance:equipe",
            ),
        )
        for code, mesure in MESURES.items():
            mesures.register(code, mesure)
        espaces_propres.register(
            "instances",
            EspacePropre(
                "Mes instances", "mes-instances/",
                lambda compte, jour: bool(list_sieges_du_compte(compte, jour)),
            ),
        )  # fmt: skip
        acces.register("reunion", can_read_piece)
        usages.register("reunion", pieces.list_utiles)
        applicateurs.register("feuille.feuille", lignes_decidees.APPLICATEUR)
        semences.register("30-gouvernance", seed)
