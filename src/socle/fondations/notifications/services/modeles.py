"""Textes propres à une collectivité."""

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.notifications import ports
from socle.fondations.notifications.models import Modele
from socle.fondations.notifications.queries import clear_cache
from socle.fondations.notifications.services.rendu import check_balises


def save_modele(*, collectivite: Collectivite, code: str, sujet: str, corps: str) -> Modele:
    """Enregistre le texte d’une collectivité pour un message.

    Raises:
        BalisesInconnues: rien n’est enregistré.
        KeyError: code inconnu.
    """
    check_balises(ports.modeles[code], sujet, corps)
    modele, _ = Modele.objects.update_or_create(
        collectivite=collectivite, code=code, defaults={"sujet": sujet, "corps": corps}
    )
    clear_cache()
    return modele


def reset_modele(*, collectivite: Collectivite, code: str) -> None:
    """Revient au texte par défaut."""
    Modele.objects.filter(collectivite=collectivite, code=code).delete()
    clear_cache()
