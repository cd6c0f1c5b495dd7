"""Ce que les espaces prêtent aux autres : fiches, rappels, recherche, mesures."""

from datetime import date
from decimal import Decimal

from django.db import connection

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.fiches import Fiche, Groupe
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
SELECT 'livrable', slug, titre, auteur FROM espaces_livrable
WHERE etat = 'publie' AND liens @> ARRAY[%(cle)s]::varchar[]
UNION ALL
SELECT 'retour', slug, titre, nom_autorite FROM espaces_retourdexperience
WHERE etat = 'publie' AND liens @> ARRAY[%(cle)s]::varchar[]
UNION ALL
SELECT 'groupe', slug, nom, 'Groupe de travail' FROM espaces_groupedetravail
WHERE etat = 'actif' AND liens @> ARRAY[%(cle)s]::varchar[]
ORDER BY 1, 3 LIMIT 60
"""
RECHERCHE_TITRE = "Boîte à outils, retours et groupes"


def build_fiche(prefixe: str, slug: str, titre: str, detail: str) -> Fiche:
    """Rend le lien d’un livrable, d’un retour ou d’un groupe."""
    url = build_chemin_installation(f"espaces:{prefixe}", slug)
    return Fiche(f"{prefixe}:{slug}", titre, url, detail)


def resolve_livrables(cles: list[str]) -> dict[str, Fiche]:
    return {ligne.cle: _of_livrable(ligne) for ligne in list_publies().filter(
        slug__in=_read_slugs(cles)).order_by("pk")}  # fmt: skip


def resolve_retours(cles: list[str]) -> dict[str, Fiche]:
    publies = RetourDExperience.objects.filter(
        etat=EtatRetour.PUBLIE, slug__in=_read_slugs(cles)
    ).order_by("pk")
    return {ligne.cle: _of_retour(ligne) for ligne in publies}


def resolve_groupes(cles: list[str]) -> dict[str, Fiche]:
    """La page de présentation d’un groupe est publique, même restreint."""
    lignes = GroupeDeTravail.objects.filter(slug__in=_read_slugs(cles)).order_by("pk")
    return {ligne.cle: _of_groupe(ligne) for ligne in lignes}


def list_rappels_de(cle: str) -> Groupe:
    """Livrables, retours et groupes qui citent cette clé ; une instruction."""
    with connection.cursor() as curseur:
        curseur.execute(RAPPELS, {"cle": cle})
        lignes = curseur.fetchall()
    return Groupe("Boîte à outils et retours", tuple(build_fiche(*ligne) for ligne in lignes))


def search(texte: str) -> Groupe:
    """Livrables et retours publiés, groupes : ce que tous peuvent voir, et rien d’autre."""
    livrables = filter_mots(list_publies(), texte).order_by("-publie_le", "-pk")[:10]
    retours = filter_mots(RetourDExperience.objects.filter(etat=EtatRetour.PUBLIE), texte)
    groupes = filter_mots(GroupeDeTravail.objects.all(), texte).order_by("nom", "pk")[:5]
    trouves = (
        *(_of_livrable(ligne) for ligne in livrables),
        *(_of_retour(ligne) for ligne in retours.order_by("-publie_le", "-pk")[:5]),
        *(_of_groupe(ligne) for ligne in groupes),
    )
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
