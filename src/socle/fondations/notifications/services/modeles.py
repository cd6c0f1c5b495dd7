"""Textes propres à une collectivité. Chaque changement va au journal, avec l’empreinte du texte."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.verrou import check_empreinte, read_valeurs
from socle.fondations.journal.services import record
from socle.fondations.notifications import ports
from socle.fondations.notifications.errors import TexteModifieAilleurs
from socle.fondations.notifications.models import Modele
from socle.fondations.notifications.queries import clear_cache
from socle.fondations.notifications.services.rendu import check_balises

TEXTE = ("sujet", "corps")


@transaction.atomic
def save_modele(
    *,
    collectivite: Collectivite,
    code: str,
    sujet: str,
    corps: str,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
) -> Modele:
    """Enregistre le texte d’une collectivité pour un message.

    Args:
        empreinte: celle du texte (`sujet`, `corps`) sur la page ; None, rien n’est comparé.

    Raises:
        BalisesInconnues: rien n’est enregistré.
        TexteModifieAilleurs: quelqu’un l’a changé depuis.
        KeyError: code inconnu.
    """
    check_balises(ports.modeles[code], sujet, corps)
    modele = _lock_modele(collectivite, code)
    if (modele.sujet, modele.corps) != (sujet, corps):
        check_empreinte(read_valeurs(modele, *TEXTE), empreinte, TexteModifieAilleurs)
    modele.sujet, modele.corps = sujet, corps
    modele.save(update_fields=["sujet", "corps", "modifie_le"])
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


def _lock_modele(collectivite: Collectivite, code: str) -> Modele:
    """Tient le texte jusqu’à la fin ; jamais réécrit, il naît ici avec celui par défaut."""
    defaut = ports.modeles[code]
    modele, _ = Modele.objects.select_for_update(of=["self"]).get_or_create(
        collectivite=collectivite,
        code=code,
        defaults={"sujet": defaut.sujet, "corps": defaut.corps},
    )
    return modele


@transaction.atomic
def reset_modele(
    *,
    collectivite: Collectivite,
    code: str,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
) -> None:
    """Revient au texte par défaut.

    Raises:
        TexteModifieAilleurs: le texte n’est plus celui que la page montrait.
    """
    siens = Modele.objects.filter(collectivite=collectivite, code=code)
    modele = siens.select_for_update(of=["self"]).order_by("pk").first()
    if modele is not None:
        check_empreinte(read_valeurs(modele, *TEXTE), empreinte, TexteModifieAilleurs)
        modele.delete()
        record(
            action="message.texte_retabli",
            objet=f"message:{code}",
            acteur=acteur,
            collectivite_id=collectivite.pk,
            maintenant=maintenant,
        )
    clear_cache()
