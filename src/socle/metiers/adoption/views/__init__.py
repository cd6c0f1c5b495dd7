"""Pages de l’adoption : publiques, des collectivités, de l’équipe du programme."""
