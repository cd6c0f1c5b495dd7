"""Une décision ouvre une ligne de feuille de route : dans la feuille en préparation du semestre."""

import re
from datetime import datetime

from socle.metiers.gouvernance.enums import EtatFeuille
from socle.metiers.gouvernance.errors import SuiteInapplicable
from socle.metiers.gouvernance.models import FeuilleDeRoute
from socle.metiers.gouvernance.ports import Applicateur, Constat, EffetDecide
from socle.metiers.gouvernance.services.feuilles import open_feuille, save_ligne

SEMESTRE = re.compile(r"20\d\d-[12]")
ACTEUR = "systeme"


def observe(effet: EffetDecide) -> Constat:
    """Rien ne contredit une ligne de plus, sauf une feuille qui attend déjà son vote.

    Raises:
        SuiteInapplicable: semestre illisible, ou version figée qui attend d’être validée.
    """
    semestre = _read_semestre(effet)
    if FeuilleDeRoute.objects.filter(semestre=semestre, etat=EtatFeuille.FIGEE).exists():
        raise SuiteInapplicable(
            "La feuille de route de ce semestre est figée et attend son vote.",
            "Attendez son issue, puis appliquez de nouveau cette suite.",
        )
    return Constat()


def apply(effet: EffetDecide, maintenant: datetime) -> str:
    """Ajoute la ligne ; sans feuille en préparation, une nouvelle version du semestre s’ouvre."""
    semestre = _read_semestre(effet)
    feuille = FeuilleDeRoute.objects.filter(
        semestre=semestre, etat=EtatFeuille.BROUILLON
    ).first() or open_feuille(semestre=semestre, acteur=ACTEUR, maintenant=maintenant)
    save_ligne(
        feuille=feuille,
        titre=effet.texte[:200],
        date_prevue=effet.date_visee,
        motif=f"Décision n° {effet.numero}",
        liens=[effet.decision],
        acteur=ACTEUR,
        maintenant=maintenant,
    )
    return feuille.cle


def _read_semestre(effet: EffetDecide) -> str:
    semestre = effet.cle.partition(":")[2]
    if not SEMESTRE.fullmatch(semestre):
        raise SuiteInapplicable(f"« {semestre[:40]} » n’est pas un semestre.")
    return semestre


APPLICATEUR = Applicateur(observe, apply)
