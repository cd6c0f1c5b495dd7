"""Lectures : appels, alertes, octrois."""
