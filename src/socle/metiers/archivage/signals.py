"""Événements de l’archivage. Arguments : reference, versement_id, collectivite_id, maintenant."""

from django.dispatch import Signal

versement_pret = Signal()
versement_transmis = Signal()
