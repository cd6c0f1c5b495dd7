from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "socle.metiers.verification"
    label = "verification"
    verbose_name = "Vérification de fichiers"

    def ready(self) -> None:
        from socle.fondations.commun.plan import PageDuPlan, plans
        from socle.metiers.verification.ports import verificateurs
        from socle.metiers.verification.services.verificateurs import CONNUS

        for verificateur in CONNUS:
            verificateurs.register(verificateur.norme, verificateur)
        plans.register("verification", lambda: [PageDuPlan("/outils/verifier/")])
