"""Dossiers dont la durée d’utilité administrative est finie, rangés par ce qui les attend.

Détruire, effacer la copie d’ici parce que le service d’archives a le dossier, trier, ou verser.

Source: code du patrimoine, art. L. 212-2 et R. 212-14.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.conservation.enums import SortFinal
from socle.fondations.conservation.models import LigneDeBordereau, RegleDeConservation, Tri
from socle.fondations.conservation.ports import Remise
from socle.fondations.conservation.queries import filter_acceptees, map_remises
from socle.fondations.documents.models import Document
from socle.metiers.dossiers.enums import TERMINES
from socle.metiers.dossiers.models import Dossier
from socle.normes.delais.calculs import add_annees, to_jour
from socle.normes.delais.conservation import compute_fin_de_conservation

PAR_LISTE = 200
LUS_MAX = 1000
SANS_REMISE = Remise(
    acceptee=False,
    raison="Aucun paquet d’archives n’a été fait.",
    suite="Vérifiez que la décision est mise à disposition : le paquet se fait ensuite seul.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echu:
    """Un dossier dont la durée d’utilité administrative est finie.

    `remise` : où en est sa remise aux archives, lue pour ce qui n’est pas à détruire d’office.
    """

    dossier: Dossier
    regle: RegleDeConservation
    fin: date
    fichiers: int = 0
    octets: int = 0
    remise: Remise = SANS_REMISE
    tri: Tri | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fins:
    """Ce qui attend chaque dossier échu, les plus anciens d’abord, 200 au plus par liste.

    Attributes:
        a_eliminer: leur règle dit de détruire, ou le tri.
        verses: le service d’archives les a pris en charge ; leur copie peut s’effacer.
        a_trier: leur règle dit « tri » ; ceux déjà tranchés suivent, pour changer d’avis.
        a_verser: à garder, mais pas encore pris en charge.
    """

    a_eliminer: list[Echu]
    verses: list[Echu]
    a_trier: list[Echu]
    a_verser: list[Echu]


def list_fins(collectivite: Collectivite, jour: date) -> Fins:
    """Range les dossiers échus au `jour` (heure de Paris)."""
    regles = _read_regles(collectivite)
    acceptees = filter_acceptees(collectivite.pk)
    garder = _filter_tri(collectivite, SortFinal.CONSERVER)
    detruire = _filter_tri(collectivite, SortFinal.DETRUIRE)

    def read(sorts: Collection[str], condition: Q) -> list[Echu]:
        return _read(collectivite, [r for r in regles if r.sort_final in sorts], jour, condition)

    tri, gardes = (
        Q(demarche__regle__sort_final=SortFinal.TRIER),
        (SortFinal.CONSERVER, SortFinal.TRIER),
    )
    listes = {
        "a_eliminer": read((SortFinal.DETRUIRE, SortFinal.TRIER), ~tri | (detruire & ~acceptees)),
        "verses": read(gardes, acceptees),
        "a_trier": read((SortFinal.TRIER,), ~acceptees & ~garder & ~detruire),
        "a_verser": read(gardes, ~acceptees & (~tri | garder)),
    }
    listes = _complete(collectivite, listes)
    deja = [e for e in (*listes["a_verser"], *listes["a_eliminer"]) if e.tri]
    return Fins(**listes | {"a_trier": [*listes["a_trier"], *deja]})


def _read_regles(collectivite: Collectivite) -> list[RegleDeConservation]:
    return list(RegleDeConservation.objects.filter(collectivite=collectivite).order_by("code"))


def _filter_tri(collectivite: Collectivite, sort: SortFinal) -> Q:
    tries = Tri.objects.filter(collectivite=collectivite, sort=sort)
    return Q(reference__in=tries.values("reference"))


def _read(
    collectivite: Collectivite, regles: Collection[RegleDeConservation], jour: date, condition: Q
) -> list[Echu]:
    """Lit en une instruction ; la fin exacte se calcule ensuite, elle dépend de chaque dossier."""
    if not regles:
        return []
    par_regle = Q()
    for regle in regles:
        limite = datetime.combine(add_annees(jour, -regle.duree_annees), time.max, tzinfo=PARIS)
        par_regle |= Q(demarche__regle=regle, depose_le__lt=limite)
    deja = LigneDeBordereau.objects.filter(collectivite=collectivite, ecartee="")
    dossiers: QuerySet[Dossier] = (
        Dossier.objects.filter(par_regle, condition, collectivite=collectivite, etat__in=TERMINES)
        .exclude(sel=b"")
        .exclude(reference__in=deja.values("reference"))
        .select_related("demarche__regle")
        .only("numero", "reference", "etat", "depose_le", "decide_le", "demarche", "collectivite")
        .order_by("depose_le", "numero")[:LUS_MAX]
    )
    connues = {regle.pk: regle for regle in regles}
    echus = []
    for dossier in dossiers:
        regle = connues[dossier.demarche.regle_id or 0]
        fin = compute_fin(dossier, regle)
        if fin < jour:
            echus.append(Echu(dossier=dossier, regle=regle, fin=fin))
    return sorted(echus, key=lambda echu: (echu.fin, echu.dossier.numero))[:PAR_LISTE]


def compute_fin(dossier: Dossier, regle: RegleDeConservation) -> date:
    """Rend le dernier jour de la durée d’utilité administrative d’un dossier terminé."""
    decision = to_jour(dossier.decide_le) if dossier.decide_le else None
    depot = to_jour(dossier.depose_instant)
    depart = regle.compute_depart(depot=depot, decision=decision, cloture=decision or depot)
    fin = compute_fin_de_conservation(depart, regle.duree_annees, source=regle.source_juridique)
    return fin.date


def _complete(collectivite: Collectivite, listes: dict[str, list[Echu]]) -> dict[str, list[Echu]]:
    """Ajoute les fichiers, les remises et les tris de tous, une lecture pour chaque."""
    echus = [echu for liste in listes.values() for echu in liste]
    fichiers = _measure(echus)
    references = [e.dossier.reference for e in echus if e.regle.sort_final != SortFinal.DETRUIRE]
    remises = map_remises(collectivite.pk, references)
    tries = Tri.objects.filter(collectivite=collectivite, reference__in=references)
    tris = {tri.reference: tri for tri in tries} if references else {}
    return {
        nom: [
            replace(
                echu,
                remise=remises.get(echu.dossier.reference, SANS_REMISE),
                tri=tris.get(echu.dossier.reference),
                **fichiers.get(echu.dossier.objet, {}),
            )
            for echu in liste
        ]
        for nom, liste in listes.items()
    }


def _measure(echus: list[Echu]) -> dict[str, dict[str, Any]]:
    """Compte les fichiers de tous les dossiers en une lecture."""
    if not echus:
        return {}
    lignes = (
        Document.objects.courants()
        .presents()
        .filter(objet__in=[echu.dossier.objet for echu in echus])
        .order_by("objet")
        .values("objet")
        .annotate(fichiers=Count("pk"), octets=Sum("taille"))
    )
    return {
        str(ligne["objet"]): {"fichiers": ligne["fichiers"], "octets": ligne["octets"]}
        for ligne in lignes
    }
