"""Contrôle complet : relire chaque entrée, refaire chaque arbre, revérifier chaque signature."""

from collections.abc import Iterator
from itertools import groupby

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree, Lot, Tete
from socle.normes.preuve.bord import Bord
from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.merkle import hash_feuille
from socle.normes.preuve.notes import ClePublique
from socle.normes.preuve.pieces import encode_tete
from socle.normes.preuve.points import parse_note_point


def list_anomalies() -> list[str]:
    """Relit tout le journal et rend une phrase par anomalie ; vide s’il est entier.

    Long : compter deux minutes par million d’entrées. La mémoire ne grandit pas avec le journal.
    """
    with operateur():
        return [*_iter_arbres(), *_iter_points()]


def _iter_arbres() -> Iterator[str]:
    """Refait l’arbre de chaque collectivité, lot par lot."""
    tetes = Tete.objects.select_related("lot").order_by("collectivite_id", "taille")
    for collectivite, suite in groupby(tetes.iterator(), key=lambda tete: tete.collectivite_id):
        bord = Bord()
        for tete in suite:
            if tete.debut != bord.taille:
                yield f"Journal {collectivite} : il manque une tête avant {tete.taille}."
                break
            yield from _extend(bord, tete)
            if (bord.taille, bord.racine) != (tete.taille, bytes(tete.racine)):
                yield f"Journal {collectivite} : la tête de taille {tete.taille} ne se refait pas."
                break


def _extend(bord: Bord, tete: Tete) -> Iterator[str]:
    entrees = Entree.objects.filter(
        collectivite_id=tete.collectivite_id,
        systeme=tete.lot.systeme,
        xid__gte=tete.lot.xid_debut,
        xid__lt=tete.lot.xid_fin,
    )
    for entree in entrees.order_by("xid", "id").iterator():
        feuille = hash_feuille(entree.contenu)
        if feuille != bytes(entree.empreinte):
            yield f"Journal {entree.collectivite_id} : l’entrée {entree.id} a été modifiée."
        bord.extend([feuille])


def _iter_points() -> Iterator[str]:
    """Refait l’arbre du sommet et vérifie chaque point signé au passage."""
    bord = Bord()
    for tete in Tete.objects.select_related("lot").order_by("indice").iterator():
        if tete.indice != bord.taille:
            yield f"Sommet : il manque la tête {bord.taille}."
            return
        contenu = encode_tete(
            collectivite=tete.collectivite_id, taille=tete.taille, racine=bytes(tete.racine)
        )
        bord.extend([hash_feuille(contenu)])
        if bord.taille == tete.lot.taille:
            yield from _check_point(tete.lot, bord)


def _check_point(lot: Lot, bord: Bord) -> Iterator[str]:
    try:
        point, note = parse_note_point(bytes(lot.note))
        note.verify([ClePublique.from_texte(lot.cle)])
    except PreuveInvalide as faute:
        yield f"Lot {lot.pk} : {faute}"
        return
    if (point.taille, point.racine) != (bord.taille, bord.racine):
        yield f"Lot {lot.pk} : le point signé n’est pas celui du sommet."
