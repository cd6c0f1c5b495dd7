"""Lecture des nœuds par tuiles de 256 : une preuve lit quelques tuiles, jamais tout l’arbre.

On conserve les feuilles (niveau 0) et les nœuds complets des niveaux 8, 16, 24… Les niveaux entre
deux se recalculent en quelques microsecondes. Une preuve dans un arbre de seize millions
d’entrées lit trois tuiles.

Source: C2SP tlog-tiles, dont le découpage est repris.
"""

from collections.abc import Callable, Sequence

from socle.normes.preuve.bord import PAS
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.merkle import (
    Plage,
    hash_noeud,
    hash_plage,
    list_plages_coherence,
    list_plages_inclusion,
)

LARGEUR = 1 << PAS
LireTuile = Callable[[int, int], Sequence[bytes]]
"""`lire(niveau, numero)` : nœuds conservés de ce niveau, d’indices numero·256 à numero·256 + 255 ;
moins de 256 au bord droit. Le niveau vaut 0, 8, 16…"""


class Tuiles:
    """Preuves d’un arbre rangé par tuiles ; chaque tuile n’est lue qu’une fois."""

    def __init__(self, lire: LireTuile) -> None:
        self._lire = lire
        self._lues: dict[tuple[int, int], Sequence[bytes]] = {}

    def read_noeud(self, niveau: int, indice: int) -> bytes:
        """Empreinte d’un sous-arbre complet.

        Raises:
            PreuveInvalide: un nœud attendu n’est pas conservé.
        """
        base = niveau - niveau % PAS
        nombre = 1 << niveau - base
        numero, debut = divmod(indice * nombre, LARGEUR)
        noeuds = list(self._read_tuile(base, numero)[debut : debut + nombre])
        if len(noeuds) != nombre:
            raise PreuveInvalide("Un nœud de l’arbre manque.")
        while len(noeuds) > 1:
            noeuds = [hash_noeud(*noeuds[i : i + 2]) for i in range(0, len(noeuds), 2)]
        return noeuds[0]

    def compute_racine(self, taille: int) -> bytes:
        """Racine de l’arbre quand il avait `taille` entrées."""
        return hash_plage(self.read_noeud, 0, taille)

    def build_inclusion(self, indice: int, taille: int) -> list[bytes]:
        """Chemin d’inclusion de l’entrée `indice` dans l’arbre de `taille` entrées."""
        return self._hash_plages(list_plages_inclusion(indice, taille))

    def build_coherence(self, ancienne: int, taille: int) -> list[bytes]:
        """Preuve que l’arbre de `taille` entrées prolonge celui d’`ancienne` entrées."""
        return self._hash_plages(list_plages_coherence(ancienne, taille))

    def _hash_plages(self, plages: list[Plage]) -> list[bytes]:
        return [hash_plage(self.read_noeud, *plage) for plage in plages]

    def _read_tuile(self, niveau: int, numero: int) -> Sequence[bytes]:
        cle = niveau, numero
        if cle not in self._lues:
            self._lues[cle] = self._lire(niveau, numero)
        return self._lues[cle]


class ArbreEnMemoire(Tuiles):
    """Arbre gardé en mémoire, pour les petits arbres et les essais."""

    def __init__(self, feuilles: Sequence[bytes]) -> None:
        super().__init__(self._slice_tuile)
        self._niveaux: dict[int, Sequence[bytes]] = {0: feuilles}
        niveau = list(feuilles)
        hauteur = 0
        while len(niveau) > 1:
            niveau = [hash_noeud(*niveau[i : i + 2]) for i in range(0, len(niveau) - 1, 2)]
            hauteur += 1
            if hauteur % PAS == 0:
                self._niveaux[hauteur] = niveau
        self.taille = len(feuilles)

    @property
    def racine(self) -> bytes:
        """Racine de l’arbre entier."""
        return self.compute_racine(self.taille)

    def _slice_tuile(self, niveau: int, numero: int) -> Sequence[bytes]:
        return self._niveaux.get(niveau, ())[numero * LARGEUR : (numero + 1) * LARGEUR]
