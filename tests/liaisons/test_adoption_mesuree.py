"""Une collectivité qui publie une démarche utilise Socle, et les services branchés."""

from socle.fondations.comptes.models import FournisseurIdentite
from socle.fondations.comptes.ports import profils
from socle.fondations.comptes.services.fournisseurs import create_fournisseur, ecriture
from socle.liaisons.adoption_mesuree import read_usages
from tests.factories import CollectiviteFactory


def test_only_authorities_that_publish_are_measured(collectivite, demarche):
    CollectiviteFactory(siren="219200029")  # rien de publié
    assert {(u.solution, u.siren) for u in read_usages()} == {("socle", "219200235")}

    create_fournisseur(
        profil=profils["franceconnect"], code="franceconnect", base_url="https://fc.example",
        client_id="x", secret="y",
    )  # fmt: skip

    assert {u.solution for u in read_usages()} == {"socle", "franceconnect"}
    with ecriture(None):
        FournisseurIdentite.objects.update(actif=False)
    assert {u.solution for u in read_usages()} == {"socle"}
