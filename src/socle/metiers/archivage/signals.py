"""Événements de l’archivage.

Arguments : reference (du versement), dossier (sa référence), versement_id, collectivite_id,
maintenant.
"""

from django.dispatch import Signal

versement_pret = Signal()
versement_transmis = Signal()
versement_a_refaire = Signal()
