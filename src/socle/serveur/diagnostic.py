"""Constats sur une installation ; chacun dit ce qu’il faut faire quand quelque chose manque."""

import json
import os
import platform
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum

from socle.serveur import migrations
from socle.serveur.base import open_base, read_adresse_exterieure
from socle.serveur.console import format_taille
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.ports import ask_sante, is_libre
from socle.serveur.postgres.roles import connect
from socle.serveur.sauvegarde.cles import are_sauvegardees
from socle.serveur.test import find_chromium
from socle.serveur.version import read_version

PLACE_MINIMALE = 2_000_000_000  # octets
COMMANDE_CONNECTEURS = "diagnostiquer_connecteurs"
VOISINS = ("courriel", "antivirus", "stockage", "horodatage")


class Niveau(StrEnum):
    """Gravité d’un constat."""

    BIEN = "bien"
    INACTIF = "inactif"
    ATTENTION = "attention"
    PANNE = "panne"


@dataclass(frozen=True)
class Constat:
    """État d’une partie : une phrase, et ce qu’il faut faire si elle ne va pas."""

    partie: str
    niveau: Niveau
    message: str
    suite: str = ""
    pour: str = ""  # qui s’en sert, pour un connecteur


def list_constats(dossier: DossierDonnees, port: int) -> list[Constat]:
    """Examine tout ; une partie en panne n’empêche pas de regarder les suivantes."""
    constats = [
        Constat("programme", Niveau.BIEN, f"Socle {read_version()}, {platform.python_version()}"),
        check_place(dossier),
    ]
    if dossier.is_new():
        absence = Constat(
            "données", Niveau.ATTENTION, f"{dossier.chemin} est vide.", "Lancez ./socle servir."
        )
        return [*constats, absence, *check_outils()]
    service = check_service(port)
    constats += [check_cles(dossier), service]
    constats += iter_constats_base(dossier, port, en_marche=service.niveau == Niveau.BIEN)
    essayes = {constat.partie for constat in constats}
    voisins = [constat for constat in check_exterieur() if constat.partie not in essayes]
    return [*constats, *voisins, *check_outils()]


def check_place(dossier: DossierDonnees) -> Constat:
    """Place libre là où sont les données."""
    lieu = next(parent for parent in (dossier.chemin, *dossier.chemin.parents) if parent.exists())
    libre = shutil.disk_usage(lieu).free
    if libre < PLACE_MINIMALE:
        return Constat(
            "disque",
            Niveau.PANNE if libre < PLACE_MINIMALE // 10 else Niveau.ATTENTION,
            f"il reste {format_taille(libre)} dans {lieu}.",
            "Libérez de la place : un disque plein arrête les dépôts.",
        )
    return Constat("disque", Niveau.BIEN, f"{format_taille(libre)} libres")


def check_cles(dossier: DossierDonnees) -> Constat:
    """Les clés sont-elles à l’abri, et fermées aux autres comptes ?"""
    ouvertes = [f.name for f in dossier.cles.glob("*") if f.stat().st_mode & 0o077]
    if ouvertes:
        return Constat(
            "clés",
            Niveau.PANNE,
            f"d’autres comptes peuvent lire {', '.join(ouvertes)}.",
            f"chmod -R go= {dossier.cles}",
        )
    if not are_sauvegardees(dossier):
        return Constat(
            "clés",
            Niveau.ATTENTION,
            "elles ne sont dans aucune sauvegarde : perdues, les champs chiffrés le sont aussi.",
            "./socle sauvegarder FICHIER --avec-cles",
        )
    return Constat("clés", Niveau.BIEN, "sauvegardées")


def check_service(port: int) -> Constat:
    """Le service répond-il ?"""
    sante = ask_sante(port)
    if sante.get("statut") == 200:
        return Constat("service", Niveau.BIEN, f"répond sur le port {port}")
    if sante:
        return Constat(
            "service",
            Niveau.PANNE,
            f"répond {sante['statut']} à /sante/ sur le port {port}.",
            "Lisez son journal ; si la base redémarre, attendez une minute.",
        )
    if not is_libre("127.0.0.1", port):
        return Constat(
            "service",
            Niveau.ATTENTION,
            f"le port {port} est pris par un autre programme.",
            "Choisissez un autre port : ./socle servir --port N",
        )
    return Constat("service", Niveau.ATTENTION, "arrêté", "./socle servir")


def iter_constats_base(
    dossier: DossierDonnees, port: int, *, en_marche: bool = True
) -> Iterator[Constat]:
    """Base, schéma, file de travaux et connecteurs."""
    with ExitStack() as pile:
        try:
            base = pile.enter_context(open_base(dossier))
        except ErreurServeur as erreur:
            yield Constat("base", Niveau.PANNE, erreur.message, erreur.suite)
            return
        url = base.acces.proprietaire_url
        with connect(url) as connexion:
            version = connexion.info.parameter_status("server_version")
        lieu = "serveur extérieur" if read_adresse_exterieure() else "embarquée"
        yield Constat("base", Niveau.BIEN, f"PostgreSQL {version}, {lieu}, rôles en place")
        schema = check_schema(url)
        yield schema
        if schema.niveau == Niveau.BIEN:
            yield check_travaux(url)
            if dossier.demonstration and not en_marche:
                yield Constat(
                    "connecteurs", Niveau.ATTENTION,
                    "simulés par le service de démonstration, qui est arrêté.", "./socle demo",
                )  # fmt: skip
                return
            yield from check_connecteurs(
                Installation(dossier, base.acces, port=port, bac_a_sable=dossier.demonstration)
            )


