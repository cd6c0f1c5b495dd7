"""Le locataire de la transaction : la collectivité que la base laisse voir, et elle seule.

Chaque table de collectivité porte une politique de sécurité par ligne (voir `rls`) qui compare
`collectivite_id` à la variable `socle.collectivite`. La variable est posée par `SET LOCAL` : elle
meurt avec la transaction, donc ne fuit jamais vers la requête suivante d’une connexion gardée.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction

_collectivite: ContextVar[int | None] = ContextVar("collectivite", default=None)
_personne: ContextVar[int | None] = ContextVar("personne", default=None)
_est_operateur: ContextVar[bool] = ContextVar("est_operateur", default=False)
Vue = TypeVar("Vue", bound=Callable[..., object])


def current_collectivite_id() -> int | None:
    """Rend la collectivité ouverte par `locataire`, ou None."""
    return _collectivite.get()


@contextmanager
def locataire(collectivite_id: int | None, *, personne_id: int | None = None) -> Iterator[None]:
    """Ouvre une transaction (ou un point de reprise) au nom d’une collectivité.

    Args:
        collectivite_id: la collectivité vue ; None n’en montre aucune.
        personne_id: le compte dont on peut lire les tables tenues par personne.
    """
    avant = _collectivite.get(), _personne.get()
    apres = collectivite_id, personne_id if personne_id is not None else avant[1]
    imbrique = connection.in_atomic_block
    with _prepend(() if imbrique else _compose_variables(*apres)), transaction.atomic():
        if imbrique and avant != apres:
            _add_attente(_compose_variables(*apres))
        jetons = _collectivite.set(apres[0]), _personne.set(apres[1])
        try:
            yield
        finally:
            _collectivite.reset(jetons[0])
            _personne.reset(jetons[1])
        if imbrique and avant != apres and not connection.needs_rollback:
            # `SET LOCAL` survit à la fin d’un point de reprise
            _add_attente(_compose_variables(*avant))


@contextmanager
def _prepend(instructions: tuple[str, ...]) -> Iterator[None]:
    """Fait partir ces instructions avec `BEGIN` ; rien n’en reste pour une autre transaction."""
    base: Any = connection
    base.prelude = instructions
    try:
        yield
    finally:
        base.prelude = ()


def _add_attente(instructions: tuple[str, ...]) -> None:
    """Fait partir ces instructions avec la prochaine."""
    base: Any = connection
    base.attente.extend(instructions)


@contextmanager
def personne(compte_id: int) -> Iterator[None]:
    """Ouvre une transaction qui voit les tables tenues par cette personne."""
    with locataire(_collectivite.get(), personne_id=compte_id):
        yield


@contextmanager
def operateur() -> Iterator[None]:
    """Ouvre une transaction sous le rôle de l’opérateur, qui voit toutes les collectivités.

    À réserver à l’opérateur et aux travaux qui traversent les collectivités : chaque emploi
    est relu. Le rôle d’avant revient à la sortie ; une erreur l’emporte avec la transaction.
    """
    jeton = _est_operateur.set(True)
    try:
        with transaction.atomic():
            _execute(f'SET LOCAL ROLE "{settings.ROLE_OPERATEUR}"')
            yield
            if jeton.old_value is not True:
                _execute(f'SET LOCAL ROLE "{settings.ROLE_APP}"')
    finally:
        _est_operateur.reset(jeton)


def hors_transaction(vue: Vue) -> Vue:
    """Marque une vue qui parle au réseau : le middleware ne lui ouvre pas de transaction.

    La vue ouvre elle-même un court `locataire(...)`, après le réseau.
    """
    vue.hors_transaction = True  # type: ignore[attr-defined]
    return vue


def _compose_variables(collectivite_id: int | None, personne_id: int | None) -> tuple[str, ...]:
    return (
        f"SET LOCAL socle.collectivite = '{_literal(collectivite_id)}'",
        f"SET LOCAL socle.personne = '{_literal(personne_id)}'",
    )


def _literal(valeur: int | None) -> str:
    return "" if valeur is None else str(int(valeur))


def _execute(instruction: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute(instruction)
