"""Configuration de Socle : réglages, adresses et point d’entrée WSGI."""
