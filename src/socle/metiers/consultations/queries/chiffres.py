"""Les chiffres d’une synthèse : par question, et par territoire de qui a répondu.

Aucun texte libre n’en sort, et un groupe de moins de cinq réponses ne se montre pas : ni seul, ni
par soustraction (un second groupe est alors caché avec lui).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any

from socle.fondations.formulaires.definition import ChoixMultiple, ChoixSimple
from socle.fondations.formulaires.enums import Nature
from socle.fondations.formulaires.moteur import FormulaireCompile
from socle.fondations.formulaires.moteur.structure import ChampCompile
from socle.fondations.formulaires.textes import format_nombre
from socle.fondations.formulaires.valeurs import AUTRE
from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import list_regions
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.queries.formulaires import get_formulaire
from socle.metiers.consultations.queries.reponses import list_deposees

SEUIL = 5
GROUPES_MAX = 40
FERMES = ("oui_non", "case_a_cocher", "choix_simple", "choix_multiple", "civilite",
          "departement", "pays")  # fmt: skip
NOMBRES = ("nombre_entier", "nombre_decimal")
HORS_AUTORITE = "Personnes en leur nom"
Ligne = dict[str, Any]


def compute_chiffres(campagne: Campagne, *, maintenant: datetime) -> dict[str, Any]:
    """Compte les réponses déposées. Rend du JSON, à garder tel quel à la publication.

    Returns:
        `{"total", "calcule_le", "participation": [{"titre", "lignes"}], "questions": [...]}`.
        Une ligne : `{"libelle", "nombre" (None si caché), "part" (« 12 % »), "largeur" (0-100)}`.
        Une question : `{"champ", "libelle", "genre" (choix, nombre ou texte), "repondu", …}`.
    """
    formulaire = get_formulaire(campagne)
    champs = _list_champs(formulaire)
    valeurs: dict[str, list[Any]] = {c.id: [] for c in champs}
    genres: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    total = 0
    lignes = list_deposees(campagne).filter(purgee_le__isnull=True)
    for reponses, genre, region in lignes.values_list(
        "reponses", "genre_autorite", "region"
    ).iterator(chunk_size=1000):
        total += 1
        genres[genre] += 1
        if region:
            regions[region] += 1
        for compile_ in champs:
            valeur = reponses.get(compile_.id)
            if not compile_.type.is_vide(compile_.champ, valeur):
                valeurs[compile_.id].append(valeur)
    return {
        "total": total,
        "calcule_le": maintenant.isoformat(),
        "participation": _describe_participation(genres, regions, total),
        "questions": [_describe_question(c, valeurs[c.id]) for c in champs],
    }


def mask_groupes(nombres: Sequence[int], *, exclusifs: bool) -> list[int | None]:
    """Cache les groupes de 1 à 4 ; s’il n’y en a qu’un, cache aussi le plus petit des autres.

    >>> mask_groupes([12, 3, 8], exclusifs=True)
    [12, None, None]
    """
    caches = {rang for rang, nombre in enumerate(nombres) if 0 < nombre < SEUIL}
    if exclusifs and len(caches) == 1:
        autres = [(n, r) for r, n in enumerate(nombres) if r not in caches and n]
        if autres:
            caches.add(min(autres)[1])
    return [None if rang in caches else nombre for rang, nombre in enumerate(nombres)]


def _list_champs(formulaire: FormulaireCompile) -> list[ChampCompile]:
    return [
        c for page in formulaire.structure.pages for c in page.champs
        if c.saisi and c.type.nature is not Nature.AUCUNE
    ]  # fmt: skip


def _describe_participation(
    genres: Counter[str], regions: Counter[str], total: int
) -> list[dict[str, Any]]:
    noms = {region.code: region.nom for region in list_regions()} if regions else {}
    par_genre = [
        (GenreAutorite(g).label if g in GenreAutorite.values else HORS_AUTORITE, n)
        for g, n in sorted(genres.items())
    ]
    par_region = sorted((noms.get(code, code), n) for code, n in regions.items())
    tableaux = [("Qui a répondu", par_genre, total), ("Par région", par_region, regions.total())]
    return [
        {"titre": titre, "lignes": _build_lignes(groupes, somme, exclusifs=True)}
        for titre, groupes, somme in tableaux
        if groupes
    ]


def _describe_question(compile_: ChampCompile, valeurs: list[Any]) -> dict[str, Any]:
    champ = compile_.champ
    type_ = compile_.type.code
    question: dict[str, Any] = {
        "champ": champ.id, "libelle": champ.libelle, "genre": "texte", "repondu": len(valeurs),
        "lignes": [], "multiple": isinstance(champ, ChoixMultiple),
    }  # fmt: skip
    if type_ in FERMES:
        question["genre"] = "choix"
        if len(valeurs) >= SEUIL:
            groupes = _count_choix(compile_, valeurs)
            question["lignes"] = _build_lignes(
                groupes, len(valeurs), exclusifs=not question["multiple"]
            )
    elif type_ in NOMBRES:
        question |= {"genre": "nombre", "unite": getattr(champ, "unite", "")}
        if len(valeurs) >= SEUIL:
            nombres = [Decimal(str(v)) for v in valeurs]
            question |= {
                "mediane": _write(Decimal(median(nombres))),
                "minimum": _write(min(nombres)),
                "maximum": _write(max(nombres)),
            }
    return question


def _count_choix(compile_: ChampCompile, valeurs: list[Any]) -> list[tuple[str, int]]:
    """Compte chaque réponse proposée, même jamais choisie, dans l’ordre du formulaire."""
    champ = compile_.champ
    if isinstance(champ, ChoixMultiple):
        comptes = Counter(v for liste in valeurs for v in liste)
        return [(o.libelle, comptes[o.id]) for o in champ.options]
    if isinstance(champ, ChoixSimple):
        comptes = Counter(AUTRE if isinstance(v, dict) else str(v) for v in valeurs)
        autre = [("Autre", comptes[AUTRE])] if champ.autre else []
        return [*((o.libelle, comptes[o.id]) for o in champ.options), *autre]
    comptes = Counter(compile_.type.show(champ, v) for v in valeurs)
    return sorted(comptes.items(), key=lambda couple: (-couple[1], couple[0]))[:GROUPES_MAX]


def _build_lignes(
    groupes: Iterable[tuple[str, int]], somme: int, *, exclusifs: bool
) -> list[Ligne]:
    libelles, nombres = zip(*groupes, strict=True)
    return [
        {
            "libelle": libelle,
            "nombre": nombre,
            "part": f"{round(100 * nombre / somme)} %" if nombre is not None and somme else "",
            "largeur": round(100 * nombre / somme) if nombre and somme else 0,
        }
        for libelle, nombre in zip(
            libelles, mask_groupes(nombres, exclusifs=exclusifs), strict=True
        )
    ]


def _write(nombre: Decimal) -> str:
    return format_nombre(nombre)
