"""Lire les réponses : celles de l’équipe, et celles d’une personne."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.comptes.models import Compte
from socle.fondations.documents.models import Document
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.consultations.enums import EtatReponse
from socle.metiers.consultations.models import Campagne, Reponse

TAILLE = 30
MOTS_MAX = 8


def list_deposees(campagne: Campagne) -> QuerySet[Reponse]:
    """Réponses déposées, ni retirées ni en brouillon, dans l’ordre du dépôt.

    Le jury n’instruit qu’une campagne close : avant, une réponse peut encore changer.
    """
    return Reponse.objects.filter(campagne=campagne, etat=EtatReponse.DEPOSEE).order_by(
        "depose_le", "pk"
    )


def paginate_deposees(
    campagne: Campagne, *, texte: str = "", apres: str = "", avant: str = "", taille: int = TAILLE
) -> PageDeListe:
    """Une page de réponses déposées, la dernière d’abord ; `texte` cherche tous ses mots."""
    lignes = Reponse.objects.filter(campagne=campagne, etat=EtatReponse.DEPOSEE)
    for mot in normalize_nom(texte[:100]).split()[:MOTS_MAX]:
        lignes = lignes.filter(mots__contains=mot)
    return paginate_keyset(
        lignes, cles=["depose_le", "pk"], apres=apres, avant=avant, taille=taille
    )


def count_etats(campagne: Campagne) -> dict[str, int]:
    """Rend état → nombre de réponses."""
    etats = list(campagne.reponses.order_by("pk").values_list("etat", flat=True))
    return {etat.value: etats.count(etat.value) for etat in EtatReponse}


def find_reponse(cle: UUID | str) -> Reponse | None:
    """Rend la réponse et sa campagne ; qui la lit reste à vérifier."""
    return Reponse.objects.select_related("campagne").filter(cle=cle).order_by("pk").first()


def find_deposee(campagne: Campagne, cle: UUID | str) -> Reponse | None:
    """Une réponse déposée de cette campagne, pour l’équipe."""
    return list_deposees(campagne).filter(cle=cle).first()


def list_de(compte: Compte, campagne: Campagne) -> list[Reponse]:
    """Réponses de cette personne à cette campagne, brouillons compris."""
    siennes = Reponse.objects.filter(compte=compte, campagne=campagne)
    return list(siennes.exclude(etat=EtatReponse.RETIREE).order_by("-pk"))


def list_utiles(objet: str, documents: Iterable[Document]) -> set[UUID]:
    """Rend les documents que la réponse, sa correction ou un de ses dépôts cite encore."""
    reponse = find_reponse(objet.partition(":")[2])
    if reponse is None:
        return set()
    depots = list(reponse.depots.order_by("rang").values_list("reponses", flat=True))
    cites = set(_iter_documents([reponse.reponses, reponse.correction, depots]))
    return {document.pk for document in documents if str(document.pk) in cites}


def _iter_documents(valeur: Any) -> Iterator[str]:
    """Cherche chaque {"document": …}, lignes de bloc comprises."""
    if isinstance(valeur, dict):
        if isinstance(valeur.get("document"), str):
            yield valeur["document"]
        valeur = list(valeur.values())
    if isinstance(valeur, list):
        for element in valeur:
            yield from _iter_documents(element)
