"""Consultations : le programme interroge, les autres répondent, un jury instruit.

Domaine : campagne (questionnaire, appel à contributions, AMI, AAP), périmètre, réponse, synthèse,
extrait. Le formulaire est celui du moteur commun ; publié, il ne change plus.
Sources : RGPD, art. 5 (conservation), 6 (base légale) et 13 (information de la personne).
Entrées : `services.campagnes`, `services.reponses`, `queries.reponses.list_deposees`, `signals`.
"""
