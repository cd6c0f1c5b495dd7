from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "socle.metiers.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers"

    def ready(self) -> None:
        from socle.fondations.administration.ports import (
            PageDeReglage,
            chiffres,
            objets_lies,
            pages_de_reglages,
        )
        from socle.fondations.comptes.ports import apres_connexion
        from socle.fondations.documents.ports import acces, usages
        from socle.fondations.formulaires.ports import sources
        from socle.fondations.notifications.ports import modeles
        from socle.metiers.dossiers.permissions import REPARTITEURS
        from socle.metiers.dossiers.queries.journal import map_adresses
        from socle.metiers.dossiers.queries.mesures import list_chiffres
        from socle.metiers.dossiers.services.identite import CODE, SourceIdentite
        from socle.metiers.dossiers.services.modeles import MODELES
        from socle.metiers.dossiers.services.modeles_brouillon import MODELES_BROUILLON
        from socle.metiers.dossiers.services.modeles_guichet import MODELES_GUICHET
        from socle.metiers.dossiers.services.pieces import list_utiles
        from socle.metiers.dossiers.views.acces import can_read_piece
        from socle.metiers.dossiers.views.sources import BUT, receive_sources

        chiffres.register("dossiers", list_chiffres)
        acces.register("dossier", can_read_piece)
        objets_lies.register("dossier", map_adresses)
        usages.register("dossier", list_utiles)
        sources.register(CODE, SourceIdentite())
        apres_connexion.register(BUT, receive_sources)
        for code, modele in (MODELES | MODELES_BROUILLON | MODELES_GUICHET).items():
            modeles.register(code, modele)
        pages_de_reglages.register(
            "phrases",
            PageDeReglage(
                groupe="personnes",
                titre="Phrases prêtes",
                phrase="Ce que les agents répètent, à insérer dans un message ou un motif.",
                url="dossiers:phrases",
                roles=REPARTITEURS,
                ordre=30,
            ),
        )
