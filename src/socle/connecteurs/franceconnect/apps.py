from django.apps import AppConfig


class FranceConnectConfig(AppConfig):
    name = "socle.connecteurs.franceconnect"
    label = "connecteur_franceconnect"

    def ready(self) -> None:
        from socle.connecteurs.franceconnect.connecteur import FranceConnect, FranceConnectPlus
        from socle.fondations.comptes.ports import profils

        for profil in (FranceConnect(), FranceConnectPlus()):
            profils.register(profil.code, profil)
