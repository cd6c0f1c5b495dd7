"""Ce que les autres métiers et les pages communes demandent aux appels."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.fondations.commun.mesures import Mesure
from socle.metiers.appels.enums import PUBLICS
from socle.metiers.appels.models import Appel, Octroi
from socle.metiers.appels.queries.appels import LOURDS, search_texte
from socle.metiers.appels.queries.lignes import format_cloture
from socle.metiers.appels.queries.octrois import list_publics

TITRE = "Appels relayés"
TROUVES = 20


def build_fiche(appel: Appel) -> Fiche:
    """Rend le lien d’un appel, tel qu’une autre page le montre."""
    url = build_chemin_installation("appels:fiche", appel.slug)
    return Fiche(appel.cle, appel.titre, url, f"{appel.organisateur}, {format_cloture(appel)}")


def map_appels(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Prévoit les fiches de ces clés « appel:… »."""
    slugs = [cle.partition(":")[2] for cle in cles]
    appels = Appel.objects.filter(slug__in=slugs, etat__in=PUBLICS).defer(*LOURDS)
    return plan_fiches(appels.order_by("slug"), build_fiche)


def map_octrois(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Prévoit les fiches de ces clés « octroi:12 »."""
    numeros = [int(n) for n in (cle.partition(":")[2] for cle in cles) if n.isdecimal()]
    octrois = list_publics().filter(pk__in=numeros).defer("bilan").order_by("pk")
    return plan_fiches(octrois, _build_fiche_octroi)


def _build_fiche_octroi(octroi: Octroi) -> Fiche:
    url = f"{build_chemin_installation('appels:octrois')}?autorite={octroi.autorite}"
    return Fiche(octroi.cle, octroi.titre, url, octroi.autorite_nom)


def list_citations(cle: str) -> LecturePrevue[Groupe]:
    """Prévoit les appels qui citent cette clé."""
    citent = Appel.objects.filter(liens__contains=[cle], etat__in=PUBLICS).defer(*LOURDS)
    return plan_groupe(TITRE, citent.order_by("rang", "id")[:TROUVES], build_fiche)


def search_appels(texte: str) -> LecturePrevue[Groupe]:
    """Prévoit les appels publics qui répondent à une recherche."""
    publics = Appel.objects.filter(etat__in=PUBLICS).defer(*LOURDS)
    trouves = search_texte(publics, texte).order_by("rang", "id")[:TROUVES]
    return plan_groupe(TITRE, trouves, build_fiche)


def count_relayes(jour: date) -> Decimal:
    """Appels relayés jusqu’à ce jour."""
    vrais = Q(fictif=False, relaye_le__date__lte=jour)
    return Decimal(Appel.objects.filter(vrais).count())


def sum_accordes(jour: date) -> Decimal:
    """Euros accordés jusqu’à ce jour."""
    vrais = list_publics().filter(fictif=False, decide_le__lte=jour)
    return Decimal(vrais.aggregate(somme=Sum("montant", default=0))["somme"])


def count_aidees(jour: date) -> Decimal:
    """Collectivités qui ont reçu au moins un octroi jusqu’à ce jour."""
    vrais = list_publics().filter(fictif=False, decide_le__lte=jour)
    return Decimal(vrais.values("autorite").distinct().count())


MESURES = {
    "appels.relayes": Mesure(
        "Appels relayés", "appels",
        "Appels d’autres organisateurs, vérifiés et relayés ; ni proposition, ni exemple fictif.",
        count_relayes,
    ),
    "appels.accordes": Mesure(
        "Sommes accordées", "euros",
        "Octrois notés, décidés au plus tard ce jour-là ; ni annulés, ni exemples fictifs.",
        sum_accordes,
    ),
    "appels.aidees": Mesure(
        "Collectivités aidées", "collectivités",
        "Collectivités qui ont reçu au moins un octroi ; chacune compte une fois.",
        count_aidees,
    ),
}  # fmt: skip
