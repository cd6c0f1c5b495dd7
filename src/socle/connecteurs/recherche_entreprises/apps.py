from django.apps import AppConfig


class RechercheEntreprisesConfig(AppConfig):
    name = "socle.connecteurs.recherche_entreprises"
    label = "connecteur_recherche_entreprises"
    verbose_name = "Recherche d’entreprises"

    def ready(self) -> None:
        from socle.connecteurs.recherche_entreprises.connecteur import RechercheEntreprises
        from socle.fondations.formulaires.ports import etablissements

        etablissements.register("recherche_entreprises", RechercheEntreprises())
