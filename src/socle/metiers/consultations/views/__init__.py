"""Pages publiques, espace de réponse, pages de l’équipe."""
