"""Ce que les notifications annoncent aux métiers."""

from django.dispatch import Signal

# Une adresse sans compte ne veut plus d’un message : `collectivite_id`, `code`, `empreinte`.
# Émis sous le locataire, dans la transaction du refus.
desabonne = Signal()
