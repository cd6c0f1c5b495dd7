"""Lectures des espaces."""
