"""Les retours d’expérience : écrits par une collectivité, relus, publiés."""

import pytest

from socle.fondations.commun.locataire import locataire, operateur
from socle.fondations.journal.models import Entree
from socle.metiers.espaces.errors import RetourPasARelire, RetourPasModifiable
from socle.metiers.espaces.models import RetourDExperience
from socle.metiers.espaces.services import retours
from tests.deux_pages import check_deux_pages
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.espaces.fabrique import MAINTENANT, RETOUR, make_retour

pytestmark = pytest.mark.django_db
ICI = "/c/clamart/agent/retours/"


def review(retour, *, accepte: bool) -> None:
    retours.review_retour(
        retour=retour, accepte=accepte, mot="Précisez.", acteur="agent:2", maintenant=MAINTENANT
    )


def test_authority_writes_team_reviews_everybody_reads(
    client, collectivite, administrateur, equipier
):
    client.force_login(administrateur)
    reponse = client.post(f"{ICI}nouveau/", {**RETOUR, "liens": "solution:socle"})
    retour = RetourDExperience.objects.get()
    client.post(f"{ICI}{retour.pk}/proposer/")
    ferme = client.post(f"{ICI}{retour.pk}/", {**RETOUR, "titre": "Trop tard"})
    avant = client.get(f"/retours/{retour.slug}/").status_code
    client.force_login(equipier)
    sans_mot = client.post(f"/equipe/retours/{retour.slug}/", {"avis": "rendre"})
    client.post(f"/equipe/retours/{retour.slug}/", {"avis": "publier"})

    retour.refresh_from_db()
    assert reponse["Location"] == f"{ICI}{retour.pk}/"
    assert (avant, sans_mot.status_code, ferme.status_code) == (404, 422, 302)
    assert retour.titre == "Un essai mené"
    client.logout()
    assert "Un essai mené" in client.get("/retours/?q=demarche").text
    assert "Commencer plus tôt" in client.get(f"/retours/{retour.slug}/").text
    with operateur():
        lues = Entree.objects.filter(objet=retour.cle).order_by("pk")
        actions = list(lues.values_list("action", flat=True))
    assert actions == ["retour.cree", "retour.propose", "retour.publie"]


def test_returned_sheet_is_taken_up_again(client, collectivite, administrateur):
    retour = make_retour(collectivite, etat="propose")
    review(retour, accepte=False)
    client.force_login(administrateur)

    page = client.get(f"{ICI}{retour.pk}/").text
    client.post(f"{ICI}{retour.pk}/", {**RETOUR, "titre": "Précisé"})

    retour.refresh_from_db()
    assert "Précisez." in page
    assert retour.titre == "Précisé"
    with pytest.raises(RetourPasARelire):
        review(retour, accepte=True)


def test_withdrawn_sheet_is_no_longer_public(client, collectivite, equipier):
    retour = make_retour(collectivite, etat="publie")
    client.force_login(equipier)

    client.post(f"/equipe/retours/{retour.slug}/retirer/")

    assert client.get(f"/retours/{retour.slug}/").status_code == 404
    retour.refresh_from_db()
    assert retour.is_modifiable


def test_published_sheet_is_not_changed_by_the_authority(collectivite):
    retour = make_retour(collectivite, etat="publie")

    with pytest.raises(RetourPasModifiable):
        retours.update_retour(retour=retour, acteur="a:1", maintenant=MAINTENANT, titre="X")
    with pytest.raises(RetourPasModifiable):
        retours.submit_retour(retour=retour, acteur="a:1", maintenant=MAINTENANT)


def test_sheet_of_another_authority_does_not_exist_here(client, collectivite):
    retour = make_retour(collectivite)
    autre = CollectiviteFactory(nom="Autre", slug="autre", siren="217500016")
    with locataire(autre.pk):
        client.force_login(AdhesionFactory(collectivite=autre, role="administrateur").compte)

    for fin in ("", "proposer/"):
        url = f"/c/autre/agent/retours/{retour.pk}/{fin}"
        assert client.post(url, RETOUR).status_code == 404
        assert client.post(url.replace("autre", "clamart", 1), RETOUR).status_code == 403
    assert RetourDExperience.objects.get().etat == "brouillon"


def test_two_agents_never_overwrite_a_sheet_in_silence(client, collectivite, administrateur):
    client.force_login(administrateur)
    page = f"{ICI}{make_retour(collectivite).pk}/"
    check_deux_pages(
        client, page, "cout", autre="1 000 €", mienne="2 000 €",
        auteur="L’autre version est enregistrée le",
    )  # fmt: skip


def test_two_sheets_of_the_same_title_have_two_addresses(collectivite):
    slugs = {make_retour(collectivite).slug for _ in range(3)}

    assert slugs == {"un-essai-mene", "un-essai-mene-2", "un-essai-mene-3"}


def test_draft_of_an_authority_is_not_shown_to_the_team(client, collectivite, equipier):
    retour = make_retour(collectivite)
    client.force_login(equipier)

    assert client.get(f"/equipe/retours/{retour.slug}/").status_code == 404
    assert retour.titre not in client.get("/equipe/boite-a-outils/").text
