"""`./socle servir` : le site en exploitation."""

import os

from socle.serveur.arguments import Analyseur
from socle.serveur.console import format_duree, say
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import CLE_MINIMALE
from socle.serveur.service import Demande, read_port, start_service

VRAI = {"1", "true", "yes", "on", "oui", "vrai"}
DESCRIPTION = """\
Sert le site : base de données embarquée (ou DATABASE_URL), serveur web, travailleur.
S’arrête proprement sur Ctrl-C ou SIGTERM : les requêtes en cours finissent."""


def main(arguments: list[str]) -> int:
    """Sert jusqu’à l’ordre d’arrêt."""
    analyseur = Analyseur("servir", DESCRIPTION)
    analyseur.add_port()
    analyseur.add_donnees()
    analyseur.add_argument(
        "--ecoute",
        metavar="HÔTE",
        default="",
        help="adresse d’écoute (127.0.0.1 sauf avis contraire)",
    )
    choix = analyseur.parse_args(arguments)
    check_exploitation()
    dossier = DossierDonnees.choose(choix.donnees)
    if dossier.demonstration:
        raise ErreurServeur(
            f"{dossier.chemin} contient la démonstration, avec ses identités fictives.",
            "Donnez un autre dossier avec --donnees, ou relancez ./socle demo.",
        )
    demande = Demande(
        dossier,
        read_port(choix.port),
        hote=choix.ecoute or os.environ.get("SOCLE_ECOUTE", "127.0.0.1"),
    )
    say("Démarrage de Socle…")
    with start_service(demande) as service:
        say(
            f"Socle est prêt en {format_duree(service.demarrage)} :"
            f" {service.installation.adresse}/  (arrêt : Ctrl-C)"
        )
        service.superviseur.watch()
        say("Arrêt demandé : fin des requêtes en cours…")
    say("Socle est arrêté.")
    return 0


def check_exploitation() -> None:
    """Refuse, par leur nom, les réglages qui n’ont pas leur place en exploitation.

    Raises:
        ErreurServeur: bac à sable, débogage, ou clé secrète trop courte.
    """
    for nom, danger in (
        ("SOCLE_BAC_A_SABLE", "le bac à sable ouvre le site à des identités fictives"),
        ("SOCLE_DEBUG", "le débogage montre l’intérieur du programme"),
        ("SOCLE_TESTS", "c’est un réglage d’essais"),
    ):
        if os.environ.get(nom, "").strip().lower() in VRAI:
            raise ErreurServeur(
                f"{nom} est activé : {danger}.",
                f"Retirez {nom} de l’environnement ou de .env. Pour essayer : ./socle demo.",
            )
    cle = os.environ.get("SOCLE_SECRET_KEY")
    if cle is not None and len(cle) < CLE_MINIMALE:
        raise ErreurServeur(
            f"SOCLE_SECRET_KEY est vide ou fait moins de {CLE_MINIMALE} caractères.",
            "Retirez-la pour que Socle en tire une, ou donnez-en une longue et au hasard.",
        )
