"""Ce que partage une étape de la démonstration avec les suivantes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from socle.serveur.errors import ErreurServeur
from socle.serveur.installation import Installation
from socle.serveur.migrations import last_lines

SORTIES = (
    "dossier_numero",
    "accuse_pdf",
    "decision_pdf",
    "sip_zip",
    "preuve_zip",
    "export_csv",
    "export_xlsx",
)


@dataclass
class Contexte:
    """État de la démonstration.

    Attributes:
        installation: données, rôles et adresse publique.
        adresse: adresse locale du serveur, sans barre finale.
        sorties: numéros et chemins produits, aux clés de `SORTIES`.
        annonces: lignes montrées à la fin (adresses, identités d’essai).
        memoire: ce qu’une étape laisse à une autre.
    """

    installation: Installation
    adresse: str
    sorties: dict[str, str | int | None] = field(
        default_factory=lambda: dict.fromkeys(SORTIES, None)
    )
    annonces: list[str] = field(default_factory=list)
    memoire: dict[str, object] = field(default_factory=dict)

    @property
    def dossier(self) -> Path:
        """Dossier des fichiers produits par la démonstration."""
        dossier = self.installation.dossier.chemin / "demonstration"
        dossier.mkdir(mode=0o700, exist_ok=True)
        return dossier

    def run_django(self, *arguments: str) -> str:
        """Lance une commande de gestion et rend sa sortie.

        Raises:
            ErreurServeur: elle a échoué.
        """
        essai = self.installation.run_django(*arguments)
        if essai.returncode:
            raise ErreurServeur(
                f"La commande « {arguments[0]} » a échoué : {last_lines(essai.stderr, 3)}"
            )
        return essai.stdout.decode()


@dataclass(frozen=True)
class Etape:
    """Étape nommée. `action` rend, en une ligne, où est ce qu’elle a produit."""

    nom: str
    action: Callable[[Contexte], str]


@dataclass(frozen=True)
class Passage:
    """Étape jouée : durée en secondes, réussite, et ce qu’elle a dit."""

    nom: str
    secondes: float
    ok: bool
    dit: str
