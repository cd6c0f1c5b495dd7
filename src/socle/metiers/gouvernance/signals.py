"""Ce que la gouvernance annonce ; les liaisons écoutent."""

from django.dispatch import Signal

# Une décision vient d’être prise par les deux collèges, dans cette transaction.
# Arguments : numero (int), objet (« decision:12 »), effets (liste de `EffetDecide`), maintenant.
# Ce qu’un métier sait appliquer passe par `ports.applicateurs`, pas par ce signal.
decision_prise = Signal()
