"""Rejouer la semence ne défait rien de ce qu’une personne a changé depuis."""

from io import StringIO

import pytest

from socle.fondations.collectivites.models import Collectivite, Service
from socle.fondations.collectivites.queries import get_reglage
from socle.fondations.collectivites.services import set_reglage
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Adhesion, Compte, FournisseurIdentite
from socle.fondations.conservation.models import RegleDeConservation
from socle.metiers.demarches.models import Demarche, Version
from socle.serveur.demo.management.commands.semer_demonstration import Command
from tests.architecture.adresses import compute_empreinte

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(60)]


def seed() -> None:
    Command(stdout=StringIO()).handle()


@pytest.fixture
def semee(settings) -> Collectivite:
    settings.BAC_A_SABLE = True
    settings.SIMULATEURS_URL = "http://localhost:8000/simulateurs"
    seed()
    return Collectivite.objects.get(slug="clamart")


def read_tout() -> dict[str, object]:
    return {
        "lignes": {c.slug: compute_empreinte(c.pk) for c in Collectivite.objects.order_by("slug")},
        "collectivites": list(Collectivite.objects.order_by("pk").values()),
        "comptes": list(Compte.objects.order_by("pk").values()),
        "fournisseurs": list(FournisseurIdentite.objects.order_by("pk").values()),
    }


def test_seeding_twice_changes_nothing(semee):
    avant = read_tout()

    seed()

    assert read_tout() == avant


def test_seeding_again_keeps_what_people_changed(semee):
    semee.telephone, semee.couleur, semee.nom = "01 99 99 99 99", "#7a1f5c", "Clamart la Belle"
    semee.save()
    Compte.objects.filter(courriel__startswith="s").update(prenom="Renommée")
    with locataire(semee.pk):
        premier = Service.objects.order_by("pk")[0]
        Service.objects.filter(pk=premier.pk).update(nom="Renommé", actif=False)
        set_reglage(collectivite=semee, cle="archivage", valeur={"contrat": "LE-NÔTRE"})
        RegleDeConservation.objects.update(duree_annees=42)
        Demarche.objects.filter(chemin="cantine-scolaire").update(titre="Cantine, autrement")
        Adhesion.objects.filter(role=Role.INSTRUCTEUR).delete()
        ote = Demarche.objects.exclude(chemin="cantine-scolaire").first()
        Demarche.objects.filter(pk=ote.pk).update(titre="Renommée aussi")
        versions = Version.objects.count()
    avant = read_tout()

    seed()

    apres = read_tout()
    assert apres["collectivites"] == avant["collectivites"]
    assert apres["comptes"] == avant["comptes"]
    assert apres["lignes"]["vallee-sud"] == avant["lignes"]["vallee-sud"]
    with locataire(semee.pk):
        assert not Adhesion.objects.filter(role=Role.INSTRUCTEUR).exists()
        assert get_reglage(semee, "archivage") == {"contrat": "LE-NÔTRE"}
        assert set(RegleDeConservation.objects.values_list("duree_annees", flat=True)) == {42}
        assert Demarche.objects.get(chemin="cantine-scolaire").titre == "Cantine, autrement"
        assert Demarche.objects.get(pk=ote.pk).titre == "Renommée aussi"
        assert Version.objects.count() == versions
        assert Service.objects.filter(nom="Renommé", actif=False).exists()
