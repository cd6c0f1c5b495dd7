"""Lectures du journal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from socle.fondations.commun.locataire import current_collectivite_id
from socle.fondations.journal.models import Entree, Lot, Noeud, NoeudSommet, Tete
from socle.normes.preuve.tuiles import LARGEUR, Tuiles


def list_entrees(*, objet: str, collectivite_id: int | None = None) -> QuerySet[Entree]:
    """Entrées d’un objet, dans l’ordre où elles se sont passées : le fil d’un dossier.

    Args:
        collectivite_id: par défaut, la collectivité ouverte par `locataire`.
    """
    journal = current_collectivite_id() if collectivite_id is None else collectivite_id
    if journal is None:
        return Entree.objects.none()
    entrees = Entree.objects.filter(collectivite_id=journal, objet=objet)
    return entrees.order_by("survenu_le", "id")


def search_entrees(
    collectivite_id: int,
    *,
    action: str = "",
    objet: str = "",
    debut: datetime | None = None,
    fin: datetime | None = None,
) -> QuerySet[Entree]:
    """Entrées d’un journal, chacune avec son scellement. Pas encore triées.

    `point` : taille du sommet au point de contrôle qui la scelle, None si elle attend ; `scelle_le`
    est l’instant de ce point ; `cle_tri` départage deux entrées du même instant.

    Args:
        debut, fin: instants, `fin` exclue.
    """
    lot = Lot.objects.filter(
        systeme=OuterRef("systeme"), xid_fin__gt=OuterRef("xid"), xid_debut__lte=OuterRef("xid")
    ).order_by("xid_fin")
    entrees = Entree.objects.filter(collectivite_id=collectivite_id).annotate(
        point=Subquery(lot.values("taille")[:1]),
        scelle_le=Subquery(lot.values("scelle_le")[:1]),
        cle_tri=Cast("id", CharField()),
    )
    filtres = {"action": action, "objet": objet, "survenu_le__gte": debut, "survenu_le__lt": fin}
    return entrees.filter(**{nom: valeur for nom, valeur in filtres.items() if valeur})


def get_derniere_tete(collectivite_id: int) -> Tete | None:
    """Dernier scellement qui a touché le journal d’une collectivité, son lot chargé."""
    tetes = Tete.objects.filter(collectivite_id=collectivite_id).select_related("lot")
    return tetes.order_by("-taille").first()


def get_dernier_lot() -> Lot | None:
    """Dernier scellement de l’installation."""
    return Lot.objects.order_by("-id").first()


# Feuilles d’une tuile : les lots qui la recouvrent, puis leurs entrées dans l’ordre du scellement.
_FEUILLES = """
SELECT f.empreinte FROM journal_tete t JOIN journal_lot l ON l.id = t.lot_id
JOIN LATERAL (
  SELECT e.empreinte, e.xid, e.id FROM journal_entree e
  WHERE e.collectivite_id = t.collectivite_id AND e.systeme = l.systeme
    AND e.xid >= l.xid_debut AND e.xid < l.xid_fin
  ORDER BY e.xid, e.id
  OFFSET greatest(%(debut)s - t.debut, 0)
  LIMIT least(t.taille, %(fin)s) - greatest(t.debut, %(debut)s)
) f ON true
WHERE t.collectivite_id = %(collectivite)s AND t.taille > %(debut)s AND t.debut < %(fin)s
ORDER BY t.debut, f.xid, f.id
"""


def open_tuiles(collectivite_id: int) -> Tuiles:
    """Arbre d’une collectivité, lu par tuiles sous son contexte de locataire."""

    def read_tuile(niveau: int, numero: int) -> Sequence[bytes]:
        debut, fin = numero * LARGEUR, (numero + 1) * LARGEUR
        if niveau == 0:
            bornes = {"collectivite": collectivite_id, "debut": debut, "fin": fin}
            with connection.cursor() as curseur:
                curseur.execute(_FEUILLES, bornes)
                return [bytes(empreinte) for (empreinte,) in curseur.fetchall()]
        noeuds = Noeud.objects.filter(
            collectivite_id=collectivite_id, niveau=niveau, indice__gte=debut, indice__lt=fin
        )
        return [bytes(n) for n in noeuds.order_by("indice").values_list("empreinte", flat=True)]

    return Tuiles(read_tuile)


def open_sommet() -> Tuiles:
    """Arbre du sommet, lu par tuiles."""

    def read_tuile(niveau: int, numero: int) -> Sequence[bytes]:
        debut, fin = numero * LARGEUR, (numero + 1) * LARGEUR
        noeuds = NoeudSommet.objects.filter(niveau=niveau, indice__gte=debut, indice__lt=fin)
        return [bytes(n) for n in noeuds.order_by("indice").values_list("empreinte", flat=True)]

    return Tuiles(read_tuile)


def list_lots_a_horodater(nombre: int = 10) -> QuerySet[Lot]:
    """Derniers lots, du plus récent au plus ancien, dont le point n’a pas de jeton."""
    recents = Lot.objects.order_by("-id").values_list("id", flat=True)[:nombre]
    return Lot.objects.filter(id__in=list(recents), jeton__isnull=True).order_by("-id")
