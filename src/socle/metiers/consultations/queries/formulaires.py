"""Le formulaire d’une campagne, compilé une fois quand il est figé."""

from socle.fondations.formulaires.moteur import FormulaireCompile, compile_formulaire
from socle.metiers.consultations.models import Campagne


def get_formulaire(campagne: Campagne) -> FormulaireCompile:
    """Rend le formulaire ; publié, il ne change plus et reste compilé."""
    version = f"consultation-{campagne.pk}-{campagne.empreinte}" if campagne.empreinte else None
    return compile_formulaire(campagne.definition, version=version)
