"""Événements. `document_analyse` : l’antivirus a répondu (argument `document`)."""

from django.dispatch import Signal

document_analyse = Signal()
