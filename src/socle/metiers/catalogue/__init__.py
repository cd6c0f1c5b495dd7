"""Catalogue : solutions, label, éditeurs, API."""
