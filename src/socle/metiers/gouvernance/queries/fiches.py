"""Ce que les autres métiers voient d’ici : fiches, rappels, recherche. Une instruction chacun."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse

from socle.fondations.commun.fiches import Fiche, Groupe
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


def resolve_instances(cles: list[str]) -> dict[str, Fiche]:
    """« instance:cos » : sa fiche."""
    lignes = Instance.objects.filter(slug__in=_cut(cles)).order_by("pk")
    return {
        ligne.cle: Fiche(
            ligne.cle, ligne.nom, reverse("gouvernance:instance", args=[ligne.slug]),
            NatureInstance(ligne.nature).label,
        )
        for ligne in lignes
    }  # fmt: skip


def resolve_reunions(cles: list[str]) -> dict[str, Fiche]:
    """« reunion:12 » : sa fiche."""
    pks = [int(pk) for pk in _cut(cles) if pk.isdigit() and len(pk) < 10]
    lignes = Reunion.objects.filter(pk__in=pks, etat__in=ANNONCEES).select_related("instance")
    return {
        ligne.cle: Fiche(
            ligne.cle, ligne.titre, reverse("gouvernance:reunion", args=[ligne.pk]),
            f"{ligne.instance.sigle}, {format_jour(ligne.debut)}",
        )
        for ligne in lignes.order_by("pk")
    }  # fmt: skip


def resolve_decisions(cles: list[str]) -> dict[str, Fiche]:
    """« decision:12 » : sa fiche, dès que son texte est figé."""
    numeros = [int(n) for n in _cut(cles) if n.isdigit() and len(n) < 10]
    lignes = Decision.objects.filter(numero__in=numeros, etat__in=DECISIONS_PUBLIQUES)
    return {
        ligne.cle: Fiche(
            ligne.cle, str(ligne), reverse("gouvernance:decision", args=[ligne.numero]),
            f"Prise le {format_jour(ligne.prise_le)}" if ligne.prise_le
            else EtatDecision(ligne.etat).label,
        )
        for ligne in lignes.order_by("pk")
    }  # fmt: skip


def resolve_feuilles(cles: list[str]) -> dict[str, Fiche]:
    """« feuille:2026-2 » : la dernière version de ce semestre."""
    lignes = FeuilleDeRoute.objects.filter(semestre__in=_cut(cles)).exclude(
        etat=EtatFeuille.ABANDONNEE
    )
    return {
        ligne.cle: Fiche(
            ligne.cle, f"Feuille de route, {ligne.titre.lower()}",
            reverse("gouvernance:feuille", args=[ligne.semestre]), EtatFeuille(ligne.etat).label,
        )
        for ligne in lignes.order_by("rang")
    }  # fmt: skip


def list_rappels(cle: str) -> Groupe:
    """Décisions, réunions, lignes de feuille et évaluations qui citent cette clé."""
    cite = Q(liens__contains=[cle])
    return Groupe("Gouvernance", _read_union(cite, titre=None))


def search(texte: str) -> Groupe:
    """Instances, décisions, réunions, feuilles et évaluations dont le titre contient ce texte."""
    return Groupe("Gouvernance", _read_union(None, titre=texte))


def _read_union(cite: Q | None, *, titre: str | None) -> tuple[Fiche, ...]:
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
    return tuple(_build_fiche(ligne) for ligne in lignes[:LIMITE])


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
