"""Ce que les autres métiers voient d’ici : fiches, rappels, recherche."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.fondations.commun.textes import format_jour
from socle.metiers.gouvernance.enums import (
    DECISIONS_PUBLIQUES,
    EtatDecision,
    EtatFeuille,
    NatureInstance,
)
from socle.metiers.gouvernance.models import (
    Decision,
    Evaluation,
    FeuilleDeRoute,
    Instance,
    LigneDeFeuille,
    Reunion,
)
from socle.metiers.gouvernance.queries.feuilles import order_brouillon
from socle.metiers.gouvernance.queries.pages import ANNONCEES

LIMITE = 20
# Genre d’une ligne trouvée → page qui la montre.
PAGES = {
    "instance": "gouvernance:instance",
    "reunion": "gouvernance:reunion",
    "decision": "gouvernance:decision",
    "feuille": "gouvernance:feuille",
    "evaluation": "gouvernance:evaluation",
}


def resolve_instances(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """« instance:cos » : sa fiche."""
    return plan_fiches(
        Instance.objects.filter(slug__in=_cut(cles)).order_by("pk"), _describe_instance
    )


def _describe_instance(ligne: Instance) -> Fiche:
    url = reverse("gouvernance:instance", args=[ligne.slug])
    return Fiche(ligne.cle, ligne.nom, url, NatureInstance(ligne.nature).label)


def resolve_reunions(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """« reunion:12 » : sa fiche."""
    pks = [int(pk) for pk in _cut(cles) if pk.isdigit() and len(pk) < 10]
    lignes = Reunion.objects.filter(pk__in=pks, etat__in=ANNONCEES).select_related("instance")
    return plan_fiches(lignes.order_by("pk"), _describe_reunion)


def _describe_reunion(ligne: Reunion) -> Fiche:
    url = reverse("gouvernance:reunion", args=[ligne.pk])
    detail = f"{ligne.instance.sigle}, {format_jour(ligne.debut)}"
    return Fiche(ligne.cle, ligne.titre, url, detail)


def resolve_decisions(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """« decision:12 » : sa fiche, dès que son texte est figé."""
    numeros = [int(n) for n in _cut(cles) if n.isdigit() and len(n) < 10]
    lignes = Decision.objects.filter(numero__in=numeros, etat__in=DECISIONS_PUBLIQUES)
    return plan_fiches(lignes.order_by("pk"), _describe_decision)


def _describe_decision(ligne: Decision) -> Fiche:
    url = reverse("gouvernance:decision", args=[ligne.numero])
    prise = f"Prise le {format_jour(ligne.prise_le)}" if ligne.prise_le else ""
    return Fiche(ligne.cle, str(ligne), url, prise or EtatDecision(ligne.etat).label)


def resolve_feuilles(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """« feuille:2026-2 » : la version que sa page montre."""
    lignes = FeuilleDeRoute.objects.filter(semestre__in=_cut(cles)).exclude(
        etat=EtatFeuille.ABANDONNEE
    )
    return plan_fiches(lignes.order_by(order_brouillon().desc(), "rang"), _describe_feuille)


def _describe_feuille(ligne: FeuilleDeRoute) -> Fiche:
    url = reverse("gouvernance:feuille", args=[ligne.semestre])
    titre = f"Feuille de route, {ligne.titre.lower()}"
    return Fiche(ligne.cle, titre, url, EtatFeuille(ligne.etat).label)


def list_rappels(cle: str) -> LecturePrevue[Groupe]:
    """Décisions, réunions, lignes de feuille et évaluations qui citent cette clé."""
    cite = Q(liens__contains=[cle])
    return plan_groupe("Gouvernance", _read_union(cite, titre=None), _build_fiche)


def search(texte: str) -> LecturePrevue[Groupe]:
    """Instances, décisions, réunions, feuilles et évaluations dont le titre contient ce texte."""
    return plan_groupe("Gouvernance", _read_union(None, titre=texte), _build_fiche)


def _read_union(cite: Q | None, *, titre: str | None) -> "QuerySet[Any, Any]":
    def keep(champ: str) -> Q:
        return cite if cite is not None else Q(**{f"{champ}__icontains": titre})

    sources = [
        _select("decision", Decision.objects.filter(etat__in=DECISIONS_PUBLIQUES), "numero",
                keep("titre")),
        _select("reunion", Reunion.objects.filter(etat__in=ANNONCEES), "pk", keep("titre")),
        _select("evaluation", Evaluation.objects.filter(publiee_le__isnull=False), "pk",
                keep("titre")),
        _select("feuille", LigneDeFeuille.objects.filter(feuille__etat=EtatFeuille.VALIDEE,
                retiree=False), "feuille__semestre", keep("titre")),
        _select("instance", Instance.objects.all(), "slug",
                cite if cite is not None else Q(nom__icontains=titre) | Q(sigle__iexact=titre),
                "nom"),
    ]  # fmt: skip
    lignes = sources[0].union(*sources[1:], all=True).order_by("-quand", "genre", "cle_page")
    return lignes[:LIMITE]


def _select(genre: str, lignes, cle: str, filtre: Q, titre: str = "titre"):
    return (
        lignes.filter(filtre)
        .annotate(
            genre=Value(genre, CharField()),
            cle_page=Cast(cle, CharField()),
            libelle=F(titre),
            quand=F("modifie_le"),
        )
        .values("genre", "cle_page", "libelle", "quand")
        .order_by()
    )


def _build_fiche(ligne: dict[str, str]) -> Fiche:
    genre, cle = ligne["genre"], ligne["cle_page"]
    numero = f"N° {cle} : " if genre == "decision" else ""
    details = {
        "decision": "Décision", "reunion": "Réunion", "feuille": "Feuille de route",
        "evaluation": "Évaluation", "instance": "Instance",
    }  # fmt: skip
    return Fiche(
        f"{genre}:{cle}", f"{numero}{ligne['libelle']}", reverse(PAGES[genre], args=[cle]),
        details[genre],
    )  # fmt: skip


def _cut(cles: list[str]) -> list[str]:
    return [cle.partition(":")[2] for cle in cles]
