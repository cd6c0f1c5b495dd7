"""Fichiers et flux produits par la gouvernance : agenda, PDF, données."""
