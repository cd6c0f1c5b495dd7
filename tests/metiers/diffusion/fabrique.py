"""Fabriques d’essai de la diffusion : tout passe par les services."""

from datetime import date, datetime, timedelta

from socle.metiers.diffusion.enums import GenreEvenement
from socle.metiers.diffusion.models import Abonne, Article, Evenement
from socle.metiers.diffusion.services.contacts import save_contact
from socle.metiers.diffusion.services.lettres import save_lettre
from socle.metiers.diffusion.services.parutions import publish_parution, save_parution
from tests.metiers.conftest import MAINTENANT

ACTEUR = "agent:1"
LOIN = timedelta(days=3650)  # les pages lisent l’horloge


def write_article(**champs) -> Article:
    """Un brouillon complet."""
    base = {"titre": "Sept forums", "resume": "En un mot.", "texte": "**Sept** forums."}
    return save_parution(
        objet=Article(), champs=base | champs, revision=0, acteur=ACTEUR, maintenant=MAINTENANT
    )


def publish(objet):
    return publish_parution(
        objet=objet, revision=objet.revision, acteur=ACTEUR, maintenant=MAINTENANT
    )


def make_evenement(*, dans: timedelta = LOIN, **champs) -> Evenement:
    """Un évènement publié, dans dix ans sauf avis contraire."""
    debut = MAINTENANT + dans
    base = {
        "titre": "Forum de Lyon", "resume": "Venez.", "texte": "Le programme.",
        "genre": GenreEvenement.FORUM, "debut": debut, "fin": debut + timedelta(hours=3),
        "lieu": "Lyon",
    }  # fmt: skip
    brouillon = save_parution(
        objet=Evenement(), champs=base | champs, revision=0, acteur=ACTEUR, maintenant=MAINTENANT
    )
    return publish(brouillon)


def write_lettre(**champs):
    base = {"sujet": "La lettre de mai", "texte": "## Bonjour\n\nDes **nouvelles**."}
    return save_lettre(
        lettre=None, champs=base | champs, revision=0, acteur=ACTEUR, maintenant=MAINTENANT
    )


def subscribe(nombre: int, **champs) -> list[Abonne]:
    """Abonnés déjà confirmés."""
    return Abonne.objects.bulk_create(
        Abonne(courriel=f"abonne{rang}@exemple.fr", consenti_le=MAINTENANT, **champs)
        for rang in range(nombre)
    )


def make_contact(courriel: str = "nora@exemple.fr", *, maintenant: datetime = MAINTENANT, **fiche):
    return save_contact(
        courriel=courriel, vu_le=fiche.pop("vu_le", date(2026, 11, 2)), origine="salon",
        acteur=ACTEUR, maintenant=maintenant, nom="Nora Exemple", **fiche,
    )  # fmt: skip


def create_objets() -> dict[str, str]:
    """Un objet de chaque sorte, pour jouer toutes les adresses."""
    return {
        "articles/slug": write_article().slug,
        "actualites/slug": publish(write_article(titre="Paru")).slug,
        "evenements/slug": make_evenement().slug,
        "lettres/numero": str(write_lettre().numero),
        "contacts/pk": str(make_contact().pk),
    }
