"""Catalogue : solutions, label, éditeurs, API, adoption."""
