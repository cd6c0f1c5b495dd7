"""Lectures : texte d’un message, courriels en échec, messages d’une personne."""

import time
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.comptes.models import Compte
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Envoi, Message, Modele, Preference
from socle.fondations.notifications.ports import ModeleParDefaut, modeles

DUREE_CACHE = 20.0
TAILLE_CACHE = 2000
PAR_PAGE = 20
_cache: dict[int, tuple[float, dict[str, tuple[str, str]]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class TexteDeModele:
    """Le texte en vigueur d’un message dans une collectivité."""

    code: str
    defaut: ModeleParDefaut
    sujet: str
    corps: str
    modifie: bool


def get_texte(collectivite: Collectivite, code: str, *, frais: bool = False) -> TexteDeModele:
    """Rend le texte de la collectivité, ou celui par défaut. Gardé vingt secondes en mémoire.

    Args:
        frais: relit la base ; à demander avant de changer le texte.

    Raises:
        KeyError: code que personne n’a inscrit : un défaut du code appelant.
    """
    if frais:
        _cache.pop(collectivite.pk, None)
    return _build_texte(code, _load_textes(collectivite.pk))


def list_textes(collectivite: Collectivite) -> list[TexteDeModele]:
    """Tous les messages, dans l’ordre de leur titre."""
    textes = _load_textes(collectivite.pk)
    return sorted((_build_texte(code, textes) for code in modeles), key=lambda t: t.defaut.titre)


def _build_texte(code: str, textes: dict[str, tuple[str, str]]) -> TexteDeModele:
    defaut = modeles[code]
    sujet, corps = textes.get(code, (defaut.sujet, defaut.corps))
    return TexteDeModele(code=code, defaut=defaut, sujet=sujet, corps=corps, modifie=code in textes)


def _load_textes(collectivite_id: int) -> dict[str, tuple[str, str]]:
    garde = _cache.get(collectivite_id)
    if garde and time.monotonic() - garde[0] < DUREE_CACHE:
        return garde[1]
    lignes = Modele.objects.filter(collectivite_id=collectivite_id).order_by("code")
    textes = {modele.code: (modele.sujet, modele.corps) for modele in lignes}
    if len(_cache) >= TAILLE_CACHE:
        _cache.clear()
    _cache[collectivite_id] = (time.monotonic(), textes)
    return textes


def clear_cache() -> None:
    """Oublie les textes gardés dans ce processus."""
    _cache.clear()


def list_echecs(collectivite: Collectivite) -> QuerySet[Envoi]:
    """Courriels qui n’ont pas pu partir, les derniers d’abord."""
    return Envoi.objects.filter(collectivite=collectivite, etat=EtatEnvoi.ECHEC).order_by(
        "-demande_le", "-pk"
    )


def list_messages(personne: Compte, *, avant: UUID | None = None) -> tuple[list[Message], str]:
    """Messages d’une personne, de toutes ses collectivités, les derniers d’abord.

    Returns:
        Vingt lignes au plus, et le jeton `avant` de la page suivante, vide à la fin.
    """
    messages = Message.objects.filter(personne=personne).select_related("collectivite")
    if avant is not None:
        messages = messages.filter(pk__lt=avant)  # UUIDv7 : l’ordre des clés est celui du temps
    lignes = list(messages.order_by("-pk")[: PAR_PAGE + 1])
    suivante = str(lignes[PAR_PAGE - 1].pk) if len(lignes) > PAR_PAGE else ""
    return lignes[:PAR_PAGE], suivante


def find_message(personne: Compte, identifiant: UUID) -> Message | None:
    return (
        Message.objects.filter(personne=personne, pk=identifiant)
        .select_related("collectivite")
        .order_by("pk")
        .first()
    )


def count_non_lus(personne: Compte) -> int:
    return Message.objects.filter(personne=personne, lu_le__isnull=True).count()


def list_refus(personne: Compte) -> set[str]:
    """Codes dont la personne ne veut pas de courriel."""
    refus = Preference.objects.filter(personne=personne, courriel=False)
    return set(refus.order_by("code").values_list("code", flat=True))
