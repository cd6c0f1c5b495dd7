"""Rattachement surveillé : un agent décide si un `sub` nouveau est bien la même personne."""

from datetime import datetime

from django.db import transaction

from socle.fondations.comptes.enums import EtatDemande
from socle.fondations.comptes.errors import DemandeDejaTranchee
from socle.fondations.comptes.models import Compte, DemandeRattachement
from socle.fondations.journal.services import record


@transaction.atomic
def accept_rattachement(
    *, demande: DemandeRattachement, agent: Compte, maintenant: datetime
) -> None:
    """Remplace le `sub` de l’identité par le nouveau : la personne retrouve son compte.

    Raises:
        DemandeDejaTranchee: un autre agent a répondu.
    """
    demande = _close(demande, EtatDemande.ACCEPTEE, agent, maintenant)
    identite = demande.identite
    identite.sub = demande.sub
    identite.save(update_fields=["sub", "modifie_le"])


@transaction.atomic
def refuse_rattachement(
    *, demande: DemandeRattachement, agent: Compte, maintenant: datetime
) -> None:
    """Écarte la demande : à sa prochaine visite, cette personne aura un compte à elle.

    Raises:
        DemandeDejaTranchee: un autre agent a répondu.
    """
    _close(demande, EtatDemande.REFUSEE, agent, maintenant)


def _close(
    demande: DemandeRattachement, etat: EtatDemande, agent: Compte, maintenant: datetime
) -> DemandeRattachement:
    demande = (
        DemandeRattachement.objects.select_for_update(of=["self"])
        .select_related("identite")
        .get(pk=demande.pk)
    )
    if demande.etat != EtatDemande.EN_ATTENTE:
        raise DemandeDejaTranchee
    demande.etat, demande.decidee_le, demande.decidee_par = etat, maintenant, agent
    demande.save(update_fields=["etat", "decidee_le", "decidee_par", "modifie_le"])
    record(
        action=f"compte.rattachement_{etat}",
        objet=f"compte:{demande.identite.compte_id}",
        acteur=agent.acteur,
        collectivite_id=demande.collectivite_id,
        maintenant=maintenant,
    )
    return demande
