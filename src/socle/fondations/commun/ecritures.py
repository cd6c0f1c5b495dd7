"""Insertions composées une fois : le chemin chaud ne refait pas le SQL à chaque ligne.

`insert(Evenement(...))` écrit ce qu’écrirait `Evenement.objects.create(...)`, trois fois moins
cher : le texte de l’instruction est gardé par modèle. Aucun signal n’est émis ; Socle n’en suit
aucun.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault

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
