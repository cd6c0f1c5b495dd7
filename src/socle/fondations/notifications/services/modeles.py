"""Textes propres à une collectivité. Chaque changement va au journal, avec l’empreinte du texte."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.journal.services import record
from socle.fondations.notifications import ports
from socle.fondations.notifications.models import Modele
from socle.fondations.notifications.queries import clear_cache
from socle.fondations.notifications.services.rendu import check_balises


@transaction.atomic
def save_modele(
    *,
    collectivite: Collectivite,
    code: str,
    sujet: str,
    corps: str,
    acteur: str,
    maintenant: datetime,
) -> Modele:
    """Enregistre le texte d’une collectivité pour un message.

    Raises:
        BalisesInconnues: rien n’est enregistré.
        KeyError: code inconnu.
    """
    check_balises(ports.modeles[code], sujet, corps)
    modele, _ = Modele.objects.update_or_create(
        collectivite=collectivite, code=code, defaults={"sujet": sujet, "corps": corps}
    )
    record(
        action="message.texte_change",
        objet=f"message:{code}",
        acteur=acteur,
        collectivite_id=collectivite.pk,
        maintenant=maintenant,
        donnees={"empreinte": sha256(f"{sujet}\n{corps}".encode()).hexdigest()},
    )
    clear_cache()
    return modele


@transaction.atomic
def reset_modele(
    *, collectivite: Collectivite, code: str, acteur: str, maintenant: datetime
) -> None:
    """Revient au texte par défaut."""
    retires, _ = Modele.objects.filter(collectivite=collectivite, code=code).delete()
    if retires:
        record(
            action="message.texte_retabli",
            objet=f"message:{code}",
            acteur=acteur,
            collectivite_id=collectivite.pk,
            maintenant=maintenant,
        )
    clear_cache()
