"""L’adoption : un import à relire, appliqué ; écrire à une voisine ; une convention à resigner."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from socle.fondations.comptes.enums import Role, RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.adoption.models import Brique, ImportDeFaits
from socle.metiers.adoption.services.agregats import rebuild_tout
from tests.e2e.rares.monde import Monde, Scene
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.adoption.fabrique import MAINTENANT, create_charte, create_fait

IMPORT = "equipe/adoption/imports/<int:lot>/"
ECRIRE = "agent/adoption/<slug:solution>/ecrire/<str:cle>/"
CONVENTION = "equipe/adoption/conventions/<slug:slug>/"
LIGNES = b"siren;solution;date\n219200235;tchap;2020-04-01\n1;tchap;2020-04-01\n"


def enter_equipe(monde: Monde):
    compte = CompteFactory(agent=True)
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return monde.enter(compte)


def importer(monde: Monde) -> Iterator[HttpResponse]:
    """À relire, avec une ligne refusée ; puis appliqué."""
    client = enter_equipe(monde)
    Brique.objects.get_or_create(solution="tchap")
    page = f"{monde.base}equipe/adoption/"
    fichier = SimpleUploadedFile("faits.csv", LIGNES, content_type="text/csv")
    client.post(f"{page}importer/", {"origine": "Relevé d’essai", "fichier": fichier})
    lot = ImportDeFaits.objects.get()
    yield client.get(f"{page}imports/{lot.pk}/")
    client.post(f"{page}imports/{lot.pk}/appliquer/")
    yield client.get(f"{page}imports/{lot.pk}/")
    yield client.post(f"{page}importer/", {"origine": ""})


def ecrire(monde: Monde) -> Iterator[HttpResponse]:
    """À une voisine de l’installation ; puis un message vide, refusé."""
    CollectiviteFactory(nom="Antony", slug="antony", siren="219200029", code_cog="92002")
    create_fait("commune-92002")
    rebuild_tout(maintenant=MAINTENANT)
    administrateur = AdhesionFactory(
        collectivite=monde["collectivite"], role=Role.ADMINISTRATEUR
    ).compte
    client, page = monde.enter(administrateur), f"{monde.base}agent/adoption/tchap/"
    yield client.get(f"{page}ecrire/commune-92002/")
    yield client.post(f"{page}ecrire/commune-92002/", {"message": ""})
    yield client.get(f"{page}voisins/")


def convention(monde: Monde) -> Iterator[HttpResponse]:
    """La page de l’équipe, et un nouveau texte identique, refusé."""
    client, charte = enter_equipe(monde), create_charte()
    page = f"{monde.base}equipe/adoption/conventions/{charte.slug}/"
    yield client.get(page)
    texte = charte.versions.get().texte
    yield client.post(f"{page}version/", {"texte": texte, "changement": "Rien."})


SCENES: dict[str, Scene] = {IMPORT: importer, ECRIRE: ecrire, CONVENTION: convention}
