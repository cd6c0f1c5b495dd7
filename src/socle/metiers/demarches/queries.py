"""Lectures des démarches : portail public et espace des agents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
)
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, Replace

from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.comptes.permissions import Portee
from socle.fondations.conservation.ports import Emploi
from socle.fondations.formulaires.definition import Page, PieceJustificative
from socle.fondations.formulaires.moteur import compile_formulaire
from socle.fondations.formulaires.ports import SourceDonnees, sources
from socle.fondations.journal.queries import list_entrees
from socle.metiers.demarches.enums import EtatDemarche, EtatVersion, EvenementDeVie
from socle.metiers.demarches.models import Demarche, Modification, Version


def list_publiees(collectivite: Collectivite) -> QuerySet[Demarche]:
    return Demarche.objects.filter(collectivite=collectivite, etat=EtatDemarche.PUBLIEE).order_by(
        "titre", "pk"
    )


@dataclass(frozen=True, slots=True)
class Recherche:
    """Ce qu’une recherche trouve ; `approchee` si aucune démarche ne porte les mots écrits."""

    demarches: Sequence[Demarche]
    approchee: bool = False


LETTRES_APPROCHEES, LETTRES_DEBUT, MOTS_LUS = 4, 3, 12
_EVENEMENT = Case(*(When(evenement=code, then=Value(nom)) for code, nom in EvenementDeVie.choices))
_AUTOUR = Concat(
    "service__nom", Value(" "), Replace("chemin", Value("-"), Value(" ")), Value(" "), _EVENEMENT,
    output_field=TextField(),
)  # fmt: skip
_FICHE = Concat(
    "titre", Value(" "), "mots_cles", Value(" "), "resume", Value(" "), "description", Value(" "),
    _AUTOUR, output_field=TextField(),
)  # fmt: skip
_VECTEUR = Func(
    F("recherche"),
    SearchVector(_AUTOUR, config="fr", weight="B"),
    template="(%(expressions)s)",
    arg_joiner=" || ",
    output_field=SearchVectorField(),
)
# Somme, sur les mots qui ne sont pas vides, de leur ressemblance avec le mot le plus proche :
# « cantinne » et « cantine » se ressemblent à 0,7 ; deux mots étrangers, sous 0,3.
_RESSEMBLANCE = """(SELECT coalesce(sum(proche), 0) FROM (
  SELECT strict_word_similarity(lower(f_unaccent(mot)), lower(f_unaccent(texte))) AS proche
  FROM (VALUES (%(expressions)s)) lus(texte, mots), unnest(mots) mot
  WHERE ts_lexize('fr_mots_vides', mot) IS NULL
) ressemblances WHERE proche >= 0.5)"""


def search_publiees(collectivite: Collectivite, texte: str, evenement: str = "") -> Recherche:
    """Cherche dans la fiche, le service, l’adresse et la rubrique ; à défaut, ce qui ressemble.

    Une requête, sur les démarches en ligne, peu nombreuses. Accents et accords indifférents ; puis
    les débuts de mots ; puis, si rien ne va, les fautes de frappe.
    """
    mots = re.findall(r"[^\W_]+", texte.lower())[:MOTS_LUS]
    requete = SearchQuery(texte, config="fr", search_type="websearch")
    debuts = " & ".join(f"{mot}:*" for mot in mots if len(mot) >= LETTRES_DEBUT)
    longs = [mot for mot in mots if len(mot) >= LETTRES_APPROCHEES]
    candidates = list_publiees(collectivite).annotate(
        vecteur=_VECTEUR,
        rang=SearchRank(F("vecteur"), requete),
        exacte=_match("vecteur", requete),
        debut=_match("vecteur", SearchQuery(debuts, config="fr", search_type="raw")),
        proche=Func(
            _FICHE,
            Value(longs, output_field=ArrayField(TextField())),
            template=_RESSEMBLANCE,
            output_field=FloatField(),
        ),
    )
    if evenement:
        candidates = candidates.filter(evenement=evenement)
    trouvees = list(
        candidates.filter(Q(exacte=True) | Q(debut=True) | Q(proche__gt=0)).order_by(
            "-exacte", "-debut", "-rang", "-proche", "titre", "pk"
        )
    )
    for critere in ("exacte", "debut"):
        if retenues := [d for d in trouvees if getattr(d, critere)]:
            return Recherche(retenues)
    return Recherche(trouvees, approchee=bool(trouvees))


def _match(vecteur: str, requete: SearchQuery) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**{vecteur: requete}), output_field=BooleanField())


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


def find_suite(version: Version, onglet: str) -> Modification | None:
    """Rend le dernier changement s’il vient de cette même page, qui enregistre au fil de la saisie.

    Il garde la définition d’avant l’ouverture de la page.
    """
    derniere = get_derniere_modification(version) if onglet else None
    return derniere if derniere is not None and derniere.onglet == onglet else None


def find_suite_fiche(demarche: Demarche, onglet: str) -> set[str] | None:
    """Rend les champs notés par le dernier changement de la fiche s’il vient de cette page."""
    if not onglet:
        return None
    entrees = list_entrees(
        objet=f"demarche:{demarche.pk}", collectivite_id=demarche.collectivite_id
    )
    derniere = entrees.filter(action="demarche.modifiee").reverse().first()
    if derniere is None or derniere.donnees.get("onglet") != onglet:
        return None
    return set(derniere.donnees["champs"])


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


def list_demarches(collectivite: Collectivite, portee: Portee) -> QuerySet[Demarche]:
    """Rend les démarches des services de cet agent, brouillons compris.

    Une démarche qui n’a pas encore de service n’est que de qui a un rôle pour tous.
    """
    return (
        Demarche.objects.filter(portee.filter("service"), collectivite=collectivite)
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


_EMPLOIS_DE_SOURCES = """
SELECT bloc ->> 'code', count(DISTINCT d.id), count(DISTINCT d.collectivite_id),
  (array_agg(DISTINCT d.id ORDER BY d.id))[:%s]
