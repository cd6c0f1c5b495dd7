"""`./socle demo` : le cadre de la démonstration."""

import json
import os
import sys
import time

from socle.serveur.arguments import Analyseur
from socle.serveur.console import format_duree, say, show
from socle.serveur.demo.contexte import Contexte, Etape, Passage
from socle.serveur.demo.etapes import ETAPES
from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import PORT
from socle.serveur.ports import is_libre
from socle.serveur.service import Demande, Service, read_port, start_service
from socle.serveur.version import read_version

DESCRIPTION = """\
Installe ce qui manque, crée la démonstration et joue la démarche d’un bout à l’autre par de
vraies requêtes. Puis, dans un terminal, sert le site jusqu’à Ctrl-C.
Une seconde fois prend quelques secondes et ne refait rien."""


def main(arguments: list[str]) -> int:
    """Joue la démonstration ; 0 si chaque étape passe, 1 sinon."""
    analyseur = Analyseur("demo", DESCRIPTION)
    analyseur.add_port()
    analyseur.add_donnees()
    analyseur.add_argument(
        "--sans-serveur", action="store_true", help="s’arrête après la dernière étape"
    )
    analyseur.add_json("résultat en JSON sur la dernière ligne")
    choix = analyseur.parse_args(arguments)
    dossier = DossierDonnees.choose(choix.donnees)
    dossier.mark_demonstration()
    # Une ligne par requête noierait les étapes ; les avertissements restent.
    journal = {"SOCLE_NIVEAU_JOURNAL": os.environ.get("SOCLE_NIVEAU_JOURNAL", "WARNING")}
    demande = Demande(dossier, choose_port(choix.port), bac_a_sable=True, environnement=journal)
    sert = not choix.sans_serveur and sys.stdout.isatty()
    say(f"Démonstration de Socle {read_version()}, données dans {dossier.chemin}.")
    with start_service(demande) as service:
        contexte = Contexte(service.installation, service.adresse_locale)
        depart = Passage("service démarré", service.demarrage, True, service.installation.adresse)
        passages = service.superviseur.run_during(lambda: play(contexte, depart))
        reussi = all(passage.ok for passage in passages)
        if sert:
            serve(service, contexte)
    if choix.json:  # tout est arrêté : plus rien ne s’écrira après cette ligne
        show(format_json(passages, contexte))
    return 0 if reussi else 1


def choose_port(demande: int | None) -> int:
    """Port demandé ; sinon le premier libre à partir de 8000 : une démonstration doit s’ouvrir."""
    if demande or "SOCLE_PORT" in os.environ:
        return read_port(demande)
    return next((port for port in range(PORT, PORT + 20) if is_libre("127.0.0.1", port)), PORT)


def play(contexte: Contexte, depart: Passage) -> list[Passage]:
    """Joue les étapes dans l’ordre ; une étape manquée arrête la suite."""
    passages = [depart]
    say_passage(depart, 1)
    for etape in ETAPES:
        passage = play_etape(etape, contexte)
        passages.append(passage)
        say_passage(passage, len(passages))
        if not passage.ok:
            break
    total = sum(passage.secondes for passage in passages)
    say(f"{sum(p.ok for p in passages)} étapes sur {len(ETAPES) + 1} en {format_duree(total)}.")
    return passages


def play_etape(etape: Etape, contexte: Contexte) -> Passage:
    """Joue une étape ; toute erreur devient une phrase, la démonstration doit le dire et finir."""
    debut = time.monotonic()
    try:
        dit, ok = etape.action(contexte), True
    except ErreurServeur as erreur:
        dit, ok = str(erreur), False
    except Exception as erreur:  # noqa: BLE001  une étape peut échouer de toutes les façons
        dit, ok = f"{type(erreur).__name__} : {erreur}", False
    return Passage(etape.nom, time.monotonic() - debut, ok, dit)


def say_passage(passage: Passage, rang: int) -> None:
    """Montre une étape : rang, nom, durée, puis où est sa sortie."""
    marque = "✓" if passage.ok else "✗"
    say(f"{marque} {rang:>2}. {passage.nom} ({format_duree(passage.secondes)})")
    for ligne in passage.dit.splitlines():
        say(f"        {ligne}")


def format_json(passages: list[Passage], contexte: Contexte) -> str:
    """Objet JSON d’une ligne : version, étapes, sorties."""
    etapes = [{"nom": p.nom, "secondes": round(p.secondes, 3), "ok": p.ok} for p in passages]
    return json.dumps(
        {"version": read_version(), "etapes": etapes, "sorties": contexte.sorties},
        ensure_ascii=False,
    )


def serve(service: Service, contexte: Contexte) -> None:
    """Montre adresses et identités d’essai, puis sert jusqu’à Ctrl-C."""
    say()
    for ligne in contexte.annonces:
        say(ligne)
    say(f"\nLe site est ouvert : {service.installation.adresse}/  (arrêt : Ctrl-C)")
    service.superviseur.watch()
    say("\nArrêt…")
