"""Une collectivité et ce qu’elle utilise ; celles qui lui ressemblent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.ensembles import Brute, read_listes
from socle.fondations.referentiels.enums import GenreAutorite, Tranche
from socle.fondations.referentiels.models import Autorite
from socle.fondations.referentiels.queries import find_autorite, get_autorite
from socle.metiers.adoption.enums import Source, Usage
from socle.metiers.adoption.models import Fait, Signature
from socle.metiers.adoption.queries.conventions import list_signatures_de

VOISINS_MAX = 12
HORS_COG = "siren-"
RANGS = {Source.FICTIVE: 0, Source.IMPORTEE: 1, Source.DECLAREE: 2, Source.MESUREE: 3}

IDENTITE = """
SELECT a.cle, a.genre, a.code, a.siren, a.nom, a.departement, a.region, a.epci, a.population,
  a.tranche, d.nom, d.region_nom, e.nom, c.slug
FROM referentiels_autorite a
LEFT JOIN referentiels_departement d ON d.code = a.departement
LEFT JOIN referentiels_epci e ON e.siren = a.epci
LEFT JOIN collectivites_collectivite c ON c.active AND (
  (a.siren <> '' AND c.siren = a.siren) OR (a.siren = '' AND c.code_cog = a.code))
WHERE a.cle = %s LIMIT 1
"""
# Même intercommunalité, puis même département et même taille, puis la taille la plus proche.
QUI_UTILISE = """
SELECT DISTINCT ON (s.autorite) s.autorite, a.nom, a.departement, a.population, s.date_fait,
  s.source, s.depuis, s.lien, d.nom AS departement_nom
FROM (
  (SELECT autorite, source, date_fait, depuis, 1 AS lien FROM adoption_situation
   WHERE solution = %(solution)s AND usage = 'utilise' AND genre = %(genre)s
     AND departement = %(departement)s AND epci = %(epci)s AND %(epci)s <> ''
   ORDER BY abs(population::int - %(population)s) LIMIT %(limite)s)
  UNION ALL
  (SELECT autorite, source, date_fait, depuis, 2 FROM adoption_situation
   WHERE solution = %(solution)s AND usage = 'utilise' AND genre = %(genre)s
     AND departement = %(departement)s AND tranche = %(tranche)s AND departement <> ''
   ORDER BY abs(population::int - %(population)s) LIMIT %(limite)s)
  UNION ALL
  (SELECT autorite, source, date_fait, depuis, 3 FROM adoption_situation
   WHERE solution = %(solution)s AND usage = 'utilise' AND genre = %(genre)s
     AND population >= %(population)s ORDER BY population LIMIT %(demi)s)
  UNION ALL
  (SELECT autorite, source, date_fait, depuis, 3 FROM adoption_situation
   WHERE solution = %(solution)s AND usage = 'utilise' AND genre = %(genre)s
     AND population < %(population)s ORDER BY population DESC LIMIT %(demi)s)
) s JOIN referentiels_autorite a ON a.cle = s.autorite
LEFT JOIN referentiels_departement d ON d.code = a.departement
WHERE s.autorite <> %(cle)s ORDER BY s.autorite, s.lien
"""
LIENS = {1: "même intercommunalité", 2: "même département, même taille", 3: "taille proche"}
SEMBLABLES = """
SELECT a.cle, a.nom, a.population, (
  SELECT count(*) FROM adoption_situation s
  WHERE s.autorite = a.cle AND s.usage = 'utilise' AND s.solution <> '') AS nombre
