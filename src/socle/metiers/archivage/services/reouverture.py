"""Un versement dont le dossier change, ou qu’il faut recommencer."""

from datetime import datetime
from typing import Any

from django.db import transaction

from socle.fondations.journal.services import record
from socle.metiers.archivage.errors import RienARefaire
from socle.metiers.archivage.models import CODE_REFUS, Versement
from socle.metiers.archivage.queries import find_dernier
from socle.metiers.archivage.services.versement import SYSTEME, remove_paquet
from socle.metiers.archivage.signals import versement_a_refaire

ROUVERT = {
    "code": "SOCLE.ROUVERT",
    "nom": "Dossier rouvert",
    "statut": "KO",
    "lieu": "",
    "message": "La décision est retirée : le paquet se refera seul après la nouvelle décision.",
}

REFUSE = {
    "code": CODE_REFUS,
    "nom": "Refusé par le service d’archives",
    "statut": "KO",
    "lieu": "",
    "message": "Le paquet refusé est retiré, un autre se fait. Rechargez la page dans une minute.",
}


@transaction.atomic
def suspend_versement(*, collectivite_id: int, dossier: str, maintenant: datetime) -> None:
    """Prend acte qu’un dossier versé est rouvert. Sans effet s’il n’a pas été versé.

    Un paquet pas encore remis est retiré : il dirait une décision qui ne tient plus. Un paquet
    remis reste, signalé : la prochaine décision fera un versement complémentaire.
    """
    trouve = find_dernier(collectivite_id, dossier)
    if trouve is None:
        return
    versement = Versement.objects.select_for_update(of=["self"]).get(pk=trouve.pk)
    versement.rouvert_le = maintenant
    remis = versement.is_remis
    if not remis:
        remove_paquet(versement, maintenant)
        versement.controles = {"controles": [ROUVERT]}
    versement.save()
    _record(versement, "a_completer" if remis else "suspendu", SYSTEME, maintenant)


@transaction.atomic
def request_versement(*, versement: Versement, acteur: str, maintenant: datetime) -> Versement:
    """Relance un versement que ses contrôles ou le service d’archives ont refusé.

    Une tâche le refait. Refusé par les archives, l’ancien paquet est retiré aussitôt et le nouveau
    portera un autre identifiant de message.

    Raises:
        RienARefaire: le paquet est prêt ou transmis, ou le dossier est rouvert.
    """
    versement = Versement.objects.select_for_update(of=["self"]).get(pk=versement.pk)
    if not versement.is_refaisable:
        raise RienARefaire
    if versement.is_refuse:
        remove_paquet(versement, maintenant)
        versement.controles = {"controles": [REFUSE]}
        versement.save()
    _record(versement, "relance", acteur, maintenant)
    versement_a_refaire.send(Versement, maintenant=maintenant, **_name(versement))
    return versement


def _record(versement: Versement, action: str, acteur: str, maintenant: datetime) -> None:
    record(
        action=f"versement.{action}",
        objet=f"versement:{versement.reference}",
        acteur=acteur,
        collectivite_id=versement.collectivite_id,
        maintenant=maintenant,
        donnees={"reference": versement.reference, "dossier": versement.dossier},
    )


def _name(versement: Versement) -> dict[str, Any]:
    return {
        "reference": versement.reference,
        "dossier": versement.dossier,
        "versement_id": versement.pk,
        "collectivite_id": versement.collectivite_id,
    }
