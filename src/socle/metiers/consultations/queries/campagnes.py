"""Lire les campagnes : celles que tous voient, et celles de l’équipe."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from socle.fondations.commun.mise_en_forme import strip_forme
from socle.fondations.commun.textes import format_instant, join_mots
from socle.fondations.formulaires.moteur import format_duree
from socle.fondations.referentiels.enums import GenreAutorite
from socle.fondations.referentiels.queries import list_departements, list_regions
from socle.metiers.consultations.enums import (
    VISIBLES,
    Acces,
    EtatCampagne,
    EtatReponse,
    Moment,
    Perimetre,
    Unite,
)
from socle.metiers.consultations.models import Campagne
from socle.metiers.consultations.queries.formulaires import get_formulaire

LISTE_MAX = 200
DEPOSEES = Count("reponses", filter=Q(reponses__etat=EtatReponse.DEPOSEE))


@dataclass(frozen=True, slots=True)
class Criteres:
    """Filtres de la page publique ; vide ne filtre pas."""

    genre: str = ""
    theme: str = ""
    departement: str = ""


@dataclass(frozen=True, slots=True)
class Presentation:
    """Ce que la fiche publique dit d’une campagne."""

    pour_qui: str
    quand: str
    duree: str
    questions: int
    reponses: int


def list_publiques(criteres: Criteres | None = None) -> QuerySet[Campagne]:
    """Campagnes publiées et non restreintes, la clôture la plus tardive d’abord."""
    lignes = Campagne.objects.filter(etat__in=VISIBLES, acces=Acces.PUBLIC).exclude(
        publiee_le__isnull=True
    )
    if criteres is None:
        return lignes.order_by("-ferme_le", "-pk")
    if criteres.genre:
        lignes = lignes.filter(genre=criteres.genre)
    if criteres.theme:
        lignes = lignes.filter(themes__contains=[criteres.theme])
    if criteres.departement:
        region = {d.code: d.region for d in list_departements()}.get(criteres.departement, "")
        lignes = lignes.filter(
            Q(departements=[]) | Q(departements__contains=[criteres.departement])
        ).filter(Q(regions=[]) | Q(regions__contains=[region]))
    return lignes.order_by("-ferme_le", "-pk")


def split_moments(campagnes: list[Campagne], maintenant: datetime) -> dict[str, list[Campagne]]:
    """Range par moment : les ouvertes (la plus pressée d’abord), à venir, closes."""
    moments: dict[str, list[Campagne]] = {moment.value: [] for moment in Moment}
    for campagne in campagnes:
        moments[campagne.find_moment(maintenant).value].append(campagne)
    moments["ouverte"].reverse()
    moments["a_venir"].sort(key=lambda c: (c.ouvre_le, c.pk))
    return moments


def list_pour_equipe() -> list[Campagne]:
    """Toutes, la dernière modifiée d’abord, avec leur nombre de réponses déposées."""
    return list(
        Campagne.objects.annotate(nombre=DEPOSEES).order_by("-modifie_le", "-pk")[:LISTE_MAX]
    )


def find_campagne(slug: str) -> Campagne | None:
    """Rend la campagne, brouillon ou non, avec son nombre de réponses déposées."""
    return Campagne.objects.annotate(nombre=DEPOSEES).filter(slug=slug).order_by("pk").first()


def present_campagne(campagne: Campagne) -> Presentation:
    """Rend ce que la fiche dit, en phrases. `nombre` vient de `find_campagne`."""
    formulaire = get_formulaire(campagne)
    questions = sum(c.saisi for page in formulaire.structure.pages for c in page.champs)
    return Presentation(
        pour_qui=describe_perimetre(campagne),
        quand=describe_dates(campagne),
        duree=format_duree(formulaire.duree_estimee()),
        questions=questions,
        reponses=getattr(campagne, "nombre", 0),
    )


def describe_dates(campagne: Campagne) -> str:
    """« du 4 mars 2027 à 9 h au 30 avril 2027 à 23 h 59, heure de Paris »."""
    if campagne.ouvre_le is None or campagne.ferme_le is None:
        return "dates à venir"
    debut, fin = format_instant(campagne.ouvre_le), format_instant(campagne.ferme_le)
    return f"du {debut} au {fin}, heure de Paris"


def describe_perimetre(campagne: Campagne) -> str:
    """Dit qui peut répondre, filtres et nombre de réponses compris."""
    qui = {
        Perimetre.TOUS: "Tout le monde",
        Perimetre.AGENTS: "Les agents publics connectés",
        Perimetre.AUTORITES: "Les collectivités",
        Perimetre.MEMBRES: "Les membres du programme",
    }[Perimetre(campagne.perimetre)]
    filtres = _list_filtres(campagne) if campagne.perimetre == Perimetre.AUTORITES else []
    phrase = f"{qui} ({' ; '.join(filtres)})" if filtres else qui
    fois = Unite(campagne.unite).label.lower()
    compte = "avec ou sans compte" if campagne.anonyme else "avec un compte"
    return f"{phrase}, {fois}, {compte}."


def _list_filtres(campagne: Campagne) -> list[str]:
    filtres = []
    genres = [GenreAutorite(g).label.lower() for g in campagne.genres_autorites]
    if genres:
        filtres.append(join_mots(genres, "ou"))
    if campagne.departements:
        noms = {d.code: d.nom for d in list_departements()}
        filtres.append(join_mots([noms.get(c, c) for c in campagne.departements], "ou"))
    if campagne.regions:
        noms = {r.code: r.nom for r in list_regions()}
        filtres.append(join_mots([noms.get(c, c) for c in campagne.regions], "ou"))
    if campagne.population_min is not None:
        filtres.append(f"{_write(campagne.population_min)} habitants au moins")
    if campagne.population_max is not None:
        filtres.append(f"{_write(campagne.population_max)} habitants au plus")
    return filtres


def _write(nombre: int) -> str:
    return f"{nombre:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def filter_citant(cle: str) -> QuerySet[Campagne]:
    """Campagnes publiques qui citent cette clé."""
    return list_publiques().filter(liens__contains=[cle])


def search_publiques(mots: list[str]) -> list[Campagne]:
    """Campagnes publiques dont le titre, la phrase ou le texte contient tous les mots."""
    lignes = list_publiques()
    for mot in mots[:8]:
        lignes = lignes.filter(
            Q(titre__icontains=mot) | Q(chapo__icontains=mot) | Q(texte__icontains=mot)
        )
    return list(lignes[:10])


def describe_texte(campagne: Campagne) -> str:
    """Rend le chapô, ou le début du texte."""
    return campagne.chapo or strip_forme(campagne.texte)[:200]


def is_depouillable(campagne: Campagne, maintenant: datetime) -> bool:
    """Vrai d’une campagne close, par sa date ou par l’équipe."""
    if campagne.etat == EtatCampagne.PUBLIEE:
        return campagne.find_moment(maintenant) == Moment.CLOSE
    return campagne.etat in (EtatCampagne.CLOSE, EtatCampagne.DEPOUILLEE)