def check_schema(url: str) -> Constat:
    """Les migrations sont-elles toutes là ?"""
    if migrations.is_current(url):
        return Constat("schéma", Niveau.BIEN, "à jour")
    inconnues = migrations.list_inconnues(url)
    if inconnues:
        return Constat(
            "schéma",
            Niveau.PANNE,
            f"plus récent que ce programme ({inconnues[-1]}).",
            "Installez la version de Socle qui l’a créé.",
        )
    return Constat("schéma", Niveau.ATTENTION, "à mettre à jour", "Lancez ./socle servir.")


def check_travaux(url: str) -> Constat:
    """Travaux en échec, ou en retard de plus de dix minutes."""
    requete = """
        select count(*) filter (where status = 'failed'),
          count(*) filter (where status = 'todo'
            and coalesce(scheduled_at, now()) < now() - interval '10 minutes')
        from procrastinate_jobs
    """
    with connect(url) as connexion:
        ligne = connexion.execute(requete).fetchone() or (0, 0)
    echoues, tardifs = int(str(ligne[0])), int(str(ligne[1]))
    if tardifs:
        return Constat(
            "travaux",
            Niveau.PANNE,
            f"{tardifs} travaux attendent depuis plus de dix minutes.",
            "Vérifiez que le service tourne ; son journal dit si le travailleur s’arrête.",
        )
    if echoues:
        return Constat(
            "travaux",
            Niveau.ATTENTION,
            f"{echoues} travaux ont échoué après toutes leurs relances.",
            "Leur erreur est dans le journal du service.",
        )
    return Constat("travaux", Niveau.BIEN, "aucun retard")


def check_connecteurs(installation: Installation) -> Iterator[Constat]:
    """Essaie les connecteurs et les services voisins, par la commande qui les connaît."""
    essai = installation.run_django(COMMANDE_CONNECTEURS)
    if essai.returncode:
        yield Constat(
            "connecteurs", Niveau.PANNE, "leur état n’a pas pu être lu.",
            f"./socle gerer {COMMANDE_CONNECTEURS}",
        )  # fmt: skip
        return
    for ligne in essai.stdout.decode().splitlines():
        if ligne.startswith("{"):
            yield read_etat(json.loads(ligne))


def read_etat(etat: dict[str, str]) -> Constat:
    """Constat d’un connecteur, depuis la ligne que la commande écrit."""
    installation_entiere = not etat["collectivites"]
    return Constat(
        etat["code"] if etat["code"] in VOISINS else etat["nom"],
        Niveau(etat["niveau"]),
        etat["message"],
        etat["suite"],
        "" if installation_entiere else etat["portee"],
    )


def check_exterieur() -> list[Constat]:
    """Services voisins que les réglages désignent : courriel, antivirus."""
    return [
        _check_voisin(
            "courriel",
            "SOCLE_SMTP_HOTE",
            _connect_smtp,
            "sans serveur : les messages restent en fichiers dans courriels/.",
        ),
        _check_voisin(
            "antivirus",
            "SOCLE_CLAMAV",
            _connect_clamav,
            "sans antivirus : les pièces ne sont pas analysées.",
        ),
    ]


def check_outils() -> list[Constat]:
    """Programmes facultatifs de cette machine."""
    if find_chromium():
        return []
    return [
        Constat(
            "navigateur",
            Niveau.ATTENTION,
            "Chromium est absent : il ne sert qu’aux essais.",
            "apt install chromium",
        )
    ]


def _check_voisin(partie: str, reglage: str, essai: Callable[[str], None], absence: str) -> Constat:
    adresse = os.environ.get(reglage, "")
    if not adresse:
        return Constat(partie, Niveau.ATTENTION, absence, f"Réglage : {reglage}.")
    try:
        essai(adresse)
    except (OSError, ValueError) as cause:
        return Constat(
            partie,
            Niveau.PANNE,
            f"{adresse} ne répond pas ({cause}).",
            f"Vérifiez {reglage} et que ce service tourne.",
        )
    return Constat(partie, Niveau.BIEN, f"{adresse} répond")


def _connect_smtp(hote: str) -> None:
    port = int(os.environ.get("SOCLE_SMTP_PORT", "25"))
    with socket.create_connection((hote, port), timeout=5) as connexion:
        if not connexion.recv(100).startswith(b"220"):
            raise ValueError("ce n’est pas un serveur de courriel")


def _connect_clamav(adresse: str) -> None:
    genre, _, suite = adresse.partition(":")
    hote, _, port = suite.rpartition(":")
    famille = socket.AF_UNIX if genre == "unix" else socket.AF_INET
    with socket.socket(famille) as connexion:
        connexion.settimeout(5)
        connexion.connect(suite if genre == "unix" else (hote, int(port)))
        connexion.sendall(b"zPING\0")
        if not connexion.recv(20).startswith(b"PONG"):
            raise ValueError("ce n’est pas ClamAV")
