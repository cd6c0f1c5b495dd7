"""Fichiers et flux : agenda, CSV, JSON, Atom, données essentielles des subventions."""
