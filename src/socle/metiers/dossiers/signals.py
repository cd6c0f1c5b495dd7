"""Événements émis par les dossiers, dans leur transaction. Des valeurs simples."""

from django.dispatch import Signal

dossier_depose = Signal()  # collectivite_id, numero, reference
dossier_elimine = Signal()  # collectivite_id, numero, reference, maintenant
decision_publiee = Signal()  # collectivite_id, numero, reference
dossier_rouvert = Signal()  # collectivite_id, numero, reference, maintenant
