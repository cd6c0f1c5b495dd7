"""Écritures : appels relayés, alertes, octrois."""
