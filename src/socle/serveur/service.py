"""Le service entier : base, web, travailleur, simulateurs.

`servir`, `demo` et `banc` s’en servent.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from socle.serveur.base import Base, open_base, predict_app_url
from socle.serveur.console import say
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.migrations import load_cog, migrate
from socle.serveur.ports import ask_sante, check_port, find_port_libre
from socle.serveur.postgres.roles import Acces
from socle.serveur.superviseur import Superviseur

DELAI_PRET = 60.0
DELAI_ARRET = 30.0  # l’atelier en laisse 20 à ses copies
DELAI_PORT = 15.0  # un serveur tué laisse ses enfants finir leurs requêtes


@dataclass(frozen=True)
class Demande:
    """Ce que l’on veut servir.

    `hote` est l’adresse d’écoute ; `reglages` va à PostgreSQL, `environnement` à Django.
    """

    dossier: DossierDonnees
    port: int
    hote: str = "127.0.0.1"
    bac_a_sable: bool = False
    processus_web: int = 2
    fils: int = 4
    reglages: dict[str, str] | None = None
    environnement: dict[str, str] | None = None


@dataclass
class Service:
    """Service démarré."""

    installation: Installation
    base: Base
    superviseur: Superviseur
    demarrage: float  # secondes, jusqu’au premier 200 de /sante/

    @property
    def adresse_locale(self) -> str:
        """Adresse du serveur web sur cette machine."""
        return f"http://127.0.0.1:{self.installation.port}"


@contextmanager
def start_service(demande: Demande) -> Iterator[Service]:
    """Démarre tout et rend le service prêt ; arrête proprement à la fin.

    Raises:
        ErreurServeur: port pris, données déjà servies, base en panne, migration refusée, ou le
            service ne répond pas.
    """
    debut = time.monotonic()
    dossier = demande.dossier
    dossier.prepare()
    with dossier.lock_serveur(demande.port) as tue:
        check_port(demande.hote, demande.port, attente=DELAI_PORT if tue else 0.0)
        superviseur = Superviseur()
        with superviseur.handle_signaux():
            try:
                # Django se charge pendant que la base démarre.
                attendue = _plan(demande)
                _launch(superviseur, attendue, demande)
                with open_base(dossier, reglages=demande.reglages) as base:
                    superviseur.entretien = _watch_base(base)
                    installation = replace(attendue, acces=base.acces)
                    try:
                        _release(superviseur, installation, demande)
                        demarrage = time.monotonic() - debut
                        yield Service(installation, base, superviseur, demarrage)
                    finally:
                        superviseur.stop(DELAI_ARRET)
            finally:
                superviseur.stop(DELAI_ARRET)


def _plan(demande: Demande) -> Installation:
    """L’installation telle qu’elle sera, base ouverte."""
    simulateurs = f"http://127.0.0.1:{find_port_libre()}" if demande.bac_a_sable else ""
    return Installation(
        demande.dossier,
        Acces("", predict_app_url(demande.dossier)),
        port=demande.port,
        bac_a_sable=demande.bac_a_sable,
        simulateurs_url=simulateurs,
        reglages=demande.environnement or {},
    )


def _launch(superviseur: Superviseur, installation: Installation, demande: Demande) -> None:
    """Lance les enfants ; l’atelier attend que la base soit prête."""
    environnement = {"MALLOC_ARENA_MAX": "2"} | installation.build_environnement()
    # Sans fichiers compilés, tout le programme est recompilé à chaque démarrage.
    environnement.pop("PYTHONDONTWRITEBYTECODE", None)
    superviseur.add_retenu("atelier", atelier_command(demande), environnement)
    if installation.simulateurs_url:
        port = installation.simulateurs_url.rpartition(":")[2]
        commande = [
            *(sys.executable, "-P", "-m", "socle.simulateurs", "--port", port, "--discret"),
            *("--base-url", f"{installation.adresse}/simulateurs"),
            *("--cles", str(installation.dossier.etat / "simulateurs.json")),
        ]
        superviseur.add("simulateurs", commande, environnement)


def _release(superviseur: Superviseur, installation: Installation, demande: Demande) -> None:
    """Met le schéma à jour, laisse partir les enfants, attend le premier 200."""
    if migrate(installation):
        say("Base de données mise à jour.")
    if load_cog(installation):
        say("Communes de France chargées.")
    for enfant in superviseur.enfants:
        enfant.release()
    _wait_pret(superviseur, demande)


def atelier_command(demande: Demande) -> list[str]:
    """Ligne de commande du processus qui porte le web et le travailleur."""
    return [
        *(sys.executable, "-P", "-m", "socle.serveur.atelier"),
        *("--hote", demande.hote, "--port", str(demande.port)),
        *("--processus", str(demande.processus_web), "--fils", str(demande.fils)),
    ]


def _watch_base(base: Base) -> Callable[[], None]:
    """Remet en route la base embarquée si elle est morte."""

    def check() -> None:
        if base.embarque is not None and not base.embarque.is_alive():
            say("La base embarquée s’est arrêtée ; redémarrage.")
            base.embarque.revive()

    return check


def _wait_pret(superviseur: Superviseur, demande: Demande) -> None:
    hote = "127.0.0.1" if demande.hote in {"0.0.0.0", "::"} else demande.hote  # noqa: S104
    limite = time.monotonic() + DELAI_PRET
    while True:
        sante = ask_sante(demande.port, hote)
        if sante.get("statut") == 200:
            return
        if superviseur.arret_demande:
            raise KeyboardInterrupt
        if time.monotonic() > limite:
            raise ErreurServeur(
                f"Le service ne répond pas après {DELAI_PRET:.0f} secondes.",
                "Lisez les lignes qui précèdent, puis lancez ./socle diagnostiquer.",
            )
        superviseur.tick()
        if any(enfant.nom == "atelier" and enfant.echecs > 2 for enfant in superviseur.enfants):
            raise ErreurServeur(
                "Le serveur web s’arrête dès qu’on le lance.",
                "Lisez les lignes qui précèdent, puis lancez ./socle diagnostiquer.",
            )
        time.sleep(0.02)


def read_port(demande: int | None) -> int:
    """Port demandé, sinon `SOCLE_PORT`, sinon 8000."""
    if demande:
        return demande
    texte = os.environ.get("SOCLE_PORT", "8000")
    if not texte.isdigit() or not 1 <= int(texte) <= 65_535:
        raise ErreurServeur(f"SOCLE_PORT vaut « {texte} » : ce n’est pas un numéro de port.")
    return int(texte)
