"""Ce que les autres métiers et les pages communes demandent à l’échéancier."""

from datetime import date
from decimal import Decimal

from django.db.models import Q

from socle.fondations.commun.adresses import build_chemin_installation
from socle.fondations.commun.fiches import Fiche, Groupe
from socle.metiers.echeancier.enums import EtatObligation
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.queries.lignes import format_date
from socle.metiers.echeancier.queries.obligations import (
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


def map_echeances(cles: list[str]) -> dict[str, Fiche]:
    """Fiches de ces clés « echeance:… » ; une instruction SQL."""
    return {o.cle: build_fiche(o) for o in list_par_cle(cles)}


def list_citations(cle: str) -> Groupe:
    """Obligations que cet objet aide à tenir ; une instruction SQL."""
    return Groupe(TITRE, tuple(build_fiche(o) for o in list_qui_citent(cle)))


def search_echeances(texte: str) -> Groupe:
    """Obligations publiées qui répondent à une recherche."""
    publiees = Obligation.objects.filter(etat=EtatObligation.PUBLIEE)
    trouvees = search_texte(publiees, texte).order_by("rang", "id")[:TROUVEES]
    return Groupe(TITRE, tuple(build_fiche(o) for o in trouvees))


def count_publiees(jour: date) -> Decimal:
    """Obligations et projets publiés, créés au plus tard ce jour-là."""
    publiees = Q(etat=EtatObligation.PUBLIEE, cree_le__date__lte=jour)
    return Decimal(Obligation.objects.filter(publiees).count())
