"""Pages publiques du programme, et espace de l’équipe."""
