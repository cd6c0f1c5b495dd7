"""Écrire, publier, retirer : les mêmes gestes pour un article et pour un évènement."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.text import slugify

from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.journal.services import record
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.diffusion.enums import EtatParution
from socle.metiers.diffusion.errors import DejaPublie, FicheIncomplete, ModifieEntreTemps
from socle.metiers.diffusion.models.article import Parution

Objet = TypeVar("Objet", bound=Parution)
ADRESSES_RESERVEES = frozenset({"integrer", "partager", "nouveau", "confirmer", "place"})
SLUG_MAX = 80


@transaction.atomic
def save_parution(
    *, objet: Objet, champs: dict[str, Any], revision: int, acteur: str, maintenant: datetime
) -> Objet:
    """Crée un brouillon, ou corrige une fiche ; sans changement, n’écrit rien.

    Args:
        champs: nom du champ → valeur.
        revision: celle que la personne avait sous les yeux ; ignorée à la création.

    Raises:
        ModifieEntreTemps: quelqu’un l’a enregistrée depuis.
    """
    neuf = objet.pk is None
    if not neuf:
        objet = lock_parution(objet, revision)
    changes = [nom for nom, valeur in champs.items() if neuf or getattr(objet, nom) != valeur]
    if not changes:
        return objet
    for nom in changes:
        setattr(objet, nom, champs[nom])
    if neuf and not objet.slug:
        objet.slug = make_slug(type(objet), objet.titre)
    morceaux = (objet.titre, objet.resume, strip_forme(objet.texte))
    objet.recherche = normalize_nom(" ".join(morceaux))
    objet.revision += 1
    objet.save()
    geste = "cree" if neuf else "change"
    prove_parution(objet, geste, acteur, maintenant, {"champs": sorted(changes)})
    return objet


@transaction.atomic
def publish_parution(*, objet: Objet, revision: int, acteur: str, maintenant: datetime) -> Objet:
    """Rend une fiche publique ; republiée, elle garde sa première date.

    Raises:
        ModifieEntreTemps: quelqu’un l’a enregistrée depuis.
        DejaPublie: rien n’est changé.
        FicheIncomplete: il manque le résumé ou le texte.
    """
    objet = lock_parution(objet, revision)
    if objet.est_publie:
        raise DejaPublie
    if not (objet.resume.strip() and objet.texte.strip()):
        raise FicheIncomplete
    objet.etat = EtatParution.PUBLIE
    objet.motif_retrait = ""
    objet.publie_le = objet.publie_le or maintenant
    objet.revision += 1
    objet.save()
    prove_parution(objet, "publie", acteur, maintenant, {})
    return objet


@transaction.atomic
def withdraw_parution(
    *, objet: Objet, motif: str, revision: int, acteur: str, maintenant: datetime
) -> Objet:
    """Retire une fiche publiée, en disant pourquoi ; rien n’est effacé.

    Raises:
        ModifieEntreTemps: quelqu’un l’a enregistrée depuis.
        DejaPublie: elle n’est pas publiée.
    """
    objet = lock_parution(objet, revision)
    if not objet.est_publie:
        raise DejaPublie(suite="Elle n’est pas publiée.")
    objet.etat, objet.motif_retrait = EtatParution.RETIRE, motif
    objet.revision += 1
    objet.save()
    prove_parution(objet, "retire", acteur, maintenant, {"motif": motif})
    return objet


def lock_parution(objet: Objet, revision: int) -> Objet:
    """Relit la fiche sous verrou et compare sa révision."""
    classe: Any = type(objet)
    verrouille: Objet = classe.objects.select_for_update(of=["self"]).get(pk=objet.pk)
    if verrouille.revision != revision:
        raise ModifieEntreTemps
    return verrouille


def make_slug(modele: type[Parution], titre: str) -> str:
    """Rend un nom d’adresse libre, tiré du titre."""
    base = slugify(titre)[: SLUG_MAX - 5].strip("-") or "sans-titre"
    classe: Any = modele
    pris = set(classe.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    pris |= ADRESSES_RESERVEES
    return next(
        slug for rang in range(1, len(pris) + 2)
        if (slug := base if rang == 1 else f"{base}-{rang}") not in pris
    )  # fmt: skip


def prove_parution(
    objet: Parution, geste: str, acteur: str, maintenant: datetime, donnees: dict[str, Any]
) -> None:
    """Écrit la ligne du journal."""
    cle: str = objet.cle  # type: ignore[attr-defined]
    record(
        action=f"{cle.partition(':')[0]}.{geste}", objet=cle, acteur=acteur, collectivite_id=None,
        maintenant=maintenant, donnees=donnees,
    )  # fmt: skip
