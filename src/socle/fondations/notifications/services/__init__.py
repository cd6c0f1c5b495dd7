"""Écritures : prévenir, modèles de texte, préférences, suite d’un envoi."""

from socle.fondations.notifications.services.envoi import (
    notify,
    purge_envois,
    record_echec,
    record_envoye,
    retry_echecs,
)
from socle.fondations.notifications.services.modeles import reset_modele, save_modele
from socle.fondations.notifications.services.preferences import (
    mark_lu,
    mark_tous_lus,
    set_preferences,
    unsubscribe,
)
from socle.fondations.notifications.services.rendu import (
    check_balises,
    render_html,
    render_modele,
)

__all__ = [
    "check_balises",
    "mark_lu",
    "mark_tous_lus",
    "notify",
    "purge_envois",
    "record_echec",
    "record_envoye",
    "render_html",
    "render_modele",
    "reset_modele",
    "retry_echecs",
    "save_modele",
    "set_preferences",
    "unsubscribe",
]
