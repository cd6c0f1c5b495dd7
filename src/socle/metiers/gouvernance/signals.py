"""Ce que la gouvernance annonce ; les liaisons écoutent."""

from django.dispatch import Signal

# Une décision vient d’être prise par les deux collèges, dans cette transaction.
# Arguments : numero (int), objet (« decision:12 »), effets (liste de `EffetDecide`), maintenant.
# Un receveur qui applique un effet appelle `services.effets.apply_effet(pk=…, acteur=…)`.
decision_prise = Signal()