FROM (
  SELECT cle, nom, population, abs(population::int - %(population)s) AS ecart
  FROM referentiels_autorite
  WHERE departement = %(departement)s AND genre = %(genre)s AND tranche = %(tranche)s
    AND cle <> %(cle)s
  ORDER BY ecart, cle LIMIT 6
) a ORDER BY ecart, cle
"""


@dataclass(frozen=True, slots=True)
class Identite:
    """Une collectivité telle que sa page la présente."""

    autorite: Autorite
    departement_nom: str
    region_nom: str
    epci_nom: str
    portail: str  # adresse courte de son portail ici, vide sinon

    @property
    def tranche_libelle(self) -> str:
        return str(Tranche(self.autorite.tranche).label)


@dataclass(slots=True)
class UsageConnu:
    """Ce que l’on sait d’une solution dans une collectivité : le fait qui compte, et les autres."""

    solution: str
    fait: Fait
    autres: list[Fait] = field(default_factory=list)

    @property
    def is_contredit(self) -> bool:
        """Vrai si une autre source dit le contraire de ce qui est retenu."""
        ici = self.fait.usage == Usage.UTILISE
        return any((autre.usage == Usage.UTILISE) != ici for autre in self.autres)


@dataclass(frozen=True, slots=True)
class Voisin:
    """Une collectivité qui utilise déjà une solution, et pourquoi on la propose."""

    cle: str
    nom: str
    departement: str
    population: int
    date_fait: date
    source: str
    depuis: date | None
    lien: int
    departement_nom: str

    @property
    def lien_libelle(self) -> str:
        return LIENS[self.lien]

    @property
    def source_libelle(self) -> str:
        return str(Source(self.source).label)


@dataclass(frozen=True, slots=True)
class Semblable:
    cle: str
    nom: str
    population: int
    nombre: int


def get_autorite_de(collectivite: Collectivite) -> Autorite:
    """Rend la ligne du code officiel d’une collectivité de l’installation.

    Un syndicat, un établissement territorial n’y sont pas : ils reçoivent une clé à leur SIREN. Ce
    qu’ils déclarent se lit sur leur page, sans entrer dans les taux, qui n’ont pas de total où les
    ranger.
    """
    if trouvee := find_autorite(collectivite.siren):
        return trouvee
    genre = "com" if collectivite.genre not in GenreAutorite.values else collectivite.genre
    return get_autorite(f"{genre}-{collectivite.code_cog}") or _build_hors_cog(collectivite)


def _build_hors_cog(collectivite: Collectivite) -> Autorite:
    genre = collectivite.genre if collectivite.genre in GenreAutorite.values else GenreAutorite.EPCI
    population = collectivite.population or 0
    return Autorite(
        cle=f"{HORS_COG}{collectivite.siren}",
        genre=genre,
        code=collectivite.siren,
        siren=collectivite.siren,
        nom=collectivite.nom,
        departement=collectivite.departement,
        population=population,
        tranche=max(tranche for tranche in Tranche.values if tranche <= population),
    )


def find_identite(cle: str) -> Identite | None:
    """Une collectivité, ses territoires et son portail s’il est ici. Une instruction SQL."""
    if cle.startswith(HORS_COG):
        collectivite = Collectivite.objects.filter(siren=cle.removeprefix(HORS_COG)).first()
        if collectivite is None or find_autorite(collectivite.siren):
            return None
        autorite = _build_hors_cog(collectivite)
        return Identite(autorite, "", "", "", collectivite.slug if collectivite.active else "")
    with connection.cursor() as curseur:
        curseur.execute(IDENTITE, [cle[:24]])
        ligne = curseur.fetchone()
    if ligne is None:
        return None
    noms = ("cle", "genre", "code", "siren", "nom", "departement", "region", "epci", "population",
            "tranche")  # fmt: skip
    autorite = Autorite(**dict(zip(noms, ligne[:10], strict=True)))
    departement, region, epci, slug = (valeur or "" for valeur in ligne[10:])
    return Identite(autorite, departement, region, epci, slug)


def read_page(autorite: Autorite) -> tuple[list[UsageConnu], list[Signature], list[Semblable]]:
    """Ce qu’une collectivité utilise et signe, et celles qui lui ressemblent : une instruction."""
    faits, signatures, semblables = read_listes(
        _list_faits(autorite.cle), list_signatures_de(autorite.cle),
        Brute(SEMBLABLES, _locate(autorite)),
    )  # fmt: skip
    return _group_usages(faits), signatures, [Semblable(**ligne) for ligne in semblables]


def list_usages(cle: str) -> list[UsageConnu]:
    """Solutions d’une collectivité, le fait retenu d’abord. Une instruction SQL."""
    return _group_usages(_list_faits(cle))


def _list_faits(cle: str) -> QuerySet[Fait]:
    return Fait.objects.filter(autorite=cle, annule_le=None).order_by("solution", "pk")[:2000]


def _group_usages(faits: Iterable[Fait]) -> list[UsageConnu]:
    """Range les faits par solution.

    Même règle que les comptes : le plus récent, et le même jour la source la plus sûre ; un fait
    fictif ne compte que seul.
    """
    par_solution: dict[str, list[Fait]] = {}
    for fait in faits:
        par_solution.setdefault(fait.solution, []).append(fait)
    usages = []
    for solution, siens in par_solution.items():
        vrais = [f for f in siens if f.source != Source.FICTIVE] or siens
        vrais.sort(key=lambda f: (f.date_fait, RANGS[Source(f.source)], f.pk), reverse=True)
        derniers: dict[str, Fait] = {}
        for fait in vrais[1:]:
            derniers.setdefault(fait.source, fait)
        derniers.pop(vrais[0].source, None)
        usages.append(UsageConnu(solution, vrais[0], list(derniers.values())))
    return usages


def list_voisins(*, solution: str, autorite: Autorite, limite: int = VOISINS_MAX) -> list[Voisin]:
    """Qui, près d’ici et de cette taille, utilise déjà cette solution. Une instruction SQL."""
    valeurs = _locate(autorite) | {"solution": solution, "limite": limite, "demi": limite // 2}
    with connection.cursor() as curseur:
        curseur.execute(QUI_UTILISE, valeurs)
        voisins = [Voisin(*ligne) for ligne in curseur.fetchall()]
    proche = autorite.population
    return sorted(voisins, key=lambda v: (v.lien, abs(v.population - proche), v.cle))[:limite]


def _locate(autorite: Autorite) -> dict[str, Any]:
    return {
        "cle": autorite.cle,
        "genre": autorite.genre,
        "departement": autorite.departement,
        "epci": autorite.epci,
        "tranche": autorite.tranche,
        "population": autorite.population,
    }


def map_installes(cles: list[str]) -> dict[str, Collectivite]:
    """Parmi ces clés, celles dont la collectivité est dans l’installation. Deux instructions."""
    lignes = list(Autorite.objects.filter(cle__in=cles).order_by("cle"))
    sirens = {ligne.siren: ligne.cle for ligne in lignes if ligne.siren}
    sirens |= {cle.removeprefix(HORS_COG): cle for cle in cles if cle.startswith(HORS_COG)}
    codes = {ligne.code: ligne.cle for ligne in lignes if not ligne.siren}
    presentes = Collectivite.objects.filter(active=True).filter(
        Q(siren__in=sirens) | Q(code_cog__in=codes)
    )
    return {sirens.get(c.siren) or codes[c.code_cog]: c for c in presentes.order_by("pk")}
