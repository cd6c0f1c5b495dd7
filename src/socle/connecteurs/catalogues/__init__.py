"""Connecteur vers les autres catalogues de logiciels publics : va chercher un fichier, borné.

Mots : catalogue distant, liste d’adresses, redirection.

Notice : aucune ; un fichier public à une adresse que l’équipe du programme saisit.
Authentification : aucune. Limites : 4 Mo, 8 secondes, trois redirections, chacune vérifiée.
Bac à sable : un fichier servi par l’installation elle-même.

Entrées : `connecteur.LecteurHttp`.
"""
