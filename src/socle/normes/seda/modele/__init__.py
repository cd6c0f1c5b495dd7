"""Modèle du message ArchiveTransfer de SEDA 2.1 à 2.3, en dataclasses figées.

Un champ vide (`None`, chaîne vide, tuple vide) n’est pas écrit. Noms SEDA en commentaire.
Source : NF Z44-022, schémas SEDA du Service interministériel des Archives de France.
"""

from socle.normes.seda.modele.codes import (
    ActionStockage,
    DateSeda,
    ListesDeCodes,
    Niveau,
    RoleDeSignature,
    SortFinal,
    StatutJuridique,
)
from socle.normes.seda.modele.description import (
    Agent,
    Contenu,
    Couverture,
    DescriptionDeSignature,
    EtapeDeConservation,
    InformationDeSignature,
    Lieu,
    MotCle,
    Position,
    Relations,
    Signataire,
    Signature,
)
from socle.normes.seda.modele.gestion import (
    AgentLie,
    BlocDeClassification,
    BlocDeGel,
    BlocDeRegles,
    Evenement,
    Gestion,
    GestionDuVersement,
    Regle,
    RegleDeGel,
)
from socle.normes.seda.modele.objets import (
    Format,
    GroupeDepose,
    GroupeObjets,
    IdentifiantPerenne,
    ObjetBinaire,
    ObjetDepose,
    ObjetPhysique,
)
from socle.normes.seda.modele.transfert import (
    Transfert,
    Unite,
)

__all__ = [
    "ActionStockage",
    "Agent",
    "AgentLie",
    "BlocDeClassification",
    "BlocDeGel",
    "BlocDeRegles",
    "Contenu",
    "Couverture",
    "DateSeda",
    "DescriptionDeSignature",
    "EtapeDeConservation",
    "Evenement",
    "Format",
    "Gestion",
    "GestionDuVersement",
    "GroupeDepose",
    "GroupeObjets",
    "IdentifiantPerenne",
    "InformationDeSignature",
    "Lieu",
    "ListesDeCodes",
    "MotCle",
    "Niveau",
    "ObjetBinaire",
    "ObjetDepose",
    "ObjetPhysique",
    "Position",
    "Regle",
    "RegleDeGel",
    "Relations",
    "RoleDeSignature",
    "Signataire",
    "Signature",
    "SortFinal",
    "StatutJuridique",
    "Transfert",
    "Unite",
]
