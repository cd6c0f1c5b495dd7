"""Ce que les autres métiers et les pages communes demandent à l’échéancier."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.ensembles import LecturePrevue
from socle.fondations.commun.fiches import Fiche, Groupe, plan_fiches, plan_groupe
from socle.metiers.echeancier.enums import EtatObligation
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.queries.lignes import format_date
from socle.metiers.echeancier.queries.obligations import (
    LOURDS,
    list_par_cle,
    list_qui_citent,
    search_texte,
)

TITRE = "Échéances"
TROUVEES = 20


def build_fiche(obligation: Obligation) -> Fiche:
    """Rend le lien d’une obligation, tel qu’une autre page le montre."""
    url = build_chemin_installation("echeancier:fiche", obligation.slug)
    return Fiche(obligation.cle, obligation.titre, url, format_date(obligation))


def map_echeances(cles: list[str]) -> LecturePrevue[Mapping[str, Fiche]]:
    """Fiches de ces clés « echeance:… »."""
    return plan_fiches(list_par_cle(cles), build_fiche)


def list_citations(cle: str) -> LecturePrevue[Groupe]:
    """Obligations que cet objet aide à tenir."""
    return plan_groupe(TITRE, list_qui_citent(cle), build_fiche)


def search_echeances(texte: str) -> LecturePrevue[Groupe]:
    """Obligations publiées qui répondent à une recherche."""
    publiees = Obligation.objects.filter(etat=EtatObligation.PUBLIEE)
    trouvees = search_texte(publiees, texte).order_by("rang", "id")[:TROUVEES]
    return plan_groupe(TITRE, trouvees.defer(*LOURDS), build_fiche)


def count_publiees(jour: date) -> Decimal:
    """Obligations et projets publiés, créés au plus tard ce jour-là."""
    publiees = Q(etat=EtatObligation.PUBLIEE, cree_le__date__lte=jour)
    return Decimal(Obligation.objects.filter(publiees).count())
