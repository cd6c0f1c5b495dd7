"""Effacer ce que le jury a écrit, en même temps que les dossiers ; les résultats restent."""

from datetime import datetime

from django.db import transaction

from socle.metiers.consultations.models import Campagne, Deport, Jure, Notation


@transaction.atomic
def purge_evaluation(*, campagne: Campagne, maintenant: datetime) -> int:
    """Efface notes, avis, intérêts et motifs de déport ; rend le nombre de notes effacées.

    L’empreinte de chaque note signée reste au journal, et le bilan publié ne change pas.

    Source: RGPD, art. 5-1-e.
    """
    notations = Notation.objects.filter(grille__instruction__campagne=campagne)
    nombre = notations.count()
    notations.delete()
    Deport.objects.filter(jure__instruction__campagne=campagne).update(
        motif="", modifie_le=maintenant
    )
    Jure.objects.filter(instruction__campagne=campagne).update(interets="", modifie_le=maintenant)
    return nombre
