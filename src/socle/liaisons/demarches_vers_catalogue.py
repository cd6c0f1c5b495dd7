"""Le catalogue sait combien de démarches se servent d’une API : des nombres, rien d’autre."""

from socle.fondations.commun.locataire import operateur
from socle.metiers.catalogue.ports import compteurs_api
from socle.metiers.demarches.queries import count_emplois_de_sources


def count_par_source() -> dict[str, tuple[int, int]]:
    """Rend, par code de source, (démarches publiées, collectivités), toutes collectivités."""
    with operateur():
        return count_emplois_de_sources()


compteurs_api.register("demarches", count_par_source)
