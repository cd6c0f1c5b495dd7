from allauth.account.apps import AccountConfig
from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "socle.fondations.comptes"
    label = "comptes"
    verbose_name = "Comptes"
    default = True

    def ready(self) -> None:
        from socle.fondations.comptes.adapters import suivi

        suivi.connect()


class ComptesLocauxConfig(AccountConfig):
    """`allauth.account`, sans son contrôle « courriel unique » : ici il l’est par genre."""

    default = False

    def ready(self) -> None:
        """N’enregistre pas les contrôles d’allauth ; la contrainte de `Compte` les remplace."""
