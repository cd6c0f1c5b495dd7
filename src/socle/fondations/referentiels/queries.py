"""Lectures des référentiels : communes, EPCI, départements, régions, pays, jours fériés."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.db.models import Q, QuerySet

from socle.fondations.referentiels.models import (
    CODE_COG,
    Autorite,
    Commune,
    Departement,
    Epci,
    Referentiel,
    normalize_nom,
)
from socle.fondations.referentiels.ports import JourFerie, Pays
from socle.normes.delais.calendrier import find_calendrier

PAYS = Path(__file__).resolve().parent / "donnees" / "pays.csv"
TEXTE_MAX = 100
TERRITOIRE = re.compile(r"dep-(\d{2,3}|2[AB])|reg-\d{2}", re.ASCII)
Noms = Mapping[str, tuple[str, str]]
"""Code → (nom, région du département) : « dep-92 » → (« Hauts-de-Seine », « reg-11 »)."""
T = TypeVar("T", Commune, Epci)

# Le nom exact d’abord, puis ceux qui commencent ainsi, puis un mot du nom, puis les ressemblants.
RECHERCHE_NOM = """
SELECT * FROM (
  SELECT *, CASE WHEN nom_tri = %(nom)s THEN 0 WHEN nom_tri LIKE %(debut)s THEN 1
    WHEN nom_tri LIKE %(mot)s THEN 2 ELSE 3 END AS rang,
    similarity(nom_tri, %(nom)s) + 0.03 * ln(coalesce(population, 0) + 1) AS ressemblance
  FROM {table}
  WHERE nom_tri LIKE %(debut)s OR nom_tri LIKE %(mot)s OR nom_tri %% %(nom)s
) trouves
{filtre}
ORDER BY rang, CASE WHEN rang = 3 THEN ressemblance ELSE 0 END DESC, population DESC NULLS LAST,
  nom_tri
LIMIT %(limite)s
"""
RECHERCHE_CODE = """
SELECT * FROM referentiels_commune
WHERE codes_postaux @> ARRAY[%(code)s]::varchar[] OR code = %(code)s
ORDER BY population DESC, nom_tri LIMIT %(limite)s
"""
RECHERCHE_DEBUT_DE_CODE = """
SELECT * FROM referentiels_commune
WHERE EXISTS (SELECT 1 FROM unnest(codes_postaux) AS postal WHERE postal LIKE %(debut)s)
ORDER BY population DESC, nom_tri LIMIT %(limite)s
"""
FILTRE_CODE = """
WHERE departement = %(code)s OR code = %(code)s
  OR EXISTS (SELECT 1 FROM unnest(codes_postaux) AS postal WHERE postal LIKE %(debut_code)s)
