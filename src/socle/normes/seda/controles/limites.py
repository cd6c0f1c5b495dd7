"""Bornes et attentes d’un contrôle de paquet."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limites:
    """Bornes opposées à une archive hostile. Octets et nombres d’entrées."""

    octets_archive: int = 20 << 30
    octets_deployes: int = 40 << 30
    octets_manifeste: int = 256 << 20
    entrees: int = 120_000  # Vitam : moins de 100 000 unités et objets par versement
    taux_suspect: int = 200  # taux de compression à partir duquel…
    octets_suspects: int = 1 << 30  # … un tel volume déployé est refusé
    caracteres_par_champ: int = 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Attentes:
    """Ce que le système d’archivage destinataire connaît. None : non contrôlé ici.

    `regles` associe le code d’une règle à sa catégorie SEDA (« AppraisalRule »).
    """

    contrats: frozenset[str] | None = None
    services: frozenset[str] | None = None
    regles: Mapping[str, str] | None = None
    niveaux_de_classification: frozenset[str] | None = None
    formats_inconnus_admis: bool = True
