"""Construire les questions d’un brouillon : un geste, une révision, un retour en arrière."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from pydantic import ValidationError

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.edition import Definition
from socle.fondations.formulaires.validation import check_formulaire
from socle.metiers.consultations.enums import EtatCampagne
from socle.metiers.consultations.errors import FormulaireFige
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.services.campagnes import lock_campagne
from socle.metiers.consultations.services.trace import record_action

RETOURS_MAX = 20
# Le moteur sait les poser ; une consultation ne les demande pas.
INTERDITS = frozenset({"source", "champ_calcule", "iban"})
Geste = Callable[[Definition], Definition]


@transaction.atomic
def change_formulaire(
    *, campagne: Campagne, geste: Geste, libelle: str, revision: int, acteur: str,
    maintenant: datetime,
) -> bool:  # fmt: skip
    """Applique un geste pur au formulaire et garde celui d’avant ; faux si rien ne change.

    Args:
        libelle: le geste, en quelques mots (« « Budget » supprimée »).

    Raises:
        FormulaireFige: la campagne n’est plus un brouillon.
        ModifieAilleurs: quelqu’un a changé le formulaire depuis.
        ErreurMetier: la définition dépasse les bornes du moteur, ou un type n’a pas sa place.
    """
    ligne = _lock(campagne, revision)
    definition = geste(ligne.definition)
    if definition == ligne.definition:
        return False
    check_definition(definition)
    avant = {"libelle": libelle[:200], "definition": ligne.definition}
    ligne.defaits = [*ligne.defaits, avant][-RETOURS_MAX:]
    ligne.definition = definition
    _save(ligne)
    record_action("consultation.formulaire", ligne.cle, acteur, maintenant,
                  {"questions": count_questions(definition)})  # fmt: skip
    return True


@transaction.atomic
def undo_formulaire(
    *, campagne: Campagne, revision: int, acteur: str, maintenant: datetime
) -> str | None:
    """Rétablit le formulaire d’avant le dernier geste ; rend son libellé, None s’il n’y en a pas.

    Raises:
        FormulaireFige, ModifieAilleurs.
    """
    ligne = _lock(campagne, revision)
    if not ligne.defaits:
        return None
    *reste, dernier = ligne.defaits
    ligne.defaits, ligne.definition = reste, dernier["definition"]
    _save(ligne)
    record_action("consultation.formulaire_retabli", ligne.cle, acteur, maintenant)
    return str(dernier["libelle"])


def check_definition(definition: Definition) -> None:
    """Refuse ce qui n’a pas la forme d’un formulaire, ou un type hors de propos.

    Raises:
        ErreurMetier.
    """
    try:
        lue = Formulaire.model_validate(definition)
    except ValidationError as cause:
        phrase = str(check_formulaire(definition)[0])
        raise ErreurMetier("Ce changement n’est pas possible.", phrase) from cause
    types = {champ.type for _, _, champ in lue.iter_champs()}  # type: ignore[attr-defined]
    if types & INTERDITS:
        raise ErreurMetier("Ce type de question n’a pas sa place dans une consultation.")


def count_questions(definition: Definition) -> int:
    return sum(len(page.get("champs", [])) for page in definition.get("pages", []))


def _lock(campagne: Campagne, revision: int) -> Campagne:
    ligne = lock_campagne(campagne, revision=revision)
    if ligne.etat != EtatCampagne.BROUILLON:
        raise FormulaireFige
    return ligne


def _save(ligne: Campagne) -> None:
    ligne.revision += 1
    ligne.save(update_fields=["definition", "defaits", "revision", "modifie_le"])
