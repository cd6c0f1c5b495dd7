import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from socle.fondations.collectivites.services import set_reglage
from socle.fondations.comptes.enums import Role
from socle.fondations.conservation.enums import PointDeDepart, SortFinal
from socle.fondations.conservation.models import RegleDeConservation
from socle.metiers.archivage import services
from socle.metiers.archivage.ports import Dates, Piece, Trace
from tests.factories import AdhesionFactory

REFERENCE = "219200235-2026-44171"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PIECES = {
    "demande": ("Demande n° 44171.pdf", PDF),
    "justificatif": ("avis d’impôt.txt", b"Avis\n"),
    "decision": ("décision.pdf", PDF + b"% suite\n"),
}


def build_piece(role: str, nom: str, contenu: bytes, type_mime: str = "") -> Piece:
    return Piece(nom, lambda: io.BytesIO(contenu), type_mime, role)


@pytest.fixture
def regle(collectivite) -> RegleDeConservation:
    return RegleDeConservation.objects.create(
        collectivite=collectivite,
        code="SCO-CANTINE",
        intitule="Restauration scolaire",
        duree_annees=10,
        point_de_depart=PointDeDepart.FIN_EXERCICE,
        sort_final=SortFinal.DETRUIRE,
        source_juridique="Tableau de gestion visé le 3 mars 2026",
        communicabilite_code="AR048",
        communicabilite_annees=50,
        communicabilite_source="Code du patrimoine, art. L. 213-2, I, 3°",
    )


@pytest.fixture
def contrat(collectivite) -> None:
    """Le service d’archives a donné ses identifiants."""
    set_reglage(
        collectivite=collectivite,
        cle="archivage",
        valeur={
            "contrat": "IC-000001",
            "service_archives": "AD92",
            "service_versant": "CLAMART",
            "producteur": "CLAMART-SCOLAIRE",
        },
    )


@pytest.fixture
def demande(collectivite, regle, maintenant) -> dict[str, Any]:
    """Arguments d’un versement ordinaire."""
    return {
        "collectivite": collectivite,
        "reference": REFERENCE,
        "titre": "Inscription à la restauration scolaire",
        "description": "Demande de Camille Martin <école des Rochers> & décision",
        "dates": Dates(
            depot=date(2026, 6, 1), cloture=date(2026, 7, 4), decision=date(2026, 6, 30)
        ),
        "producteur": "Service scolaire",
        "regle": regle,
        "pieces": [build_piece(role, nom, octets) for role, (nom, octets) in PIECES.items()],
        "evenements": [
            Trace(datetime(2026, 6, 1, 8, 0, tzinfo=UTC), "dossier.depose", "Dépôt", "usager:34"),
            Trace(datetime(2026, 6, 30, 8, 0, tzinfo=UTC), "dossier.accepte", "Accord", "agent:2"),
        ],
        "maintenant": maintenant,
    }


@pytest.fixture
def versement(demande, contrat):
    return services.create_versement(**demande)


@pytest.fixture
def archiviste(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte
