"""Le catalogue sait quelles démarches publiées se servent d’une API : ce que le portail montre."""

from collections.abc import Sequence

from socle.fondations.commun.adresses import build_adresse
from socle.fondations.commun.locataire import operateur
from socle.metiers.catalogue.ports import (
    NOMMEES_MAX,
    DemarchePubliee,
    EmploiDeSource,
    annuaires_demarches,
    compteurs_api,
)
from socle.metiers.demarches.queries import count_emplois_de_sources, list_publiees_parmi


def count_par_source() -> dict[str, EmploiDeSource]:
    """Rend, par code de source, qui l’appelle parmi les démarches publiées de l’installation."""
    with operateur():
        emplois = count_emplois_de_sources(gardees=NOMMEES_MAX)
    return {
        code: EmploiDeSource(demarches, collectivites, tuple(ids))
        for code, (demarches, collectivites, ids) in emplois.items()
    }


def list_publiees(ids: Sequence[int]) -> list[DemarchePubliee]:
    """Rend, de ces démarches, celles qui sont publiées en ce moment."""
    with operateur():
        publiees = list_publiees_parmi(ids)
    return [
        DemarchePubliee(
            titre=demarche.titre,
            collectivite=demarche.collectivite.nom,
            adresse=build_adresse("demarches:fiche", demarche.collectivite, demarche.chemin),
        )
        for demarche in publiees
    ]


compteurs_api.register("demarches", count_par_source)
annuaires_demarches.register("demarches", list_publiees)
