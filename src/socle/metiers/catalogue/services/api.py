"""Tenir les API et compter qui s’en sert."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from socle.fondations.comptes.models import Compte
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.catalogue.errors import EtapeImpossible, NomDejaPris
from socle.metiers.catalogue.models import Api, CasUsage, UsageApi
from socle.metiers.catalogue.ports import NOMMEES_MAX, EmploiDeSource, compteurs_api
from socle.metiers.catalogue.services.solutions import build_slug
from socle.metiers.catalogue.services.suivi import lock_ligne, record_action


@transaction.atomic
def save_api(
    *,
    api: Api | None,
    champs: dict[str, Any],
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> Api:
    """Crée ou change une API. Une date s’écrit avec sa source.

    Args:
        empreinte: celle de `champs` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
        EtapeImpossible: une date sans source, ou une ouverture avant l’annonce.
        NomDejaPris: une autre API a la même adresse.
    """
    ecrite = lock_ligne(api, champs, empreinte) if api else Api(slug=build_slug(champs["nom"]))
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


@transaction.atomic
def save_cas(
    *,
    cas: CasUsage | None,
    champs: dict[str, Any],
    agent: Compte,
    maintenant: datetime,
    empreinte: str | None = None,
) -> CasUsage:
    """Crée ou change un cas d’usage, et ce que chaque API y donne.

    Args:
        champs: ceux du modèle, et « usages » : `{"api": slug, "donnees": …, "remplace": …}`.
        empreinte: celle de `champs` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistré depuis.
        EtapeImpossible: une API inconnue, nommée deux fois, ou sans données.
        NomDejaPris: un autre cas a la même adresse.
    """
    champs = dict(champs)
    usages = _read_usages(champs.pop("usages"))
    ecrit = (
        lock_ligne(cas, champs, empreinte, usages=describe_usages)
        if cas
        else CasUsage(slug=build_slug(champs["titre"]))
    )
    for nom, valeur in champs.items():
        setattr(ecrit, nom, valeur)
    try:
        with transaction.atomic():
            ecrit.save()
    except IntegrityError as cause:
        raise NomDejaPris from cause
    ecrit.usages.exclude(api__slug__in=usages).delete()
    for api in Api.objects.filter(slug__in=usages).order_by("pk"):
        UsageApi.objects.update_or_create(cas=ecrit, api=api, defaults=usages[api.slug])
    record_action("cas.enregistre", objet=ecrit.cle, acteur=agent.acteur, maintenant=maintenant,
                  donnees={"api": sorted(usages)})  # fmt: skip
    return ecrit


def describe_usages(cas: CasUsage) -> list[dict[str, str]]:
    """Rend ce que chaque API donne à un cas, tel que l’équipe le saisit."""
    return [
        {"api": usage.api.slug, "donnees": usage.donnees, "remplace": usage.remplace}
        for usage in cas.usages.select_related("api").order_by("pk")
    ]


def _read_usages(lignes: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Rend, par adresse d’API, ce qu’elle donne et ce qu’elle remplace."""
    usages: dict[str, dict[str, str]] = {}
    for ligne in lignes:
        slug = ligne["api"].strip().removeprefix("api:")
        if slug in usages:
            raise EtapeImpossible(f"L’API « {slug} » est nommée deux fois.", "Une ligne suffit.")
        if not ligne.get("donnees"):
            raise EtapeImpossible(f"Ce que donne l’API « {slug} » manque.", "Complétez sa ligne.")
        usages[slug] = {
            "donnees": ligne["donnees"][:300], "remplace": ligne.get("remplace", "")[:200],
        }  # fmt: skip
    connues = set(Api.objects.filter(slug__in=usages).values_list("slug", flat=True))
    if inconnues := sorted(set(usages) - connues):
        raise EtapeImpossible(
            f"Aucune API n’a cette adresse : {', '.join(inconnues)}.",
            "L’adresse est la fin de celle de sa page : « /catalogue/api/particulier-quotient/ ».",
        )
    return usages


def count_emplois(*, maintenant: datetime) -> int:
    """Compte, par API, les démarches publiées et les collectivités qui s’en servent.

    Une démarche publiée est publique : les premières sont retenues, pour être nommées. Rejouable ;
    rend le nombre d’API comptées.
    """
    emplois: dict[str, EmploiDeSource] = {}
    for code in compteurs_api:
        emplois |= dict(compteurs_api[code]())
    return store_emplois(emplois, maintenant)


@transaction.atomic
def store_emplois(emplois: Mapping[str, EmploiDeSource], maintenant: datetime) -> int:
    """Garde, par API, ce que ses codes de sources disent de son emploi."""
    suivies = list(Api.objects.exclude(sources_socle=[]).order_by("id"))
    for api in suivies:
        lus = [emplois[code] for code in api.sources_socle if code in emplois]
        nommees = sorted({numero for lu in lus for numero in lu.nommees})
        # Deux sources d’une API peuvent servir la même démarche : le plus grand, sans additionner.
        api.demarches = max([lu.demarches for lu in lus] + [len(nommees)])
        api.collectivites = max((lu.collectivites for lu in lus), default=0)
        api.demarches_nommees = nommees[:NOMMEES_MAX]
        api.comptees_le = maintenant
        api.save(update_fields=["demarches", "collectivites", "demarches_nommees", "comptees_le",
                                "modifie_le"])  # fmt: skip
    return len(suivies)
