from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.metiers.archivage import queries, services
from socle.metiers.archivage.enums import EtatVersement
from socle.metiers.archivage.errors import VersementRefuse
from socle.metiers.archivage.models import Versement
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.metiers.archivage.conftest import REFERENCE

LISTE = "/c/clamart/agent/archives/"
DETAIL = f"{LISTE}{REFERENCE}/"
TRANSMETTRE = f"{DETAIL}transmettre/"


def read(reponse) -> BeautifulSoup:
    assert reponse.status_code == 200
    return BeautifulSoup(reponse.text, "html.parser")


def build_versements(modele: Versement, nombre: int) -> None:
    """Copie un versement sous d’autres références, du plus ancien au plus récent."""
    for rang in range(nombre):
        modele.pk = None
        modele.reference = f"219200235-2026-{rang}"
        modele.titre = f"Dossier {rang}"
        modele.prepare_le += timedelta(minutes=1)
        modele.save(force_insert=True)


def test_liste_shows_what_an_archiviste_needs(client, archiviste, versement):
    client.force_login(archiviste)

    page = read(client.get(LISTE))

    ligne = page.select_one("tr[data-ligne]")
    cellules = {td["data-nom"]: td.get_text(" ", strip=True) for td in ligne.select("td")}
    assert ligne.select_one("th").get_text(" ", strip=True) == (
        f"Inscription à la restauration scolaire {REFERENCE}"
    )
    assert ligne.select_one("th a")["href"] == DETAIL
    assert cellules == {
        "Service": "Service scolaire",
        "Préparé": "21\xa0nov. 2026",
        "Pièces": "3",
        "À conserver": "jusqu’au 31\xa0déc. 2036",
        "Ensuite": "Destruction",
        "État": "Prêt à transmettre",
    }
    compteurs = [a.get_text(" ", strip=True) for a in page.select(".compteurs a")]
    assert compteurs == [
        "0 À corriger",
        "1 Prêt à transmettre",
        "0 Transmis",
        "0 Reçu par les archives",
        "0 Accepté",
        "0 Refusé",
    ]


def test_liste_empty_says_what_will_come(client, archiviste):
    client.force_login(archiviste)

    assert "Aucun versement ici" in client.get(LISTE).text


@pytest.mark.parametrize("nombre", [1, 3])
def test_liste_keeps_a_constant_number_of_statements(
    client, archiviste, versement, nombre, count_sql
):
    build_versements(versement, nombre)
    client.force_login(archiviste)

    with count_sql() as compte:
        page = read(client.get(LISTE))

    assert len(page.select("tr[data-ligne]")) == nombre + 1
    assert len(compte.instructions) <= 6, compte.instructions


def test_detail_costs_few_statements(client, archiviste, versement, count_sql):
    client.force_login(archiviste)

    with count_sql() as compte:
        read(client.get(DETAIL))

    assert len(compte.instructions) <= 6, compte.instructions  # le fil du dossier compris


def test_fragment_is_the_same_part_of_the_page(client, archiviste, versement):
    client.force_login(archiviste)

    entiere = read(client.get(LISTE)).select_one("#resultats")
    fragment = read(client.get(LISTE, headers={"HX-Request": "true"}))

    assert fragment.select_one("#resultats").prettify() == entiere.prettify()
    assert fragment.select_one("h1") is None


@pytest.mark.parametrize(
    ("adresse", "attendus"),
    [
        ("?etat=pret", 4),
        ("?etat=transmis", 0),
        ("?q=Dossier", 3),
        ("?q=219200235-2026-1", 1),
        ("?q=restauration&etat=pret", 1),
        ("?etat=inconnu", 4),
        ("?apres=abime", 4),
    ],
)
def test_liste_is_filtered(client, archiviste, versement, adresse, attendus):
    build_versements(versement, 3)
    client.force_login(archiviste)

    assert len(read(client.get(LISTE + adresse)).select("tr[data-ligne]")) == attendus


def test_liste_goes_on_page_after_page(client, archiviste, versement, monkeypatch):
    monkeypatch.setattr(queries, "TAILLE_DE_PAGE", 2)
    build_versements(versement, 4)
    client.force_login(archiviste)
    adresse, vus = f"{LISTE}?etat=pret", []

    for _ in range(3):
        page = read(client.get(adresse))
        vus += [a.get_text() for a in page.select("tr[data-ligne] th a")]
        suivante = page.select_one("a[rel=next]")
        adresse = LISTE + suivante["href"] if suivante else ""

    assert adresse == ""
    titres = [f"Dossier {rang}" for rang in (3, 2, 1, 0)]
    assert vus == [*titres, "Inscription à la restauration scolaire"]


