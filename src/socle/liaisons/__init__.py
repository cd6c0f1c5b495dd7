"""Un fichier court par lien entre deux métiers : un signal de l’un, un service de l’autre."""
