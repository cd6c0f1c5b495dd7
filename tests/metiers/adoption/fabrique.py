"""De quoi remplir les adresses de l’adoption, et peupler ses tests."""

from datetime import UTC, date, datetime

from socle.metiers.adoption.enums import EtatConvention, GenreConvention, Source, Usage
from socle.metiers.adoption.models import Brique, Convention, Fait, ImportDeFaits
from socle.metiers.adoption.services.conventions import create_convention, set_etat

MAINTENANT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CLAMART = "commune-92023"


def create_publics() -> dict[str, str]:
    """Une solution, une convention, une collectivité : les mêmes pour tout le monde."""
    Brique.objects.get_or_create(solution="tchap")
    convention = Convention.objects.filter(slug="charte").first() or create_charte()
    return {
        "adoption/solution": "tchap",
        "ecrire/cle": "commune-92002",
        "conventions/slug": convention.slug,
    }


def create_objets() -> dict[str, str]:
    """Un objet de chaque sorte, pour les pages de l’équipe."""
    lot = ImportDeFaits.objects.create(
        nom="faits.csv", origine="Essai", recu_le=MAINTENANT, acteur="agent:1", empreinte="0" * 64
    )
    return create_publics() | {"imports/lot": str(lot.pk), "faits/fait": str(create_fait().pk)}


def create_charte(slug: str = "charte", *, ouverte: bool = True) -> Convention:
    convention = create_convention(
        slug=slug,
        titre="Charte d’essai",
        genre=GenreConvention.CHARTE,
        resume="Un texte pour essayer.",
        porteur="L’équipe d’essai",
        pour_qui="Toutes les communes",
        texte="## 1. Objet\nEssayer.",
        liens=["solution:tchap"],
        acteur="agent:1",
        maintenant=MAINTENANT,
    )
    if ouverte:
        set_etat(
            convention=convention,
            etat=EtatConvention.OUVERTE,
            acteur="agent:1",
            maintenant=MAINTENANT,
        )
    convention.refresh_from_db()
    return convention


def create_fait(
    autorite: str = CLAMART,
    solution: str = "tchap",
    *,
    usage: Usage = Usage.UTILISE,
    source: Source = Source.IMPORTEE,
    jour: date = date(2020, 4, 1),
) -> Fait:
    Brique.objects.get_or_create(solution=solution)
    return Fait.objects.create(
        solution=solution, autorite=autorite, date_fait=jour, source=source, usage=usage
    )
