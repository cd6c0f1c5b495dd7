"""Le scénario : la cantine et le quotient familial de Clamart, de la demande à l’archive."""

from socle.serveur.demo.contexte import Etape

ETAPES: list[Etape] = []
