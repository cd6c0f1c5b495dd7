"""Lectures de l’échéancier."""
