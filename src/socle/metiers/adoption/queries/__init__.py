"""Lectures de l’adoption."""
