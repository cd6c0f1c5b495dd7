"""Lectures des conventions, de leurs versions et de leurs adhérentes."""

from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from socle.metiers.adoption.enums import EtatConvention
from socle.metiers.adoption.models import Convention, Signature, VersionDeConvention

ADHERENTES_MONTREES = 500


@dataclass(frozen=True, slots=True)
class ConventionDeLAutorite:
    """Une convention vue d’une collectivité : où en est son adhésion."""

    convention: Convention
    version: VersionDeConvention
    signature: Signature | None

    @property
    def is_a_jour(self) -> bool:
        return self.signature is not None and self.signature.version_id == self.version.pk

    @property
    def is_a_resigner(self) -> bool:
        """Vrai si le texte a changé depuis l’adhésion."""
        return self.signature is not None and not self.is_a_jour


def list_publiees() -> QuerySet[Convention]:
    """Conventions visibles, avec `adherentes`, et `numero` et `publiee_le` du dernier texte."""
    derniere = VersionDeConvention.objects.filter(convention=OuterRef("pk")).order_by("-numero")
    return (
        Convention.objects.exclude(etat=EtatConvention.BROUILLON)
        .annotate(
            adherentes=Count("signatures", filter=Q(signatures__retiree_le=None)),
            numero=Subquery(derniere.values("numero")[:1]),
            publiee_le=Subquery(derniere.values("publiee_le")[:1]),
        )
        .order_by("etat", "titre", "pk")
    )


def list_toutes() -> QuerySet[Convention]:
    """Toutes, brouillons compris, pour l’équipe."""
    return Convention.objects.annotate(
        adherentes=Count("signatures", filter=Q(signatures__retiree_le=None)),
        numero=Max("versions__numero"),
    ).order_by("titre", "pk")


def find_convention(slug: str, *, brouillons: bool = False) -> Convention | None:
    conventions = Convention.objects.filter(slug=slug)
    if not brouillons:
        conventions = conventions.exclude(etat=EtatConvention.BROUILLON)
    return conventions.order_by("pk").first()


def list_versions(convention: Convention) -> list[VersionDeConvention]:
    """Versions, la dernière d’abord."""
    return list(convention.versions.order_by("-numero"))


def list_adherentes(convention: Convention) -> QuerySet[Signature]:
    """Adhésions en cours, les plus récentes d’abord ; ni signataire ni agent."""
    return (
        Signature.objects.filter(convention=convention, retiree_le=None)
        .select_related("version")
        .defer("version__texte")
        .order_by("-signee_le", "pk")
    )


def list_signatures_de(cle: str) -> QuerySet[Signature]:
    """Adhésions en cours d’une collectivité."""
    return (
        Signature.objects.filter(autorite=cle, retiree_le=None)
        .exclude(convention__etat=EtatConvention.BROUILLON)
        .select_related("convention", "version")
        .defer("version__texte")
        .order_by("-signee_le", "pk")
    )


def list_histoire(convention: Convention, cle: str) -> list[Signature]:
    """Toutes les adhésions d’une collectivité à cette convention, retirées comprises."""
    return list(
        Signature.objects.filter(convention=convention, autorite=cle)
        .select_related("version")
        .order_by("-signee_le", "-pk")
    )


def list_pour_autorite(cle: str) -> list[ConventionDeLAutorite]:
    """Conventions publiées et adhésion de cette collectivité. Trois instructions SQL."""
    conventions = list(list_publiees())
    signatures = {s.convention_id: s for s in list_signatures_de(cle)}
    derniers: dict[int, VersionDeConvention] = {}
    for version in VersionDeConvention.objects.filter(convention__in=conventions).order_by(
        "numero"
    ):
        derniers[version.convention_id] = version
    return [
        ConventionDeLAutorite(c, derniers[c.pk], signatures.get(c.pk))
        for c in conventions
        if c.is_ouverte or c.pk in signatures
    ]


def search_conventions(texte: str) -> QuerySet[Convention]:
    """Vingt conventions au plus dont le titre ou le résumé contient ces mots."""
    cherchees = Convention.objects.exclude(etat=EtatConvention.BROUILLON)
    for mot in texte.split()[:6]:
        cherchees = cherchees.filter(Q(titre__icontains=mot) | Q(resume__icontains=mot))
    return cherchees.order_by("titre", "pk")[:20]
