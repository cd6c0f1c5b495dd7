"""Reconnaître un fichier, le faire contrôler par un processus borné, mettre le rapport en forme."""
