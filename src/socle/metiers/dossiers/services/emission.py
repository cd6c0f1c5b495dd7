"""Accusé et décision : les documents que l’administration doit à l’usager."""

from datetime import datetime

from django.db import transaction

from socle.fondations.commun.ecritures import update
from socle.fondations.commun.textes import format_jour
from socle.fondations.documents.models import Document
from socle.fondations.notifications.models import Envoi
from socle.fondations.notifications.ports import PieceCourriel
from socle.metiers.dossiers.enums import Fait
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services.commun import lock_dossier, record_fait, record_preuve
from socle.metiers.dossiers.services.echanges import describe_service, notify_usager
from socle.metiers.dossiers.signals import decision_publiee
from socle.normes.delais.calculs import to_jour


def attach_accuse(
    *, dossier: Dossier, document: Document, contenu: bytes, maintenant: datetime
) -> Envoi | None:
    """Attache l’accusé à un dossier que l’appelant a verrouillé ; rend le courriel à faire partir.

    Le courriel dit lui aussi le jour de réception, le numéro et le service, sans ouvrir le PDF.

    Source: CRPA, art. R. 112-11-1 à R. 112-11-3.
    """
    dossier.accuse_id = document.pk
    update(dossier, "accuse_id", "modifie_le")
    record_fait(dossier, Fait.ACCUSE, auteur=None, maintenant=maintenant, document_id=document.pk)
    record_preuve(
        dossier,
        "accuse",
        acteur="systeme",
        maintenant=maintenant,
        donnees={"document": str(document.pk), "sha256": document.sha256},
    )
    nom = f"accuse-{dossier.reference}.pdf"
    piece = PieceCourriel(nom=nom, type_mime="application/pdf", contenu=contenu)
    plus = {
        "date": format_jour(to_jour(dossier.depose_instant)),
        "service": describe_service(dossier),
    }
    return notify_usager(
        dossier, "dossier_accuse", maintenant, pieces=[piece], en_file=False, plus=plus
    )


@transaction.atomic
def publish_decision(*, numero: int, document: Document, maintenant: datetime) -> Dossier:
    """Met la décision à disposition dans le portail et prévient l’usager. Rejouable.

    Le délai de quinze jours court de cet instant (CRPA, art. R. 112-20).
    """
    dossier = lock_dossier(numero)
    if not dossier.is_termine or dossier.decision_id is not None:
        return dossier
    dossier.decision_id = document.pk
    dossier.decision_disponible_le = maintenant
    dossier.save(update_fields=["decision_id", "decision_disponible_le", "modifie_le"])
    record_fait(
        dossier,
        Fait.DECISION_DISPONIBLE,
        auteur=None,
        maintenant=maintenant,
        document_id=document.pk,
    )
    record_preuve(
        dossier,
        "decision_disponible",
        acteur="systeme",
        maintenant=maintenant,
        donnees={
            "reference": dossier.reference,
            "document": str(document.pk),
            "sha256": document.sha256,
        },
    )
    _announce(dossier, maintenant)
    decision_publiee.send(
        Dossier,
        collectivite_id=dossier.collectivite_id,
        numero=dossier.numero,
        reference=dossier.reference,
    )
    return dossier


def _announce(dossier: Dossier, maintenant: datetime) -> None:
    """Prévient l’usager ; avec son accord, l’avis dit le jour, le service et les quinze jours.

    Source: CRPA, art. R. 112-17 à R. 112-20.
    """
    if not dossier.accord_portail:
        notify_usager(dossier, "dossier_decision_poste", maintenant)
        return
    plus = {"date": format_jour(to_jour(maintenant)), "service": describe_service(dossier)}
    notify_usager(dossier, "dossier_decision", maintenant, plus=plus)


@transaction.atomic
def record_lecture(*, numero: int, acces: Acces, maintenant: datetime) -> Dossier:
    """Note la première consultation de la décision par l’usager : elle vaut notification.

    Source: CRPA, art. R. 112-20.
    """
    dossier = lock_dossier(numero)
    if dossier.decision_disponible_le is None or dossier.decision_consultee_le is not None:
        return dossier
    dossier.decision_consultee_le = maintenant
    dossier.save(update_fields=["decision_consultee_le", "modifie_le"])
    nom = "" if acces.compte else dossier.demandeur
    record_fait(
        dossier,
        Fait.DECISION_CONSULTEE,
        auteur=acces.compte,
        auteur_nom=nom,
        maintenant=maintenant,
    )
    record_preuve(dossier, "decision_consultee", acteur=acces.acteur(), maintenant=maintenant)
    return dossier
