"""La grille : neuf critères par défaut, réglables jusqu’à la première note, puis versionnés."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.journal.services import record
from socle.metiers.consultations.enums import EtapeInstruction
from socle.metiers.consultations.errors import (
    EtapeRefusee,
    EvaluationModifieeAilleurs,
    GrilleFigee,
    GrilleRefusee,
)
from socle.metiers.consultations.models import (
    Campagne,
    CritereDeGrille,
    Grille,
    Instruction,
)
from socle.metiers.consultations.queries.evaluation_jury import (
    get_grille,
    list_criteres,
    list_jures,
)
from socle.metiers.consultations.services.evaluation_messages import CODE_GRILLE, tell_jure

DONNEES = Path(__file__).resolve().parent.parent / "donnees" / "grille.toml"
CRITERES_MAX = 30
RECOURS = (
    "Vous pouvez demander à l’équipe du programme de revoir cette décision, par un courriel à"
    " l’adresse de l’appel. Vous pouvez aussi saisir le tribunal administratif dans les deux mois"
    " qui suivent la réception de cette décision (code de justice administrative, art. R. 421-1)."
)
REGLABLES = (EtapeInstruction.PREPARATION, EtapeInstruction.NOTATION)


@dataclass(frozen=True, slots=True)
class CritereSaisi:
    """Un critère tel que l’équipe l’écrit ; `niveaux` va de la note 0 à la plus haute."""

    intitule: str
    question: str
    niveaux: tuple[str, ...]
    poids: int = 1
    seuil: Decimal | None = None


@cache
def read_grille_par_defaut() -> tuple[int, str, tuple[CritereSaisi, ...]]:
    """Rend la note la plus haute, la mention d’origine et les neuf critères par défaut."""
    lue = tomllib.loads(DONNEES.read_text(encoding="utf-8"))
    criteres = (
        CritereSaisi(
            c["intitule"], c["question"], tuple(c["niveaux"]), c["poids"],
            Decimal(c["seuil"]) if "seuil" in c else None,
        )
        for c in lue["critere"]
    )  # fmt: skip
    return lue["maximum"], lue["mention"], tuple(criteres)


@transaction.atomic
def open_instruction(*, campagne: Campagne, acteur: str, maintenant: datetime) -> Instruction:
    """Ouvre l’évaluation d’une campagne, avec la grille par défaut ; rend celle qui existe.

    Raises:
        EtapeRefusee: la campagne n’est ni un AMI ni un AAP.
    """
    if not campagne.is_evaluee:
        raise EtapeRefusee("Seuls un AMI et un AAP ont une grille et un jury.")
    instruction, neuve = Instruction.objects.get_or_create(
        campagne=campagne, defaults={"recours": RECOURS}
    )
    if neuve:
        maximum, mention, criteres = read_grille_par_defaut()
        grille = Grille.objects.create(instruction=instruction, maximum=maximum, mention=mention)
        write_criteres(grille, criteres)
        record_instruction("instruction.ouverte", instruction, acteur, maintenant)
    instruction.campagne = campagne
    return instruction


@transaction.atomic
def save_cadre(
    *, instruction: Instruction, quorum: int, par_college: bool, ecart_signale: int, recours: str,
    acteur: str, maintenant: datetime, empreinte: str | None = None,
) -> None:  # fmt: skip
    """Règle le quorum, l’écart signalé et les voies de recours, avant la délibération.

    Args:
        empreinte: celle de `describe_cadre` sur la page ; None, rien n’est comparé.

    Raises:
        EvaluationModifieeAilleurs: un collègue les a enregistrées depuis.
    """
    lue = lock_instruction(instruction, *REGLABLES)
    check_empreinte(describe_cadre(lue), empreinte, EvaluationModifieeAilleurs)
    lue.quorum, lue.par_college = quorum, par_college
    lue.ecart_signale, lue.recours = ecart_signale, recours.strip()
    lue.save()
    record_instruction("instruction.reglee", lue, acteur, maintenant,
                       quorum=quorum, par_college=par_college)  # fmt: skip


def describe_cadre(instruction: Instruction) -> dict[str, Any]:
    """Rend ce que l’équipe règle d’une évaluation."""
    return read_valeurs(instruction, "quorum", "par_college", "ecart_signale", "recours")


def describe_grille(grille: Grille, criteres: Iterable[CritereDeGrille]) -> dict[str, Any]:
    """Rend une grille et ses critères ; une autre version diffère toujours."""
    return read_valeurs(grille, "version", "maximum", "mention") | {
        "criteres": [[c.intitule, c.question, c.niveaux, c.poids, c.seuil] for c in criteres]
    }


@transaction.atomic
def save_grille(
    *, instruction: Instruction, maximum: int, mention: str, criteres: Iterable[CritereSaisi],
    acteur: str, maintenant: datetime, motif: str = "", empreinte: str | None = None,
) -> Grille:  # fmt: skip
    """Change la grille en place tant que personne n’a noté ; ensuite, ouvre une version motivée.

    Les notes données sur l’ancienne version sont gardées, ne comptent plus, et sont redemandées.

    Args:
        empreinte: celle de `describe_grille` sur la page ; None, rien n’est comparé.

    Raises:
        EvaluationModifieeAilleurs: un collègue l’a enregistrée depuis.
        GrilleFigee: une note est donnée, et aucun motif n’est écrit.
        GrilleRefusee: un critère est incomplet.
        EtapeRefusee: la délibération est ouverte.
    """
    lue = lock_instruction(instruction, *REGLABLES)
    voulus = list(criteres)
    check_criteres(voulus, maximum)
    grille = Grille.objects.select_for_update().get(instruction=lue, courante=True)
    enregistree = describe_grille(grille, list_criteres(grille))
    check_empreinte(enregistree, empreinte, EvaluationModifieeAilleurs)
    if grille.is_figee:
        grille = _renew(lue, grille, maximum, mention, motif)
    else:
        grille.maximum, grille.mention = maximum, mention.strip()
        grille.save()
        CritereDeGrille.objects.filter(grille=grille).delete()
    write_criteres(grille, voulus)
    record_instruction("instruction.grille", lue, acteur, maintenant,
                       version=grille.version, criteres=len(voulus))  # fmt: skip
    if grille.motif:
        for jure in list_jures(lue):
            jure.instruction = lue
            tell_jure(jure, CODE_GRILLE, maintenant, motif=grille.motif)
    return grille


def _renew(
    instruction: Instruction, ancienne: Grille, maximum: int, mention: str, motif: str
) -> Grille:
    if not motif.strip():
        raise GrilleFigee
    ancienne.courante = False
    ancienne.save(update_fields=["courante", "modifie_le"])
    return Grille.objects.create(
        instruction=instruction, version=ancienne.version + 1, maximum=maximum,
        mention=mention.strip(), motif=motif.strip(),
    )  # fmt: skip


def copy_grille(
    *, instruction: Instruction, source: Instruction, acteur: str, maintenant: datetime,
    motif: str = "",
) -> Grille:  # fmt: skip
    """Reprend la grille courante d’une autre campagne.

    Raises:
        GrilleFigee, EtapeRefusee: comme `save_grille`.
    """
    grille = get_grille(source)
    criteres = [
        CritereSaisi(c.intitule, c.question, tuple(c.niveaux), c.poids, c.seuil)
        for c in list_criteres(grille)
    ]
    return save_grille(
        instruction=instruction, maximum=grille.maximum, mention=grille.mention, criteres=criteres,
        motif=motif, acteur=acteur, maintenant=maintenant,
    )  # fmt: skip


def check_criteres(criteres: list[CritereSaisi], maximum: int) -> None:
    """Refuse une grille que le jury ne pourrait pas remplir.

    Raises:
        GrilleRefusee: avec le critère à reprendre.
    """
    if not 1 <= len(criteres) <= CRITERES_MAX or not 1 <= maximum <= 10:
        raise GrilleRefusee(
            f"Une grille a de 1 à {CRITERES_MAX} critères, notés de 0 à 10 au plus."
        )
    for rang, critere in enumerate(criteres, start=1):
        if not critere.intitule.strip() or not critere.question.strip():
            raise GrilleRefusee(f"Critère {rang} : écrivez l’intitulé et la question.")
        if len(critere.niveaux) != maximum + 1 or not all(n.strip() for n in critere.niveaux):
            raise GrilleRefusee(
                f"Critère {rang} : dites ce que vaut chaque note, de 0 à {maximum}."
            )
        if not 1 <= critere.poids <= 100:
            raise GrilleRefusee(f"Critère {rang} : le poids va de 1 à 100.")
        if critere.seuil is not None and not 0 < critere.seuil <= maximum:
            raise GrilleRefusee(f"Critère {rang} : le seuil va de plus de 0 à {maximum}.")


def write_criteres(grille: Grille, criteres: Iterable[CritereSaisi]) -> None:
    """Écrit les critères d’une grille qui n’en a pas."""
    CritereDeGrille.objects.bulk_create(
        CritereDeGrille(
            grille=grille, rang=rang, intitule=c.intitule.strip(), question=c.question.strip(),
            niveaux=[n.strip() for n in c.niveaux], poids=c.poids, seuil=c.seuil,
        )
        for rang, c in enumerate(criteres, start=1)
    )  # fmt: skip


def lock_instruction(instruction: Instruction, *etapes: EtapeInstruction) -> Instruction:
    """Verrouille une évaluation pour un geste.

    Raises:
        EtapeRefusee: elle n’est pas à l’une de ces étapes.
    """
    lue = (
        Instruction.objects.select_for_update(of=("self",))
        .select_related("campagne")
        .get(pk=instruction.pk)
    )
    if etapes and lue.etape not in etapes:
        raise EtapeRefusee(suite=f"L’évaluation en est à : {lue.etape_affichee.label.lower()}.")
    return lue


def record_instruction(
    action: str, instruction: Instruction, acteur: str, maintenant: datetime, **donnees: Any
) -> None:
    """Ajoute une ligne au journal de l’installation."""
    record(
        action=action,
        objet=f"instruction:{instruction.campagne.slug}",
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
