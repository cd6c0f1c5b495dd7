"""Événements émis par les dossiers, après la validation de la transaction pour les liaisons."""

from django.dispatch import Signal

dossier_depose = Signal()  # dossier
dossier_termine = Signal()  # dossier : décidé ou classé
