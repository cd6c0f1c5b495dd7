"""Événements que d’autres applications écoutent (dans une liaison)."""

from django.dispatch import Signal

identite_reliee = Signal()  # compte, profil
identite_dissociee = Signal()  # compte, profil
agent_invite = Signal()  # invitation, adresse (le lien personnel), collectivite
agent_retire = Signal()  # compte, collectivite
