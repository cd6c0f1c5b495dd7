"""Ce que le journal retient du catalogue, et le verrou des lignes que deux pages changent."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.journal import services as journal
from socle.metiers.catalogue.errors import FicheModifieeAilleurs

Ligne = TypeVar("Ligne", bound=Model)


def lock_ligne(
    ligne: Ligne, champs: Iterable[str], empreinte: str | None, **autres: Callable[[Any], Any]
) -> Ligne:
    """Relit une ligne sous verrou, et la compare à ce que la page montrait.

    Args:
        champs: ceux dont la page portait l’empreinte.
        autres: ce qu’elle montrait d’autre, lu une fois la ligne verrouillée.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
    """
    lignes = type(ligne)._default_manager  # noqa: SLF001
    lue = lignes.select_for_update(of=("self",)).get(pk=ligne.pk)
    valeurs = read_valeurs(lue, *champs) | {nom: read(lue) for nom, read in autres.items()}
    check_empreinte(valeurs, empreinte, FicheModifieeAilleurs)
    return lue


def record_action(
    action: str,
    *,
    objet: str,
    acteur: str,
    maintenant: datetime,
    donnees: dict[str, Any] | None = None,
) -> None:
    """Écrit une action au journal, dans la transaction de ce qui est raconté."""
    journal.record(
        action=action,
        objet=objet,
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
