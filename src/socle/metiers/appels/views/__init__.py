"""Pages des appels et des octrois : publiques, de l’équipe, des agents d’une collectivité."""