"""


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    nom: str


@dataclass(frozen=True, slots=True)
class Profil:
    """Ce qu’il faut savoir d’une collectivité pour dire ce qui la concerne.

    Attributes:
        cle: celle de `Autorite`, vide pour un syndicat ou un établissement.
        population: habitants ; None n’écarte rien.
    """

    cle: str
    nom: str
    genre: str
    population: int | None
    departement: str
    region: str

    @property
    def territoires(self) -> list[str]:
        """Territoires dont elle fait partie : « dep-92 », « reg-11 »."""
        codes = (("dep", self.departement), ("reg", self.region))
        return [f"{genre}-{code}" for genre, code in codes if code]


def describe_autorite(autorite: Autorite) -> Profil:
    """Rend le profil d’une collectivité du code officiel géographique."""
    return Profil(
        autorite.cle, autorite.nom, autorite.genre, autorite.population or None,
        autorite.departement, autorite.region,
    )  # fmt: skip


def search_communes(texte: str, limite: int = 20) -> list[Commune]:
    """Cherche des communes par nom, code postal, code Insee, ou nom et code ensemble.

    « st etienne », « hay les roses », « 92140 », « clamart 92 » et une faute de frappe trouvent.
    À égalité, la plus peuplée d’abord. Une instruction SQL, quelques millisecondes.
    """
    nom, code = _split(texte[:TEXTE_MAX])
    if nom:
        return _search_nom(Commune, nom, code, limite)
    if len(code) == 5:
        return list(Commune.objects.raw(RECHERCHE_CODE, {"code": code, "limite": limite}))
    if len(code) >= 2:
        criteres = {"debut": f"{code}%", "limite": limite}
        return list(Commune.objects.raw(RECHERCHE_DEBUT_DE_CODE, criteres))
    return []


def search_epcis(texte: str, limite: int = 20) -> list[Epci]:
    """Cherche des intercommunalités par leur nom, ou par leur SIREN."""
    nom, code = _split(texte[:TEXTE_MAX])
    if not nom:
        return list(Epci.objects.filter(siren=code).order_by("siren")) if code else []
    return _search_nom(Epci, nom, "", limite)


def _search_nom(modele: type[T], nom: str, code: str, limite: int) -> list[T]:
    criteres = {
        "nom": nom,
        "debut": f"{nom}%",
        "mot": f"% {nom}%",
        "code": code,
        "debut_code": f"{code}%",
        "limite": limite,
    }
    requete = RECHERCHE_NOM.format(table=modele._meta.db_table, filtre=FILTRE_CODE if code else "")
    return list(modele.objects.raw(requete, criteres))


def get_commune(code: str) -> Commune | None:
    """Rend une commune par son code Insee ; un code d’avant ou d’arrondissement rend l’actuelle."""
    exacte = Commune.objects.filter(code=code).order_by("code").first()
    return exacte or Commune.objects.filter(anciens_codes__contains=[code]).order_by("code").first()


def get_epci(siren: str) -> Epci | None:
    return Epci.objects.filter(siren=siren).order_by("siren").first()


def search_autorites(texte: str, limite: int = 20) -> list[Autorite]:
    """Cherche des collectivités de tout genre : nom, code postal, code Insee ou SIREN.

    Départements et régions d’abord (ils sont peu), puis communes, puis intercommunalités.
    """
    nom, code = _split(texte[:TEXTE_MAX])
    grandes = Autorite.objects.filter(genre__in=("departement", "region", "com"))
    cles = grandes.filter(Q(nom_tri=nom, nom_tri__gt="") | Q(departement=code, departement__gt=""))
    ordre = [autorite.cle for autorite in cles.order_by("genre", "code")]
    ordre += [f"commune-{commune.code}" for commune in search_communes(texte, limite)]
    ordre += [f"epci-{epci.siren}" for epci in search_epcis(texte, limite)]
    trouvees = Autorite.objects.in_bulk(ordre[: 2 * limite])
    return [trouvees[cle] for cle in dict.fromkeys(ordre) if cle in trouvees][:limite]


def get_autorite(cle: str) -> Autorite | None:
    """Rend une collectivité par sa clé, « commune-92023 » ou « epci-200057966 »."""
    return Autorite.objects.filter(cle=cle).order_by("cle").first()


def find_autorite(siren: str) -> Autorite | None:
    """Rend la collectivité de ce SIREN ; départements et régions n’en ont pas dans le COG."""
    return Autorite.objects.filter(siren=siren).order_by("cle").first() if siren else None


def list_membres(siren: str) -> list[Commune]:
    """Communes d’une intercommunalité, les plus peuplées d’abord."""
    return list(Commune.objects.filter(epci=siren).order_by("-population", "nom_tri"))


def list_departements() -> list[Departement]:
    return list(Departement.objects.order_by("code"))


def load_territoires() -> Noms:
    """Rend les noms des départements et des régions. Une instruction SQL."""
    return map_territoires(plan_departements())


def plan_departements() -> QuerySet[Departement]:
    """Prévoit de lire les départements, pour qui les lit avec autre chose."""
    return Departement.objects.order_by("code")


def map_territoires(departements: Iterable[Departement]) -> Noms:
    """Nomme les territoires de départements déjà lus."""
    lus: dict[str, tuple[str, str]] = {}
    for departement in departements:
        region = f"reg-{departement.region}"
        lus[f"dep-{departement.code}"] = (departement.nom, region)
        lus[region] = (departement.region_nom, "")
    return lus


def list_choix_territoires(noms: Noms) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rend les régions puis les départements, pour un choix groupé."""
    regions = sorted((nom, code) for code, (nom, _) in noms.items() if code.startswith("reg-"))
    departements = [
        (code, f"{code[4:]} {nom}") for code, (nom, _) in noms.items() if code.startswith("dep-")
    ]
    return [
        ("Régions", [(code, nom) for nom, code in regions]),
        ("Départements", departements),
    ]


def list_portee(codes: Iterable[str], noms: Noms) -> list[str]:
    """Rend ce que couvre un choix : un département, sa région ; une région, ses départements."""
    portee = set()
    for code in codes:
        portee.add(code)
        if code.startswith("dep-"):
            portee.add(noms.get(code, ("", ""))[1])
        else:
            portee |= {autre for autre, (_, region) in noms.items() if region == code}
    return sorted(portee - {""})


def name_territoire(code: str, noms: Noms) -> str:
    """Rend « Hauts-de-Seine », ou « département 92 » si le code n’est pas connu."""
    genre, _, numero = code.partition("-")
    inconnu = f"{'département' if genre == 'dep' else 'région'} {numero}"
    return noms.get(code, (inconnu, ""))[0]


def list_regions() -> list[Region]:
    lignes = Departement.objects.order_by("region").values_list("region", "region_nom").distinct()
    return [Region(code, nom) for code, nom in lignes]


@cache
def list_pays() -> tuple[Pays, ...]:
    """Rend les pays, la France d’abord, puis dans l’ordre de leur nom français."""
    with PAYS.open(encoding="utf-8", newline="") as fichier:
        lignes = csv.DictReader(fichier, delimiter=";")
        return tuple(Pays(ligne["code"], ligne["nom"], ligne["cog"]) for ligne in lignes)


def find_pays(code: str) -> Pays | None:
    """Trouve un pays par son code ISO (« DZ ») ou par son code Insee (« 99352 »)."""
    return next((pays for pays in list_pays() if code in (pays.code, pays.cog)), None)


def list_jours_feries(annee: int, departement: str = "") -> list[JourFerie]:
    """Rend les jours fériés légaux d’une année, avec ceux du département s’il en a.

    Source: code du travail, art. L. 3133-1, L. 3134-13 et L. 3422-2.
    """
    calendrier = find_calendrier(departement)
    return [JourFerie(jour, nom) for jour, nom in calendrier.list_feries(annee).items()]


def get_version_cog() -> Referentiel | None:
    """Version du COG chargée, None si la table est vide."""
    return Referentiel.objects.filter(code=CODE_COG).order_by("-modifie_le", "-pk").first()


def _split(texte: str) -> tuple[str, str]:
    """Sépare le nom et le code : « Clamart (92140) » donne (« clamart », « 92140 »)."""
    mots = normalize_nom(texte).split()
    codes = [mot for mot in mots if _is_code(mot)]
    return " ".join(mot for mot in mots if not _is_code(mot)), (codes or [""])[0].upper()


def _is_code(mot: str) -> bool:
    return mot.isdigit() or mot[:2] in ("2a", "2b")
