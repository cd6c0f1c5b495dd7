"""Page publique des clés : juste, vérifiable, et la même pour tous."""

import pytest

from socle.fondations.commun.locataire import locataire
from socle.fondations.journal import services
from socle.fondations.journal.services import record
from socle.normes.preuve.notes import parse_cles
from socle.normes.preuve.points import parse_note_point
from tests.factories import CollectiviteFactory
from tests.fondations.journal.conftest import make_lot

pytestmark = pytest.mark.django_db
CLES = "/c/clamart/journal/cles/"
FICHIER = f"{CLES}cles-publiques.txt"
POINT = f"{CLES}point-de-controle.txt"


@pytest.fixture
def scelle(collectivite, maintenant, settings, tmp_path):
    """Une ligne de Clamart, scellée."""
    settings.DOSSIER_CLES = tmp_path / "cles"
    record(
        action="dossier.depose", objet="dossier:1", acteur="usager:1",
        collectivite_id=collectivite.pk, maintenant=maintenant,
    )  # fmt: skip
    return make_lot(collectivite, maintenant)


def test_page_says_so_before_the_first_seal(client, collectivite, settings, tmp_path):
    settings.DOSSIER_CLES = tmp_path / "vide"

    reponse = client.get(CLES)

    assert reponse.status_code == 200
    assert "Rien n’a encore été scellé" in reponse.text
    assert client.get(FICHIER).status_code == 404
    assert client.get(POINT).status_code == 404


@pytest.mark.parametrize("racine", ["/c/clamart", ""])
def test_anybody_reads_keys_fingerprints_and_last_point(client, scelle, racine):
    [cle] = services.list_cles()

    texte = client.get(f"{racine}/journal/cles/").text

    assert cle.to_texte() in texte
    assert cle.empreinte in texte
    assert "21 novembre 2026" in texte.replace("\xa0", " ")
    assert "preuve verifier dossier.zip --cle cles-publiques.txt" in texte


def test_former_keys_stay_published(client, scelle, maintenant):
    ancienne = services.list_cles()[0]
    nouvelle = services.rotate_cle(maintenant=maintenant)

    texte = client.get(CLES).text
    fichier = client.get(FICHIER)

    assert texte.index(nouvelle.to_texte()) < texte.index(ancienne.to_texte())
    assert parse_cles(fichier.content) == [nouvelle, ancienne]


def test_each_authority_sees_its_own_tree(client, scelle):
    autre = CollectiviteFactory(slug="autre", nom="Autre")
    racine = (b"r" * 32).hex()

    assert racine in client.get(CLES).text
    texte = client.get("/c/autre/journal/cles/").text
    assert racine not in texte
    assert "Autre" in texte
    assert autre.pk


def test_files_are_public_and_revalidated(client, scelle, maintenant):
    reponse = client.get(FICHIER)

    assert reponse.headers["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in reponse.headers or "Cookie" not in reponse.headers["Vary"]
    assert "attachment" in reponse.headers["Content-Disposition"]
    etag = reponse.headers["ETag"]
    assert client.get(FICHIER, headers={"If-None-Match": etag}).status_code == 304
    services.rotate_cle(maintenant=maintenant)
    assert client.get(FICHIER, headers={"If-None-Match": etag}).status_code == 200


def test_last_point_is_the_signed_note_itself(client, scelle):
    [cle] = services.list_cles()

    reponse = client.get(POINT)

    point, note = parse_note_point(reponse.content)
    note.verify([cle])
    assert point.taille == scelle.taille


def test_private_key_is_nowhere(client, scelle, settings):
    privee = (settings.DOSSIER_CLES / "journal.pem").read_text().splitlines()[1]

    pages = [client.get(adresse) for adresse in (CLES, FICHIER, POINT)]

    assert not [page for page in pages if privee in page.text]


@pytest.mark.parametrize("nombre", [1, 3])
def test_page_costs_the_same(client, scelle, collectivite, maintenant, count_sql, nombre):
    with locataire(collectivite.pk):
        for rang in range(nombre):
            record(
                action="dossier.depose", objet=f"dossier:{rang}", acteur="usager:1",
                collectivite_id=collectivite.pk, maintenant=maintenant,
            )  # fmt: skip

    with count_sql() as compte:
        client.get(CLES)

    assert len(compte.instructions) <= 3


@pytest.mark.parametrize("racine", ["/c/clamart/", "/"])
def test_site_map_leads_to_the_keys(client, collectivite, racine):
    texte = client.get(f"{racine}plan-du-site/").text

    assert f'href="{racine}journal/cles/"' in texte
    assert client.get(f"{racine}journal/cles/").status_code == 200
