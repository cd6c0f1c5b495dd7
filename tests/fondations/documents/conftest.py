"""Un métier d’essai, « essai », qui accorde ou refuse ce que le test lui dit."""

from dataclasses import dataclass, field
from io import BytesIO

import pytest

from socle.fondations.documents import ports
from socle.fondations.documents.services import receive_document
from tests.fondations.documents.echantillons import PDF


@dataclass
class MetierDEssai:
    """Réponses que le métier donnera aux ports."""

    lecture: bool = True
    depot: ports.Depot | None = field(
        default_factory=lambda: ports.Depot(depose_par="usager:1", regles=ports.Regles())
    )
    gardes: set = field(default_factory=set)


@pytest.fixture
def metier():
    essai = MetierDEssai()
    ports.acces.register("essai", lambda requete, document: essai.lecture)
    ports.depots.register("essai", lambda requete, objet: essai.depot)
    ports.usages.register("essai", lambda objet, documents: essai.gardes)
    yield essai
    for registre in (ports.acces, ports.depots, ports.usages):
        registre._par_code.pop("essai")


@pytest.fixture
def racine(settings, tmp_path):
    """Entrepôt propre au test."""
    settings.DOSSIER_DONNEES = tmp_path
    settings.CLAMAV = ""
    return tmp_path / "documents"


@pytest.fixture
def depose(collectivite, racine, maintenant):
    """Dépose un fichier (PDF par défaut) sur « essai:1 »."""

    def receive(contenu: bytes = PDF, nom: str = "avis.pdf", **options):
        options = {
            "objet": "essai:1",
            "depose_par": "usager:1",
            "collectivite": collectivite,
        } | options
        return receive_document(fichier=BytesIO(contenu), nom=nom, maintenant=maintenant, **options)

    return receive
