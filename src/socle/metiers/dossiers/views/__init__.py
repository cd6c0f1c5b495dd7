"""Pages des dossiers : celles de l’usager, celles de l’agent."""
