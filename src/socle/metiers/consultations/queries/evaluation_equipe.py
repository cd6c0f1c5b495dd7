"""Ce que voit l’équipe : dossiers, jury, progrès, histoire ; aucune note avant l’heure."""

from dataclasses import dataclass
from typing import Any

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import INSTALLATION, Entree
from socle.metiers.consultations.enums import EtapeInstruction, EtatReponse
from socle.metiers.consultations.models import (
    Deport,
    Grille,
    Instruction,
    Jure,
    Recevabilite,
    Reponse,
    Resultat,
)
from socle.metiers.consultations.queries.evaluation_jury import get_grille, list_deports, list_jures
from socle.metiers.consultations.queries.evaluation_notes import read_avancement
from socle.metiers.consultations.queries.evaluation_resultats import list_resultats

HISTOIRE_MAX = 40
FAITS = {
    "instruction.ouverte": "Évaluation ouverte",
    "instruction.reglee": "Règles changées",
    "instruction.grille": "Grille enregistrée",
    "jury.membre_ajoute": "Membre invité au jury",
    "jury.membre_sorti": "Membre sorti du jury",
    "jury.fonction": "Fonction donnée",
    "jury.interets_declares": "Intérêts déclarés",
    "jury.deport": "Déport constaté",
    "jury.deport_leve": "Déport levé",
    "instruction.notation_ouverte": "Notation ouverte",
    "instruction.deliberation": "Délibération ouverte",
    "instruction.rouverte": "Étape rouverte",
    "instruction.validee": "Résultats arrêtés par la présidence",
    "instruction.publiee": "Résultats publiés",
}


def read_tableau(instruction: Instruction) -> dict[str, Any]:
    """Tout le tableau de bord ; le même nombre d’instructions, quel que soit celui des dossiers."""
    avancement = read_avancement(instruction)
    par_dossier = {etat.reponse.pk: etat for etat in avancement.dossiers}
    recus = list(
        Reponse.objects.filter(campagne=instruction.campagne, etat=EtatReponse.DEPOSEE)
        .select_related("recevabilite")
        .defer("reponses", "mots")
        .order_by("depose_le", "pk")
    )
    jures = list_jures(instruction, sortis=True)
    deports = list_deports(instruction)
    presents = [jure for jure in jures if not jure.sorti_le]
    return {
        "avancement": avancement,
        "dossiers": [
            (reponse, par_dossier.get(reponse.pk), getattr(reponse, "recevabilite", None))
            for reponse in recus
        ],
        "sans_controle": sum(1 for r in recus if not hasattr(r, "recevabilite")),
        "jures": [(jure, avancement.par_jure.get(jure.pk, 0)) for jure in jures],
        "presents": len(presents),
        "declares": sum(1 for jure in presents if jure.has_declare),
        "deports": deports,
        "grille": avancement.grille,
        "histoire": list_histoire(instruction),
        "reglable": instruction.etape in {EtapeInstruction.PREPARATION, EtapeInstruction.NOTATION},
    }


def list_histoire(instruction: Instruction) -> list[tuple[str, Any]]:
    """Ce qui s’est passé, lu au journal, le dernier fait d’abord : (fait, instant)."""
    objet = f"instruction:{instruction.campagne.slug}"
    with operateur():
        entrees = Entree.objects.filter(objet=objet, collectivite_id=INSTALLATION)
        lues = list(entrees.order_by("-survenu_le", "-pk")[:HISTOIRE_MAX])
    return [(FAITS.get(entree.action, entree.action), entree.survenu_le) for entree in lues]


def list_irrecevables(instruction: Instruction) -> list[Recevabilite]:
    """Dossiers écartés, avec leur motif et ce qui était constaté."""
    return list(
        Recevabilite.objects.filter(
            reponse__campagne=instruction.campagne, reponse__etat=EtatReponse.DEPOSEE,
            recevable=False,
        )
        .select_related("reponse")
        .order_by("reponse__depose_le", "pk")
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcesVerbal:
    """Ce que dit le procès-verbal, à l’écran comme sur papier."""

    instruction: Instruction
    jures: list[Jure]
    deports: list[Deport]
    resultats: list[Resultat]
    irrecevables: list[Recevabilite]
    grille: Grille


def read_proces_verbal(instruction: Instruction) -> ProcesVerbal:
    """Lit tout le procès-verbal ; pas de classement avant l’ouverture de la délibération."""
    avant = (EtapeInstruction.PREPARATION, EtapeInstruction.NOTATION)
    return ProcesVerbal(
        instruction=instruction,
        jures=list(list_jures(instruction, sortis=True)),
        deports=list(list_deports(instruction)),
        resultats=[] if instruction.etape in avant else list(list_resultats(instruction)),
        irrecevables=list_irrecevables(instruction),
        grille=get_grille(instruction),
    )
