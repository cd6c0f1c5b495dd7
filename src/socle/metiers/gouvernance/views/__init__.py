"""Pages publiques, espace des membres, pages de l’équipe."""
