"""Articles et évènements publics, par page, par thème ; fiches, rappels et recherche."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.fondations.commun.textes import format_instant, format_jour
from socle.fondations.referentiels.models import normalize_nom
from socle.metiers.diffusion.enums import EtatParution, GenreArticle, GenreEvenement, Theme
from socle.metiers.diffusion.models import Article, Evenement

PAR_PAGE = 12
FICHES_MAX = 20
PARUS = Q(etat=EtatParution.PUBLIE)


def paginate_articles(
    *, genre: str = "", theme: str = "", apres: str = "", avant: str = "", taille: int = PAR_PAGE
) -> PageDeListe:
    """Rend les articles parus, du plus récent au plus ancien ; un filtre inconnu est ignoré."""
    parus = Article.objects.filter(PARUS)
    if genre in GenreArticle.values:
        parus = parus.filter(genre=genre)
    if theme in Theme.values:
        parus = parus.filter(themes__contains=[theme])
    return paginate_keyset(parus, cles=("publie_le", "id"), apres=apres, avant=avant, taille=taille)


def find_article(slug: str) -> Article | None:
    """Rend un article paru, ou retiré (sa page dit alors pourquoi)."""
    visibles = Article.objects.exclude(etat=EtatParution.BROUILLON).filter(slug=slug)
    return visibles.order_by("pk").first()


def list_evenements(
    *, maintenant: datetime, genre: str = "", theme: str = ""
) -> tuple[list[Evenement], bool]:
    """Rend les évènements à venir ou en cours, le plus proche d’abord."""
    choisis = _filter_evenements(Q(fin__gt=maintenant), genre, theme)
    lus = list(choisis.order_by("debut", "pk")[: PAR_PAGE * 4 + 1])
    return lus[: PAR_PAGE * 4], len(lus) > PAR_PAGE * 4


def paginate_passes(
    *,
    maintenant: datetime,
    genre: str = "",
    theme: str = "",
    revoir: bool = False,
    apres: str = "",
    avant: str = "",
) -> PageDeListe:
    """Rend les évènements passés, du plus récent au plus ancien : la bibliothèque à revoir.

    `revoir` ne garde que ceux qui ont une rediffusion.
    """
    passes = _filter_evenements(Q(fin__lte=maintenant), genre, theme)
    if revoir:
        passes = passes.exclude(rediffusion="")
    return paginate_keyset(passes, cles=("debut", "id"), apres=apres, avant=avant, taille=PAR_PAGE)


def _filter_evenements(quand: Q, genre: str, theme: str) -> QuerySet[Evenement]:
    """Évènements publiés de ce moment ; un filtre inconnu est ignoré."""
    choisis = Evenement.objects.filter(PARUS & quand)
    if genre in GenreEvenement.values:
        choisis = choisis.filter(genre=genre)
    if theme in Theme.values:
        choisis = choisis.filter(themes__contains=[theme])
    return choisis


def find_evenement(slug: str) -> Evenement | None:
    """Rend un évènement publié ou annulé."""
    visibles = Evenement.objects.exclude(etat=EtatParution.BROUILLON).filter(slug=slug)
    return visibles.order_by("pk").first()


# Registres de `commun.fiches` ---------------------------------------------------------------------
def find_fiches_articles(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Prévoit les fiches publiques de ces articles."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(_choose(Article, Q(slug__in=slugs)), _describe_article)


def find_fiches_evenements(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Prévoit les fiches publiques de ces évènements."""
    slugs = [cle.partition(":")[2] for cle in cles]
    return plan_fiches(_choose(Evenement, Q(slug__in=slugs)), _describe_evenement)


def list_citant(cle: str) -> LecturePrevue[Groupe]:
    """Prévoit les articles parus qui citent une clé."""
    return _group_articles(Q(liens__contains=[cle]))


def search_articles(texte: str) -> LecturePrevue[Groupe]:
    """Prévoit les articles parus dont le texte a tous ces mots."""
    return _group_articles(build_recherche(texte))


def search_evenements(texte: str) -> LecturePrevue[Groupe]:
    """Prévoit les évènements publiés dont le texte a tous ces mots."""
    trouves = _choose(Evenement, build_recherche(texte)).order_by("-debut", "pk")[:FICHES_MAX]
    return plan_groupe("Évènements", trouves, _describe_evenement)


def build_recherche(texte: str) -> Q:
    """Rend la condition : tous les mots, sans accent ; faux sans aucun mot."""
    mots = normalize_nom(texte).split()[:8]
    condition = Q() if mots else Q(pk__isnull=True)
    for mot in mots:
        condition &= Q(recherche__contains=mot)
    return condition


def _choose(modele: Any, condition: Q) -> QuerySet[Any, Any]:
    choisis: QuerySet[Any, Any] = modele.objects.filter(PARUS & condition).defer(
        "texte", "recherche"
    )
    return choisis.order_by("pk")


def _group_articles(condition: Q) -> LecturePrevue[Groupe]:
    trouves = _choose(Article, condition).order_by("-publie_le", "pk")[:FICHES_MAX]
    return plan_groupe("Actualités", trouves, _describe_article)


def _describe_article(article: Article) -> Fiche:
    quand = format_jour(article.publie_le) if article.publie_le else ""
    return Fiche(
        cle=article.cle, titre=article.titre,
        url=reverse("diffusion:article", args=[article.slug]),
        detail=f"{article.get_genre_display()}, {quand}",
    )  # fmt: skip


def _describe_evenement(evenement: Evenement) -> Fiche:
    return Fiche(
        cle=evenement.cle, titre=evenement.titre,
        url=reverse("diffusion:evenement", args=[evenement.slug]),
        detail=f"{evenement.get_genre_display()}, {format_instant(evenement.debut)}",
    )  # fmt: skip
