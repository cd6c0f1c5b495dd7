"""État de l’installation elle-même : place, travaux, scellement. Aucun réseau."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from socle.fondations.administration.enums import Niveau
from socle.fondations.administration.services.connecteurs import EtatConnecteur
from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.queries import get_dernier_lot

PLACE_MINIMALE = 2_000_000_000  # octets
RETARD = timedelta(minutes=10)

_TRAVAUX = """
SELECT count(*) FILTER (WHERE status = 'failed'),
  count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, %(limite)s) < %(limite)s)
FROM procrastinate_jobs WHERE status IN ('failed', 'todo')
"""
_EN_ATTENTE = """
SELECT 1 FROM journal_entree e WHERE e.survenu_le < %s
  AND e.systeme = (pg_control_system()).system_identifier
  AND e.xid >= coalesce((SELECT max(xid_fin) FROM journal_lot l WHERE l.systeme = e.systeme), 0)
LIMIT 1
"""


def list_etats_installation(*, maintenant: datetime) -> list[EtatConnecteur]:
    """Place, travaux en retard, journal scellé : ce que l’opérateur surveille."""
    limite = maintenant - RETARD
    with operateur():
        en_attente = bool(_read(_EN_ATTENTE, [limite]))
        lot = get_dernier_lot()
    scelle_le = lot.scelle_le if lot else None
    return [_check_place(), _check_travaux(limite), _check_scellement(en_attente, scelle_le)]


def _check_place() -> EtatConnecteur:
    dossier = Path(settings.DOSSIER_DONNEES)
    lieu = next(parent for parent in (dossier, *dossier.parents) if parent.exists())
    libre = shutil.disk_usage(lieu).free
    giga = f"{libre / 1e9:.1f} Go libres".replace(".", ",")
    if libre >= PLACE_MINIMALE:
        return _describe("disque", "Place sur le disque", Niveau.BIEN, f"{giga}.")
    niveau = Niveau.PANNE if libre < PLACE_MINIMALE // 10 else Niveau.ATTENTION
    suite = "Libérez de la place : un disque plein arrête les dépôts."
    return _describe("disque", "Place sur le disque", niveau, f"{giga}.", suite)


def _check_travaux(limite: datetime) -> EtatConnecteur:
    echoues, tardifs = _read(_TRAVAUX, {"limite": limite})
    nom = "Travaux différés"
    if tardifs:
        message = f"{tardifs} en retard de plus de dix minutes."
        suite = "Vérifiez que le service tourne ; son journal dit si le travailleur s’arrête."
        return _describe("travaux", nom, Niveau.PANNE, message, suite)
    if echoues:
        message = f"{echoues} ont échoué après toutes leurs relances."
        suite = "Leur erreur est dans le journal du service."
        return _describe("travaux", nom, Niveau.ATTENTION, message, suite)
    return _describe("travaux", nom, Niveau.BIEN, "Aucun retard, aucun échec.")


def _check_scellement(en_attente: bool, scelle_le: datetime | None) -> EtatConnecteur:
    nom = "Journal de preuve"
    if en_attente:
        message = "Des lignes attendent leur scellement depuis plus de dix minutes."
        suite = "Vérifiez que le travailleur tourne, ou lancez « gerer sceller »."
        return _describe("journal", nom, Niveau.PANNE, message, suite)
    message = "Scellé et à jour." if scelle_le else "Rien à sceller encore."
    return _describe("journal", nom, Niveau.BIEN, message)


def _describe(code: str, nom: str, niveau: Niveau, message: str, suite: str = "") -> EtatConnecteur:
    return EtatConnecteur(code=code, nom=nom, niveau=niveau.value, message=message, suite=suite)


def _read(requete: str, valeurs: object) -> tuple[int, ...]:
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs)  # type: ignore[arg-type]
        return curseur.fetchone() or ()
