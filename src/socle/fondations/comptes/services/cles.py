"""Clés de sécurité : une clé dont le compteur recule a peut-être été copiée."""

import logging

from allauth.mfa.models import Authenticator
from django.db import transaction

from socle.fondations.comptes.errors import CleCopiee

trace = logging.getLogger("socle.comptes")


@transaction.atomic
def record_compteur(*, cle: Authenticator, compteur: int) -> None:
    """Garde le compteur de signatures qu’une clé vient de donner.

    Une clé qui n’en tient pas (trousseau d’un téléphone) donne toujours zéro : elle est admise.

    Raises:
        CleCopiee: le compteur n’a pas avancé ; ce qui est gardé ne change pas.

    Source: WebAuthn niveau 2, § 6.1.1 et § 7.2, étape 21.
    """
    gardee = Authenticator.objects.select_for_update().get(pk=cle.pk)
    connu = gardee.data.get("compteur")
    if connu is None:
        connu = gardee.wrap().authenticator_data.counter
    if (connu or compteur) and compteur <= connu:
        trace.warning("cle.compteur_recule", extra={"compte": gardee.user_id})
        raise CleCopiee
    gardee.data["compteur"] = cle.data["compteur"] = compteur
    gardee.save(update_fields=["data"])
