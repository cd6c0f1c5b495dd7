"""Faire un versement : composer le paquet, le contrôler, le ranger, le dire au journal."""

import hashlib
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.commun.locataire import locataire
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.conservation.models import RegleDeConservation
from socle.fondations.conservation.services.regles import describe_regle
from socle.fondations.documents.services import store_file
from socle.fondations.documents.services.retrait import remove_document
from socle.fondations.journal.services import record
from socle.metiers.archivage.enums import EtatVersement
from socle.metiers.archivage.errors import DejaTransmis, VersementRefuse, VersementVide
from socle.metiers.archivage.models import Versement, build_message
from socle.metiers.archivage.ports import Dates, Piece, Trace
from socle.metiers.archivage.queries import find_dernier
from socle.metiers.archivage.services.schema import describe_schema, find_schema
from socle.metiers.archivage.services.transfert import (
    A_DEFINIR,
    Demande,
    build_transfert,
    read_reglages,
)
from socle.metiers.archivage.signals import versement_pret
from socle.normes.delais.conservation import compute_fin_de_conservation
from socle.normes.seda.formats import open_identifieur
from socle.normes.seda.paquet import write_sip

if TYPE_CHECKING:
    from socle.normes.seda.controles import Rapport

SYSTEME = "systeme"


def create_versement(
    *,
    collectivite: Collectivite,
    reference: str,
    titre: str,
    description: str,
    dates: Dates,
    producteur: str,
    regle: RegleDeConservation,
    pieces: Iterable[Piece | tuple[Any, ...]],
    evenements: Iterable[Trace | tuple[Any, ...]],
    maintenant: datetime,
    cle: str = "",
) -> Versement:
    """Verse un dossier clos : fait le paquet SEDA, le contrôle et le range.

    Rejouable : ce qui est déjà prêt ou transmis, à la même `cle`, est rendu sans rien refaire. Un
    versement refusé par ses contrôles reste à l’état « à corriger » et se refait. Un dossier
    rouvert puis décidé de nouveau refait son paquet ; s’il était déjà transmis, un versement
    complémentaire le suit, lié à lui. À appeler hors transaction : les pièces se lisent avant le
    court enregistrement.

    Args:
        reference: référence du dossier, « 219200235-2026-44171 ».
        dates: dépôt, clôture et décision (jours de Paris).
        producteur: nom du service qui a instruit.
        regle: règle de conservation, figée dans le versement.
        pieces: (nom, ouvrir, type_mime, role) ; `ouvrir` rend un flux binaire neuf.
        evenements: (quand, code, libelle, acteur), sans donnée personnelle.
        cle: empreinte de ce qui est versé ; une autre veut un autre paquet.

    Raises:
        DejaTransmis: un archiviste vient de transmettre l’ancien paquet ; recommencer.
        VersementVide: aucune pièce.
        VersementRefuse: un contrôle est à KO ; le message dit lequel et quoi corriger.

    Source: NF Z44-022 (SEDA 2.2) ; code du patrimoine, art. L. 212-2.
    """
    with locataire(collectivite.pk):
        dernier = find_dernier(collectivite.pk, reference)
        valeurs = get_reglage(collectivite, "archivage", {})
    if dernier and _is_a_jour(dernier, cle):
        return dernier
    numero, precedent = _name(reference, dernier)
    envoi = _count_envois(dernier) if dernier and dernier.reference == numero else 1
    demande = Demande(
        reference=numero,
        envoi=envoi,
        message=build_message(numero, envoi),
        dossier=reference,
        precedent=precedent.message if precedent else "",
        cle=cle,
        titre=titre,
        description=description,
        dates=Dates(*dates),
        producteur=producteur,
        regle=regle,
        pieces=[Piece(*piece) for piece in pieces],
        evenements=[Trace(*trace) for trace in evenements],
        reglages=read_reglages(collectivite, valeurs),
        maintenant=maintenant,
    )
    if not demande.pieces:
        raise VersementVide
    with tempfile.TemporaryDirectory(prefix="versement-") as dossier:
        chemin = Path(dossier) / "versement.zip"
        rapport = _write_et_controle(chemin, demande)
        versement = _record(collectivite, demande, precedent, chemin, rapport)
    if versement.etat == EtatVersement.PREPARATION:
        raise VersementRefuse(_message(rapport))
    return versement


