"""Les lignes d’un fichier, écrites une fois par changement et gardées par chaque processus.

Trois mille obligations changent une à une : les récrire toutes à chaque lecture prendrait les deux
tiers du temps d’un fichier. Une ligne gardée vaut pour un jour, puisqu’elle dit l’état du jour.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from socle.metiers.echeancier.queries.fichiers import read_cles, read_toutes
from socle.metiers.echeancier.queries.obligations import FICHIER_MAX, Criteres
from socle.metiers.echeancier.queries.profils import Public

Publics = Mapping[int, Sequence[Public]]
Ecriture = Callable[[Sequence[Any], Publics, date], Iterable[bytes]]
RIEN = ("", b"")
GARDEES_MAX = 4 * FICHIER_MAX


class Lignes:
    """Ce que `ecrit` fait de chaque obligation, par sa clé et son dernier changement."""

    def __init__(self, champs: tuple[str, ...], ecrit: Ecriture) -> None:
        self.champs = (*champs, "changee") if "changee" not in champs else champs
        self._ecrit = ecrit
        self._jour: tuple[object, ...] = ()
        self._gardees: dict[int, tuple[str, bytes]] = {}

    def read(self, criteres: Criteres, aujourdhui: date) -> list[bytes]:
        """Rend les lignes du filtre, dans l’ordre des pages ; n’écrit que celles qui manquent."""
        gardees = self._open(aujourdhui)
        cles = read_cles(criteres, aujourdhui=aujourdhui)
        lignes = {
            pk: garde[1] for pk, quand in cles if (garde := gardees.get(pk, RIEN))[0] == quand
        }
        if len(lignes) < len(cles):
            manquent = [pk for pk, _ in cles if pk not in lignes]
            neuves = self._write(manquent, criteres, aujourdhui)
            gardees |= neuves
            lignes |= {pk: ligne for pk, (_, ligne) in neuves.items()}
        return [lignes[pk] for pk, _ in cles if pk in lignes]  # l’une a pu partir entre-temps

    def _open(self, aujourdhui: date) -> dict[int, tuple[str, bytes]]:
        """Rend ce qui est gardé pour ce jour ; hier ne sert plus, ni un trop-plein."""
        jour = (aujourdhui, settings.ADRESSE)
        if jour != self._jour or len(self._gardees) > GARDEES_MAX:
            self._jour, self._gardees = jour, {}
        return self._gardees

    def _write(
        self, pks: list[int], criteres: Criteres, aujourdhui: date
    ) -> dict[int, tuple[str, bytes]]:
        lues, publics = read_toutes(criteres, aujourdhui=aujourdhui, champs=self.champs, parmi=pks)
        ecrites = self._ecrit(lues, publics, aujourdhui)
        return {lue.pk: (lue.changee, ligne) for lue, ligne in zip(lues, ecrites, strict=True)}
