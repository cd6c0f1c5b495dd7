"""Bornes et attentes d’un contrôle de paquet."""

from collections.abc import Collection, Mapping
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
    octets_en_arbre: int = 64 << 20  # bordereau que l’on accepte de lire en arbre (profils RNG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrat:
    """Contrat d’entrée. `profils` : ceux qu’il impose. `formats` None : tous les formats."""

    identifiant: str
    actif: bool = True
    profils: frozenset[str] = frozenset()
    formats: frozenset[str] | None = None
    formats_inconnus_admis: bool = False
    original_exige: bool = True  # MasterMandatory
    rattachements_admis: bool = True  # CheckParentLink : AUTHORIZED ou REQUIRED
    rattachement_exige: bool = False  # CheckParentLink : REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilConnu:
    """Profil d’archivage du destinataire. `rng` : sa grammaire, vide si on ne l’a pas."""

    identifiant: str
    actif: bool = True
    rng: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilUnite:
    """Profil d’unité archivistique (PUA). `schema` : JSON Schema en texte."""

    identifiant: str
    actif: bool = True
    schema: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attentes:
    """Ce que le système d’archivage destinataire connaît. None : non contrôlé ici.

    Attributes:
        contrats: identifiants, ou contrats entiers par identifiant.
        contexte: contrats que l’application versante a le droit d’employer.
        regles: code d’une règle → sa catégorie SEDA (« AppraisalRule »).
        formats: PUID que le référentiel des formats connaît.
        unites: identifiants d’unités et de groupes déjà archivés, pour les rattachements.
        extensions_vitam: dit une extension de Vitam en remarque, et non en faute.
    """

    contrats: Collection[str] | Mapping[str, Contrat] | None = None
    contexte: Collection[str] | None = None
    services: Collection[str] | None = None
    regles: Mapping[str, str] | None = None
    niveaux_de_classification: frozenset[str] | None = None
    formats: Collection[str] | None = None
    formats_inconnus_admis: bool = True
    profils: Mapping[str, ProfilConnu] | None = None
    profils_unites: Mapping[str, ProfilUnite] | None = None
    unites: Collection[str] | None = None
    extensions_vitam: bool = False

    def find_contrat(self, identifiant: str) -> Contrat | None:
        """Le contrat de ce nom, s’il est connu en entier."""
        if isinstance(self.contrats, Mapping):
            return self.contrats.get(identifiant)
        return None
