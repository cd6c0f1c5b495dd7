"""La vie d’une campagne : une transition, une transaction, une ligne au journal."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from socle.metiers.consultations.enums import EtatCampagne, GenreCampagne, Moment
from socle.metiers.consultations.errors import (
    AdresseDejaPrise,
    DateRefusee,
    EtatInattendu,
    FormulaireFige,
    ModifieAilleurs,
    MotifManquant,
    PasPubliable,
)
from socle.metiers.consultations.models import Campagne, Prolongation
from socle.metiers.consultations.queries.controles import list_defauts
from socle.metiers.consultations.services.trace import record_action
from socle.metiers.consultations.signals import campagne_changee

PREMIERE_PAGE = {"pages": [{"id": "reponses", "titre": "Vos réponses", "champs": []}]}
# Après la publication, seuls ces champs se corrigent encore : rien de ce à quoi l’on répond.
CORRIGEABLES = frozenset({"titre", "chapo", "texte", "themes", "liens", "contact"})


@transaction.atomic
def create_campagne(
    *, slug: str, genre: GenreCampagne | str, titre: str, acteur: str, maintenant: datetime,
    **fiche: Any,
) -> Campagne:  # fmt: skip
    """Crée un brouillon, avec une page vide.

    Args:
        fiche: les autres champs de `Campagne`.

    Raises:
        AdresseDejaPrise: rien n’est créé.
    """
    fiche.setdefault("definition", PREMIERE_PAGE)
    campagne = Campagne(slug=slug, genre=genre, titre=titre, **fiche)
    try:
        with transaction.atomic():
            campagne.save(force_insert=True)
    except IntegrityError as cause:
        raise AdresseDejaPrise from cause
    record_action("consultation.creee", campagne.cle, acteur, maintenant, {"genre": genre})
    return campagne


@transaction.atomic
def copy_campagne(
    *, campagne: Campagne, slug: str, titre: str, acteur: str, maintenant: datetime
) -> Campagne:
    """Ouvre un brouillon avec la fiche et les questions d’une autre ; ni dates ni réponses.

    Raises:
        AdresseDejaPrise.
    """
    repris = (
        "chapo", "texte", "themes", "liens", "acces", "perimetre", "genres_autorites",
        "departements", "regions", "population_min", "population_max", "unite", "anonyme",
        "correction_permise", "contact", "budget", "finalite", "base_legale",
        "conservation_mois", "lecteurs", "definition",
    )  # fmt: skip
    return create_campagne(
        slug=slug, genre=campagne.genre, titre=titre, acteur=acteur, maintenant=maintenant,
        **{nom: getattr(campagne, nom) for nom in repris},
    )  # fmt: skip


@transaction.atomic
def update_campagne(
    *, campagne: Campagne, revision: int, acteur: str, maintenant: datetime, **fiche: Any
) -> bool:
    """Corrige la fiche ; rend faux si rien n’a changé.

    Raises:
        ModifieAilleurs: quelqu’un a enregistré depuis ; rien n’est écrasé.
        FormulaireFige: la campagne est publiée et ce champ engage ceux qui ont répondu.
    """
    ligne = lock_campagne(campagne, revision=revision)
    changes = sorted(nom for nom, valeur in fiche.items() if getattr(ligne, nom) != valeur)
    if not changes:
        return False
    if not ligne.is_brouillon and not set(changes) <= CORRIGEABLES:
        raise FormulaireFige(
            "La campagne est publiée : ses règles ne changent plus.",
            "Pour la clôture, prolongez-la avec un motif.",
        )
    for nom in changes:
        setattr(ligne, nom, fiche[nom])
    _save(ligne, changes)
    record_action("consultation.modifiee", ligne.cle, acteur, maintenant, {"champs": changes})
    return True


@transaction.atomic
def publish_campagne(
    *, campagne: Campagne, revision: int, acteur: str, maintenant: datetime
) -> Campagne:
    """Publie : le formulaire est figé et son empreinte va au journal.

    Raises:
        EtatInattendu, ModifieAilleurs.
        PasPubliable: avec ce qui manque.
    """
    ligne = lock_campagne(campagne, {EtatCampagne.BROUILLON}, revision=revision)
    defauts = list_defauts(ligne, maintenant=maintenant)
    if defauts:
        raise PasPubliable(defauts)
    ligne.etat, ligne.publiee_le, ligne.defaits = EtatCampagne.PUBLIEE, maintenant, []
    ligne.empreinte = hash_definition(ligne.definition)
    _save(ligne, ["etat", "publiee_le", "defaits", "empreinte"])
    _record(ligne, "consultation.publiee", acteur, maintenant, {"empreinte": ligne.empreinte})
    return ligne


@transaction.atomic
def extend_campagne(
    *, campagne: Campagne, ferme_le: datetime, motif: str, acteur: str, maintenant: datetime
) -> Campagne:
    """Repousse la clôture ; l’ancienne date et le motif restent lisibles de tous.

    Raises:
        EtatInattendu: la campagne est déjà close par l’équipe, ou n’est pas publiée.
        MotifManquant, DateRefusee.
    """
    ligne = lock_campagne(campagne, {EtatCampagne.PUBLIEE})
    if not motif.strip():
        raise MotifManquant
    if ligne.ferme_le is None or ferme_le <= ligne.ferme_le or ferme_le <= maintenant:
        raise DateRefusee
    Prolongation.objects.create(
        campagne=ligne, avant=ligne.ferme_le, apres=ferme_le, motif=motif.strip()[:500],
        acteur=acteur, instant=maintenant,
    )  # fmt: skip
    donnees = {"avant": ligne.ferme_le.isoformat(), "apres": ferme_le.isoformat()}
    ligne.ferme_le = ferme_le
    _save(ligne, ["ferme_le"])
    _record(ligne, "consultation.prolongee", acteur, maintenant, donnees)
    return ligne


@transaction.atomic
def close_campagne(*, campagne: Campagne, acteur: str, maintenant: datetime) -> Campagne:
    """Clôt : plus aucune réponse, avant sa date au besoin. Les réponses se dépouillent ensuite."""
    ligne = lock_campagne(campagne, {EtatCampagne.PUBLIEE})
    ligne.etat, ligne.close_le = EtatCampagne.CLOSE, maintenant
    _save(ligne, ["etat", "close_le"])
    _record(ligne, "consultation.close", acteur, maintenant)
    return ligne


def close_echues(*, maintenant: datetime) -> int:
    """Clôt les campagnes arrivées à leur date ; rend leur nombre. Rejouable.

    L’heure de `ferme_le` suffit à refuser un dépôt : cette tâche l’écrit, et le dit au jury.
    """
    echues = Campagne.objects.filter(etat=EtatCampagne.PUBLIEE, ferme_le__lte=maintenant)
    return sum(_close_echue(campagne, maintenant) for campagne in echues.order_by("pk"))


@transaction.atomic
def _close_echue(campagne: Campagne, maintenant: datetime) -> int:
    ligne = lock_campagne(campagne)
    if ligne.etat != EtatCampagne.PUBLIEE or ligne.find_moment(maintenant) != Moment.CLOSE:
        return 0  # prolongée ou close entre-temps
    close_campagne(campagne=ligne, acteur="systeme", maintenant=maintenant)
    return 1


@transaction.atomic
def cancel_campagne(
    *, campagne: Campagne, motif: str, acteur: str, maintenant: datetime
) -> Campagne:
    """Annule avec un motif public ; les réponses restent, jusqu’à leur effacement."""
    ligne = lock_campagne(
        campagne, {EtatCampagne.BROUILLON, EtatCampagne.PUBLIEE, EtatCampagne.CLOSE}
    )
    if not motif.strip():
        raise MotifManquant
    ligne.etat, ligne.annulee_le = EtatCampagne.ANNULEE, maintenant
    ligne.motif_annulation = motif.strip()[:500]
    _save(ligne, ["etat", "annulee_le", "motif_annulation"])
    _record(ligne, "consultation.annulee", acteur, maintenant)
    return ligne


@transaction.atomic
def archive_campagne(*, campagne: Campagne, acteur: str, maintenant: datetime) -> Campagne:
    """Range une campagne dont les résultats sont publiés ; sa synthèse reste lisible."""
    ligne = lock_campagne(campagne, {EtatCampagne.DEPOUILLEE})
    ligne.etat, ligne.archivee_le = EtatCampagne.ARCHIVEE, maintenant
    _save(ligne, ["etat", "archivee_le"])
    _record(ligne, "consultation.archivee", acteur, maintenant)
    return ligne


def lock_campagne(
    campagne: Campagne, etats: Collection[EtatCampagne] = (), *, revision: int | None = None
) -> Campagne:
    """Verrouille la campagne, dans l’un de ces états, à cette révision.

    Raises:
        EtatInattendu, ModifieAilleurs.
    """
    ligne = Campagne.objects.select_for_update(of=["self"]).get(pk=campagne.pk)
    if etats and ligne.etat not in etats:
        raise EtatInattendu
    if revision is not None and ligne.revision != revision:
        raise ModifieAilleurs
    return ligne


def hash_definition(definition: dict[str, Any]) -> str:
    """Empreinte SHA-256 du formulaire, clés triées."""
    texte = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()


def _save(ligne: Campagne, champs: Collection[str]) -> None:
    ligne.revision += 1
    ligne.save(update_fields=[*champs, "revision", "modifie_le"])


def _record(
    ligne: Campagne, action: str, acteur: str, maintenant: datetime,
    donnees: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    record_action(action, ligne.cle, acteur, maintenant, donnees)
    campagne_changee.send(
        sender=Campagne, campagne=ligne, etat=EtatCampagne(ligne.etat), acteur=acteur,
        maintenant=maintenant,
    )  # fmt: skip
