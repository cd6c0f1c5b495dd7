"""Fichiers produits à partir des dossiers : lettres en PDF, listes en CSV et XLSX, archives."""
