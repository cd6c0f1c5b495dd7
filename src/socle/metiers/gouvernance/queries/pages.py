"""Ce que lisent les pages publiques. Une proposition pas figée, une réunion pas convoquée : non."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from socle.fondations.commun.pagination import PageDeListe, paginate_keyset
from socle.metiers.gouvernance.enums import (
    DECISIONS_PUBLIQUES,
    EtatDecision,
    EtatReunion,
    Resultat,
)
from socle.metiers.gouvernance.models import (
    Decision,
    Effet,
    Evaluation,
    Instance,
    Reunion,
    Validation,
    VersionDeDecision,
)

PAR_PAGE = 30
ANNONCEES = (EtatReunion.CONVOQUEE, EtatReunion.TENUE, EtatReunion.ANNULEE)


def list_instances(maintenant: datetime) -> QuerySet[Instance, Instance]:
    """Instances ouvertes, avec leur prochaine réunion et leur nombre de sièges. Une instruction."""
    jour = timezone.localdate(maintenant)
    prochaine = Reunion.objects.filter(
        instance=OuterRef("pk"), etat=EtatReunion.CONVOQUEE, fin__gte=maintenant
    ).order_by("debut")
    actif = Q(sieges__du__lte=jour) & (Q(sieges__au=None) | Q(sieges__au__gte=jour))
    return (
        Instance.objects.filter(Q(fermee_le=None) | Q(fermee_le__gte=jour))
        .annotate(
            nombre_sieges=Count("sieges", filter=actif, distinct=True),
            prochaine=Subquery(prochaine.values("debut")[:1]),
            prochaine_id=Subquery(prochaine.values("pk")[:1]),
        )
        .order_by("ordre", "sigle", "pk")
    )


def find_instance(slug: str) -> Instance | None:
    return Instance.objects.filter(slug=slug).first()


def list_reunions_publiques(
    instance: Instance | None = None, *, depuis: datetime | None = None
) -> QuerySet[Reunion, Reunion]:
    """Réunions annoncées, de la plus ancienne à la plus récente ; instance chargée."""
    reunions = Reunion.objects.filter(etat__in=ANNONCEES).select_related("instance")
    if instance is not None:
        reunions = reunions.filter(instance=instance)
    if depuis is not None:
        reunions = reunions.filter(fin__gte=depuis)
    return reunions.order_by("debut", "pk")


def page_reunions(*, instance: str = "", apres: str = "") -> PageDeListe:
    """Toutes les réunions annoncées, la plus récente d’abord."""
    reunions = Reunion.objects.filter(etat__in=ANNONCEES).select_related("instance")
    if instance:
        reunions = reunions.filter(instance__slug=instance)
    return paginate_keyset(reunions, cles=("debut", "id"), apres=apres, taille=PAR_PAGE)


def find_reunion(pk: int) -> Reunion | None:
    """Réunion, son instance et son nombre d’inscrits."""
    return (
        Reunion.objects.filter(pk=pk)
        .select_related("instance")
        .annotate(nombre_inscrits=Count("inscriptions"))
        .first()
    )


def page_decisions(
    *, etat: str = "", instance: str = "", texte: str = "", apres: str = ""
) -> PageDeListe:
    """Décisions publiques, la plus récente d’abord, avec la date de chaque collège."""
    decisions = annotate_accords(Decision.objects.filter(etat__in=DECISIONS_PUBLIQUES))
    if etat in DECISIONS_PUBLIQUES:
        decisions = decisions.filter(etat=etat)
    if instance:
        decisions = decisions.filter(instance__slug=instance)
    if texte := texte.strip()[:100]:
        decisions = decisions.filter(titre__icontains=texte)
    return paginate_keyset(
        decisions.select_related("instance"), cles=("numero",), apres=apres, taille=PAR_PAGE
    )


def annotate_accords(decisions: QuerySet[Decision, Decision]) -> QuerySet[Decision, Decision]:
    """Ajoute `etat_le` et `collectivites_le` : quand chaque collège a validé le texte courant."""

    def read(college: str) -> Subquery:
        return Subquery(
            Validation.objects.filter(
                version__decision=OuterRef("pk"),
                version__rang=OuterRef("rang"),
                resultat=Resultat.VALIDEE,
                college=college,
            ).values("validee_le")[:1]
        )

    return decisions.annotate(etat_le=read("etat"), collectivites_le=read("collectivites"))


def find_decision(numero: int) -> Decision | None:
    """Décision publique, ses versions, leurs validations et ses suites. Quatre instructions."""
    validations = Prefetch("validations", Validation.objects.order_by("pk"))
    versions = VersionDeDecision.objects.filter(figee_le__isnull=False).order_by("-rang")
    return (
        Decision.objects.filter(numero=numero, etat__in=DECISIONS_PUBLIQUES)
        .select_related("instance", "proposee_par", "preparee_par", "reunion", "feuille")
        .prefetch_related(Prefetch("versions", versions.prefetch_related(validations)), "effets")
        .first()
    )


def list_dernieres_prises() -> "QuerySet[Decision]":
    """Décisions prises, la dernière d’abord, leurs deux dates et leur première suite."""
    suite = Effet.objects.filter(decision=OuterRef("pk")).order_by("date_visee", "pk")
    return (
        annotate_accords(Decision.objects.filter(etat=EtatDecision.PRISE))
        .annotate(
            suite=Subquery(suite.values("texte")[:1]),
            suite_date=Subquery(suite.values("date_visee")[:1]),
        )
        .order_by("-prise_le", "-numero")
    )


def list_decisions_prises(limite: int = 50) -> Sequence[Decision]:
    """Dernières décisions prises, pour le flux Atom."""
    prises = annotate_accords(Decision.objects.filter(etat=EtatDecision.PRISE))
    return list(prises.select_related("instance").order_by("-prise_le", "-numero")[:limite])


def list_evaluations() -> list[Evaluation]:
    """Évaluations publiées, la dernière d’abord."""
    publiees = Evaluation.objects.filter(publiee_le__isnull=False)
    return list(publiees.order_by("-publiee_le", "-pk")[:200])
