"""Lectures des démarches : portail public et espace des agents."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Count, F, QuerySet, TextField
from django.db.models.functions import Cast

from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.conservation.ports import Emploi
from socle.fondations.formulaires.definition import Page, PieceJustificative
from socle.fondations.formulaires.moteur import compile_formulaire
from socle.fondations.formulaires.ports import SourceDonnees, sources
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion, EvenementDeVie
from socle.metiers.demarches.models import Demarche, Modification, Version


def list_publiees(collectivite: Collectivite) -> QuerySet[Demarche]:
    return Demarche.objects.filter(collectivite=collectivite, etat=EtatDemarche.PUBLIEE).order_by(
        "titre", "pk"
    )


def search_publiees(collectivite: Collectivite, texte: str) -> QuerySet[Demarche]:
    """Cherche dans les titres, résumés et mots-clés ; accents et accords indifférents."""
    requete = SearchQuery(texte, config="fr", search_type="websearch")
    return (
        list_publiees(collectivite)
        .filter(recherche=requete)
        .annotate(rang=SearchRank(F("recherche"), requete))
        .order_by("-rang", "titre", "pk")
    )


def find_demarche(collectivite: Collectivite, chemin: str) -> Demarche | None:
    return (
        Demarche.objects.filter(collectivite=collectivite, chemin=chemin)
        .exclude(etat=EtatDemarche.BROUILLON)
        .select_related("service", "regle")
        .first()
    )


def count_par_evenement(collectivite: Collectivite) -> dict[str, int]:
    lignes = list_publiees(collectivite).order_by().values("evenement").annotate(nombre=Count("pk"))
    return {ligne["evenement"]: ligne["nombre"] for ligne in lignes}


def get_version_publiee(demarche: Demarche) -> Version | None:
    """Rend la version publiée la plus récente : celle d’une nouvelle demande."""
    return (
        Version.objects.filter(
            collectivite_id=demarche.collectivite_id, demarche=demarche, etat=EtatVersion.PUBLIEE
        )
        .order_by("-numero")
        .first()
    )


def get_brouillon(demarche: Demarche) -> Version | None:
    return Version.objects.filter(
        collectivite_id=demarche.collectivite_id, demarche=demarche, etat=EtatVersion.BROUILLON
    ).first()


def get_chantier(demarche: Demarche) -> Version:
    """Rend le brouillon ; à défaut celui que le premier geste ouvrirait, pas encore en base."""
    return get_brouillon(demarche) or build_brouillon(demarche)


def build_brouillon(demarche: Demarche) -> Version:
    """Prépare, sans l’écrire, un brouillon tiré de la version publiée."""
    publiee = get_version_publiee(demarche)
    return Version(
        collectivite_id=demarche.collectivite_id,
        demarche=demarche,
        numero=publiee.numero + 1 if publiee else 1,
        definition=publiee.definition if publiee else {},
    )


def get_derniere_modification(version: Version) -> Modification | None:
    """Rend le dernier changement que l’on peut annuler."""
    if version.pk is None:
        return None
    return (
        Modification.objects.filter(collectivite_id=version.collectivite_id, version=version)
        .order_by("-pk")
        .first()
    )


def is_document_cite(collectivite_id: int, document: str, *, publies: bool) -> bool:
    """Dit si un modèle à remplir sert à une version : publiée seulement, ou n’importe laquelle."""
    versions = Version.objects.filter(collectivite_id=collectivite_id)
    if publies:
        versions = versions.filter(etat=EtatVersion.PUBLIEE)
    texte = Cast("definition", TextField())
    return versions.annotate(texte=texte).filter(texte__contains=f'"{document}"').exists()


def is_document_annulable(collectivite_id: int, document: str) -> bool:
    """Dit si « Annuler » peut encore ramener ce modèle."""
    modifications = Modification.objects.filter(collectivite_id=collectivite_id)
    texte = Cast("avant", TextField())
    return modifications.annotate(texte=texte).filter(texte__contains=f'"{document}"').exists()


def list_demarches(collectivite: Collectivite) -> QuerySet[Demarche]:
    """Rend toutes les démarches, pour les agents."""
    return (
        Demarche.objects.filter(collectivite=collectivite)
        .select_related("service", "regle")
        .order_by("titre", "pk")
    )


@dataclass(frozen=True, slots=True)
class Rubrique:
    """Un événement de vie et ses démarches ouvertes."""

    code: str
    libelle: str
    demarches: list[Demarche]


def list_rubriques(demarches: list[Demarche]) -> list[Rubrique]:
    """Range des démarches par événement de vie ; une rubrique vide n’apparaît pas."""
    rubriques = [
        Rubrique(code, libelle, [d for d in demarches if d.evenement == code])
        for code, libelle in EvenementDeVie.choices
    ]
    return [rubrique for rubrique in rubriques if rubrique.demarches]


def list_services_joignables(collectivite: Collectivite) -> QuerySet[Service]:
    """Rend les services que l’on peut joindre, pour la fin du portail."""
    return Service.objects.filter(collectivite=collectivite, actif=True).order_by("nom")


@dataclass(frozen=True, slots=True)
class ResumeFormulaire:
    """Ce que la fiche annonce : durée, étapes, pièces, données demandées à l’État."""

    minutes: int
    etapes: list[str]
    pieces: list[str]
    sources: list[SourceDonnees]


def _describe_piece(page: Page, piece: PieceJustificative) -> str:
    if piece.condition is not None or page.condition is not None:
        return f"{piece.libelle}, selon votre situation"
    return piece.libelle if piece.obligatoire else f"{piece.libelle} (facultatif)"


@lru_cache(maxsize=500)
def _describe(version_id: int) -> ResumeFormulaire:
    formulaire = compile_formulaire(lambda: _read_definition(version_id), version=version_id)
    elements = list(formulaire.definition.iter_champs())
    codes = [source.code for source in formulaire.list_sources()]
    return ResumeFormulaire(
        minutes=max(1, round(formulaire.duree_estimee() / 60)),
        etapes=[page.titre for page in formulaire.definition.pages],
        pieces=[
            _describe_piece(page, champ)
            for page, _, champ in elements
            if isinstance(champ, PieceJustificative)
        ],
        sources=[sources[code] for code in codes if code in sources],
    )


def describe_formulaire(version: Version | None) -> ResumeFormulaire | None:
    """Résume le formulaire d’une version publiée (immuable, donc gardé en mémoire)."""
    if version is None:
        return None
    return _describe(version.pk)


def _read_definition(version_id: int) -> dict[str, Any]:
    definition: dict[str, Any] = Version.objects.values_list("definition", flat=True).get(
        pk=version_id
    )
    return definition


_SOURCES_EMPLOYEES = """
SELECT DISTINCT v.collectivite_id, bloc ->> 'code'
FROM demarches_demarche d
JOIN LATERAL (
  SELECT collectivite_id, definition FROM demarches_version
  WHERE collectivite_id = d.collectivite_id AND demarche_id = d.id AND etat = 'publiee'
  ORDER BY numero DESC LIMIT 1
) v ON true
CROSS JOIN LATERAL jsonb_path_query(
  v.definition, '$.pages[*].champs[*] ? (@.type == "source")'
) bloc
WHERE d.etat = 'publiee'
"""


def map_sources_employees() -> dict[str, set[int]]:
    """Rend, par source de données, les collectivités dont une démarche publiée l’appelle.

    Parmi celles que la transaction laisse voir : toutes pour l’opérateur, une pour un locataire.
    """
    emplois: dict[str, set[int]] = {}
    with connection.cursor() as curseur:
        curseur.execute(_SOURCES_EMPLOYEES)
        for collectivite_id, code in curseur.fetchall():
            emplois.setdefault(code, set()).add(collectivite_id)
    return emplois


def map_emplois_de_regles(collectivite: Collectivite) -> dict[int, list[Emploi]]:
    """Rend, par règle de conservation, les démarches qui la suivent, les brouillons à la fin."""
    demarches = Demarche.objects.filter(collectivite=collectivite, regle__isnull=False)
    emplois: dict[int, list[Emploi]] = {}
    for demarche in sorted(
        demarches.order_by("titre", "pk"), key=lambda d: d.etat == EtatDemarche.BROUILLON
    ):
        emploi = Emploi(
            libelle=demarche.titre,
            chemin=f"agent/demarches/{demarche.pk}/publication/",
            etat=demarche.get_etat_display(),
            publie=demarche.etat != EtatDemarche.BROUILLON,
        )
        emplois.setdefault(demarche.regle_id or 0, []).append(emploi)
    return emplois
