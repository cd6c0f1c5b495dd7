"""Le plancher commun sur lequel se posent tous les métiers."""