def _is_a_jour(versement: Versement, cle: str) -> bool:
    """Vrai si ce versement est fait, et toujours celui qu’il faut."""
    meme = not versement.is_rouvert and versement.cle in ("", cle)
    return versement.etat != EtatVersement.PREPARATION and meme


def _name(dossier: str, dernier: Versement | None) -> tuple[str, Versement | None]:
    """Rend la référence du versement à faire, et celui qu’il complète.

    Un paquet transmis ne change plus : le suivant porte un numéro de plus.
    """
    if dernier is None:
        return dossier, None
    if not dernier.is_remis:
        return dernier.reference, dernier.precedent
    rang = int(dernier.reference.removeprefix(dossier).removeprefix("-") or 1)
    return f"{dossier}-{rang + 1}", dernier


def _count_envois(versement: Versement) -> int:
    """Rend le rang de l’envoi à faire : un paquet déjà envoyé ne reprend pas son identifiant."""
    return versement.envoi + (versement.transmis_le is not None)


def _write_et_controle(chemin: Path, demande: Demande) -> "Rapport":
    from socle.normes.seda.controles import check_sip, load_schema  # noqa: PLC0415  charge lxml

    schema = find_schema()
    with open_identifieur() as identifieur:
        with chemin.open("wb") as sortie:
            write_sip(sortie, build_transfert(demande), identifieur=identifieur)
        return check_sip(
            chemin, schema=load_schema(schema) if schema else None, identifieur=identifieur
        )


def _record(
    collectivite: Collectivite,
    demande: Demande,
    precedent: Versement | None,
    chemin: Path,
    rapport: "Rapport",
) -> Versement:
    """Enregistre le versement ; s’il a été fait entre-temps par un autre, rend celui-là."""
    description = _describe(demande, rapport) | {"precedent": precedent}
    with locataire(collectivite.pk):
        versement, _ = Versement.objects.select_for_update(of=["self"]).get_or_create(
            collectivite=collectivite,
            reference=demande.reference,
            defaults=description,
        )
        if _is_a_jour(versement, demande.cle):
            return versement
        if versement.is_remis or versement.envoi > demande.envoi:
            raise DejaTransmis
        remove_paquet(versement, demande.maintenant)
        for champ, valeur in description.items():
            setattr(versement, champ, valeur)
        if rapport.is_acceptable:
            _store_paquet(versement, collectivite, chemin, demande.maintenant)
        versement.save()
        _record_journal(versement, demande.maintenant)
    return versement


def remove_paquet(versement: Versement, maintenant: datetime) -> None:
    """Retire un paquet qui n’est plus le bon ; l’appelant enregistre le versement.

    Refusé par le service d’archives, le suivant sera un autre envoi, d’un autre identifiant.
    """
    if versement.document is not None:
        remove_document(document=versement.document, maintenant=maintenant)
    versement.document, versement.empreinte, versement.taille = None, "", 0
    versement.envoi, versement.transmis_le = _count_envois(versement), None
    versement.etat = EtatVersement.PREPARATION


def _describe(demande: Demande, rapport: "Rapport") -> dict[str, Any]:
    regle, dates = demande.regle, demande.dates
    depart = regle.compute_depart(depot=dates.depot, decision=dates.decision, cloture=dates.cloture)
    fin = compute_fin_de_conservation(depart, regle.duree_annees, source=regle.source_juridique)
    controles = rapport.to_dict() | {"schema": describe_schema()}
    controles["controles"] = [*_list_remarques(demande), *controles["controles"]]  # type: ignore[misc]
    return {
        "dossier": demande.dossier,
        "cle": demande.cle,
        "envoi": demande.envoi,
        "rouvert_le": None,
        "titre": demande.titre[:300],
        "description": demande.description,
        "producteur": demande.producteur[:200],
        "nombre_pieces": len(demande.pieces),
        "controles": controles,
        "regle": describe_regle(regle) | {"explication": fin.explication, "article": fin.article},
        "date_debut": dates.depot,
        "date_fin": dates.cloture,
        "conserver_jusqu_au": fin.date,
        "prepare_le": demande.maintenant,
    }


