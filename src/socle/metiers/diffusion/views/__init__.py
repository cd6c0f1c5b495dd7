"""Pages de la diffusion : publiques, et de l’équipe."""
