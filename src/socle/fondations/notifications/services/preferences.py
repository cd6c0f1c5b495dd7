"""Ce que chacun veut recevoir ; ce qu’il a lu."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.models import Compte
from socle.fondations.notifications import ports
from socle.fondations.notifications.errors import LienPerime
from socle.fondations.notifications.models import Desabonnement, Envoi, Message, Preference
from socle.fondations.notifications.signals import desabonne

SEL = "notifications.desabonnement"


def compute_empreinte(courriel: str) -> str:
    """Empreinte à clé d’une adresse : on la reconnaît sans la garder."""
    cle = f"{SEL}:{settings.SECRET_KEY}".encode()
    return hmac.new(cle, courriel.strip().lower().encode(), hashlib.sha256).hexdigest()


def build_jeton(envoi: Envoi) -> str:
    """Jeton du lien de désabonnement d’un courriel."""
    compte = envoi.compte_id or 0
    return signing.dumps(
        [envoi.collectivite_id, envoi.code, compte, compute_empreinte(envoi.destinataire)],
        salt=SEL,
        compress=True,
    )


def read_jeton(jeton: str) -> tuple[int, str, int, str]:
    """Lit un jeton : collectivité, code, compte (0 sans compte), empreinte de l’adresse.

    Raises:
        LienPerime: jeton abîmé, ou d’un message qui n’existe plus.
    """
    try:
        collectivite_id, code, compte_id, empreinte = signing.loads(jeton, salt=SEL)
    except (signing.BadSignature, ValueError) as cause:
        raise LienPerime from cause
    if code not in ports.modeles or ports.modeles[code].obligatoire:
        raise LienPerime
    return collectivite_id, code, compte_id, empreinte


def unsubscribe(*, jeton: str) -> ports.ModeleParDefaut:
    """Ne plus envoyer ce courriel à cette adresse. Rejouable.

    Raises:
        LienPerime: rien n’est changé.
    """
    collectivite_id, code, compte_id, empreinte = read_jeton(jeton)
    with locataire(collectivite_id, personne_id=compte_id or None):
        if compte_id:
            Preference.objects.update_or_create(
                personne_id=compte_id, code=code, defaults={"courriel": False}
            )
        else:
            Desabonnement.objects.get_or_create(
                collectivite_id=collectivite_id, code=code, empreinte=empreinte
            )
            desabonne.send(
                sender=Desabonnement, collectivite_id=collectivite_id, code=code,
                empreinte=empreinte,
            )  # fmt: skip
    return ports.modeles[code]


@transaction.atomic
def set_preferences(*, personne: Compte, voulus: Iterable[str]) -> None:
    """Enregistre les courriels facultatifs voulus par une personne ; les autres sont refusés."""
    voulus = set(voulus)
    facultatifs = [code for code in ports.modeles if not ports.modeles[code].obligatoire]
    Preference.objects.bulk_create(
        [Preference(personne=personne, code=code, courriel=code in voulus) for code in facultatifs],
        update_conflicts=True,
        unique_fields=["personne", "code"],
        update_fields=["courriel"],
    )


def mark_lu(*, message: Message, maintenant: datetime) -> None:
    """Marque un message lu, la première fois seulement."""
    if message.lu_le is None:
        message.lu_le = maintenant
        message.save(update_fields=["lu_le"])


def mark_tous_lus(*, personne: Compte, maintenant: datetime) -> int:
    return Message.objects.filter(personne=personne, lu_le__isnull=True).update(lu_le=maintenant)
