"""Tenir les API et compter qui s’en sert."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.errors import EtapeImpossible, NomDejaPris
from socle.metiers.catalogue.models import Api
from socle.metiers.catalogue.ports import compteurs_api
from socle.metiers.catalogue.services.solutions import build_slug
from socle.metiers.catalogue.services.suivi import record_action


@transaction.atomic
def save_api(
    *, api: Api | None, champs: dict[str, Any], agent: Compte, maintenant: datetime
) -> Api:
    """Crée ou change une API. Une date s’écrit avec sa source.

    Raises:
        EtapeImpossible: une date sans source, ou une ouverture avant l’annonce.
        NomDejaPris: une autre API a la même adresse.
    """
    ecrite = api or Api(slug=build_slug(champs["nom"]))
    for nom, valeur in champs.items():
        setattr(ecrite, nom, valeur)
    for nom in ("annoncee", "operable"):
        if getattr(ecrite, f"{nom}_le") and not getattr(ecrite, f"{nom}_source"):
            raise EtapeImpossible("Une date s’écrit avec sa source.", "Dites d’où vous la tenez.")
    if ecrite.delai_jours is not None and ecrite.delai_jours < 0:
        raise EtapeImpossible("L’ouverture vient après l’annonce.", "Vérifiez les deux dates.")
    ecrite.nom_tri = normalize_nom(ecrite.nom)[:150]
    try:
        with transaction.atomic():
            ecrite.save()
    except IntegrityError as cause:
        raise NomDejaPris from cause
    record_action("api.enregistree", objet=ecrite.cle, acteur=agent.acteur, maintenant=maintenant)
    return ecrite


def count_emplois(*, maintenant: datetime) -> int:
    """Compte, par API, les démarches publiées et les collectivités qui s’en servent.

    Les compteurs rendent des nombres seulement. Rejouable ; rend le nombre d’API comptées.
    """
    emplois: dict[str, tuple[int, int]] = {}
    for code in compteurs_api:
        emplois |= dict(compteurs_api[code]())
    return store_emplois(emplois, maintenant)


@transaction.atomic
def store_emplois(emplois: Mapping[str, tuple[int, int]], maintenant: datetime) -> int:
    """Garde ces nombres : par code de source, (démarches, collectivités)."""
    suivies = list(Api.objects.exclude(sources_socle=[]).order_by("id"))
    for api in suivies:
        lus = [emplois.get(code, (0, 0)) for code in api.sources_socle]
        # Deux sources d’une API peuvent servir la même démarche : le plus grand, sans additionner.
        api.demarches = max((demarches for demarches, _ in lus), default=0)
        api.collectivites = max((collectivites for _, collectivites in lus), default=0)
        api.comptees_le = maintenant
        api.save(update_fields=["demarches", "collectivites", "comptees_le", "modifie_le"])
    return len(suivies)
