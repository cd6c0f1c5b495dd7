"""Bord droit d’un arbre : tout ce qu’il faut garder pour ajouter des entrées, et rien d’autre.

Un arbre d’un million d’entrées tient en vingt empreintes au plus. On y ajoute un lot sans relire
ce qui précède, et les nœuds complets apparaissent au passage (un sur 256 est conservé, `tuiles`).

Source: RFC 6962, §2.1 ; « compact range », transparency-dev.
"""

from collections.abc import Iterable
from hashlib import sha256

from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.merkle import RACINE_VIDE, TAILLE_EMPREINTE, hash_noeud

PAS = 8
"""Les nœuds des niveaux 8, 16, 24… sont conservés : une tuile couvre 2^8 nœuds."""

NoeudConserve = tuple[int, int, bytes]
"""(niveau, indice, empreinte)."""


class Bord:
    """Bord droit d’un arbre de `taille` entrées : un sous-arbre complet par bit à un.

    Attributes:
        taille: nombre d’entrées.
        sommets: empreintes des sous-arbres complets, du plus grand (à gauche) au plus petit.
    """

    def __init__(self, taille: int = 0, sommets: Iterable[bytes] = ()) -> None:
        self.taille = taille
        self.sommets = list(sommets)
        if taille < 0 or len(self.sommets) != taille.bit_count():
            raise PreuveInvalide("Le bord de l’arbre ne correspond pas à sa taille.")
        if any(len(sommet) != TAILLE_EMPREINTE for sommet in self.sommets):
            raise PreuveInvalide("Le bord de l’arbre contient une empreinte mal formée.")

    @classmethod
    def from_octets(cls, taille: int, octets: bytes) -> "Bord":
        """Relit un bord écrit par `to_octets`."""
        return cls(taille, split_empreintes(octets))

    def to_octets(self) -> bytes:
        """Écrit les sommets bout à bout, 32 octets chacun."""
        return b"".join(self.sommets)

    def extend(self, feuilles: Iterable[bytes]) -> list[NoeudConserve]:
        """Ajoute des empreintes de feuilles et rend les nœuds à conserver, dans l’ordre.

        Environ une microseconde par feuille : la boucle est écrite pour cela.
        """
        taille, sommets, conserves = self.taille, self.sommets, []
        for feuille in feuilles:
            courant, reste, niveau = feuille, taille, 0
            while reste & 1:
                courant = sha256(b"\1" + sommets.pop() + courant).digest()
                reste >>= 1
                niveau += 1
                if niveau % PAS == 0:
                    conserves.append((niveau, taille >> niveau, courant))
            sommets.append(courant)
            taille += 1
        self.taille = taille
        return conserves

    @property
    def racine(self) -> bytes:
        """Racine de l’arbre (celle de l’arbre vide est l’empreinte de rien)."""
        if not self.sommets:
            return RACINE_VIDE
        racine = self.sommets[-1]
        for sommet in self.sommets[-2::-1]:
            racine = hash_noeud(sommet, racine)
        return racine


def split_empreintes(octets: bytes) -> list[bytes]:
    """Coupe une suite d’empreintes de 32 octets.

    Raises:
        PreuveInvalide: la longueur n’est pas un multiple de 32.
    """
    if len(octets) % TAILLE_EMPREINTE:
        raise PreuveInvalide("Une suite d’empreintes est tronquée.")
    return [octets[i : i + TAILLE_EMPREINTE] for i in range(0, len(octets), TAILLE_EMPREINTE)]
