"""Un dossier par système extérieur ; chacun satisfait un port déclaré plus bas."""
