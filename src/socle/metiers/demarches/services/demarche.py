"""Créer une démarche, tenir sa fiche à jour."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, transaction

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.collectivites.services import build_slug
from socle.fondations.commun import verrou
from socle.fondations.comptes.models import Compte
from socle.metiers.demarches.enums import EtatDemarche, choose_autorite
from socle.metiers.demarches.errors import CheminDejaPris, FicheIncomplete, FicheModifieeAilleurs
from socle.metiers.demarches.models import Demarche, Version
from socle.metiers.demarches.queries import find_suite_fiche
from socle.metiers.demarches.services.controles import list_defauts_fiche
from socle.metiers.demarches.services.suivi import record_action

RECHERCHE = (
    SearchVector("titre", "mots_cles", config="fr", weight="A")
    + SearchVector("resume", "public", config="fr", weight="B")
    + SearchVector("description", config="fr", weight="C")
)


@transaction.atomic
def create_demarche(
    *,
    collectivite: Collectivite,
    titre: str,
    agent: Compte,
    maintenant: datetime,
    definition: dict[str, Any] | None = None,
    **fiche: Any,
) -> Demarche:
    """Crée une démarche en brouillon, avec un formulaire vide ou celui donné.

    Raises:
        CheminDejaPris: l’adresse demandée sert déjà.
    """
    fiche.setdefault("chemin", _find_chemin_libre(collectivite, titre))
    fiche["autorite"] = choose_autorite(fiche.get("autorite", ""), collectivite.genre)
    try:
        with transaction.atomic():
            demarche = Demarche.objects.create(collectivite=collectivite, titre=titre, **fiche)
    except IntegrityError as cause:
        raise CheminDejaPris from cause
    Version.objects.create(
        collectivite=collectivite, demarche=demarche, numero=1, definition=definition or {}
    )
    _update_recherche(demarche)
    record_action(demarche, "demarche.creee", agent, maintenant)
    return demarche


@transaction.atomic
def update_demarche(
    *,
    demarche: Demarche,
    agent: Compte,
    maintenant: datetime,
    empreinte: str = "",
    onglet: str = "",
    garde: bool = False,
    **fiche: Any,
) -> Demarche:
    """Change la fiche (jamais l’état ni le formulaire).

    Args:
        empreinte: `compute_empreinte` de la fiche que la personne a vue ; vide pour ne pas
            comparer.
        onglet: nom de la page, si elle enregistre au fil de la saisie ; elle se suit elle-même.
        garde: vrai si elle reste ouverte et enregistrera encore.

    Raises:
        FicheModifieeAilleurs: la fiche a changé depuis.
        FicheIncomplete: la démarche est en ligne et il lui manquerait une mention obligatoire.
        CheminDejaPris: l’adresse demandée sert déjà.
    """
    actuelle = (
        Demarche.objects.select_for_update(of=["self"])
        .select_related("service", "regle")
        .get(pk=demarche.pk)
    )
    valeurs = verrou.read_valeurs(actuelle, *fiche)
    suite = find_suite_fiche(actuelle, onglet)
    if suite is None:
        verrou.check_empreinte(valeurs, empreinte or None, FicheModifieeAilleurs)
    for champ, valeur in fiche.items():
        setattr(actuelle, champ, valeur)
    if actuelle.etat == EtatDemarche.PUBLIEE and (defauts := list_defauts_fiche(actuelle)):
        raise FicheIncomplete(defauts)
    try:
        with transaction.atomic():
            actuelle.save(update_fields=[*fiche, "modifie_le"])
    except IntegrityError as cause:
        raise CheminDejaPris from cause
    _update_recherche(actuelle)
    nouvelles = verrou.read_valeurs(actuelle, *fiche)
    changes = {nom for nom, valeur in nouvelles.items() if valeur != valeurs[nom]}
    _record_fiche(actuelle, agent, maintenant, changes, suite, onglet if garde else "")
    return actuelle


def _record_fiche(
    demarche: Demarche,
    agent: Compte,
    maintenant: datetime,
    changes: set[str],
    suite: set[str] | None,
    onglet: str,
) -> None:
    """Écrit au journal quels champs ont changé.

    Au fil de la saisie, une ligne quand la page touche un champ de plus, jamais une par frappe :
    au pire, une par champ. Un enregistrement demandé s’écrit toujours, sauf s’il ne change rien à
    ce que sa page avait déjà gardé ; sa ligne ne porte pas d’onglet, et clôt la page.

    Args:
        suite: champs que cette page a déjà fait noter ; None si elle ne se suit pas.
        onglet: page qui reste ouverte ; vide pour un enregistrement demandé.
    """
    notes = suite or set()
    if not (changes - notes if onglet else changes or suite is None):
        return
    donnees: dict[str, Any] = {"champs": sorted(changes | notes)}
    if onglet:
        donnees["onglet"] = onglet
    record_action(demarche, "demarche.modifiee", agent, maintenant, donnees)


def compute_empreinte(demarche: Demarche, *champs: str) -> str:
    """Rend l’empreinte de ces champs de la fiche, pour voir un changement fait ailleurs."""
    return verrou.compute_empreinte(verrou.read_valeurs(demarche, *champs))


def _find_chemin_libre(collectivite: Collectivite, titre: str) -> str:
    base = build_slug(titre)[:90] or "demarche"
    pris = set(
        Demarche.objects.filter(collectivite=collectivite, chemin__startswith=base).values_list(
            "chemin", flat=True
        )
    )
    candidats = [base, *(f"{base}-{n}" for n in range(2, len(pris) + 3))]
    return next(chemin for chemin in candidats if chemin not in pris)


def _update_recherche(demarche: Demarche) -> None:
    Demarche.objects.filter(pk=demarche.pk).update(recherche=RECHERCHE)
