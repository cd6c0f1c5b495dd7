"""Ce que l’équipe suit : pièces attendues, versements à faire."""

from datetime import date, timedelta

from django.db.models import QuerySet

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import Compte, MembreProgramme
from socle.metiers.appels.enums import A_DEPOSER, EtatOctroi, EtatVersement
from socle.metiers.appels.models import JustificatifOctroi, VersementOctroi

A_FAIRE = (EtatVersement.PREVU, EtatVersement.DEMANDE)


def list_pieces_attendues(*, aujourdhui: date, horizon: int) -> QuerySet[JustificatifOctroi]:
    """Rend les pièces des octrois en cours attendues d’ici là, ou en retard."""
    attendues = JustificatifOctroi.objects.filter(
        etat__in=A_DEPOSER, octroi__etat=EtatOctroi.EN_COURS,
        attendu_le__lte=aujourdhui + timedelta(days=horizon),
    )  # fmt: skip
    return attendues.select_related("octroi").order_by("attendu_le", "pk")


def list_versements_echus(*, aujourdhui: date) -> QuerySet[VersementOctroi]:
    """Rend les versements des octrois en cours dont l’échéance est là."""
    echus = VersementOctroi.objects.filter(
        etat__in=A_FAIRE, octroi__etat=EtatOctroi.EN_COURS, echeance__lte=aujourdhui
    )
    return echus.select_related("octroi").order_by("echeance", "pk")


def list_equipe(role: RoleProgramme) -> list[Compte]:
    """Rend les agents actifs qui ont ce rôle dans le programme."""
    membres = MembreProgramme.objects.filter(role=role, compte__is_active=True)
    return [membre.compte for membre in membres.select_related("compte").order_by("pk")]
