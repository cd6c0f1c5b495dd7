"""Le brouillon du formulaire : l’ouvrir, l’enregistrer, annuler un geste, l’abandonner."""

from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from socle.fondations.comptes.models import Compte
from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.validation import check_formulaire
from socle.metiers.demarches.errors import BrouillonInvalide, VersionModifieeAilleurs
from socle.metiers.demarches.models import Demarche, Modification, Version
from socle.metiers.demarches.queries import (
    build_brouillon,
    find_suite,
    get_brouillon,
    get_derniere_modification,
)
from socle.metiers.demarches.services.suivi import record_action

MODIFICATIONS_GARDEES = 50


@transaction.atomic
def open_brouillon(*, demarche: Demarche, agent: Compte, maintenant: datetime) -> Version:
    """Rend le brouillon verrouillé, en l’ouvrant au besoin depuis la version publiée."""
    brouillon = get_brouillon(demarche)
    if brouillon is None:
        # Deux agents qui commencent ensemble n’ouvrent qu’un brouillon.
        Demarche.objects.select_for_update(of=["self"]).get(pk=demarche.pk)
        brouillon = get_brouillon(demarche)
    if brouillon is not None:
        return Version.objects.select_for_update(of=["self"]).get(pk=brouillon.pk)
    version = build_brouillon(demarche)
    version.save(force_insert=True)
    record_action(
        demarche, "demarche.brouillon_ouvert", agent, maintenant, {"version": version.numero}
    )
    return version


@transaction.atomic
def update_brouillon(
    *,
    demarche: Demarche,
    definition: dict[str, Any],
    revision: int,
    libelle: str,
    agent: Compte,
    maintenant: datetime,
    onglet: str = "",
    garde: bool = False,
) -> Version:
    """Enregistre le brouillon du formulaire et garde de quoi annuler.

    Une page qui enregistre au fil de la saisie ne fait qu’un changement à annuler, de son ouverture
    à son dernier envoi. Elle se suit elle-même : sa réponse peut se perdre ou tarder, ses envois
    suivants ne sont pas des conflits. Un envoi sans `garde` la clôt : un enregistrement en retard
    ne défait pas ce que la personne vient de valider. Le journal n’a qu’une ligne, à l’ouverture du
    brouillon : ce qui compte ensuite est ce qui est publié.

    Args:
        onglet: nom que la page s’est vu donner, s’il y en a un.
        garde: vrai si elle reste ouverte et enregistrera encore.
        revision: celle que la personne a vue ; si elle n’est plus la bonne, rien n’est écrasé.
        libelle: le changement, en quelques mots (« Champ « Régime » supprimé »).

    Raises:
        VersionModifieeAilleurs: un autre onglet ou un autre agent a changé le brouillon.
        BrouillonInvalide: la définition n’a pas la forme d’un formulaire, ou dépasse ses bornes.
    """
    try:
        Formulaire.model_validate(definition)
    except ValidationError as cause:
        raise BrouillonInvalide(suite=str(check_formulaire(definition)[0])) from cause
    version = open_brouillon(demarche=demarche, agent=agent, maintenant=maintenant)
    modification = find_suite(version, onglet)
    if version.revision != revision and modification is None:
        raise VersionModifieeAilleurs
    if modification is None:
        modification = Modification(
            collectivite_id=version.collectivite_id, version=version, avant=version.definition
        )
    modification.libelle, modification.onglet = libelle[:200], onglet if garde else ""
    retenus = ["libelle", "onglet", "modifie_le"] if modification.pk else None
    modification.save(update_fields=retenus)
    _save(version, definition)
    _forget_anciennes(version)
    return version


@transaction.atomic
def undo_modification(
    *, demarche: Demarche, agent: Compte, maintenant: datetime, cle: int | None = None
) -> str | None:
    """Annule le dernier changement du brouillon ; rend son libellé, ou None s’il n’y en a plus.

    Args:
        cle: changement que la personne a sous les yeux ; s’il n’est plus le dernier, rien n’est
            annulé.

    Raises:
        VersionModifieeAilleurs: un autre changement est venu après celui-là.
    """
    if get_brouillon(demarche) is None:
        return None
    version = open_brouillon(demarche=demarche, agent=agent, maintenant=maintenant)
    derniere = get_derniere_modification(version)
    if derniere is None:
        return None
    if cle is not None and derniere.pk != cle:
        raise VersionModifieeAilleurs
    _save(version, derniere.avant)
    derniere.delete()
    return derniere.libelle


@transaction.atomic
def discard_brouillon(
    *, demarche: Demarche, agent: Compte, maintenant: datetime, revision: int | None = None
) -> bool:
    """Abandonne le brouillon d’une démarche déjà publiée ; rend faux s’il n’y a rien à abandonner.

    Celui d’une démarche jamais publiée reste : c’est tout son formulaire.

    Args:
        revision: celle du brouillon que la page montrait ; None, rien n’est comparé.

    Raises:
        VersionModifieeAilleurs: le brouillon a changé depuis : ce qui s’y ajoute n’est pas jeté.
    """
    brouillon = get_brouillon(demarche)
    if brouillon is None or demarche.publiee_le is None:
        return False
    brouillon = Version.objects.select_for_update(of=["self"]).get(pk=brouillon.pk)
    if revision not in (None, brouillon.revision):
        raise VersionModifieeAilleurs
    donnees = {"version": brouillon.numero}
    brouillon.delete()
    record_action(demarche, "demarche.brouillon_abandonne", agent, maintenant, donnees)
    return True


def _save(version: Version, definition: dict[str, Any]) -> None:
    version.definition = definition
    version.revision += 1
    version.save(update_fields=["definition", "revision", "modifie_le"])


def _forget_anciennes(version: Version) -> None:
    garde = (
        Modification.objects.filter(collectivite_id=version.collectivite_id, version=version)
        .order_by("-pk")
        .values("pk")[MODIFICATIONS_GARDEES : MODIFICATIONS_GARDEES + 1]
    )
    Modification.objects.filter(version=version, pk__lte=garde).delete()
