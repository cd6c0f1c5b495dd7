"""Prévenir les personnes : dans leur espace et par courriel, avec les mots de chaque collectivité.

Mots : modèle (texte d’un code de message, avec ses balises), balise (« {numero} », remplacée par du
texte), envoi (un courriel à faire partir), message (ce que la personne lit dans son espace),
préférence (recevoir ou non le courriel), désabonnement.
Textes : CRPA, art. L. 112-11 (accusé) ; LCEN, art. 22 (désabonnement) ; RFC 8058 (en un geste).
Entrées : `services.notify`, `ports.modeles`.
"""
