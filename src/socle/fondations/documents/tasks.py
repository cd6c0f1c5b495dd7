"""Travaux des documents : antivirus, reprise de ce qui attend, nettoyage de nuit."""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun import clamav
from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.commun.taches import defer, periodique, tache
from socle.fondations.documents import services
from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.models import Document
from socle.fondations.documents.queries import find_document
from socle.fondations.documents.services.entrepot import iter_contenu, remove_provisoires

traces = logging.getLogger(__name__)
ATTENTE_MAX = timedelta(minutes=10)
UN_JOUR = 86_400


@tache(name="documents.analyser", queue="documents")
def analyser(*, collectivite_id: int, document_id: str) -> None:
    """Fait analyser un document par l’antivirus, hors transaction, et écrit son verdict.

    Trop gros pour l’antivirus : « non analysé », et les agents le voient écrit.
    """
    with locataire(collectivite_id):
        document = find_document(document_id)
    if document is None or document.etat != EtatDocument.EN_ATTENTE:
        return
    etat, menace = scan_document(document)
    with locataire(collectivite_id):
        services.record_analyse(document=document, etat=etat, menace=menace)
    traces.info("document.analyse", extra={"document": document_id, "etat": str(etat)})


def scan_document(document: Document) -> tuple[EtatDocument, str]:
    """Rend l’état et la menace. Laisse passer `SystemeIndisponible` : la tâche est relancée."""
    if not settings.CLAMAV or document.taille > settings.CLAMAV_TAILLE_MAX:
        return EtatDocument.NON_ANALYSE, ""
    try:
        verdict = clamav.scan(settings.CLAMAV, iter_contenu(document))
    except (clamav.AnalyseImpossible, FileNotFoundError):
        return EtatDocument.NON_ANALYSE, ""
    if verdict.menace:
        return EtatDocument.INFECTE, verdict.menace
    return EtatDocument.SAIN, ""


@tache(name="documents.retirer_objet", queue="documents")
def retirer_objet(*, collectivite_id: int, objet: str) -> None:
    """Retire tous les documents d’un objet supprimé."""
    with locataire(collectivite_id):
        services.remove_objet(objet=objet, maintenant=timezone.now())


@periodique(name="documents.reprendre", cron="*/10 * * * *")
def reprendre(*, timestamp: int) -> None:
    """Remet en file ce qui attend l’antivirus depuis dix minutes (il était arrêté)."""
    limite = datetime.fromtimestamp(timestamp, UTC) - ATTENTE_MAX
    with operateur():
        attentes = list(
            Document.objects.presents()
            .filter(etat=EtatDocument.EN_ATTENTE, depose_le__lt=limite)
            .order_by("depose_le")
            .values_list("collectivite_id", "pk")[:1000]
        )
    for collectivite_id, document_id in attentes:
        defer(
            "documents.analyser",
            verrou=f"document:{document_id}",
            collectivite_id=collectivite_id,
            document_id=str(document_id),
        )


@periodique(name="documents.nettoyer", cron="17 3 * * *")
def nettoyer(*, timestamp: int) -> None:
    """Chaque nuit : provisoires, orphelins et documents retirés. Le dimanche, contenus perdus."""
    maintenant = datetime.fromtimestamp(timestamp, UTC)
    remove_provisoires(plus_vieux_que=UN_JOUR)
    dimanche = maintenant.weekday() == 6
    for collectivite_id in _list_collectivites_a_nettoyer(maintenant, toutes=dimanche):
        with locataire(collectivite_id):
            services.clean_orphelins(maintenant=maintenant)
            while services.purge_retires(maintenant=maintenant) == services.nettoyage.PAR_PASSAGE:
                pass
        if dimanche:
            with locataire(collectivite_id):
                services.clean_contenus(collectivite_id=collectivite_id, maintenant=maintenant)


def _list_collectivites_a_nettoyer(maintenant: datetime, *, toutes: bool) -> list[int]:
    """Seulement celles où des documents récents ou retirés existent."""
    if toutes:
        return list(Collectivite.objects.order_by("pk").values_list("pk", flat=True))
    recents = Document.objects.filter(depose_le__gte=maintenant - timedelta(days=32))
    retires = Document.objects.filter(retire_le__isnull=False)
    with operateur():
        return sorted(
            set(recents.order_by().values_list("collectivite_id", flat=True).distinct())
            | set(retires.order_by().values_list("collectivite_id", flat=True).distinct())
        )
