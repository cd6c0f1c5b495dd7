"""Deux personnes sur une même fiche, un même groupe, une même tâche : rien ne s’écrase."""

import pytest

from socle.metiers.espaces.services import travaux
from tests.deux_pages import check_deux_pages
from tests.metiers.espaces.fabrique import MAINTENANT, make_groupe, make_livrable

pytestmark = pytest.mark.django_db


def test_two_open_pages_of_the_spaces_never_overwrite_each_other(client, equipier):
    livrable = make_livrable()
    _, animateur = make_groupe(slug="mien", compte=equipier)
    tache = travaux.create_tache(
        membre=animateur, titre="Relire", responsable=animateur, echeance=None,
        maintenant=MAINTENANT,
    )  # fmt: skip
    client.force_login(equipier)

    fiche = f"/equipe/boite-a-outils/{livrable.slug}/"
    check_deux_pages(client, fiche, "titre", autre="Guide un", mienne="Guide deux")
    reglages = "/groupes/mien/reglages/"
    check_deux_pages(client, reglages, "nom", autre="Groupe un", mienne="Groupe deux")
    suivi = f"/groupes/mien/taches/{tache.pk}/"
    check_deux_pages(
        client, suivi, "echeance", autre="2027-01-04", mienne="2027-02-01",
        montrees=("4\xa0janvier 2027", "1er\xa0février 2027"),
    )  # fmt: skip
