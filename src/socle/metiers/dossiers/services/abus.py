"""Demandes sans compte : ce qui décourage un robot, sans tiers et sans gêner une personne.

Rien de ce qui est saisi n’est perdu par un refus, et aucune règle n’ajoute de lecture au dépôt.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.frequence import check_frequences
from socle.fondations.documents.ports import MO
from socle.fondations.formulaires.definition import BlocRepetable, PieceJustificative
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.metiers.dossiers.errors import DepotTropRapide, RobotPresume, TropDeDeparts
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces

PIEGE = "sujet"  # champ que personne ne voit : un robot le remplit
DEPARTS = ((60, timedelta(hours=1)), (200, timedelta(days=1)))
FICHIERS_EN_TROP = 20
POIDS_MAX = 500 * MO


def check_piege(donnees: Mapping[str, str]) -> None:
    """Refuse un envoi dont le champ caché est rempli.

    Raises:
        RobotPresume: le champ n’est pas vide.
    """
    if donnees.get(PIEGE, "").strip():
        raise RobotPresume


def check_depart(*, adresse: str, maintenant: datetime) -> None:
    """Compte une demande commencée sans compte depuis cette adresse ; une instruction SQL.

    Raises:
        TropDeDeparts: plus de soixante en une heure, ou deux cents en un jour.
    """
    try:
        check_frequences(
            quoi="dossiers.commencer", qui=adresse, limites=DEPARTS, maintenant=maintenant
        )
    except TropDeDemandes as refus:
        raise TropDeDeparts(secondes=refus.secondes) from refus


def check_delai(*, dossier: Dossier, acces: Acces, maintenant: datetime) -> None:
    """Refuse le dépôt d’un invité quelques secondes après le début : il n’a rien pu lire.

    Raises:
        DepotTropRapide: il faut attendre ; `secondes` dit combien.
    """
    if acces.compte is not None or not dossier.is_brouillon:
        return
    reste = settings.DELAI_INVITE - (maintenant - dossier.cree_le).total_seconds()
    if reste > 0:
        raise DepotTropRapide(secondes=int(reste) + 1)


def count_fichiers_permis(formulaire: FormulaireCompile) -> int:
    """Rend combien de fichiers un brouillon d’invité peut envoyer : ceux du formulaire, et 20.

    Un fichier remplacé reste compté jusqu’au nettoyage des fichiers sans demande (deux jours).
    """
    return FICHIERS_EN_TROP + sum(
        champ.nombre * (bloc.maximum if isinstance(bloc, BlocRepetable) else 1)
        for _, bloc, champ in formulaire.definition.iter_champs()
        if isinstance(champ, PieceJustificative)
    )
