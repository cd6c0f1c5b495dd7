"""Pages de l’échéancier : publiques, de l’équipe du programme, des agents d’une collectivité."""
