"""Écritures sans détour : le chemin chaud ne refait pas le SQL de Django à chaque ligne.

`insert(Evenement(...))` écrit ce qu’écrirait `Evenement.objects.create(...)`, trois fois moins
cher : le texte de l’instruction est gardé par modèle. `update(dossier, "accuse_id")` écrit ce
qu’écrirait `dossier.save(update_fields=["accuse_id"])`. Aucun signal n’est émis ; Socle n’en suit
aucun.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault, RawSQL

Modele = TypeVar("Modele", bound=Model)


def insert(objet: Modele) -> Modele:
    """Insère un objet neuf et le rend ; ce que la base décide (clé, défaut) y est mis.

    Raises:
        IntegrityError: une contrainte refuse la ligne.
    """
    rendus = tuple(
        champ.attname for champ in objet._meta.local_concrete_fields if _is_rendu(objet, champ)
    )
    sql, champs = _compose(type(objet), rendus)
    valeurs = [champ.get_db_prep_save(champ.pre_save(objet, True), connection) for champ in champs]
    with connection.cursor() as curseur:
        curseur.execute(sql, valeurs)
        if rendus:
            for nom, valeur in zip(rendus, curseur.fetchone(), strict=True):
                setattr(objet, nom, valeur)
    objet._state.adding = False  # noqa: SLF001  la ligne existe, posée par l’instruction
    objet._state.db = "default"  # noqa: SLF001
    return objet


def update(objet: Model, *noms: str) -> None:
    """Écrit ces champs d’un objet lu en base ; l’un d’eux peut porter un `RawSQL`.

    Raises:
        DatabaseError: la ligne n’est plus là, ou n’est pas au locataire.
        IntegrityError: une contrainte refuse la ligne.
    """
    meta: Any = objet._meta
    quote = connection.ops.quote_name
    places: list[str] = []
    valeurs: list[Any] = []
    for champ in map(meta.get_field, noms):
        valeur = champ.pre_save(objet, False)
        brute = isinstance(valeur, RawSQL)
        places.append(f"{quote(champ.column)} = {valeur.sql if brute else '%s'}")
        valeurs += valeur.params if brute else [champ.get_db_prep_save(valeur, connection)]
    sql = f"UPDATE {quote(meta.db_table)} SET {', '.join(places)}"  # noqa: S608
    with connection.cursor() as curseur:
        curseur.execute(f"{sql} WHERE {quote(meta.pk.column)} = %s", [*valeurs, objet.pk])
        if curseur.rowcount != 1:
            raise DatabaseError(f"{meta.label} : aucune ligne à mettre à jour.")


def _is_rendu(objet: Model, champ: "Field[object, object]") -> bool:
    valeur = objet.__dict__.get(champ.attname)
    return isinstance(valeur, DatabaseDefault) or (champ.primary_key and valeur is None)


@cache
def _compose(
    modele: type[Model], rendus: tuple[str, ...]
) -> tuple[str, "tuple[Field[object, object], ...]"]:
    meta: Any = modele._meta
    champs = tuple(c for c in meta.local_concrete_fields if c.attname not in rendus)
    quote = connection.ops.quote_name
    colonnes = ", ".join(quote(champ.column) for champ in champs)
    places = ", ".join(["%s"] * len(champs))
    sql = f"INSERT INTO {quote(meta.db_table)} ({colonnes}) VALUES ({places})"  # noqa: S608
    if rendus:
        noms = (meta.get_field(nom).column for nom in rendus)
        sql += f" RETURNING {', '.join(map(quote, noms))}"
    return sql, champs
