"""Le parcours entier d’un invité, sans JavaScript, par de vraies requêtes de test."""

import re
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.metiers.dossiers.enums import EtatDossier
from socle.metiers.dossiers.models import Dossier

BASE = "/c/clamart"
ETAPE_1 = {"prenom": "Yanis", "nom": "Orbellec", "courriel": "yanis@exemple.fr"}
ETAPE_2 = {"revenu": "21 600", "parts": "1,5"}


def read_form(page: str, indice: str = "revision") -> dict[str, str]:
    """Rend les champs cachés du formulaire principal, comme un navigateur les renverrait."""
    soupe = BeautifulSoup(page, "html.parser")
    formulaire = next(f for f in soupe.find_all("form") if f.find("input", {"name": indice}))
    return {
        champ["name"]: champ.get("value", "")
        for champ in formulaire.find_all("input", {"type": "hidden"})
        if champ.get("name")
    }


def post_etape(client, url: str, valeurs: dict, action: str = "continuer"):
    caches = read_form(client.get(url).text)
    return client.post(url, caches | valeurs | {"_action": action})


@pytest.fixture
def etape(client, demarche):
    """Adresse de la première étape d’un brouillon d’invité."""
    reponse = client.post(f"{BASE}/demarches/{demarche.chemin}/commencer/")
    assert reponse.status_code == 302
    return reponse["Location"]


def test_guest_files_a_request_page_by_page(client, demarche, etape):
    assert re.fullmatch(rf"{BASE}/dossiers/\d+/etape/1/", etape)
    deux = post_etape(client, etape, ETAPE_1)["Location"]
    resume = post_etape(client, deux, ETAPE_2)["Location"]
    page = client.get(resume).text
    assert "1 200" in page.replace("\xa0", " ").replace("\u202f", " ")

    suivi = client.post(resume.replace("resume", "deposer"), {"accord_portail": "oui"})
    dossier = Dossier.objects.get(demarche=demarche)
    assert dossier.etat == EtatDossier.EN_CONSTRUCTION
    assert dossier.accord_portail
    assert str(dossier.numero) in client.get(suivi["Location"]).text


def test_draft_is_taken_up_where_it_stopped(client, etape):
    """À la première étape inachevée ; à la relecture quand tout est rempli."""
    suivi = etape.replace("etape/1/", "")

    def find_reprise() -> str:
        page = BeautifulSoup(client.get(suivi).text, "html.parser")
        return page.find("a", string="Continuer ma demande")["href"]

    assert find_reprise() == etape
    deux = post_etape(client, etape, ETAPE_1)["Location"]
    assert find_reprise() == deux
    resume = post_etape(client, deux, ETAPE_2)["Location"]
    assert find_reprise() == resume
    post_etape(client, etape, ETAPE_1 | {"nom": ""}, "enregistrer")
    assert find_reprise() == etape


def test_another_browser_is_asked_who_it_is_and_sees_nothing(client, etape):
    autre = type(client)()
    for adresse in (etape, etape.replace("etape/1", "resume")):
        reponse = autre.get(adresse)
        assert (reponse.status_code, reponse["Location"]) == (
            302,
            f"{BASE}/connexion/?{urlencode({'suite': adresse})}",
        )
    assert autre.post(etape, {"_action": "continuer"}).status_code == 403


def test_page_that_saves_as_you_type_is_not_in_conflict_with_itself(client, etape):
    """La réponse au premier envoi s’est perdue : la page montre encore l’ancienne révision."""
    caches = read_form(client.get(etape).text)
    assert client.post(f"{etape}?auto=1", caches | {"prenom": "Y"}).status_code == 200

    reponse = client.post(f"{etape}?auto=1", caches | {"prenom": "Yanis"})

    assert "Enregistré à" in reponse.text
    soupe = BeautifulSoup(client.get(etape).text, "html.parser")
    assert soupe.find("input", {"name": "prenom"})["value"] == "Yanis"


