"""Vérification : contrôler et corriger un fichier d’une norme officielle, sans le garder.

Domaine : vérificateur (ce que l’on sait contrôler), aperçu (les premiers octets d’un fichier, qui
disent sa nature), rapport (ce que le contrôle a trouvé), sac (le rapport ou le fichier corrigé, que
la page garde à la place du serveur). Le fichier d’un inconnu n’est lu que par un processus borné.
Une norme de plus est un `ports.Verificateur` inscrit par `apps.py`.
Entrées : `services.controle.check_fichier`, `services.reconnaissance.recognize`, `ports`.
"""
