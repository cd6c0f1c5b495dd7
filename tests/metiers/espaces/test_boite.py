"""La boîte à outils : ses pages, ses versions, ses usages, sa recherche."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.fiches import map_fiches, search_partout
from socle.fondations.commun.locataire import operateur
from socle.fondations.commun.mesures import mesures
from socle.fondations.journal.models import Entree
from socle.metiers.espaces.errors import AdresseDejaPrise, FichierOuLien, RienAPublier
from socle.metiers.espaces.models import (
    GroupeDeTravail,
    Livrable,
    RetourDExperience,
    UsageDeLivrable,
    VersionDeDocument,
    VersionDeLivrable,
)
from socle.metiers.espaces.queries.fiches import list_rappels_de
from socle.metiers.espaces.services import boite
from socle.metiers.espaces.services.semence import seed
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.espaces.fabrique import FICHE, MAINTENANT, make_livrable

pytestmark = pytest.mark.django_db
LISTE = "/boite-a-outils/"


def list_titres(page) -> list[str]:
    assert page.status_code == 200
    return [lien.text for lien in BeautifulSoup(page.text, "html.parser").select("tbody th a")]


def list_actions(objet: str) -> list[str]:
    with operateur():
        lues = Entree.objects.filter(objet=objet).order_by("pk")
        return list(lues.values_list("action", flat=True))


def test_draft_and_withdrawn_livrables_are_not_public(client):
    make_livrable(slug="brouillon", publie=False)
    retire = make_livrable(slug="retire")
    boite.withdraw_livrable(livrable=retire, acteur="agent:1", maintenant=MAINTENANT)
    make_livrable(slug="publie", titre="Le publié")

    assert list_titres(client.get(LISTE)) == ["Le publié"]
    assert client.get(f"{LISTE}brouillon/").status_code == 404
    assert client.get(f"{LISTE}retire/").status_code == 404
    assert client.get(f"{LISTE}publie/").status_code == 200
    assert map_fiches(["livrable:brouillon", "livrable:publie"]).keys() == {"livrable:publie"}


@pytest.mark.parametrize(
    ("demande", "attendus"),
    [
        ("", {"Note RGPD", "Guide données"}),
        ("?q=rgpd", {"Note RGPD"}),
        ("?q=DONNEES+guide", {"Guide données"}),
        ("?theme=protection", {"Note RGPD"}),
        ("?genre=guide", {"Guide données"}),
        ("?licence=cc-by-4.0", {"Note RGPD"}),
        ("?licence=etalab-2.0", {"Guide données"}),
        ("?origine=partenaire", {"Note RGPD"}),
        ("?origine=programme&licence=cc-by-4.0", set()),
        ("?genre=inconnu&licence=%00", {"Note RGPD", "Guide données"}),
        ("?q=%27+OR+1%3D1", set()),
        ("?apres=faux", {"Note RGPD", "Guide données"}),
    ],
)
def test_filters(client, demande, attendus):
    make_livrable(slug="a", titre="Note RGPD", genre="note", theme="protection",
                  licence="cc-by-4.0", origine="partenaire", auteur="Déclic",
                  date_livrable="mai 2019")  # fmt: skip
    make_livrable(slug="b", titre="Guide données", genre="guide")

    page = client.get(LISTE + demande)
    assert set(list_titres(page)) == attendus
    if "Note RGPD" in attendus:
        assert "<small>Déclic, mai 2019</small>" in page.text
        assert 'data-nom="Licence">CC BY 4.0<' in page.text


def test_public_pages_answer_304_and_keep_few_queries(client, count_sql):
    for rang in range(12):
        make_livrable(slug=f"l{rang}", titre=f"Livrable {rang}")
    premiere = client.get(LISTE)

    revue = client.get(LISTE, headers={"If-None-Match": premiere["ETag"]})
    with count_sql() as liste:
        client.get(LISTE)
    with count_sql() as fiche:
        client.get(f"{LISTE}l3/")

    assert revue.status_code == 304
    assert len(liste.instructions) <= 3
    # Une instruction par métier qui cite : le compte ne dépend pas du nombre de lignes.
    assert len(fiche.instructions) <= 12


def test_atom_lists_published_livrables(client):
    make_livrable(titre="Note <b>")

    flux = client.get("/boite-a-outils.atom")

    assert flux["Content-Type"].startswith("application/atom+xml")
    assert "Note &lt;b&gt;" in flux.text


def test_sheet_of_a_partner_says_who_when_and_under_what_licence(client):
    make_livrable(licence="cc-by-4.0", origine="partenaire", auteur="Déclic",
                  date_livrable="mai 2019")  # fmt: skip

    dl = BeautifulSoup(client.get(f"{LISTE}essai/").text, "html.parser").select_one("dl")

    dits = {dt.text: dt.find_next_sibling("dd").get_text(" ", strip=True) for dt in dl.select("dt")}
    assert dits["Produit par"] == "Déclic (un partenaire)"
    assert dits["Date du document"] == "mai 2019"
    assert dits["Licence"] == "CC BY 4.0"


def test_text_of_a_livrable_is_never_active(client):
    make_livrable(titre="<script>x</script>", description="<img src=x onerror=alert(1)>")

    page = client.get(f"{LISTE}essai/").text

    assert "<script>x" not in page
    assert "<img src=x" not in page


def test_versions_stay_and_are_numbered():
    livrable = make_livrable()

    boite.add_version(
        livrable=livrable, lien="https://exemple.fr/2", acteur="agent:1", maintenant=MAINTENANT
    )

    versions = VersionDeLivrable.objects.filter(livrable=livrable).order_by("numero")
    assert [v.lien for v in versions] == ["https://exemple.fr/guide.pdf", "https://exemple.fr/2"]
    assert list_actions("livrable:essai").count("livrable.version") == 2


def test_refusals():
    livrable = boite.create_livrable(slug="nu", acteur="a:1", maintenant=MAINTENANT, **FICHE)

    with pytest.raises(AdresseDejaPrise):
        boite.create_livrable(slug="nu", acteur="a:1", maintenant=MAINTENANT, **FICHE)
    with pytest.raises(FichierOuLien):
        boite.add_version(livrable=livrable, acteur="a:1", maintenant=MAINTENANT)
    with pytest.raises(RienAPublier):
        boite.publish_livrable(livrable=livrable, acteur="a:1", maintenant=MAINTENANT)


def test_file_of_a_version_is_read_by_all_once_published(client, equipier):
    client.force_login(equipier)
    make_livrable(slug="fichier", publie=False)

    reponse = client.post(
        "/equipe/boite-a-outils/fichier/version/",
        {"nom": "1.0", "fichier": SimpleUploadedFile("a.csv", b"a;b\n1;2\n", "text/csv")},
    )
    version = VersionDeLivrable.objects.get(nom="1.0")
    client.logout()
    avant = client.get(version.url).status_code
    boite.publish_livrable(livrable=version.livrable, acteur="agent:1", maintenant=MAINTENANT)

    assert reponse.status_code == 302
    assert avant == 404
    assert client.get(version.url).status_code == 200


def test_authority_says_it_uses_a_livrable_and_takes_it_back(client, collectivite, administrateur):
    make_livrable()
    client.force_login(administrateur)

    client.post("/c/clamart/agent/boite-a-outils/essai/", {"choix": "oui"})
    client.post("/c/clamart/agent/boite-a-outils/essai/", {"choix": "oui"})
    dite = client.get(f"{LISTE}essai/").text

    assert UsageDeLivrable.objects.count() == 1
    assert "1 collectivité le dit" in dite
    assert mesures["espaces.utilisatrices"].compute(MAINTENANT.date().replace(year=2099)) == 1
    client.post("/c/clamart/agent/boite-a-outils/essai/", {"choix": "non"})
    assert not UsageDeLivrable.objects.exists()
    actions = list_actions("livrable:essai")
    assert actions[-2:] == ["livrable.utilise", "livrable.plus_utilise"]


def test_search_and_back_links_name_public_things():
    make_livrable(slug="dit", titre="Guide des archives", liens=["solution:socle"])
    make_livrable(slug="tu", titre="Archives secrètes", publie=False, liens=["solution:socle"])

    trouves = [f.titre for g in search_partout("archives") for f in g.fiches]

    assert "Guide des archives" in trouves
    assert "Archives secrètes" not in trouves
    assert [f.cle for f in list_rappels_de("solution:socle").read().fiches] == ["livrable:dit"]


def test_team_creates_corrects_and_publishes(client, equipier):
    client.force_login(equipier)
    donnees = {**FICHE, "titre": "Un guide neuf", "liens": "solution:socle\naction:2018-2020-1-1"}

    cree = client.post("/equipe/boite-a-outils/nouveau/", donnees)
    slug = cree["Location"].strip("/").rpartition("/")[2]
    faux = client.post(f"/equipe/boite-a-outils/{slug}/", {**donnees, "liens": "javascript:x()"})
    client.post(f"/equipe/boite-a-outils/{slug}/version/", {"lien": "https://exemple.fr/a"})
    client.post(f"/equipe/boite-a-outils/{slug}/etat/")

    livrable = Livrable.objects.get(slug=slug)
    assert slug == "un-guide-neuf"
    assert faux.status_code == 422
    assert livrable.is_publie
    assert livrable.liens == ["solution:socle", "action:2018-2020-1-1"]
    assert client.get("/equipe/boite-a-outils/").status_code == 200
    assert client.get(f"/equipe/boite-a-outils/{slug}/").status_code == 200


@pytest.mark.parametrize("qui", ["personne", "agent", "administrateur"])
def test_team_pages_are_closed_to_others(client, collectivite, qui):
    make_livrable()
    if qui == "agent":
        client.force_login(CompteFactory(agent=True))
    if qui == "administrateur":
        compte = AdhesionFactory(collectivite=collectivite, role="administrateur").compte
        client.force_login(compte)

    reponse = client.post("/equipe/boite-a-outils/essai/etat/")

    assert reponse.status_code in (302, 403)
    assert Livrable.objects.get(slug="essai").is_publie


def test_seed_is_replayable_and_changes_nothing_written_by_a_person():
    seed(MAINTENANT)
    note = Livrable.objects.get(slug="note-dites-le-nous-une-fois")
    boite.update_livrable(livrable=note, acteur="agent:1", maintenant=MAINTENANT, resume="Corrigé.")
    nombre = Livrable.objects.count()

    seed(MAINTENANT)

    note.refresh_from_db()
    assert note.resume == "Corrigé."
    assert Livrable.objects.count() == nombre >= 6
    assert all(Livrable.objects.values_list("source", flat=True).order_by("pk"))


def test_sandbox_shows_a_group_a_sheet_and_a_use_once(settings):
    """Comme la commande : aucune collectivité n’est ouverte."""
    settings.BAC_A_SABLE = True
    CollectiviteFactory(slug="clamart", siren="219200235")
    CompteFactory(agent=True, courriel="claire.delmas@programme.example")

    seed(MAINTENANT)
    seed(MAINTENANT)

    assert GroupeDeTravail.objects.count() == 1
    assert VersionDeDocument.objects.count() == 1
    assert set(RetourDExperience.objects.values_list("fictif", flat=True)) == {True}
    assert UsageDeLivrable.objects.count() == 1
    assert mesures["espaces.retours"].compute(date(2099, 1, 1)) == 0
