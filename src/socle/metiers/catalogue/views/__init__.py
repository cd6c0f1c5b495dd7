"""Pages du catalogue : publiques, de l’équipe, des éditeurs, des collectivités."""
