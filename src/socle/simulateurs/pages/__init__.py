"""Pages des simulateurs : accueil, choix d’une identité, erreurs. Aucun script."""
