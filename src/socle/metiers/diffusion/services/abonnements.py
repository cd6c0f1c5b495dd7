"""S’abonner par double consentement, choisir, se désabonner en un clic.

Rien n’est gardé avant le second consentement : la demande entière est dans le lien signé.
"""

from collections.abc import Sequence
from datetime import datetime

from django.core import signing
from django.db import transaction

from socle.fondations.journal.services import record
from socle.fondations.notifications.services.programme import (
    VALIDITE,
    build_lien,
    check_envoi,
    is_libre,
    send_message,
)
from socle.metiers.diffusion.enums import EtatAbonne, Theme
from socle.metiers.diffusion.errors import LienPerime
from socle.metiers.diffusion.models import Abonne

SEL_DEMANDE = "diffusion.abonnement"
SEL_DEPART = "diffusion.desabonnement"


def request_abonnement(
    *, courriel: str, themes: Sequence[str], territoire: str, ip: str, maintenant: datetime
) -> None:
    """Envoie le lien de confirmation ; n’écrit rien d’autre, et ne dit pas si l’adresse est connue.

    Raises:
        TropDeDemandes: trop d’adresses depuis ce poste. Une même adresse trop demandée ne reçoit
            plus rien, sans que la page le dise.
    """
    courriel = courriel.strip().lower()
    check_envoi(courriel=courriel, ip=ip, quoi="diffusion.abonnement", maintenant=maintenant)
    if not is_libre(courriel, "diffusion.abonnement", maintenant):
        return
    jeton = signing.dumps([courriel, list(themes), territoire], salt=SEL_DEMANDE, compress=True)
    send_message(
        code="diffusion_abonnement", courriel=courriel, maintenant=maintenant,
        contexte={"lien": build_lien("diffusion:confirmer_abonnement", jeton)},
    )  # fmt: skip


def read_demande(jeton: str) -> tuple[str, list[str], str]:
    """Lit un lien de confirmation : adresse, thèmes, département.

    Raises:
        LienPerime: abîmé, ou de plus de 48 heures.
    """
    try:
        courriel, themes, territoire = signing.loads(jeton, salt=SEL_DEMANDE, max_age=VALIDITE)
    except (signing.BadSignature, ValueError, TypeError) as cause:
        raise LienPerime from cause
    return courriel, [theme for theme in themes if theme in Theme.values], territoire


@transaction.atomic
def confirm_abonnement(*, jeton: str, maintenant: datetime) -> Abonne:
    """Second consentement : garde l’adresse et son choix. Rejouable ; lève une suspension.

    Raises:
        LienPerime: abîmé, ou de plus de 48 heures.
    """
    courriel, themes, territoire = read_demande(jeton)
    choix = {"themes": themes, "territoire": territoire, "etat": EtatAbonne.ACTIF, "rejets": 0}
    abonne, neuf = Abonne.objects.update_or_create(
        courriel=courriel, defaults=choix, create_defaults=choix | {"consenti_le": maintenant}
    )
    action = "abonne.consenti" if neuf else "abonne.choix_change"
    _prove(action, abonne, "abonne", maintenant)
    return abonne


def build_depart(abonne_id: int) -> str:
    """Rend le jeton de désabonnement : il ne périme pas, et ne contient pas d’adresse."""
    return signing.Signer(salt=SEL_DEPART).sign(str(abonne_id))


def find_depart(jeton: str) -> Abonne:
    """Rend l’abonné d’un lien de désabonnement.

    Raises:
        LienPerime: lien abîmé.
    """
    try:
        abonne_id = int(signing.Signer(salt=SEL_DEPART).unsign(jeton))
    except (signing.BadSignature, ValueError) as cause:
        raise LienPerime from cause
    abonne = Abonne.objects.filter(pk=abonne_id).order_by("pk").first()
    if abonne is None:
        raise LienPerime
    return abonne


@transaction.atomic
def unsubscribe(*, jeton: str, maintenant: datetime) -> None:
    """Désabonne et efface l’adresse. Rejouable (RFC 8058 : le logiciel peut envoyer deux fois).

    Raises:
        LienPerime: lien abîmé.
    """
    abonne = Abonne.objects.select_for_update().get(pk=find_depart(jeton).pk)
    if abonne.etat == EtatAbonne.DESABONNE:
        return
    abonne.etat, abonne.courriel, abonne.parti_le = EtatAbonne.DESABONNE, None, maintenant
    abonne.themes, abonne.territoire = [], ""
    abonne.save()
    _prove("abonne.parti", abonne, "abonne", maintenant)


def _prove(action: str, abonne: Abonne, acteur: str, maintenant: datetime) -> None:
    record(
        action=action, objet=f"abonne:{abonne.pk}", acteur=f"{acteur}:{abonne.pk}",
        collectivite_id=None, maintenant=maintenant,
    )  # fmt: skip
