"""L’entrée de Django, en français : liste des commandes, commande inconnue, erreurs remontées."""

from itertools import groupby

from django.apps import apps
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import CommandError

PROGRAMME = "./socle gerer"
SANS_COMMANDE = frozenset({"help", "version", "--version"})


class Gestion(ManagementUtility):
    """Lance une commande de gestion ; ses erreurs remontent à qui l’appelle.

    `--traceback` dit à Django de ne pas écrire lui-même « CommandError: ».
    """

    def __init__(self, arguments: list[str]) -> None:
        commande, *suite = arguments
        remonte = [] if commande in SANS_COMMANDE else ["--traceback"]
        super().__init__([PROGRAMME, commande, *remonte, *suite])

    def main_help_text(self, commands_only: bool = False) -> str:
        """Liste des commandes, les nôtres d’abord."""
        if commands_only:
            return super().main_help_text(commands_only=True)
        trouvees = sorted((_name_paquet(paquet), nom) for nom, paquet in get_commands().items())
        lignes = [f"usage : {PROGRAMME} [--donnees DOSSIER] COMMANDE [options]", ""]
        for paquet, noms in groupby(trouvees, key=lambda couple: couple[0]):
            lignes.append(f"{paquet[1]} : {', '.join(nom for _, nom in noms)}")
        return "\n".join([*lignes, "", f"L’aide d’une commande : {PROGRAMME} help COMMANDE"])

    def fetch_command(self, subcommand: str):
        """Charge une commande.

        Raises:
            CommandError: elle n’existe pas.
        """
        if subcommand not in get_commands():
            raise CommandError(
                f"La commande « {subcommand} » n’existe pas.\nLa liste : {PROGRAMME} help"
            )
        return super().fetch_command(subcommand)


def _name_paquet(paquet: object) -> tuple[bool, str]:
    """Rang et nom montré : « comptes » pour les nôtres, qui viennent avant ceux de Django."""
    noms = {config.name: config.label for config in apps.get_app_configs()}
    nom = str(paquet)
    return not nom.startswith("socle."), noms.get(nom, "django")
