"""Le même geste sur plusieurs dossiers : chacun dans sa transaction, avec sa ligne de journal.

Ce qui échoue n’empêche pas la suite. Un envoi répété ne refait rien : chaque dossier doit être tel
que l’agent l’a vu en confirmant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.utils import OperationalError

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.metiers.dossiers.enums import GesteEnLot, Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.queries.lot import AFFECTATIONS, DEJA, NOMBRE_MAX, Choix, explain_refus
from socle.metiers.dossiers.services.affectation import assign_dossier, notify_lot
from socle.metiers.dossiers.services.commun import lock_dossier
from socle.metiers.dossiers.services.instruction import apply_transition

CHANGE = "A changé depuis la page de confirmation : ouvrez-le."
TRANSITIONS = {
    GesteEnLot.INSTRUIRE: Transition.PASSER_EN_INSTRUCTION,
    GesteEnLot.ACCEPTER: Transition.ACCEPTER,
}


@dataclass
class Bilan:
    """Ce qui a été fait : numéros faits, déjà faits, et laissés avec leur raison."""

    geste: GesteEnLot
    faits: list[int] = field(default_factory=list)
    deja: list[int] = field(default_factory=list)
    laisses: dict[int, str] = field(default_factory=dict)


def apply_lot(
    *,
    collectivite: Collectivite,
    agent: Compte,
    geste: GesteEnLot,
    choix: Iterable[Choix],
    maintenant: datetime,
    motif: str = "",
    suivi_par: Compte | None = None,
) -> Bilan:
    """Fait un geste sur cent dossiers au plus. À appeler hors de toute transaction.

    Args:
        suivi_par: le collègue, pour `CONFIER` ; prévenu une seule fois.
        motif: le même pour tous, pour `ACCEPTER`.

    Raises:
        ErreurMetier: plus de cent dossiers.
    """
    retenus = list(dict.fromkeys(choix))
    if len(retenus) > NOMBRE_MAX:
        raise ErreurMetier(
            f"Plus de {NOMBRE_MAX} dossiers sont choisis.", "Faites-le en plusieurs fois."
        )
    bilan, confies = Bilan(geste=geste), []
    for un in retenus:
        try:
            with locataire(collectivite.pk, personne_id=agent.pk):
                confies.append(_apply(un, geste, agent, suivi_par, motif, maintenant))
        except ErreurMetier as refus:
            _sort(bilan, un.numero, refus)
        except OperationalError:  # tenu trop longtemps par quelqu’un d’autre
            bilan.laisses[un.numero] = "Occupé par quelqu’un d’autre : réessayez dans un instant."
        except Dossier.DoesNotExist:
            bilan.laisses[un.numero] = "Introuvable."
        else:
            bilan.faits.append(un.numero)
    if suivi_par is not None and confies:
        with locataire(collectivite.pk, personne_id=agent.pk):
            notify_lot(dossiers=confies, collegue=suivi_par, par=agent, maintenant=maintenant)
    return bilan


def _apply(
    un: Choix,
    geste: GesteEnLot,
    agent: Compte,
    suivi_par: Compte | None,
    motif: str,
    maintenant: datetime,
) -> Dossier:
    """Verrouille le dossier, vérifie qu’il est tel que vu, et fait le geste."""
    dossier = lock_dossier(un.numero)
    vise = agent if geste == GesteEnLot.M_ATTRIBUER else suivi_par
    raison = explain_refus(dossier, geste, agent, vise.pk if vise else None)
    if raison:
        raise ErreurMetier(raison)
    if dossier.revision != un.revision:
        raise ErreurMetier(CHANGE)
    if geste in AFFECTATIONS:
        return assign_dossier(
            dossier=dossier,
            agent=agent,
            suivi_par=vise,
            attendu_id=un.suivi_par_id,
            maintenant=maintenant,
            prevenir=False,
        )
    return apply_transition(
        dossier=dossier,
        transition=TRANSITIONS[geste],
        agent=agent,
        motif=motif,
        maintenant=maintenant,
    )


def _sort(bilan: Bilan, numero: int, refus: ErreurMetier) -> None:
    if refus.message == DEJA[bilan.geste]:
        bilan.deja.append(numero)
    else:
        bilan.laisses[numero] = refus.message
