"""Ce que l’échéancier produit : frise, agenda, flux, fichiers ouverts."""
