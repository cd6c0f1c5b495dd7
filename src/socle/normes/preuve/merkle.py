"""Arbre de Merkle : empreintes, preuves d’inclusion et de cohérence, et leur vérification.

Une preuve se décrit d’abord comme une liste de plages d’entrées (`list_plages_…`) : l’appelant
fournit ensuite l’empreinte de chacune, qu’il la calcule ou qu’il la lise dans une table.

Source: RFC 6962, §2.1 ; vérifications de RFC 9162, §2.1.3.2 et §2.1.4.2.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from socle.normes.preuve.errors import PreuveInvalide

RACINE_VIDE = sha256(b"").digest()
TAILLE_EMPREINTE = 32
CHEMIN_MAX = 64
Plage = tuple[int, int]
LireNoeud = Callable[[int, int], bytes]
"""`lire(n, i)` : empreinte du sous-arbre complet des entrées [i·2^n, (i+1)·2^n[."""


def hash_feuille(contenu: bytes) -> bytes:
    """Empreinte d’une entrée : le préfixe 0x00 la distingue d’un nœud."""
    return sha256(b"\0" + contenu).digest()


def hash_noeud(gauche: bytes, droite: bytes) -> bytes:
    """Empreinte d’un nœud, de préfixe 0x01."""
    return sha256(b"\1" + gauche + droite).digest()


def hash_plage(lire: LireNoeud, debut: int, fin: int) -> bytes:
    """Empreinte du sous-arbre des entrées [debut, fin[, alignées comme RFC 6962 les découpe."""
    taille = fin - debut
    if taille <= 0:
        return RACINE_VIDE
    if taille & (taille - 1) == 0:
        niveau = taille.bit_length() - 1
        return lire(niveau, debut >> niveau)
    milieu = debut + _split(taille)
    return hash_noeud(hash_plage(lire, debut, milieu), hash_plage(lire, milieu, fin))


def list_plages_inclusion(indice: int, taille: int) -> list[Plage]:
    """Plages dont les empreintes, dans cet ordre, prouvent l’entrée `indice` de l’arbre.

    Raises:
        PreuveInvalide: l’indice sort de l’arbre.
    """
    if not 0 <= indice < taille:
        raise PreuveInvalide("L’entrée n’est pas dans l’arbre.")
    plages: list[Plage] = []
    debut, fin = 0, taille
    while fin - debut > 1:
        milieu = debut + _split(fin - debut)
        if indice < milieu:
            plages.append((milieu, fin))
            fin = milieu
        else:
            plages.append((debut, milieu))
            debut = milieu
    return plages[::-1]


def list_plages_coherence(ancienne: int, taille: int) -> list[Plage]:
    """Plages dont les empreintes prouvent que l’arbre de `taille` prolonge celui d’`ancienne`.

    Raises:
        PreuveInvalide: l’ancien arbre est plus grand que le nouveau.
    """
    if not 0 <= ancienne <= taille:
        raise PreuveInvalide("L’ancien arbre est plus grand que le nouveau.")
    plages: list[Plage] = []
    if ancienne in {0, taille}:
        return plages
    debut, fin = 0, taille
    while ancienne != fin:
        milieu = debut + _split(fin - debut)
        if ancienne <= milieu:
            plages.append((milieu, fin))
            fin = milieu
        else:
            plages.append((debut, milieu))
            debut = milieu
    if debut:
        plages.append((debut, fin))
    return plages[::-1]


def verify_inclusion(
    feuille: bytes, indice: int, taille: int, chemin: Sequence[bytes], racine: bytes
) -> None:
    """Vérifie qu’une entrée est à sa place dans un arbre.

    Args:
        feuille: empreinte de l’entrée (`hash_feuille`).
        chemin: empreintes sœurs, de la feuille vers la racine.

    Raises:
        PreuveInvalide: le chemin ne mène pas à la racine.
    """
    _check_chemin(chemin)
    if not 0 <= indice < taille:
        raise PreuveInvalide("L’indice sort de l’arbre.")
    rang, dernier, calculee = indice, taille - 1, feuille
    for soeur in chemin:
        if dernier == 0:
            raise PreuveInvalide("Le chemin est trop long.")
        if rang & 1 or rang == dernier:
            calculee = hash_noeud(soeur, calculee)
            while not rang & 1 and rang:
                rang, dernier = rang >> 1, dernier >> 1
        else:
            calculee = hash_noeud(calculee, soeur)
        rang, dernier = rang >> 1, dernier >> 1
    if dernier or calculee != racine:
        raise PreuveInvalide("Le chemin ne mène pas à la racine annoncée.")


def verify_coherence(
    ancienne: int, taille: int, chemin: Sequence[bytes], avant: bytes, apres: bytes
) -> None:
    """Vérifie que l’arbre de racine `apres` commence par tout l’arbre de racine `avant`.

    Raises:
        PreuveInvalide: le second arbre ne prolonge pas le premier.
    """
    _check_chemin(chemin)
    if not 0 <= ancienne <= taille:
        raise PreuveInvalide("L’ancien arbre est plus grand que le nouveau.")
    if ancienne in {0, taille}:
        if chemin or avant != (apres if ancienne == taille else RACINE_VIDE):
            raise PreuveInvalide("Deux arbres de même taille ont des racines différentes.")
        return
    suite = list(chemin) if ancienne & (ancienne - 1) else [avant, *chemin]
    if not suite:
        raise PreuveInvalide("La preuve de cohérence est vide.")
    if _replay_coherence(ancienne - 1, taille - 1, suite) != (avant, apres):
        raise PreuveInvalide("Le second arbre ne prolonge pas le premier.")


def _replay_coherence(rang: int, dernier: int, suite: Sequence[bytes]) -> tuple[bytes, bytes]:
    while rang & 1:
        rang, dernier = rang >> 1, dernier >> 1
    avant = apres = suite[0]
    for soeur in suite[1:]:
        if dernier == 0:
            raise PreuveInvalide("La preuve de cohérence est trop longue.")
        if rang & 1 or rang == dernier:
            avant, apres = hash_noeud(soeur, avant), hash_noeud(soeur, apres)
            while not rang & 1 and rang:
                rang, dernier = rang >> 1, dernier >> 1
        else:
            apres = hash_noeud(apres, soeur)
        rang, dernier = rang >> 1, dernier >> 1
    if dernier:
        raise PreuveInvalide("La preuve de cohérence est trop courte.")
    return avant, apres


def _check_chemin(chemin: Sequence[bytes]) -> None:
    if len(chemin) > CHEMIN_MAX or any(len(pas) != TAILLE_EMPREINTE for pas in chemin):
        raise PreuveInvalide("Un chemin de preuve est mal formé.")


def _split(taille: int) -> int:
    """Plus grande puissance de deux strictement inférieure à `taille`."""
    return 1 << (taille - 1).bit_length() - 1
