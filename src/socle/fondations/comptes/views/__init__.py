"""Vues des comptes : connexion, compte, agents d’une collectivité."""
