"""Consultations et appels : questionnaires, contributions, appels à projets."""
