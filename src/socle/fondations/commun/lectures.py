"""Lectures composées une fois : le chemin chaud ne refait pas le SQL à chaque page.

Composer la lecture d’un dossier (quatre tables, soixante-dix colonnes) coûte à Django dix fois son
exécution. Une `Lecture` garde le SQL composé pour tout le processus, et PostgreSQL le garde préparé
sur chaque connexion. Elle rend les mêmes objets que la requête qu’on lui donne.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models import query as requetes
from django.db.transaction import TransactionManagementError

Modele = TypeVar("Modele", bound=Model)


class Parametre(Expression):
    """Une valeur que donnera chaque appel : `filter(numero=Parametre("numero"))`."""

    def __init__(self, nom: str) -> None:
        super().__init__()
        self.nom = nom

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)


class Lecture(Generic[Modele]):
    """Requête que seules ses valeurs distinguent d’un appel à l’autre.

        DOSSIER = Lecture(lambda: Dossier.objects.filter(numero=Parametre("numero")))
        DOSSIER.first(numero=44171)

    Les valeurs vont telles quelles à PostgreSQL : un entier, une chaîne, un UUID, une date.

    Args:
        compose: rend la requête ; appelée une fois, au premier emploi.
    """

    def __init__(self, compose: Callable[[], QuerySet[Modele]]) -> None:
        self._compose = compose
        self._plan: _Plan[Modele] | None = None

    def fetch(self, **valeurs: Any) -> list[Modele]:
        """Rend les objets lus.

        Raises:
            KeyError: une valeur attendue manque.
        """
        plan = self._plan
        if plan is None:
            plan = self._plan = _compose_plan(self._compose())
        if plan.verrouille and connection.get_autocommit():
            raise TransactionManagementError("Une lecture qui verrouille demande une transaction.")
        lignes = connection.fetch_prepared(  # type: ignore[attr-defined]
            plan.sql, [valeurs[nom] for nom in plan.noms]
        )
        return [plan.build(ligne) for ligne in lignes]

    def first(self, **valeurs: Any) -> Modele | None:
        """Rend le premier objet lu, ou None."""
        return next(iter(self.fetch(**valeurs)), None)


@dataclass(frozen=True, slots=True)
class _Plan(Generic[Modele]):
    """Requête composée : son SQL, et de quoi refaire un objet d’une ligne.

    Suit `django.db.models.query.ModelIterable`, préparatifs faits une fois pour toutes.
    """

    sql: str
    noms: tuple[str, ...]
    verrouille: bool
    modele: type[Modele]
    champs: list[str]
    debut: int
    convertit: list[tuple[int, Any, list[Callable[..., Any]]]]
    relations: list[Any]
    annotations: dict[str, int]

    def build(self, ligne: tuple[Any, ...]) -> Modele:
        valeurs = list(ligne)
        for rang, expression, convertisseurs in self.convertit:
            for convertit in convertisseurs:
                valeurs[rang] = convertit(valeurs[rang], expression, connection)
        fin = self.debut + len(self.champs)
        objet = self.modele.from_db("default", self.champs, valeurs[self.debut : fin])
        for relation in self.relations:
            relation.populate(valeurs, objet)
        for nom, rang in self.annotations.items():
            setattr(objet, nom, valeurs[rang])
        return objet


def _compose_plan(requete: QuerySet[Modele]) -> _Plan[Modele]:
    """Compose une requête de modèles, annotations et tables jointes comprises."""
    populators: Any = requetes.get_related_populators
    compilateur: Any = requete.query.get_compiler(connection=connection)
    sql, parametres = compilateur.as_sql()
    colonnes = compilateur.select
    rangs = compilateur.klass_info["select_fields"]
    convertit = compilateur.get_converters([colonne[0] for colonne in colonnes])
    return _Plan(
        sql=_number_parametres(sql, parametres),
        noms=_list_noms(parametres),
        verrouille=requete.query.select_for_update,
        modele=compilateur.klass_info["model"],
        champs=[colonnes[rang][0].target.attname for rang in rangs],
        debut=rangs[0],
        convertit=[
            (rang, vers[1], vers[0]) for rang, vers in sorted(convertit.items(), key=itemgetter(0))
        ],
        relations=populators(compilateur.klass_info, colonnes, "default"),
        annotations=compilateur.annotation_col_map or {},
    )


def _list_noms(parametres: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(p.nom for p in parametres if isinstance(p, Parametre))


def _number_parametres(sql: str, parametres: tuple[Any, ...]) -> str:
    """Met `$1`, `$2`… aux places que l’appel remplira, et les constantes en toutes lettres."""
    places, rang = [], 0
    with connection.cursor() as curseur:
        for parametre in parametres:
            if isinstance(parametre, Parametre):
                rang += 1
                places.append(f"${rang}")
            else:
                places.append(curseur.mogrify("%s", [parametre]))
    return sql % tuple(places)
