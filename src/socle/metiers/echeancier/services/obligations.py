"""Créer, corriger, publier, annuler une obligation ; changer sa date sans perdre l’ancienne."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.journal.services import record
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.echeancier.enums import EtatObligation, Surete
from socle.metiers.echeancier.errors import (
    AdresseDejaPrise,
    DateInchangee,
    ObligationAnnulee,
    ObligationIncomplete,
    ObligationModifieeAilleurs,
)
from socle.metiers.echeancier.models import (
    SANS_JOUR,
    DateEcheance,
    Obligation,
    PublicConcerne,
)

CHAMPS = (
    "nature", "titre", "court", "resume", "texte", "etapes", "ministere", "reference", "lien",
    "reserve", "theme", "precision", "territoires", "liens", "debut",
)  # fmt: skip
ADRESSES_RESERVEES = frozenset(
    {"importer", "imprimer", "integrer", "nouvelle", "partager", "rappels"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echeance:
    """Une date, et ce que l’on en sait."""

    surete: str
    jour: date | None = None
    jour_texte: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """Un genre de collectivité, et ses bornes comprises."""

    genre: str
    population_min: int | None = None
    population_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changement:
    """Une date qui en remplace une autre."""

    echeance: Echeance
    motif: str
    annoncee_le: date | None = field(default=None)


@transaction.atomic
def create_obligation(
    *,
    slug: str,
    echeance: Echeance,
    publics: Iterable[Public],
    acteur: str,
    maintenant: datetime,
    **fiche: Any,
) -> Obligation:
    """Crée un brouillon, que l’équipe relit avant de le publier.

    Args:
        fiche: valeurs de `CHAMPS`.

    Raises:
        AdresseDejaPrise: le nom d’adresse existe, ou est celui d’une page.
    """
    if slug in ADRESSES_RESERVEES or Obligation.objects.filter(slug=slug).exists():
        raise AdresseDejaPrise
    obligation = Obligation(
        slug=slug, **{champ: fiche[champ] for champ in CHAMPS if champ in fiche}
    )
    _set_date(obligation, echeance)
    obligation.recherche = build_recherche(obligation)
    obligation.save()
    DateEcheance.objects.create(
        obligation=obligation, rang=1, jour=echeance.jour, jour_texte=echeance.jour_texte,
        surete=echeance.surete,
    )  # fmt: skip
    _write_publics(obligation, publics)
    _prove("obligation.creee", obligation, acteur, maintenant, {"slug": slug})
    return obligation


@transaction.atomic
def update_obligation(
    *,
    obligation: Obligation,
    publics: Iterable[Public],
    acteur: str,
    maintenant: datetime,
    revision: int | None = None,
    **fiche: Any,
) -> Obligation:
    """Corrige une obligation, tout sauf sa date : une date se change avec sa raison.

    Args:
        revision: celle que la page montrait ; None, rien n’est comparé.

    Raises:
        ObligationModifieeAilleurs: un collègue l’a enregistrée depuis.
        ObligationAnnulee: rien n’est changé.
    """
    obligation = _lock(obligation)
    if revision not in (None, obligation.revision):
        raise ObligationModifieeAilleurs
    changes = [c for c in CHAMPS if c in fiche and getattr(obligation, c) != fiche[c]]
    for champ in changes:
        setattr(obligation, champ, fiche[champ])
    if _write_publics(obligation, publics):
        changes.append("publics")
    if not changes:
        return obligation
    obligation.recherche = build_recherche(obligation)
    obligation.revision += 1
    obligation.save()
    _prove("obligation.modifiee", obligation, acteur, maintenant, {"champs": sorted(changes)})
    return obligation


@transaction.atomic
def change_date(
    *, obligation: Obligation, changement: Changement, acteur: str, maintenant: datetime
) -> Obligation:
    """Change la date ; l’ancienne reste, avec la raison, et la frise la montre si elle a reculé.

    Raises:
        ObligationAnnulee, DateInchangee: rien n’est changé.
    """
    obligation = _lock(obligation)
    echeance = changement.echeance
    avant = Echeance(
        surete=obligation.surete, jour=obligation.jour, jour_texte=obligation.jour_texte
    )
    if avant == echeance:
        raise DateInchangee
    if obligation.debut and echeance.jour and obligation.debut > echeance.jour:
        obligation.debut = echeance.jour
    _set_date(obligation, echeance)
    rang = DateEcheance.objects.filter(obligation=obligation).count() + 1
    DateEcheance.objects.create(
        obligation=obligation, rang=rang, jour=echeance.jour, jour_texte=echeance.jour_texte,
        surete=echeance.surete, motif=changement.motif, annoncee_le=changement.annoncee_le,
    )  # fmt: skip
    obligation.ancien_jour = _find_ancien_jour(obligation)
    obligation.revision += 1
    obligation.save()
    donnees = {"avant": _write(avant), "apres": _write(echeance), "motif": changement.motif}
    _prove("obligation.date_changee", obligation, acteur, maintenant, donnees)
    return obligation


@transaction.atomic
def publish_obligation(*, obligation: Obligation, acteur: str, maintenant: datetime) -> Obligation:
    """Publie un brouillon. Rejouable.

    Raises:
        ObligationAnnulee, ObligationIncomplete: rien n’est changé.
    """
    obligation = _lock(obligation)
    if obligation.etat == EtatObligation.PUBLIEE:
        return obligation
    if not (obligation.reference and obligation.resume):
        raise ObligationIncomplete
    action = "obligation.publiee"
    return _set_etat(obligation, EtatObligation.PUBLIEE, action, acteur, maintenant, {})


@transaction.atomic
def cancel_obligation(
    *, obligation: Obligation, motif: str, acteur: str, maintenant: datetime
) -> Obligation:
    """Annule une obligation : elle quitte l’échéancier, sa page reste et dit pourquoi.

    Raises:
        ObligationAnnulee: elle l’est déjà.
    """
    obligation = _lock(obligation)
    obligation.motif_annulation = motif
    action = "obligation.annulee"
    donnees = {"motif": motif}
    return _set_etat(obligation, EtatObligation.ANNULEE, action, acteur, maintenant, donnees)


@transaction.atomic
def restore_obligation(*, obligation: Obligation, acteur: str, maintenant: datetime) -> Obligation:
    """Défait une annulation : l’obligation redevient un brouillon, à relire."""
    obligation = Obligation.objects.select_for_update(of=["self"]).get(pk=obligation.pk)
    if obligation.etat != EtatObligation.ANNULEE:
        return obligation
    obligation.motif_annulation = ""
    action = "obligation.retablie"
    return _set_etat(obligation, EtatObligation.BROUILLON, action, acteur, maintenant, {})


def build_recherche(obligation: Obligation) -> str:
    """Rend le texte où chercher : sans accent, mots simples."""
    morceaux = (
        obligation.titre, obligation.resume, obligation.ministere, obligation.reference,
        obligation.get_theme_display(), obligation.precision, *obligation.etapes,
        strip_forme(obligation.texte),
    )  # fmt: skip
    return normalize_nom(" ".join(morceaux))


def _lock(obligation: Obligation) -> Obligation:
    obligation = Obligation.objects.select_for_update(of=["self"]).get(pk=obligation.pk)
    if obligation.etat == EtatObligation.ANNULEE:
        raise ObligationAnnulee
    return obligation


def _set_date(obligation: Obligation, echeance: Echeance) -> None:
    obligation.jour = echeance.jour
    obligation.rang = echeance.jour.toordinal() if echeance.jour else SANS_JOUR
    obligation.jour_texte = echeance.jour_texte
    obligation.surete = echeance.surete


def _find_ancien_jour(obligation: Obligation) -> date | None:
    """La première date annoncée, si celle d’aujourd’hui est plus lointaine ou n’est plus fixée."""
    if obligation.surete == Surete.PERMANENTE:
        return None
    jours = DateEcheance.objects.filter(obligation=obligation, jour__isnull=False)
    premier = jours.order_by("rang").values_list("jour", flat=True).first()
    recule = premier and (obligation.jour is None or premier < obligation.jour)
    return premier if recule else None


def _write_publics(obligation: Obligation, publics: Iterable[Public]) -> bool:
    """Remplace le public ; rend vrai s’il a changé."""
    voulus = {p.genre: (p.population_min, p.population_max) for p in publics}
    lignes = PublicConcerne.objects.filter(obligation=obligation).order_by("pk")
    avant = {p.genre: (p.population_min, p.population_max) for p in lignes}
    if avant == voulus:
        return False
    lignes.delete()
    PublicConcerne.objects.bulk_create(
        PublicConcerne(obligation=obligation, genre=genre, population_min=bas, population_max=haut)
        for genre, (bas, haut) in voulus.items()
    )
    return True


def _set_etat(
    obligation: Obligation,
    etat: EtatObligation,
    action: str,
    acteur: str,
    maintenant: datetime,
    donnees: dict[str, Any],
) -> Obligation:
    obligation.etat = etat
    obligation.revision += 1
    obligation.save()
    _prove(action, obligation, acteur, maintenant, donnees)
    return obligation


def _write(echeance: Echeance) -> str:
    jour = echeance.jour.isoformat() if echeance.jour else "sans jour"
    return f"{jour} ({echeance.surete}){' : ' if echeance.jour_texte else ''}{echeance.jour_texte}"


def _prove(
    action: str, obligation: Obligation, acteur: str, maintenant: datetime, donnees: dict[str, Any]
) -> None:
    record(
        action=action,
        objet=obligation.objet,
        acteur=acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees=donnees,
    )
