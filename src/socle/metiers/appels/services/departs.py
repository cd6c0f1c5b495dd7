"""Quand une adresse refuse nos alertes depuis son logiciel de courriel, elle est effacée ici."""

from typing import Any

from django.utils import timezone

from socle.metiers.appels.services.alertes import CODE_ABONNE, forget_abonne


def hear_depart(*, code: str, empreinte: str, **_: Any) -> None:
    """Écoute `notifications.signals.desabonne` (RFC 8058)."""
    if code == CODE_ABONNE:
        forget_abonne(empreinte=empreinte, maintenant=timezone.now())
