"""Ce que l’on saisit : filtres, appels, alertes, octrois, fichiers."""
