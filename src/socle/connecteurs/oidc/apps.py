from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "socle.connecteurs.oidc"
    label = "connecteur_oidc"

    def ready(self) -> None:
        from socle.connecteurs.oidc.connecteur import Oidc
        from socle.fondations.comptes.ports import profils

        profils.register(Oidc.code, Oidc())