def test_late_save_never_undoes_what_was_validated(client, etape):
    caches = read_form(client.get(etape).text)
    client.post(etape, caches | ETAPE_1 | {"_action": "continuer"})

    reponse = client.post(f"{etape}?auto=1", caches | ETAPE_1 | {"prenom": "Ancien"})

    assert "Pas enregistré" in reponse.text
    soupe = BeautifulSoup(client.get(etape).text, "html.parser")
    assert soupe.find("input", {"name": "prenom"})["value"] == ETAPE_1["prenom"]


def test_missing_answers_are_listed_and_kept(client, etape):
    reponse = post_etape(client, etape, {"prenom": "Yanis", "nom": "", "courriel": "faux"})
    assert reponse.status_code == 422
    soupe = BeautifulSoup(reponse.text, "html.parser")
    liens = [a["href"] for a in soupe.select(".alert-danger a")]
    assert liens == ["#champ-nom", "#champ-courriel"]
    assert soupe.find("input", {"name": "prenom"})["value"] == "Yanis"
    assert soupe.find("input", {"name": "courriel"})["value"] == "faux"


def test_older_tab_is_shown_both_versions(client, etape):
    caches = read_form(client.get(etape).text)
    client.post(etape, caches | ETAPE_1 | {"_action": "enregistrer"})
    reponse = client.post(etape, caches | ETAPE_1 | {"prenom": "Ada", "_action": "continuer"})

    assert reponse.status_code == 409
    assert "Celle enregistrée" in reponse.text
    assert "Ada" in reponse.text
    assert Dossier.objects.get().reponses["prenom"] == "Yanis"


def test_conflict_shows_the_unreadable_answer_as_it_was_typed(client, etape):
    caches = read_form(client.get(etape).text)
    client.post(etape, caches | ETAPE_1 | {"_action": "enregistrer"})
    faux = {"courriel": "yanis chez exemple"}
    reponse = client.post(etape, caches | ETAPE_1 | faux | {"_action": "continuer"})

    assert reponse.status_code == 409
    panneau = BeautifulSoup(reponse.text, "html.parser").select_one(".conflit tbody")
    assert [c.text for c in panneau.select("td")] == ["yanis@exemple.fr", "yanis chez exemple"]


def test_autosave_returns_only_what_changed(client, etape):
    caches = read_form(client.get(etape).text)
    reponse = client.post(
        f"{etape}?auto=1", caches | {"prenom": "Yanis"}, headers={"HX-Request": "true"}
    )
    assert reponse.status_code == 200
    assert 'id="revision" value="1"' in reponse.text
    assert "<form" not in reponse.text
    assert Dossier.objects.get().reponses == {"prenom": "Yanis"}


def test_page_stays_under_its_sql_budget(client, etape, count_sql):
    client.get(etape)
    with count_sql() as compte:
        client.get(etape)
    assert len(compte.instructions) <= 3, "\n".join(compte.instructions)


def test_whole_submission_stays_under_its_sql_budget(client, demarche, count_sql):
    """De la première page au dépôt, sans session : la tâche de l’accusé a son propre compte."""
    with count_sql() as compte:
        etape = client.post(f"{BASE}/demarches/{demarche.chemin}/commencer/")["Location"]
        deux = post_etape(client, etape, ETAPE_1)["Location"]
        resume = post_etape(client, deux, ETAPE_2)["Location"]
        client.get(resume)
        client.post(resume.replace("resume", "deposer"))
    assert len(compte.instructions) <= 26, "\n".join(compte.instructions)


def test_unknown_slug_and_closed_doors(client, demarche, collectivite):
    assert client.get("/c/inconnue/").status_code == 404
    assert client.get(f"{BASE}/demarches/inconnue/").status_code == 404
    assert client.get(f"{BASE}/dossiers/999999/")["Location"] == f"{BASE}/dossiers/999999/acces/"
    assert client.get(f"{BASE}/dossiers/999999/lien/")["Location"].startswith(f"{BASE}/connexion/")


def test_file_of_a_wrong_kind_is_refused_with_a_reason(client, etape):
    """Le formulaire n’attend pas de fichier : un fichier posté en trop ne change rien."""
    caches = read_form(client.get(etape).text)
    intrus = SimpleUploadedFile("virus.exe", b"MZ\x90")
    reponse = client.post(etape, caches | ETAPE_1 | {"_action": "continuer", "intrus": intrus})
    assert reponse.status_code == 302
