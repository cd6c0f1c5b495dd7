from django.apps import AppConfig


class LiaisonsConfig(AppConfig):
    name = "socle.liaisons"
    label = "liaisons"
    verbose_name = "Liaisons"

    def ready(self) -> None:
        from socle.liaisons import (  # noqa: F401
            action_vers_evaluation,
            action_vers_rapport,
            adoption_mesuree,
            archivage_vers_dossier,
            decision_vers_archivage,
            decision_vers_echeancier,
            decision_vers_pilotage,
            demarches_vers_catalogue,
            elimination_vers_archivage,
            mesures_dossiers,
            mesures_installation,
            resultats_vers_octrois,
            verification_vers_catalogue,
        )
