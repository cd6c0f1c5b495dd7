"""Du dossier au message SEDA : une unité pour le dossier, une unité par pièce."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.conservation.models import RegleDeConservation
from socle.metiers.archivage.enums import RolePiece
from socle.metiers.archivage.ports import Dates, Piece, Trace
from socle.normes.seda import modele as seda

A_DEFINIR = "A-DEFINIR"
_SORTS = {
    SortFinal.CONSERVER: seda.SortFinal.CONSERVER,
    SortFinal.DETRUIRE: seda.SortFinal.DETRUIRE,
    SortFinal.TRIER: seda.SortFinal.CONSERVER,  # le SEDA ignore le tri : on ne détruit rien
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reglages:
    """Ce que le service d’archives a donné à la collectivité (réglage « archivage »)."""

    contrat: str
    service_archives: str
    service_versant: str
    producteur: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demande:
    """Tout ce qu’il faut pour faire un paquet.

    `message` : son identifiant, la référence et, après un refus des archives, le rang de l’`envoi`.
    `precedent` : référence du versement déjà transmis que celui-ci complète, ou rien.
    """

    reference: str
    envoi: int
    message: str
    dossier: str
    precedent: str
    cle: str
    titre: str
    description: str
    dates: Dates
    producteur: str
    regle: RegleDeConservation
    pieces: Sequence[Piece]
    evenements: Sequence[Trace]
    reglages: Reglages
    maintenant: datetime


def read_reglages(collectivite: Collectivite, valeurs: dict[str, Any]) -> Reglages:
    """Complète le réglage « archivage » : sans contrat, le paquet le dira et sera signalé."""
    siren = collectivite.siren
    return Reglages(
        contrat=str(valeurs.get("contrat") or A_DEFINIR),
        service_archives=str(valeurs.get("service_archives") or A_DEFINIR),
        service_versant=str(valeurs.get("service_versant") or siren),
        producteur=str(valeurs.get("producteur") or siren),
    )


def build_transfert(demande: Demande) -> seda.Transfert:
    """Compose le message de transfert d’un dossier."""
    reglages = demande.reglages
    return seda.Transfert(
        identifiant=demande.message,
        date=demande.maintenant,
        commentaire=_comment(demande),
        transferts_lies=(demande.precedent,) if demande.precedent else (),
        accord=reglages.contrat,
        service_archives=reglages.service_archives,
        service_versant=reglages.service_versant,
        gestion=seda.GestionDuVersement(
            service_producteur=reglages.producteur,
            service_versant=reglages.service_versant,
            modalite_entree="Versement",
        ),
        groupes=[_groupe(rang, piece) for rang, piece in enumerate(demande.pieces, start=1)],
        unites=[_dossier(demande)],
    )


def _comment(demande: Demande) -> str:
    """Dit à l’archiviste qui reçoit pourquoi ce message vient, et après quoi."""
    if not demande.precedent:
        return f"Versement du dossier {demande.dossier}"
    return (
        f"Versement complémentaire du dossier {demande.dossier}, rouvert et décidé de nouveau :"
        f" il remplace ce que le versement {demande.precedent} disait de la décision."
    )


def _groupe(rang: int, piece: Piece) -> seda.GroupeObjets:
    objet = seda.ObjetBinaire(
        identifiant=f"O{rang}", nom=piece.nom, ouvrir=piece.ouvrir, type_mime=piece.type_mime
    )
    return seda.GroupeObjets(identifiant=f"G{rang}", objets=(objet,))


def _dossier(demande: Demande) -> seda.Unite:
    dates = demande.dates
    return seda.Unite(
        identifiant="U0",
        gestion=_gestion(demande.regle, dates),
        contenu=seda.Contenu(
            titre=demande.titre,
            niveau=seda.Niveau.DOSSIER,
            identifiants_origine=(demande.dossier,),
            identifiants_producteur=(demande.dossier,),
            description=demande.description,
            agents=(seda.Agent(organisme=demande.producteur, fonctions=("service producteur",)),)
            if demande.producteur
            else (),
            debut=dates.depot,
            fin=dates.cloture,
            evenements=tuple(_evenement(trace) for trace in demande.evenements),
        ),
        unites=[_piece(rang, piece) for rang, piece in enumerate(demande.pieces, start=1)],
    )


def _piece(rang: int, piece: Piece) -> seda.Unite:
    role = RolePiece(piece.role)
    return seda.Unite(
        identifiant=f"U{rang}",
        contenu=seda.Contenu(titre=piece.nom.strip() or role.label, type_document=role.label),
        groupe=f"G{rang}",
    )


def _gestion(regle: RegleDeConservation, dates: Dates) -> seda.Gestion:
    depart = regle.compute_depart(depot=dates.depot, decision=dates.decision, cloture=dates.cloture)
    acces = None
    if regle.communicabilite_code:
        communicable = seda.Regle(code=regle.communicabilite_code, depart=dates.cloture)
        acces = seda.BlocDeRegles(regles=(communicable,))
    return seda.Gestion(
        sort_final=seda.BlocDeRegles(
            regles=(seda.Regle(code=regle.code, depart=depart),),
            action=_SORTS[SortFinal(regle.sort_final)],
        ),
        acces=acces,
    )


def _evenement(trace: Trace) -> seda.Evenement:
    agent = seda.AgentLie(type="acteur", valeur=trace.acteur) if trace.acteur else None
    donnees = {"code": trace.code} | ({"acteur": trace.acteur} if trace.acteur else {})
    return seda.Evenement(
        date=trace.quand,
        code=trace.code,
        detail=trace.libelle,
        resultat="OK",
        donnees=json.dumps(donnees, ensure_ascii=False),
        agent=agent,
    )
