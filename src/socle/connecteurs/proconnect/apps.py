from django.apps import AppConfig


class ProConnectConfig(AppConfig):
    name = "socle.connecteurs.proconnect"
    label = "connecteur_proconnect"

    def ready(self) -> None:
        from socle.connecteurs.proconnect.connecteur import ProConnect
        from socle.fondations.comptes.ports import profils

        profils.register(ProConnect.code, ProConnect())
