"""Ce que les espaces prêtent aux autres : fiches, rappels, recherche, mesures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.ensembles import Brute, LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches
from socle.metiers.espaces.enums import EtatLivrable, EtatRetour
from socle.metiers.espaces.models import (
    GroupeDeTravail,
    Livrable,
    RetourDExperience,
    UsageDeLivrable,
)
from socle.metiers.espaces.queries.boite import filter_mots, list_publies

TROUVES = 20
RAPPELS = """
SELECT 'livrable' AS prefixe, slug, titre, auteur AS detail FROM espaces_livrable
WHERE etat = 'publie' AND liens @> ARRAY[%(cle)s]::varchar[]
UNION ALL
SELECT 'retour', slug, titre, nom_autorite FROM espaces_retourdexperience
WHERE etat = 'publie' AND liens @> ARRAY[%(cle)s]::varchar[]
UNION ALL
SELECT 'groupe', slug, nom, 'Groupe de travail' FROM espaces_groupedetravail
WHERE etat = 'actif' AND liens @> ARRAY[%(cle)s]::varchar[]
ORDER BY prefixe, titre LIMIT 60
"""
RAPPELS_TITRE = "Boîte à outils et retours"
RECHERCHE_TITRE = "Boîte à outils, retours et groupes"


def build_fiche(prefixe: str, slug: str, titre: str, detail: str) -> Fiche:
    """Rend le lien d’un livrable, d’un retour ou d’un groupe."""
    url = build_chemin_installation(f"espaces:{prefixe}", slug)
    return Fiche(f"{prefixe}:{slug}", titre, url, detail)


def resolve_livrables(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    publies = list_publies().filter(slug__in=_read_slugs(cles))
    return plan_fiches(publies.order_by("pk"), _of_livrable)


def resolve_retours(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    publies = RetourDExperience.objects.filter(
        etat=EtatRetour.PUBLIE, slug__in=_read_slugs(cles)
    ).order_by("pk")
    return plan_fiches(publies, _of_retour)


def resolve_groupes(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """La page de présentation d’un groupe est publique, même restreint."""
    lignes = GroupeDeTravail.objects.filter(slug__in=_read_slugs(cles)).order_by("pk")
    return plan_fiches(lignes, _of_groupe)


def list_rappels_de(cle: str) -> LecturePrevue[Groupe]:
    """Livrables, retours et groupes qui citent cette clé."""
    return LecturePrevue(
        (Brute(RAPPELS, {"cle": cle}),),
        lambda lues: Groupe(RAPPELS_TITRE, tuple(build_fiche(**ligne) for ligne in lues)),
    )


def search(texte: str) -> LecturePrevue[Groupe]:
    """Livrables et retours publiés, groupes : ce que tous peuvent voir, et rien d’autre."""
    livrables = filter_mots(list_publies(), texte).order_by("-publie_le", "-pk")[:10]
    retours = filter_mots(RetourDExperience.objects.filter(etat=EtatRetour.PUBLIE), texte)
    groupes = filter_mots(GroupeDeTravail.objects.all(), texte).order_by("nom", "pk")[:5]
    return LecturePrevue(
        (livrables, retours.order_by("-publie_le", "-pk")[:5], groupes), _group_trouves
    )


def _group_trouves(
    livrables: list[Livrable], retours: list[RetourDExperience], groupes: list[GroupeDeTravail]
) -> Groupe:
    trouves = (
        *map(_of_livrable, livrables), *map(_of_retour, retours), *map(_of_groupe, groupes)
    )  # fmt: skip
    return Groupe(RECHERCHE_TITRE, trouves[:TROUVES])


def count_livrables(jour: date) -> Decimal:
    publies = Livrable.objects.filter(etat=EtatLivrable.PUBLIE, publie_le__date__lte=jour)
    return Decimal(publies.count())


def count_retours(jour: date) -> Decimal:
    publies = RetourDExperience.objects.filter(
        etat=EtatRetour.PUBLIE, publie_le__date__lte=jour, fictif=False
    )
    return Decimal(publies.count())


def count_usages(jour: date) -> Decimal:
    """Collectivités qui disent se servir d’au moins un livrable."""
    dits = UsageDeLivrable.objects.filter(dit_le__date__lte=jour)
    return Decimal(dits.values("autorite").distinct().count())


def _of_livrable(ligne: Livrable) -> Fiche:
    return build_fiche("livrable", ligne.slug, ligne.titre, ligne.auteur)


def _of_retour(ligne: RetourDExperience) -> Fiche:
    return build_fiche("retour", ligne.slug, ligne.titre, ligne.nom_autorite)


def _of_groupe(ligne: GroupeDeTravail) -> Fiche:
    return build_fiche("groupe", ligne.slug, ligne.nom, "Groupe de travail")


def _read_slugs(cles: list[str]) -> list[str]:
    return [cle.partition(":")[2] for cle in cles]
