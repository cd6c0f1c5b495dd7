"""Dossier, ses faits, ses messages, ses corrections et les consultations de données."""

from socle.metiers.dossiers.models.dossier import NON_NOMME, SANS_ECHEANCE, Dossier
from socle.metiers.dossiers.models.echanges import (
    AppelSource,
    Consultation,
    EnvoiPostal,
    Evenement,
    Message,
    NoteInterne,
    PhrasePrete,
    ReponseChangee,
)
from socle.metiers.dossiers.models.liste import (
    ColonnesDeLaListe,
    Compteur,
    DossierDeLaPersonne,
    Mesure,
    Mot,
)

__all__ = [
    "NON_NOMME",
    "SANS_ECHEANCE",
    "AppelSource",
    "ColonnesDeLaListe",
    "Compteur",
    "Consultation",
    "Dossier",
    "DossierDeLaPersonne",
    "EnvoiPostal",
    "Evenement",
    "Message",
    "Mesure",
    "Mot",
    "NoteInterne",
    "PhrasePrete",
    "ReponseChangee",
]
