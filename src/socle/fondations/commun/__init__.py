"""Outils partagés par toutes les applications : rien ici ne connaît un métier.

Mots : locataire (la collectivité pour qui l’on travaille), refus (une règle dit non), tâche
(travail différé), registre (implémentations d’un port), page (suite d’une liste longue).
Entrées : `locataire.locataire`, `taches.defer`, `errors.ErreurMetier`, `pagination`.
"""