FROM demarches_demarche d
JOIN collectivites_collectivite c ON c.id = d.collectivite_id AND c.active
JOIN LATERAL (
  SELECT definition FROM demarches_version
  WHERE collectivite_id = d.collectivite_id AND demarche_id = d.id AND etat = 'publiee'
  ORDER BY numero DESC LIMIT 1
) v ON true
CROSS JOIN LATERAL jsonb_path_query(
  v.definition, '$.pages[*].champs[*] ? (@.type == "source")'
) bloc
WHERE d.etat = 'publiee'
GROUP BY 1
"""


def count_emplois_de_sources(*, gardees: int) -> dict[str, tuple[int, int, list[int]]]:
    """Rend, par source, (démarches publiées, collectivités, premières démarches) qui l’appellent.

    Parmi celles que la transaction laisse voir : toutes pour l’opérateur. Les collectivités
    fermées ne comptent pas.

    Args:
        gardees: combien de démarches nommer.
    """
    with connection.cursor() as curseur:
        curseur.execute(_EMPLOIS_DE_SOURCES, [gardees])
        return {code: (nombre, ici, ids) for code, nombre, ici, ids in curseur.fetchall()}


def list_publiees_parmi(ids: Sequence[int]) -> list[Demarche]:
    """Rend, de ces démarches, celles qui sont publiées en ce moment, avec leur collectivité."""
    publiees = Demarche.objects.filter(
        pk__in=ids, etat=EtatDemarche.PUBLIEE, collectivite__active=True
    )
    return list(publiees.select_related("collectivite").order_by("collectivite__nom", "titre"))


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


def list_collectivites_servies() -> set[int]:
    """Collectivités qui ont au moins une démarche publiée, parmi celles que l’on peut voir."""
    publiees = Demarche.objects.filter(etat=EtatDemarche.PUBLIEE).order_by("collectivite")
    return set(publiees.values_list("collectivite", flat=True).distinct())
