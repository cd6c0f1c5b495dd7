"""Ce que les consultations annoncent, dans la transaction qui le fait."""

from django.dispatch import Signal

# Une campagne change d’état : publiée, prolongée, close, dépouillée, archivée ou annulée.
# Arguments : campagne (Campagne), etat (EtatCampagne), acteur (str), maintenant.
campagne_changee = Signal()

# Une réponse vient d’être déposée, corrigée ou retirée.
# Arguments : reponse (Reponse), fait (« deposee », « corrigee », « retiree »), maintenant.
reponse_changee = Signal()
