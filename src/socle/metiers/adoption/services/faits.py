"""Écrire un fait : une déclaration de la collectivité, ou une correction de l’équipe."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.journal.services import record
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.errors import (
    DejaAnnule,
    MotifManquant,
    SolutionInconnue,
)
from socle.metiers.adoption.models import Fait
from socle.metiers.adoption.queries.autorites import get_autorite_de
from socle.metiers.adoption.queries.solutions import is_solution
from socle.metiers.adoption.services.agregats import refresh_paire

REMPLACE = "Remplacé le même jour."


@transaction.atomic
def declare_usage(
    *, collectivite: Collectivite, solution: str, usage: Usage, acteur: str, maintenant: datetime
) -> Fait:
    """La collectivité dit où elle en est avec une solution, aujourd’hui.

    Une seconde réponse le même jour remplace la première.

    Raises:
        SolutionInconnue.
    """
    autorite = get_autorite_de(collectivite)
    if not is_solution(solution):
        raise SolutionInconnue
    fait = _write(
        Fait(
            solution=solution,
            autorite=autorite.cle,
            date_fait=localdate(maintenant),
            source=Source.DECLAREE,
            usage=usage,
            acteur=acteur,
        ),
        maintenant,
    )
    _record("adoption.declaree", fait, acteur, collectivite.pk, maintenant)
    refresh_paire(solution=solution, autorite=autorite, maintenant=maintenant)
    return fait


@transaction.atomic
def undo_declaration(
    *, collectivite: Collectivite, fait_id: int, acteur: str, maintenant: datetime
) -> Fait:
    """Annule une déclaration de cette collectivité ; celle qu’elle remplaçait revient.

    Raises:
        DejaAnnule ; Fait.DoesNotExist pour la déclaration d’une autre.
    """
    autorite = get_autorite_de(collectivite)
    fait = Fait.objects.select_for_update(of=["self"]).get(
        pk=fait_id, autorite=autorite.cle, source=Source.DECLAREE
    )
    _cancel(fait, "Annulé par la collectivité.", maintenant)
    _restore_remplace(fait)
    _record("adoption.declaration_annulee", fait, acteur, collectivite.pk, maintenant)
    refresh_paire(solution=fait.solution, autorite=autorite, maintenant=maintenant)
    return fait


@transaction.atomic
def withdraw_fait(*, fait_id: int, motif: str, acteur: str, maintenant: datetime) -> Fait:
    """L’équipe écarte un fait faux, avec la raison ; il reste dans l’histoire.

    Raises:
        MotifManquant, DejaAnnule ; Fait.DoesNotExist.
    """
    motif = motif.strip()[:300]
    if not motif:
        raise MotifManquant
    fait = Fait.objects.select_for_update(of=["self"]).get(pk=fait_id)
    _cancel(fait, motif, maintenant)
    _record("adoption.corrigee", fait, acteur, None, maintenant, motif=motif)
    _refresh(fait, maintenant)
    return fait


@transaction.atomic
def restore_fait(*, fait_id: int, acteur: str, maintenant: datetime) -> Fait:
    """Remet un fait écarté par l’équipe ; celui qui l’aurait remplacé ce jour-là est écarté.

    Raises:
        DejaAnnule: il n’est pas écarté ; Fait.DoesNotExist.
    """
    fait = Fait.objects.select_for_update(of=["self"]).get(pk=fait_id)
    if fait.annule_le is None:
        raise DejaAnnule("Ce fait n’est pas écarté.")
    _set_aside(fait, maintenant)
    fait.annule_le, fait.motif = None, ""
    fait.save(update_fields=["annule_le", "motif", "modifie_le"])
    _record("adoption.retablie", fait, acteur, None, maintenant)
    _refresh(fait, maintenant)
    return fait


@transaction.atomic
def add_fait(
    *,
    autorite: Autorite,
    solution: str,
    usage: Usage,
    jour: date,
    precision: str,
    acteur: str,
    maintenant: datetime,
) -> Fait:
    """L’équipe ajoute un fait à la main, avec l’origine de ce qu’elle sait.

    Raises:
        SolutionInconnue, MotifManquant.
    """
    precision = precision.strip()[:200]
    if not precision:
        raise MotifManquant
    if not is_solution(solution):
        raise SolutionInconnue
    fait = _write(
        Fait(
            solution=solution,
            autorite=autorite.cle,
            date_fait=jour,
            source=Source.IMPORTEE,
            usage=usage,
            acteur=acteur,
            precision=precision,
        ),
        maintenant,
    )
    _record("adoption.ajoutee", fait, acteur, None, maintenant, precision=precision)
    refresh_paire(solution=solution, autorite=autorite, maintenant=maintenant)
    return fait


def _write(fait: Fait, maintenant: datetime) -> Fait:
    """Ajoute un fait ; celui du même jour et de la même source est mis de côté."""
    _set_aside(fait, maintenant)
    fait.save(force_insert=True)
    return fait


def _set_aside(fait: Fait, maintenant: datetime) -> None:
    Fait.objects.filter(
        solution=fait.solution,
        autorite=fait.autorite,
        date_fait=fait.date_fait,
        source=fait.source,
        annule_le=None,
    ).update(annule_le=maintenant, motif=REMPLACE, modifie_le=maintenant)


def _cancel(fait: Fait, motif: str, maintenant: datetime) -> None:
    if fait.annule_le is not None:
        raise DejaAnnule
    fait.annule_le, fait.motif = maintenant, motif
    fait.save(update_fields=["annule_le", "motif", "modifie_le"])


def _restore_remplace(fait: Fait) -> None:
    avant = Fait.objects.filter(
        solution=fait.solution,
        autorite=fait.autorite,
        date_fait=fait.date_fait,
        source=fait.source,
        motif=REMPLACE,
        pk__lt=fait.pk,
    )
    remplace = avant.order_by("-pk").first()
    if remplace is not None:
        remplace.annule_le, remplace.motif = None, ""
        remplace.save(update_fields=["annule_le", "motif", "modifie_le"])


def _refresh(fait: Fait, maintenant: datetime) -> None:
    autorite = get_autorite(fait.autorite)
    if autorite is not None:  # disparue du code officiel : ses faits ne comptent plus
        refresh_paire(solution=fait.solution, autorite=autorite, maintenant=maintenant)


def _record(
    action: str,
    fait: Fait,
    acteur: str,
    collectivite_id: int | None,
    maintenant: datetime,
    **autres: str,
) -> None:
    record(
        action=action,
        objet=fait.objet,
        acteur=acteur,
        collectivite_id=collectivite_id,
        maintenant=maintenant,
        donnees={
            "solution": fait.solution,
            "autorite": fait.autorite,
            "usage": str(fait.usage),
            "jour": fait.date_fait.isoformat(),
            **autres,
        },
    )
