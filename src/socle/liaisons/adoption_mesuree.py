"""Ce que l’installation constate : qui publie des démarches ici, avec quels services de l’État."""

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.models import FournisseurIdentite
from socle.metiers.adoption.ports import MesureAdoption, Mesuree, mesures_adoption, solutions
from socle.metiers.catalogue.queries.solutions import list_publiees
from socle.metiers.demarches.queries import list_collectivites_servies

# Famille de fournisseurs d’identité → solution du catalogue.
PAR_PROFIL = {"franceconnect": "franceconnect", "proconnect": "proconnect"}


def read_usages() -> list[Mesuree]:
    """Une collectivité active qui publie une démarche utilise Socle, et ce qui y est branché."""
    with operateur():
        servies = list_collectivites_servies()
        lignes = Collectivite.objects.filter(pk__in=servies, active=True).order_by("pk")
        sirens = dict(lignes.values_list("pk", "siren"))
        branches = FournisseurIdentite.objects.filter(actif=True, profil__in=PAR_PROFIL)
        fournis = set(branches.order_by("pk").values_list("profil", "collectivite"))
    usages = [Mesuree("socle", siren) for siren in sirens.values()]
    for profil, solution in PAR_PROFIL.items():
        usages += [
            Mesuree(solution, siren)
            for pk, siren in sirens.items()
            if {(profil, None), (profil, pk)} & fournis  # commun à tous, ou le sien
        ]
    return usages


mesures_adoption.register(
    "installation", MesureAdoption(("socle", *PAR_PROFIL.values()), read_usages)
)
solutions.register("catalogue", lambda: list_publiees().values_list("slug", flat=True))
