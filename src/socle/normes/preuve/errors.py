"""Les refus de la preuve. Le message est une phrase en français, montrable à une personne."""


class PreuveInvalide(ValueError):
    """Une pièce ne prouve pas ce qu’elle annonce, ou sort du format."""


class JsonNonCanonique(PreuveInvalide):
    """Une valeur n’a pas de forme canonique, ou un texte JSON n’est pas sous cette forme."""
