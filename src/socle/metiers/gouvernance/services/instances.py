"""Instances et sièges : qui siège, dans quel collège, de quand à quand."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from socle.fondations.commun.verrou import check_empreinte
from socle.fondations.comptes.models import Compte
from socle.metiers.gouvernance.enums import College, NatureInstance
from socle.metiers.gouvernance.errors import FicheModifieeAilleurs, SaisieRefusee, SiegeRefuse
from socle.metiers.gouvernance.models import Delegation, Instance, Siege
from socle.metiers.gouvernance.queries.editions import describe_instance, describe_siege
from socle.metiers.gouvernance.services.trace import record_action

CHAMPS = (
    "sigle", "nom", "mandat", "frequence", "delai_convocation", "quorum", "regle", "ordre",
    "fermee_le", "source", "liens",
)  # fmt: skip


@transaction.atomic
def create_instance(
    *, slug: str, nature: NatureInstance, acteur: str, maintenant: datetime, **champs: Any
) -> Instance:
    """Crée une instance. Sa nature, donc ses pouvoirs, ne changent plus ensuite.

    Raises:
        SaisieRefusee: une autre instance a déjà ce nom d’adresse.
    """
    if Instance.objects.filter(slug=slug).exists():
        raise SaisieRefusee("Une autre instance a déjà ce nom dans l’adresse.")
    instance = Instance.objects.create(slug=slug, nature=nature, **champs)
    record_action(
        action="instance.creee",
        objet=instance.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"nature": str(nature), "sigle": instance.sigle},
    )
    return instance


@transaction.atomic
def update_instance(
    *,
    instance: Instance,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
    **champs: Any,
) -> bool:
    """Change ce qui se change ; rend faux si rien n’a changé. La nature n’en fait pas partie.

    Args:
        empreinte: celle de `describe_instance` sur la page ; None, rien n’est comparé.

    Raises:
        FicheModifieeAilleurs: quelqu’un l’a enregistrée depuis.
    """
    instance = Instance.objects.select_for_update().get(pk=instance.pk)
    changes = [nom for nom in CHAMPS if nom in champs and getattr(instance, nom) != champs[nom]]
    if not changes:
        return False
    check_empreinte(describe_instance(instance), empreinte, FicheModifieeAilleurs)
    for nom in changes:
        setattr(instance, nom, champs[nom])
    instance.save(update_fields=[*changes, "modifie_le"])
    record_action(
        action="instance.modifiee",
        objet=instance.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees={"champs": changes},
    )
    return True


@transaction.atomic
def create_siege(
    *,
    instance: Instance,
    college: College,
    organisation: str,
    du: date,
    acteur: str,
    maintenant: datetime,
    titulaire: Compte | None = None,
    suppleant: Compte | None = None,
    au: date | None = None,
) -> Siege:
    """Ouvre un siège, pourvu ou à pourvoir.

    Raises:
        SiegeRefuse: dates à l’envers, ou personne qui siège déjà dans cette instance.
    """
    Instance.objects.select_for_update().get(pk=instance.pk)
    _check_dates(du, au)
    for compte in (titulaire, suppleant):
        _check_place(instance, compte, du, au)
    if titulaire is not None and titulaire == suppleant:
        raise SiegeRefuse("Le suppléant est une autre personne que le titulaire.")
    siege = Siege.objects.create(
        instance=instance,
        college=college,
        organisation=organisation.strip(),
        titulaire=titulaire,
        suppleant=suppleant,
        du=du,
        au=au,
    )
    record_action(
        action="instance.siege_ouvert",
        objet=instance.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees=_describe(siege),
    )
    return siege


@transaction.atomic
def assign_siege(
    *,
    siege: Siege,
    titulaire: Compte | None,
    suppleant: Compte | None,
    acteur: str,
    maintenant: datetime,
    empreinte: str | None = None,
) -> None:
    """Change les personnes d’un siège. Les délégations qu’il avait données tombent.

    Raises:
        FicheModifieeAilleurs: ce ne sont plus celles dont la page portait l’empreinte.
        SiegeRefuse: personne qui siège déjà dans cette instance.
    """
    siege = lock_siege(siege.pk)
    check_empreinte(describe_siege(siege), empreinte, FicheModifieeAilleurs)
    for compte in (titulaire, suppleant):
        _check_place(siege.instance, compte, siege.du, siege.au, sauf=siege.pk)
    if titulaire is not None and titulaire == suppleant:
        raise SiegeRefuse("Le suppléant est une autre personne que le titulaire.")
    if titulaire != siege.titulaire:
        _drop_delegations(siege, maintenant)
    siege.titulaire, siege.suppleant = titulaire, suppleant
    siege.save(update_fields=["titulaire", "suppleant", "modifie_le"])
    record_action(
        action="instance.siege_modifie",
        objet=siege.instance.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees=_describe(siege),
    )


@transaction.atomic
def close_siege(*, siege: Siege, au: date, acteur: str, maintenant: datetime) -> None:
    """Met fin à un siège : il compte jusqu’à ce jour compris, et reste dans l’histoire.

    Raises:
        SiegeRefuse: fin avant le début, ou siège déjà fini.
    """
    siege = lock_siege(siege.pk)
    _check_dates(siege.du, au)
    if siege.au is not None and siege.au <= timezone.localdate(maintenant):
        raise SiegeRefuse("Ce siège est déjà fini.")
    siege.au = au
    siege.save(update_fields=["au", "modifie_le"])
    _drop_delegations(siege, maintenant, apres=au)
    record_action(
        action="instance.siege_ferme",
        objet=siege.instance.cle,
        acteur=acteur,
        maintenant=maintenant,
        donnees=_describe(siege),
    )


def lock_siege(pk: int) -> Siege:
    """Verrouille un siège ; les gestes d’un même siège passent l’un après l’autre."""
    sieges = Siege.objects.select_related("instance", "titulaire", "suppleant")
    return sieges.select_for_update(of=["self"]).get(pk=pk)


def _drop_delegations(siege: Siege, maintenant: datetime, apres: date | None = None) -> None:
    delegations = Delegation.objects.filter(Q(siege=siege) | Q(beneficiaire=siege), reprise_le=None)
    if apres is not None:
        delegations = delegations.filter(au__gt=apres)
    delegations.update(reprise_le=maintenant)


def _check_dates(du: date, au: date | None) -> None:
    if au is not None and au < du:
        raise SiegeRefuse("La fin du siège est avant son début.")


def _check_place(
    instance: Instance, compte: Compte | None, du: date, au: date | None, sauf: int | None = None
) -> None:
    """Une personne n’a qu’un siège à la fois : ni deux voix, ni un pied dans chaque collège."""
    if compte is None:
        return
    if not (compte.is_agent and compte.is_active):
        raise SiegeRefuse("Seul un agent dont le compte est actif peut siéger.")
    siens = Siege.objects.filter(
        Q(titulaire=compte) | Q(suppleant=compte), Q(au=None) | Q(au__gte=du), instance=instance
    ).exclude(pk=sauf or 0)
    if au is not None:
        siens = siens.filter(du__lte=au)
    if deja := siens.order_by("pk").first():
        raise SiegeRefuse(
            f"{compte.nom_affiche} siège déjà dans cette instance, pour {deja.organisation}.",
            "Une personne n’a qu’un siège à la fois. Mettez d’abord fin à l’autre.",
        )


def _describe(siege: Siege) -> dict[str, Any]:
    return {
        "siege": siege.pk,
        "college": str(siege.college),
        "titulaire": siege.titulaire.acteur if siege.titulaire else "",
        "suppleant": siege.suppleant.acteur if siege.suppleant else "",
        "du": siege.du.isoformat(),
        "au": siege.au.isoformat() if siege.au else "",
    }