def _list_remarques(demande: Demande) -> list[dict[str, str]]:
    """Ce que Socle signale de lui-même, sans bloquer."""
    remarques = []
    if A_DEFINIR in (demande.reglages.contrat, demande.reglages.service_archives):
        remarques.append(
            _remarque(
                "SOCLE.CONTRAT",
                "Contrat d’entrée",
                "Le contrat d’entrée ou le service d’archives n’est pas réglé : le paquet porte "
                f"« {A_DEFINIR} » et sera refusé par un système d’archivage. Demandez ces "
                "identifiants aux Archives départementales.",
            )
        )
    if demande.regle.sort_final == SortFinal.TRIER:
        remarques.append(
            _remarque(
                "SOCLE.TRI",
                "Sort final",
                "La règle demande un tri, que le SEDA ne connaît pas. Le paquet dit « conserver » "
                "pour que rien ne soit détruit : au terme de la durée, la page Éliminations vous "
                "demande de choisir.",
            )
        )
    if demande.regle.a_confirmer:
        remarques.append(
            _remarque(
                "SOCLE.REGLE_A_CONFIRMER",
                "Règle de conservation",
                "La durée de cette règle n’a pas été confirmée par les Archives départementales. "
                "Faites-la valider avant toute destruction.",
            )
        )
    return remarques


def _remarque(code: str, nom: str, message: str) -> dict[str, str]:
    return {"code": code, "nom": nom, "statut": "WARNING", "lieu": "", "message": message}


def _store_paquet(
    versement: Versement, collectivite: Collectivite, chemin: Path, maintenant: datetime
) -> None:
    with chemin.open("rb") as flux:
        versement.empreinte = hashlib.file_digest(flux, "sha512").hexdigest()
    versement.taille = chemin.stat().st_size
    versement.document = store_file(
        collectivite=collectivite,
        chemin=chemin,
        nom=f"versement-{versement.reference}.zip",
        objet=f"versement:{versement.reference}",
        type_mime="application/zip",
        maintenant=maintenant,
    )
    versement.etat = EtatVersement.PRET


def _record_journal(versement: Versement, maintenant: datetime) -> None:
    pret = versement.etat == EtatVersement.PRET
    record(
        action="versement.pret" if pret else "versement.a_corriger",
        objet=f"versement:{versement.reference}",
        acteur=SYSTEME,
        collectivite_id=versement.collectivite_id,
        maintenant=maintenant,
        donnees={
            "reference": versement.reference,
            "empreinte_sha512": versement.empreinte,
            "taille": versement.taille,
            "pieces": versement.nombre_pieces,
            "defauts": [controle["code"] for controle in versement.defauts],
            "regle": versement.regle["code"],
        }
        | ({"complete": versement.precedent.reference} if versement.precedent else {}),
    )
    if pret:
        versement_pret.send(
            Versement,
            reference=versement.reference,
            dossier=versement.dossier,
            versement_id=versement.pk,
            collectivite_id=versement.collectivite_id,
            maintenant=maintenant,
        )


def _message(rapport: "Rapport") -> str:
    refus = [c for c in rapport.iter_defauts() if c.statut == "KO"]
    phrases = [f"{c.nom} : {c.message}" + (f" ({c.lieu})" if c.lieu else "") for c in refus[:3]]
    reste = f" Et {len(refus) - 3} autre(s) défaut(s)." if len(refus) > 3 else ""
    return f"{VersementRefuse.message} {' '.join(phrases)}{reste}"
