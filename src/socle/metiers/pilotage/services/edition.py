"""Écrire un objet du programme : un verrou de révision, une ligne d’histoire, une au journal."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from socle.fondations.comptes.models import Compte
from socle.fondations.journal.services import record
from socle.metiers.pilotage.enums import GenreChangement
from socle.metiers.pilotage.errors import CodeDejaPris, ModifieEntreTemps
from socle.metiers.pilotage.models import Modification, ObjetDuProgramme

Objet = TypeVar("Objet", bound=ObjetDuProgramme)


@dataclass(frozen=True, slots=True)
class Origine:
    """Ce qui change un objet sans qu’une personne l’écrive : une décision prise."""

    nom_affiche: str  # « Décision n° 12 »
    acteur: str = "systeme"


Auteur = Compte | Origine


def get_compte(par: Auteur) -> Compte | None:
    return par if isinstance(par, Compte) else None


@transaction.atomic
def save_objet(
    *, objet: Objet, champs: dict[str, Any], revision: int, par: Auteur, maintenant: datetime
) -> Objet:
    """Crée ou modifie un objet ; sans changement, n’écrit rien.

    Args:
        champs: nom du champ → valeur.
        revision: celle que la personne avait sous les yeux ; ignorée à la création.

    Raises:
        ModifieEntreTemps: quelqu’un l’a enregistré depuis.
        CodeDejaPris: un autre objet a ce numéro ou cette adresse.
    """
    neuf = objet.pk is None
    if not neuf:
        objet = lock_objet(objet, revision)
    changes = list_changes(objet, champs, neuf=neuf)
    if not changes:
        return objet
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    objet.revision += 1
    try:
        with transaction.atomic():
            objet.save()
    except IntegrityError as cause:
        raise CodeDejaPris from cause
    genre = GenreChangement.CREE if neuf else GenreChangement.CHANGE
    write_histoire(objet, genre, par, maintenant, changes)
    return objet


@transaction.atomic
def set_retrait(
    *, objet: Objet, retire: bool, revision: int, par: Compte, maintenant: datetime
) -> Objet:
    """Retire un objet des pages publiques, ou l’y remet ; rien n’est détruit.

    Raises:
        ModifieEntreTemps: quelqu’un l’a enregistré depuis.
        CodeDejaPris: un autre objet a pris sa place.
    """
    objet = lock_objet(objet, revision)
    if objet.retire == retire:
        return objet
    objet.retire = retire
    objet.revision += 1
    try:
        with transaction.atomic():
            objet.save(update_fields=["retire", "revision", "modifie_le"])
    except IntegrityError as cause:
        raise CodeDejaPris from cause
    genre = GenreChangement.RETIRE if retire else GenreChangement.RETABLI
    write_histoire(objet, genre, par, maintenant, {})
    return objet


def lock_objet(objet: Objet, revision: int) -> Objet:
    """Relit l’objet sous verrou et compare sa révision."""
    verrouille: Objet = type(objet).objects.select_for_update(of=["self"]).get(pk=objet.pk)
    if verrouille.revision != revision:
        raise ModifieEntreTemps
    return verrouille


def write_histoire(
    objet: ObjetDuProgramme,
    genre: GenreChangement,
    par: Auteur,
    maintenant: datetime,
    changes: dict[str, list[Any]],
) -> None:
    """Écrit la ligne d’histoire, et celle du journal qui la prouve."""
    cle: str = objet.cle  # type: ignore[attr-defined]
    Modification.objects.create(
        cle=cle, genre=genre, faite_le=maintenant, par=get_compte(par), par_nom=par.nom_affiche,
        champs=changes,
    )  # fmt: skip
    record(
        action=f"programme.{genre.value}",
        objet=cle,
        acteur=par.acteur,
        collectivite_id=None,
        maintenant=maintenant,
        donnees={"champs": sorted(changes)},
    )


def list_changes(
    objet: ObjetDuProgramme, champs: dict[str, Any], *, neuf: bool
) -> dict[str, list[Any]]:
    changes = {}
    for nom, valeur in champs.items():
        avant = None if neuf else getattr(objet, nom)
        if neuf or avant != valeur:
            changes[nom] = [_write(avant), _write(valeur)]
    return changes


def _write(valeur: Any) -> Any:
    """Valeur lisible dans l’histoire : date ISO, nombre en texte, titre d’un objet lié."""
    if isinstance(valeur, date | Decimal):
        return str(valeur)
    if isinstance(valeur, ObjetDuProgramme):
        return str(valeur)
    return valeur
