"""Événements de l’archivage.

Arguments : reference (du versement), dossier (sa référence), versement_id, collectivite_id,
maintenant.
"""

from django.dispatch import Signal

versement_pret = Signal()
versement_transmis = Signal()
versement_a_refaire = Signal()
versement_accepte = Signal()
versement_refuse = Signal()
reponse_retiree = Signal()  # la réponse était une erreur : le versement l’attend de nouveau
