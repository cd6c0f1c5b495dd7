"""`gerer agent` : inviter le premier agent d’une collectivité, nommer opérateur ou programme."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.management.gestes import require_geste
from socle.fondations.comptes.enums import GenreCompte, Role, RoleProgramme
from socle.fondations.comptes.queries import find_compte
from socle.fondations.comptes.services.agents import create_operateur, invite_agent
from socle.fondations.comptes.services.programme import add_membre_programme
from socle.fondations.comptes.services.sessions import end_sessions


class Command(BaseCommand):
    """Le lien d’invitation est écrit à l’écran : à remettre en main propre."""

    help = "Invite un agent, nomme un agent de l’opérateur ou du programme, ferme un compte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.gestes = gestes = parser.add_subparsers(dest="geste", metavar="GESTE")
        inviter = gestes.add_parser("inviter", help="écrit un lien d’invitation (48 heures)")
        inviter.add_argument("--collectivite", required=True)
        inviter.add_argument("--courriel", required=True)
        inviter.add_argument("--role", default=Role.ADMINISTRATEUR, choices=Role.values)
        programme = gestes.add_parser("programme", help="nomme un membre du programme commun")
        programme.add_argument("--courriel", required=True)
        programme.add_argument("--role", default=RoleProgramme.EQUIPE, choices=RoleProgramme.values)
        for nom, aide in (
            ("operateur", "fait d’un agent un membre de l’opérateur"),
            ("desactiver", "ferme un compte d’agent et ses sessions"),
        ):
            gestes.add_parser(nom, help=aide).add_argument("--courriel", required=True)

    def handle(self, **options: Any) -> None:
        getattr(self, require_geste(options["geste"], self.gestes))(options)

    def inviter(self, options: dict[str, Any]) -> None:
        collectivite = Collectivite.objects.filter(slug=options["collectivite"]).first()
        if collectivite is None:
            raise CommandError("Aucune collectivité à cette adresse courte.")
        with locataire(collectivite.pk):
            _, jeton = invite_agent(
                collectivite=collectivite,
                courriel=options["courriel"],
                role=Role(options["role"]),
                par=None,
                maintenant=timezone.now(),
            )
        self.stdout.write(build_adresse("comptes:invitation", collectivite, jeton))

    def operateur(self, options: dict[str, Any]) -> None:
        create_operateur(compte=self._find(options), maintenant=timezone.now())
        self.stdout.write("Cet agent est membre de l’opérateur.")

    def programme(self, options: dict[str, Any]) -> None:
        role = RoleProgramme(options["role"])
        compte = self._find(options)
        add_membre_programme(compte=compte, role=role, par=None, maintenant=timezone.now())
        self.stdout.write(f"Cet agent a le rôle « {role.label} » du programme.")

    def desactiver(self, options: dict[str, Any]) -> None:
        compte = self._find(options)
        compte.is_active = False
        compte.save(update_fields=["is_active", "modifie_le"])
        self.stdout.write(f"Compte désactivé, {end_sessions(compte)} session(s) fermée(s).")

    def _find(self, options: dict[str, Any]) -> Any:
        compte = find_compte(GenreCompte.AGENT, options["courriel"])
        if compte is None:
            raise CommandError("Aucun compte d’agent sous ce courriel.")
        return compte
