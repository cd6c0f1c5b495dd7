"""Pages de l’opérateur et des réglages."""
