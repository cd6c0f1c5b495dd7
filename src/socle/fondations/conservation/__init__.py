"""Règles de conservation : combien de temps garder, puis détruire, verser ou trier.

Mots : règle (une durée, un point de départ, un sort final, une source juridique), DUA (durée
d’utilité administrative), sort final, communicabilité (quand le public peut lire).
Textes : code du patrimoine, art. L. 212-2 et L. 213-1 à L. 213-3 ; RGPD, art. 5, 1, e.
Entrées : `services.create_regle`, `services.update_regle`, `services.load_regles_par_defaut`,
`queries.list_regles` ; `RegleDeConservation.compute_depart` dit d’où compter.
"""
