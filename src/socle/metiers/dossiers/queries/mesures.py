"""Mesures d’usage : elles survivent aux purges, et ne disent rien d’une personne."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from socle.fondations.administration.ports import Chiffre
from socle.metiers.demarches.models import Demarche
from socle.metiers.dossiers.enums import Canal, EtatDossier
from socle.metiers.dossiers.models import Mesure

ISSUES = (EtatDossier.ACCEPTE, EtatDossier.REFUSE, EtatDossier.SANS_SUITE)
JOUR = 86_400
ACTIVES = "Collectivités avec une demande"


@dataclass(frozen=True, slots=True)
class Part:
    """Une part d’un total : libellé, nombre, pourcentage entier."""

    libelle: str
    nombre: int
    pourcentage: int


@dataclass(frozen=True, slots=True)
class Statistiques:
    """Chiffres d’une démarche. `delai_jours` : du dépôt à la décision, None sans décision."""

    deposes: int
    canaux: list[Part]
    issues: list[Part]
    decides: int
    delai_jours: float | None
    par_mois: list[tuple[date, int]]


def compute_statistiques(demarche: Demarche) -> Statistiques:
    """Rend les chiffres publics d’une démarche, en une requête."""
    mesures = list(
        Mesure.objects.filter(
            collectivite_id=demarche.collectivite_id, demarche_id=demarche.pk
        ).order_by("jour", "fait", "canal")
    )
    deposes = [m for m in mesures if m.fait == "depose"]
    decides = [m for m in mesures if m.fait in ISSUES]
    canaux: Counter[str] = Counter()
    mois: Counter[date] = Counter()
    issues: Counter[str] = Counter()
    for mesure in deposes:
        canaux[mesure.canal] += mesure.nombre
        mois[mesure.jour.replace(day=1)] += mesure.nombre
    for mesure in decides:
        issues[mesure.fait] += mesure.nombre
    nombre_decides = sum(issues.values())
    duree = sum(m.duree_totale for m in decides)
    return Statistiques(
        deposes=sum(canaux.values()),
        canaux=_parts(canaux, dict(Canal.choices)),
        issues=_parts(issues, {str(e): str(e.label) for e in ISSUES}),
        decides=nombre_decides,
        delai_jours=round(duree / nombre_decides / JOUR, 1) if nombre_decides else None,
        par_mois=sorted(mois.items())[-12:],
    )


def list_chiffres() -> list[Chiffre]:
    """Rend, par mois et pour toute l’installation, les demandes par canal et par issue.

    À appeler sous le rôle de l’opérateur, qui voit toutes les collectivités.
    """
    lignes = (
        Mesure.objects.filter(fait__in=("depose", *ISSUES), nombre__gt=0)
        .values_list(TruncMonth("jour"), "fait", "canal")
        .annotate(somme=Sum("nombre"))
        .order_by()
    )
    cumuls: Counter[tuple[date, str, str]] = Counter()
    for mois, fait, canal, somme in lignes:
        if fait == "depose":
            cumuls[mois, "Demandes déposées", str(Canal(canal).label)] += somme
        else:
            cumuls[mois, "Demandes décidées", str(EtatDossier(fait).label)] += somme
    actives = (
        Mesure.objects.filter(fait="depose", nombre__gt=0)
        .values_list(TruncMonth("jour"))
        .annotate(actives=Count("collectivite", distinct=True))
        .order_by()
    )
    return [
        *(
            Chiffre(mois=mois, mesure=mesure, detail=detail, nombre=nombre)
            for (mois, mesure, detail), nombre in cumuls.items()
        ),
        *(Chiffre(mois=mois, mesure=ACTIVES, nombre=nombre) for mois, nombre in actives),
    ]


def count_faits(jusqu_au: date) -> Counter[tuple[str, str]]:
    """Compte, par fait et par canal, tout ce qui s’est passé jusqu’à ce jour compris.

    Un fait : « depose », ou une issue. À appeler sous le rôle de l’opérateur.
    """
    lignes = (
        Mesure.objects.filter(fait__in=("depose", *ISSUES), jour__lte=jusqu_au)
        .values_list("fait", "canal")
        .annotate(somme=Sum("nombre"))
        .order_by()
    )
    return Counter({(fait, canal): somme for fait, canal, somme in lignes})


def count_actives(jusqu_au: date) -> int:
    """Compte les collectivités qui ont reçu une demande dans l’année qui finit ce jour.

    À appeler sous le rôle de l’opérateur.
    """
    depuis = jusqu_au - timedelta(days=365)
    return (
        Mesure.objects.filter(fait="depose", nombre__gt=0, jour__gt=depuis, jour__lte=jusqu_au)
        .values("collectivite")
        .distinct()
        .count()
    )


def _parts(nombres: Counter[str], libelles: dict[str, str]) -> list[Part]:
    total = sum(nombres.values()) or 1
    return [
        Part(libelles[code], nombres[code], round(100 * nombres[code] / total))
        for code in libelles
        if nombres[code]
    ]