def test_detail_says_the_paquet_the_regle_and_the_controles(client, archiviste, versement):
    client.force_login(archiviste)

    page = read(client.get(DETAIL))
    texte = page.select_one("main").get_text(" ", strip=True)

    assert page.select_one("h1").get_text() == "Inscription à la restauration scolaire"
    assert "Tous les contrôles sont passés, aucune remarque." in texte
    assert "Empreintes des fichiers CHECK_DIGEST" in texte
    assert "Contrôlé par Socle seul\xa0: le schéma officiel n’est pas installé ici" in texte
    assert "Restauration scolaire (SCO-CANTINE)" in texte
    assert "Le dossier est gardé 10 ans à compter du jeudi 31 décembre 2026" in texte
    assert "50 ans après le dernier document" in texte
    assert "3 pièces, " in texte
    assert versement.empreinte in texte
    lien = page.find("a", string="Télécharger le paquet (ZIP)")
    assert lien["href"] == f"/c/clamart/documents/{versement.document_id}/"
    etapes = [li.select_one("b").get_text() for li in page.select(".fil li")]
    assert etapes == [
        "Demande",
        "Clôture",
        "Paquet contrôlé",
        "Remise aux archives",
        "Fin de conservation",
    ]


def test_detail_of_a_versement_to_correct_says_what_to_mend(client, archiviste, demande, contrat):
    with pytest.raises(VersementRefuse):
        services.create_versement(**(demande | {"titre": " "}))
    client.force_login(archiviste)

    page = read(client.get(DETAIL))
    texte = page.select_one("main").get_text(" ", strip=True)

    assert page.select_one("h1").get_text() == "Sans titre"
    assert "Le paquet n’est pas fait" in texte
    assert "Bloquant Titres et dates des unités. Le titre de cette unité manque." in texte
    assert "Il n’y a pas encore de paquet." in texte
    assert "Noter comme transmis" not in texte


def test_paquet_is_downloaded_and_the_journal_knows(client, archiviste, versement):
    client.force_login(archiviste)

    reponse = client.get(f"/c/clamart/documents/{versement.document_id}/")

    assert reponse.status_code == 200
    assert len(b"".join(reponse.streaming_content)) == versement.taille
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    lecture = Entree.objects.get(action="document.lu")
    assert (lecture.objet, lecture.acteur) == (f"versement:{REFERENCE}", archiviste.acteur)


def test_archiviste_notes_the_versement_as_transmis_once(client, archiviste, versement):
    client.force_login(archiviste)

    page = client.post(TRANSMETTRE, follow=True)
    encore = client.post(TRANSMETTRE, follow=True)

    assert "Le versement est noté comme transmis." in page.text
    assert "déjà noté comme transmis" in encore.text
    assert "Transmis le " in page.text
    versement.refresh_from_db()
    assert versement.etat == EtatVersement.TRANSMIS
    assert Entree.objects.get(action="versement.transmis").acteur == archiviste.acteur


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ARCHIVISTE])
@pytest.mark.parametrize("adresse", [LISTE, DETAIL])
def test_other_roles_are_refused(client, collectivite, versement, role, adresse):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert client.get(adresse).status_code == 403
    assert client.post(TRANSMETTRE).status_code == 403
    assert client.get(f"/c/clamart/documents/{versement.document_id}/").status_code == 404


def test_usager_and_visiteur_are_sent_to_the_connexion_of_agents(client, versement):
    entree = "/c/clamart/agent/connexion/"

    assert client.get(LISTE).url.startswith(entree)
    client.force_login(CompteFactory())

    assert client.get(LISTE).url.startswith(entree)
    assert client.get(DETAIL).url.startswith(entree)
    assert client.post(TRANSMETTRE).status_code == 403
    assert client.get(f"/c/clamart/documents/{versement.document_id}/").status_code == 404


def test_archiviste_of_another_collectivite_sees_nothing(client, versement):
    voisine = CollectiviteFactory(slug="sceaux")
    with locataire(voisine.pk):
        etranger = AdhesionFactory(collectivite=voisine, role=Role.ARCHIVISTE).compte
    client.force_login(etranger)

    assert client.get(DETAIL).status_code == 403
    assert client.get(f"/c/sceaux/agent/archives/{REFERENCE}/").status_code == 404
    assert client.get(f"/c/sceaux/documents/{versement.document_id}/").status_code == 404
    assert client.post(f"/c/sceaux/agent/archives/{REFERENCE}/transmettre/").status_code == 404


def test_versement_unknown_is_not_found(client, archiviste):
    client.force_login(archiviste)

    assert client.get(DETAIL).status_code == 404


@pytest.mark.parametrize("adresse", [LISTE, DETAIL])
def test_pages_refuse_to_be_posted(client, archiviste, versement, adresse):
    client.force_login(archiviste)

    assert client.post(adresse).status_code == 405
    assert client.get(TRANSMETTRE).status_code == 405
