"""Courriels du programme commun, et ce que partagent ses abonnements par double consentement.

Une adresse tapée sur une page publique n’est à personne avant que le lien reçu ne soit ouvert :
deux limites évitent d’écrire à des inconnus, et la page ne dit jamais si l’adresse est connue.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.adresses import build_chemin_installation, build_origine
from socle.fondations.commun.errors import TropDeDemandes
from socle.fondations.commun.frequence import check_frequence
from socle.fondations.commun.locataire import locataire
from socle.fondations.notifications.models import Desabonnement
from socle.fondations.notifications.services.envoi import notify
from socle.fondations.notifications.services.preferences import compute_empreinte

VALIDITE = timedelta(hours=48)  # d’un lien de confirmation
PAR_ADRESSE = (3, timedelta(days=1))
PAR_IP = (10, timedelta(hours=1))


def send_message(
    *, code: str, courriel: str, contexte: Mapping[str, str], maintenant: datetime, objet: str = ""
) -> None:
    """Met un courriel du programme en file, dans la transaction courante."""
    programme = get_programme()
    with locataire(programme.pk):
        notify(
            collectivite=programme, code=code, contexte=contexte, courriel=courriel,
            maintenant=maintenant, objet=objet,
        )  # fmt: skip


def build_lien(nom: str, *args: object) -> str:
    """Rend l’adresse complète d’une page de l’installation, pour un courriel."""
    return build_origine(None) + build_chemin_installation(nom, *args)


def check_envoi(*, courriel: str, ip: str, quoi: str, maintenant: datetime) -> None:
    """Refuse le poste qui fait écrire à trop d’adresses.

    Raises:
        TropDeDemandes.
    """
    nombre, duree = PAR_IP
    check_frequence(quoi=f"{quoi}.ip", qui=ip, nombre=nombre, duree=duree, maintenant=maintenant)


def is_libre(courriel: str, quoi: str, maintenant: datetime) -> bool:
    """Faux si cette boîte a déjà reçu trop de liens : elle n’en reçoit pas un de plus."""
    nombre, duree = PAR_ADRESSE
    try:
        check_frequence(quoi=quoi, qui=courriel, nombre=nombre, duree=duree, maintenant=maintenant)
    except TropDeDemandes:
        return False
    return True


def resume_envois(*, courriel: str, code: str) -> None:
    """Oublie un refus passé : la personne vient de consentir de nouveau à ce message."""
    programme = get_programme()
    with locataire(programme.pk):
        Desabonnement.objects.filter(
            collectivite=programme, code=code, empreinte=compute_empreinte(courriel)
        ).delete()
