"""Le pilote PostgreSQL de Django, avec une vérification de connexion qui ne coûte rien."""
