"""Un objet de chaque sorte, pour éprouver toutes les adresses de l’équipe."""

from datetime import UTC, datetime

from socle.metiers.pilotage.models import (
    Action,
    Axe,
    EvenementCle,
    Indicateur,
    Partenaire,
    Principe,
    Programme,
    Recommandation,
    Temoignage,
    Valeur,
)
from socle.metiers.pilotage.services import seed_programmes

MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)
SORTES = {
    "fiche": Programme,
    "axes": Axe,
    "actions": Action,
    "recommandations": Recommandation,
    "principes": Principe,
    "faits": EvenementCle,
    "partenaires": Partenaire,
    "temoignages": Temoignage,
    "indicateurs": Indicateur,
    "valeurs": Valeur,
}


def create_objets() -> dict[str, str]:
    """Sème les programmes ; rend de quoi remplir les adresses."""
    seed_programmes(MAINTENANT)
    return list_objets()


def list_objets() -> dict[str, str]:
    """Rend de quoi remplir les adresses, les programmes étant semés."""
    cles = {
        f"{mot}/pk": str(modele.objects.order_by("pk").values_list("pk", flat=True)[0])
        for mot, modele in SORTES.items()
    }
    return cles | {"programmes/code": "2018-2020", "ajouter/sorte": "axe"}
