"""Noter : un brouillon, puis une signature qui fige la note sur une empreinte au journal."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.journal.services import record
from socle.metiers.consultations.enums import EtapeInstruction, EtatReponse, FonctionJury
from socle.metiers.consultations.errors import (
    DeclarationManquante,
    EnDeport,
    EtapeRefusee,
    NoteRefusee,
    NoteSignee,
)
from socle.metiers.consultations.models import (
    CritereDeGrille,
    Grille,
    Instruction,
    Jure,
    Notation,
    Reponse,
)
from socle.metiers.consultations.queries.evaluation_jury import (
    find_dossier,
    find_notation,
    list_criteres,
    list_jures,
    list_recevables,
)
from socle.metiers.consultations.services.evaluation_grille import (
    lock_instruction,
    record_instruction,
)
from socle.metiers.consultations.services.evaluation_jury import (
    check_membre,
    refresh_deports,
    refresh_tous,
)
from socle.metiers.consultations.services.evaluation_messages import CODE_NOTATION, tell_jure

COMMENTAIRE_MAX = 4000


@dataclass(frozen=True, slots=True)
class NoteSaisie:
    """Note d’un critère ; None quand le membre n’a pas encore choisi."""

    note: int | None
    commentaire: str = ""


@transaction.atomic
def open_notation(*, instruction: Instruction, acteur: str, maintenant: datetime) -> Instruction:
    """Ouvre la notation : le jury lit les dossiers recevables.

    Raises:
        EtapeRefusee: l’appel est ouvert, un dossier n’est pas contrôlé, le jury est incomplet.
    """
    lue = lock_instruction(instruction, EtapeInstruction.PREPARATION)
    _check_pret(lue, maintenant)
    lue.etape, lue.ouverte_le = EtapeInstruction.NOTATION, maintenant
    lue.save()
    refresh_tous(instruction=lue, maintenant=maintenant)
    record_instruction("instruction.notation_ouverte", lue, acteur, maintenant)
    for jure in list_jures(lue):
        jure.instruction = lue
        tell_jure(jure, CODE_NOTATION, maintenant)
    return lue


def _check_pret(instruction: Instruction, maintenant: datetime) -> None:
    campagne = instruction.campagne
    if campagne.is_brouillon or campagne.is_ouverte(maintenant):
        raise EtapeRefusee("L’appel n’est pas clos.", "La notation s’ouvre après la clôture.")
    attente = Reponse.objects.filter(
        campagne=campagne, etat=EtatReponse.DEPOSEE, recevabilite__isnull=True
    ).count()
    if attente:
        raise EtapeRefusee(f"Dossiers sans contrôle de recevabilité : {attente}.")
    if not list_recevables(instruction).exists():
        raise EtapeRefusee("Aucun dossier n’est recevable.")
    jures = list_jures(instruction)
    if len(jures) < instruction.quorum:
        raise EtapeRefusee(f"Le jury a {len(jures)} membre(s) : il en faut {instruction.quorum}.")
    if all(jure.fonction != FonctionJury.PRESIDENT for jure in jures):
        raise EtapeRefusee("Le jury n’a pas de présidence.", "Donnez-la à un membre.")


@transaction.atomic
def save_notation(
    *, jure: Jure, reponse: Reponse, notes: Mapping[int, NoteSaisie], avis: str,
    maintenant: datetime, version: int | None = None,
) -> Notation:  # fmt: skip
    """Enregistre le brouillon d’un membre. La première note fige la grille.

    Args:
        version: version de la grille que la page montrait ; une autre version refuse la saisie.

    Raises:
        DeclarationManquante, EnDeport, EtapeRefusee: ce membre ne note pas ce dossier maintenant.
        NoteSignee: il a déjà signé.
        NoteRefusee: une note sort de la grille.
    """
    return _write(jure, reponse, notes, avis, maintenant, version)


@transaction.atomic
def sign_notation(
    *, jure: Jure, reponse: Reponse, notes: Mapping[int, NoteSaisie], avis: str,
    maintenant: datetime, version: int | None = None,
) -> Notation:  # fmt: skip
    """Signe une note complète : elle ne change plus, et son empreinte est au journal.

    Raises:
        NoteRefusee: un critère est sans note, un zéro sans commentaire, ou l’avis manque.
        DeclarationManquante, EnDeport, EtapeRefusee, NoteSignee: comme `save_notation`.
    """
    notation = _write(jure, reponse, notes, avis, maintenant, version)
    criteres = list_criteres(notation.grille)
    _check_complete(notation, criteres)
    notation.signee_le = maintenant
    notation.empreinte = compute_empreinte(notation, criteres)
    notation.save()
    record(
        action="note.signee", objet=reponse.objet, acteur=jure.compte.acteur,
        collectivite_id=None, maintenant=maintenant,
        donnees={"membre": jure.pk, "grille": notation.grille.version,
                 "empreinte": notation.empreinte},
    )  # fmt: skip
    return notation


def _write(
    jure: Jure, reponse: Reponse, notes: Mapping[int, NoteSaisie], avis: str,
    maintenant: datetime, version: int | None,
) -> Notation:  # fmt: skip
    instruction = lock_instruction(jure.instruction, EtapeInstruction.NOTATION)
    membre = Jure.objects.select_related("compte").get(pk=jure.pk)
    membre.instruction = instruction
    check_dossier(membre, reponse, maintenant)
    grille = Grille.objects.select_for_update().get(instruction=instruction, courante=True)
    if version is not None and version != grille.version:
        raise NoteRefusee("La grille a changé depuis que vous l’avez ouverte.", "Relisez-la.")
    notation = find_notation(membre, reponse, grille) or Notation(
        jure=membre, reponse=reponse, grille=grille
    )
    if notation.is_signee:
        raise NoteSignee
    notation.notes = _check_notes(grille, notes)
    notation.avis = avis.strip()[:COMMENTAIRE_MAX]
    notation.save()
    if not grille.is_figee:
        grille.figee_le = maintenant
        grille.save(update_fields=["figee_le", "modifie_le"])
    notation.grille = grille
    return notation


def check_dossier(jure: Jure, reponse: Reponse, maintenant: datetime) -> None:
    """Vérifie de nouveau, au moment d’écrire, que ce membre peut noter ce dossier.

    Raises:
        EtapeRefusee, DeclarationManquante, EnDeport.
    """
    check_membre(jure)
    if reponse.pk not in jure.declare_sur:
        raise DeclarationManquante
    refresh_deports(jure=jure, maintenant=maintenant)
    if find_dossier(jure, reponse.cle) is None:
        raise EnDeport


def _check_notes(grille: Grille, notes: Mapping[int, NoteSaisie]) -> dict[str, Any]:
    gardees: dict[str, Any] = {}
    for critere in list_criteres(grille):
        saisie = notes.get(critere.pk, NoteSaisie(None))
        if saisie.note is not None and not 0 <= saisie.note <= grille.maximum:
            raise NoteRefusee(f"{critere.intitule} : la note va de 0 à {grille.maximum}.")
        gardees[str(critere.pk)] = {
            "note": saisie.note, "commentaire": saisie.commentaire.strip()[:COMMENTAIRE_MAX],
        }  # fmt: skip
    return gardees


def _check_complete(notation: Notation, criteres: list[CritereDeGrille]) -> None:
    for critere in criteres:
        saisie = notation.notes[str(critere.pk)]
        if saisie["note"] is None:
            raise NoteRefusee(f"{critere.intitule} : donnez une note avant de signer.")
        if saisie["note"] == 0 and not saisie["commentaire"]:
            raise NoteRefusee(f"{critere.intitule} : un zéro se commente.")
    if not notation.avis:
        raise NoteRefusee("Écrivez votre avis d’ensemble : il sert à motiver la décision.")


def compute_empreinte(notation: Notation, criteres: list[CritereDeGrille]) -> str:
    """SHA-256 de tout ce qui est signé, critères compris."""
    signe = {
        "dossier": str(notation.reponse.cle),
        "membre": notation.jure_id,
        "grille": notation.grille.version,
        "criteres": [[c.pk, c.intitule, c.poids] for c in criteres],
        "notes": notation.notes,
        "avis": notation.avis,
        "signee_le": notation.signee_le.isoformat() if notation.signee_le else "",
    }
    texte = json.dumps(signe, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()
