"""Sessions ouvertes : les voir, les fermer. Fermer prend effet tout de suite, partout."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from socle.fondations.comptes.models import Compte


@dataclass(frozen=True)
class SessionOuverte:
    """Une session d’une personne. `appareil` : deux mots tirés du navigateur, pas sa chaîne."""

    pk: int
    appareil: str
    ouverte_le: datetime
    courante: bool


NAVIGATEURS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMES = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def list_sessions(compte: Compte, *, courante: str, maintenant: datetime) -> list[SessionOuverte]:
    """Rend les sessions encore valables, la plus récente d’abord. Deux instructions SQL."""
    lignes = list(UserSession.objects.filter(user=compte).order_by("-created_at", "-pk"))
    vivantes = set(
        Session.objects.filter(
            session_key__in=[ligne.session_key for ligne in lignes], expire_date__gt=maintenant
        ).values_list("session_key", flat=True)
    )
    return [
        SessionOuverte(
            pk=ligne.pk,
            appareil=describe_appareil(ligne.user_agent),
            ouverte_le=ligne.created_at,
            courante=ligne.session_key == courante,
        )
        for ligne in lignes
        if ligne.session_key in vivantes
    ]


@transaction.atomic
def end_session(compte: Compte, pk: int) -> bool:
    """Ferme une session de ce compte ; faux si elle n’est pas à lui."""
    ligne = UserSession.objects.filter(user=compte, pk=pk).first()
    if ligne is None:
        return False
    Session.objects.filter(session_key=ligne.session_key).delete()
    ligne.delete()
    return True


@transaction.atomic
def end_sessions(compte: Compte, *, sauf: str = "") -> int:
    """Ferme toutes les sessions d’un compte, sauf celle de clé `sauf` ; rend leur nombre."""
    lignes = UserSession.objects.filter(user=compte).exclude(session_key=sauf)
    cles = list(lignes.values_list("session_key", flat=True).order_by("pk"))
    Session.objects.filter(session_key__in=cles).delete()
    lignes.delete()
    return len(cles)


def delete_sessions_expirees(*, maintenant: datetime) -> int:
    """Efface les sessions finies, avec l’adresse et le navigateur gardés ; rend leur nombre."""
    nombre, _ = Session.objects.filter(expire_date__lt=maintenant).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return nombre


def describe_appareil(chaine: str) -> str:
    """Rend « Firefox sur Windows », ou « Navigateur inconnu »."""
    navigateur = next((nom for marque, nom in NAVIGATEURS if marque in chaine), "")
    systeme = next((nom for marque, nom in SYSTEMES if marque in chaine), "")
    if not navigateur:
        return "Navigateur inconnu"
    return f"{navigateur} sur {systeme}" if systeme else navigateur
