"""Ce qui est parti sur papier, et le jour où la décision est notifiée."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from socle.metiers.dossiers.enums import Lettre, SuiteDuPli
from socle.metiers.dossiers.models import Dossier, EnvoiPostal
from socle.normes.delais.calculs import to_jour
from socle.normes.delais.courrier import Pli, find_notification_postale
from socle.normes.delais.echeances import (
    Echeance,
    compute_recours_contentieux,
    find_date_de_notification,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """Où en est la notification de la décision.

    Attributes:
        jour: jour acquis de la notification, ou None.
        recours: dernier jour du recours, expliqué ; None sans notification.
        courrier: dernier envoi de la décision sur papier, s’il y en a un.
    """

    jour: date | None
    recours: Echeance | None
    courrier: EnvoiPostal | None = None


def needs_papier(dossier: Dossier, lettre: Lettre) -> bool:
    """Vrai si cette lettre existe et que la voie électronique ne suffit pas à la donner."""
    if lettre == Lettre.DECISION:
        return dossier.decision_id is not None and not dossier.accord_portail
    return dossier.accuse_id is not None and not dossier.usager_id and not dossier.courriel


def get_document_id(dossier: Dossier, lettre: Lettre) -> UUID | None:
    return dossier.decision_id if lettre == Lettre.DECISION else dossier.accuse_id


def list_courriers(dossier: Dossier) -> list[EnvoiPostal]:
    """Rend les envois sur papier, du premier au dernier ; rien n’est lu si rien n’a pu partir."""
    if not any(needs_papier(dossier, lettre) for lettre in Lettre):
        return []
    envois = EnvoiPostal.objects.filter(
        collectivite_id=dossier.collectivite_id, dossier=dossier, annule=False
    )
    return list(envois.order_by("date_envoi", "pk"))


def describe_notification(
    dossier: Dossier, courriers: Iterable[EnvoiPostal], aujourdhui: date
) -> Notification:
    """Rend où en est la notification de la décision actuelle, par le portail ou sur papier."""
    siens = [c for c in courriers if c.document_id == dossier.decision_id]
    jour = compute_notification(dossier, siens, aujourdhui)
    return Notification(
        jour=jour,
        recours=compute_recours_contentieux(jour) if jour else None,
        courrier=siens[-1] if siens else None,
    )


def compute_notification(
    dossier: Dossier, courriers: Iterable[EnvoiPostal], aujourdhui: date
) -> date | None:
    """Rend le jour où la décision est notifiée, ou None si rien n’est acquis.

    Sans l’accord exprès de l’usager, le portail ne notifie jamais : seul le papier le fait.

    Source: CRPA, art. R. 112-17 à R. 112-20 ; code de justice administrative, art. R. 421-1.
    """
    if dossier.decision_disponible_le is None:
        return None
    if not dossier.accord_portail:
        siens = [c for c in courriers if c.document_id == dossier.decision_id]
        return find_notification_postale(build_pli(envoi) for envoi in siens)
    consultee = dossier.decision_consultee_le
    return find_date_de_notification(
        to_jour(dossier.decision_disponible_le),
        consultee_le=to_jour(consultee) if consultee else None,
        aujourd_hui=aujourdhui,
    )


def build_pli(envoi: EnvoiPostal) -> Pli:
    """Traduit un envoi en ce que la règle en retient."""
    if envoi.suite == SuiteDuPli.RECU:
        return Pli(remis_le=envoi.date_suite)
    if envoi.suite == SuiteDuPli.NON_RECLAME:
        return Pli(presente_le=envoi.date_suite)
    return Pli()
