"""Ce que montrent la boîte à outils et les retours publiés."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.metiers.espaces.enums import EtatLivrable, EtatRetour
from socle.metiers.espaces.models import (
    Livrable,
    RetourDExperience,
    UsageDeLivrable,
    VersionDeLivrable,
)
from socle.metiers.espaces.queries.mots import split_recherche

PAR_PAGE = 24
UTILISATEURS_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteres:
    """Filtre de la boîte ou des retours ; vide, il prend tout."""

    q: str = ""
    genre: str = ""
    theme: str = ""
    origine: str = ""
    licence: str = ""


def filter_mots(lignes: QuerySet[Any, Any], texte: str) -> QuerySet[Any, Any]:
    """Garde les lignes qui contiennent tous ces mots."""
    for mot in split_recherche(texte):
        lignes = lignes.filter(mots__contains=mot)
    return lignes


def list_publies() -> QuerySet[Livrable]:
    return Livrable.objects.filter(etat=EtatLivrable.PUBLIE)


def paginate_livrables(criteres: Criteres, *, apres: str = "", avant: str = "") -> PageDeListe:
    """Livrables publiés, les derniers d’abord, avec leur dernière version et leurs usages."""
    egaux = {
        champ: getattr(criteres, champ)
        for champ in ("genre", "theme", "origine", "licence")
        if getattr(criteres, champ)
    }
    lignes = filter_mots(list_publies().filter(**egaux), criteres.q)
    return paginate_keyset(
        _annotate(lignes), cles=("publie_le", "pk"), apres=apres, avant=avant, taille=PAR_PAGE
    )


def list_pour_equipe() -> QuerySet[Livrable]:
    """Tous les livrables, les derniers changés d’abord."""
    return _annotate(Livrable.objects.all()).order_by("-modifie_le", "-pk")[:200]


def find_livrable(slug: str, *, publie: bool = True) -> Livrable | None:
    lignes = list_publies() if publie else Livrable.objects.all()
    return lignes.filter(slug=slug).first()


def list_versions(livrable: Livrable) -> list[VersionDeLivrable]:
    """Versions, la dernière d’abord."""
    return list(livrable.versions.order_by("-numero"))


def list_usages(livrable: Livrable) -> list[UsageDeLivrable]:
    """Collectivités qui s’en servent, par nom, soixante au plus."""
    return list(livrable.usages.order_by("nom", "pk")[:UTILISATEURS_MAX])


def list_utilises(cle: str) -> set[int]:
    """Livrables dont cette collectivité dit se servir."""
    siens = UsageDeLivrable.objects.filter(autorite=cle).order_by("pk")
    return set(siens.values_list("livrable_id", flat=True))


def paginate_retours(criteres: Criteres, *, apres: str = "", avant: str = "") -> PageDeListe:
    """Retours publiés, les derniers d’abord."""
    lignes = RetourDExperience.objects.filter(etat=EtatRetour.PUBLIE)
    if criteres.theme:
        lignes = lignes.filter(theme=criteres.theme)
    return paginate_keyset(
        filter_mots(lignes, criteres.q), cles=("publie_le", "pk"), apres=apres, avant=avant,
        taille=PAR_PAGE,
    )  # fmt: skip


def find_retour(slug: str, *, publie: bool = True) -> RetourDExperience | None:
    lignes = RetourDExperience.objects.filter(slug=slug)
    return (lignes.filter(etat=EtatRetour.PUBLIE) if publie else lignes).first()


def list_retours_de(cle: str) -> list[RetourDExperience]:
    """Retours d’une collectivité, les derniers d’abord."""
    return list(RetourDExperience.objects.filter(autorite=cle).order_by("-pk")[:100])


def find_retour_de(cle: str, pk: int) -> RetourDExperience | None:
    return RetourDExperience.objects.filter(autorite=cle, pk=pk).first()


def list_a_relire() -> list[RetourDExperience]:
    """Ceux que l’équipe doit relire d’abord, puis les publiés."""
    lus = RetourDExperience.objects.filter(
        Q(etat=EtatRetour.PROPOSE) | Q(etat=EtatRetour.PUBLIE)
    ).order_by("-etat", "-pk")
    return list(lus[:200])


def _annotate(lignes: QuerySet[Livrable]) -> QuerySet[Livrable]:
    dernieres = VersionDeLivrable.objects.filter(livrable=OuterRef("pk")).order_by("-numero")
    return lignes.annotate(
        nombre_usages=Count("usages"),
        derniere=Subquery(dernieres.values("nom")[:1]),
        derniere_le=Subquery(dernieres.values("ajoutee_le")[:1]),
    )
