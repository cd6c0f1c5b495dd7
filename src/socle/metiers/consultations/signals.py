"""Ce que les consultations annoncent, dans la transaction qui le fait."""

from django.dispatch import Signal

# Une campagne change d’état : publiée, prolongée, close, dépouillée, archivée ou annulée.
# Arguments : campagne (Campagne), etat (EtatCampagne), acteur (str), maintenant.
campagne_changee = Signal()

# Une réponse vient d’être déposée, corrigée ou retirée.
# Arguments : reponse (Reponse), fait (« deposee », « corrigee », « retiree »), maintenant.
reponse_changee = Signal()

# Les résultats d’un AMI ou d’un AAP viennent d’être publiés, dans cette transaction.
# Arguments : campagne (Campagne), resultats (liste de `ports.ResultatPublie`), acteur, maintenant.
resultats_publies = Signal()
