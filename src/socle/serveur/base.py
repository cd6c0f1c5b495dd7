"""La base de données d’une commande : embarquée, ou le serveur que désigne `DATABASE_URL`."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from socle.serveur.dossier import DossierDonnees
from socle.serveur.errors import ErreurServeur
from socle.serveur.postgres import roles
from socle.serveur.postgres.embarque import PostgresEmbarque
from socle.serveur.postgres.roles import Acces, ensure_roles


@dataclass(frozen=True)
class Base:
    """Base ouverte ; `embarque` est None pour un serveur extérieur."""

    acces: Acces
    embarque: PostgresEmbarque | None


def read_adresse_exterieure() -> str:
    """Adresse du propriétaire sur un serveur extérieur : `DATABASE_URL` ou `DATABASE_URL_FILE`."""
    fichier = os.environ.get("DATABASE_URL_FILE")
    if not fichier:
        return os.environ.get("DATABASE_URL", "")
    try:
        return Path(fichier).read_text().strip()
    except OSError as cause:
        raise ErreurServeur(
            f"Le fichier de DATABASE_URL_FILE est illisible : {fichier}.",
            "Vérifiez son chemin et ses droits.",
        ) from cause


def read_reglages() -> dict[str, str]:
    """Réglages de la base embarquée donnés dans `SOCLE_PG_REGLAGES` : « nom=valeur;nom=valeur »."""
    reglages = {}
    for morceau in filter(None, os.environ.get("SOCLE_PG_REGLAGES", "").split(";")):
        nom, egal, valeur = morceau.partition("=")
        if not egal or not re.fullmatch(r"[a-z_.]+", nom.strip()):
            raise ErreurServeur(
                f"SOCLE_PG_REGLAGES contient « {morceau} ».",
                "La forme attendue est nom=valeur;nom=valeur.",
            )
        reglages[nom.strip()] = valeur.strip()
    return reglages


def predict_app_url(dossier: DossierDonnees) -> str:
    """Adresse de la base pour l’application, avant de l’ouvrir."""
    url = read_adresse_exterieure()
    if not url:
        url = PostgresEmbarque(dossier.postgres).url(role="application")
    return roles.predict_app_url(url, dossier_cles=dossier.cles)


@contextmanager
def open_base(dossier: DossierDonnees, *, reglages: dict[str, str] | None = None) -> Iterator[Base]:
    """Ouvre la base, rôles prêts ; quitte la base embarquée à la fin.

    Raises:
        ErreurServeur: base injoignable, droits ou rôles manquants.
    """
    dossier.prepare()
    adresse = read_adresse_exterieure()
    if adresse:
        yield Base(ensure_roles(adresse, dossier_cles=dossier.cles), None)
        return
    reglages = {**read_reglages(), **(reglages or {})}
    with PostgresEmbarque(dossier.postgres, reglages=reglages) as serveur:
        acces = ensure_roles(serveur.url(), dossier_cles=dossier.cles, reprendre=True)
        yield Base(acces, serveur)
