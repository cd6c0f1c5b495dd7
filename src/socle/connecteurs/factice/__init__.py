"""Connecteur factice : remplit chaque port sans réseau, pour la démonstration et les essais.

Mots : réponse convenue, panne convenue.

Notice : aucune. Authentification : aucune. Limites : n’est inscrit qu’au bac à sable et pendant
les essais ; ses réponses sont inventées et le disent.

Entrées : `connecteur.SourceFactice`, `connecteur.AnnuaireFactice`.
"""
