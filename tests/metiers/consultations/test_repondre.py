"""Répondre par les pages, sans JavaScript : un invité, un agent, une personne de trop."""

import re
from io import BytesIO
from zipfile import ZipFile

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from socle.metiers.consultations.models import Campagne, Reponse
from socle.metiers.consultations.services import campagnes
from tests.conftest import ClientStrict
from tests.deux_pages import read_versions
from tests.factories import CompteFactory
from tests.metiers.consultations.fabrique import create_ouverte

FORMULE, BALISE = "=HYPERLINK('x')", "<img src=x onerror=alert(1)>"


def read_revision(page):
    return re.search(r'name="revision" id="revision" value="(\d+)"', page.text)[1]


def answer(client, base, rang, **champs):
    """Remplit une étape et continue."""
    page = client.get(f"{base}etape/{rang}/")
    return client.post(
        f"{base}etape/{rang}/", {"revision": read_revision(page), "_action": "continuer", **champs}
    )


def test_invite_answers_page_by_page_corrects_and_withdraws(client, db, equipier):
    campagne = create_ouverte(anonyme=True)
    adresse = f"/consultations/{campagne.slug}/repondre/"
    assert "Commencer sans compte" in client.get(adresse).text
    assert client.post(adresse, {"sujet": "robot", "courriel": ""}).status_code == 422
    assert client.post(adresse, {"courriel": "faux"}).status_code == 422
    depart = client.post(adresse, {"courriel": "invite@exemple.fr"})
    reponse = Reponse.objects.get()
    base = f"/consultations/reponses/{reponse.cle}/"
    assert depart.url == f"{base}etape/1/"

    incomplete = answer(client, base, 1, agents="douze")
    assert incomplete.status_code == 422
    assert "douze" in incomplete.text
    assert answer(client, base, 1, connait="oui", agents="12").url == f"{base}etape/2/"
    page = client.get(f"{base}etape/2/")
    fichier = SimpleUploadedFile("note.txt", b"Bonjour.", content_type="text/plain")
    suite = answer(client, base, 2, mot=f"{FORMULE} {BALISE}", piece=fichier)
    assert suite.url == f"{base}etape/3/"
    assert client.get(suite.url).url == f"{base}relire/"
    # Une page restée ouverte n’écrase rien, et le dit.
    ancienne = client.post(
        f"{base}etape/2/", {"revision": read_revision(page), "_action": "continuer", "mot": "x"}
    )
    assert ancienne.status_code == 409
    assert "a changé entre-temps" in ancienne.text
    assert "x" in [
        saisi for _, saisi in read_versions(BeautifulSoup(ancienne.text, "lxml")).values()
    ]
    auto = client.post(f"{base}etape/1/?auto=1", {
        "revision": read_revision(client.get(f"{base}etape/1/")), "connait": "oui",
        "agents": "13",
    })  # fmt: skip
    assert "Enregistré à" in auto.text
    # « Continuer » pressé avant la réponse d’un enregistrement automatique : pas de conflit.
    ouverte = client.get(f"{base}etape/1/")
    envoi = {
        "revision": read_revision(ouverte),
        "onglet": re.search(r'name="onglet" value="(\w+)"', ouverte.text)[1],
        "connait": "oui",
        "agents": "14",
    }
    assert client.post(f"{base}etape/1/?auto=1", envoi).status_code == 200
    pressee = client.post(f"{base}etape/1/", envoi | {"_action": "continuer"})
    assert pressee.url == f"{base}etape/2/"
    # Et un enregistrement en retard ne défait pas ce qui vient d’être validé.
    tard = client.post(f"{base}etape/1/?auto=1", envoi | {"agents": "1"})
    assert "Pas enregistré" in tard.text

    relecture = client.get(f"{base}relire/")
    assert "note.txt" in relecture.text
    assert BALISE not in relecture.text
    # Ce qui a changé depuis la relecture n’est pas déposé sans être relu.
    change = client.post(f"{base}deposer/", {"revision": 0})
    assert change.status_code == 409
    assert "Relisez ce qui est enregistré" in change.text
    for _ in range(2):
        assert client.post(f"{base}deposer/").url == base
    reponse.refresh_from_db()
    assert (reponse.is_deposee, reponse.depots.count()) == (True, 1)
    recu = client.get(base)
    assert reponse.numero in recu.text
    assert client.get(f"{base}recu.pdf").content.startswith(b"%PDF")

    # Personne d’autre n’y entre ; le lien secret rouvre ailleurs, un faux non.
    secret = re.search(r"<code>https?://[^/]+(/\S+/)</code>", recu.text)[1]
    for intrus in (ClientStrict(), ClientStrict()):
        for fin in ("", "etape/1/", "relire/", "recu.pdf", "retirer/"):
            assert intrus.get(base + fin).status_code == 403, fin
        assert intrus.post(f"{base}deposer/").status_code == 403
        intrus.force_login(CompteFactory())
        assert intrus.get(base).status_code == 403
    ailleurs = ClientStrict()
    assert ailleurs.get(f"{base}reprendre/faux/").status_code == 403
    assert ailleurs.get(secret).status_code == 302
    assert ailleurs.get(base).status_code == 200

    # Le fichier joint se lit par qui répond et par l’équipe, par personne d’autre.
    lien = re.search(r'href="(/c/programme/documents/[^"]+)"', recu.text)[1]
    equipe = ClientStrict()
    equipe.force_login(equipier)
    lectures = [c.get(lien).status_code for c in (client, equipe, ClientStrict())]
    assert lectures[:2] == [200, 200]
    assert lectures[2] in (302, 403, 404)

    # L’équipe lit sans danger ; le tableur aussi.
    fiche = equipe.get(f"/equipe/consultations/{campagne.slug}/reponses/{reponse.cle}/")
    assert "&lt;img src=x" in fiche.text
    csv = equipe.get(f"/equipe/consultations/{campagne.slug}/reponses.csv").content.decode()
    assert f"'{FORMULE}" in csv
    xlsx = equipe.get(f"/equipe/consultations/{campagne.slug}/reponses.xlsx")
    with ZipFile(BytesIO(b"".join(xlsx.streaming_content))) as classeur:
        assert b"<f>" not in classeur.read("xl/worksheets/sheet1.xml")
    trouve = equipe.get(f"/equipe/consultations/{campagne.slug}/reponses/?q=hyperlink")
    assert reponse.numero in trouve.text

    assert client.post(f"{base}corriger/", {"geste": "ouvrir"}).url == f"{base}etape/1/"
    answer(client, base, 1, connait="non")
    assert "c’est l’ancienne réponse qui compte" in client.get(base).text
    assert client.post(f"{base}deposer/").url == base
    assert "Vos dépôts" in client.get(base).text
    assert client.post(f"{base}retirer/").url == f"/consultations/{campagne.slug}/"
    assert "Réponse retirée" in client.get(base).text


def test_late_depot_is_refused_kept_and_said(client, usager):
    campagne = create_ouverte()
    client.force_login(usager)
    client.post(f"/consultations/{campagne.slug}/repondre/", {"titre": f"compte:{usager.pk}"})
    reponse = Reponse.objects.get()
    base = f"/consultations/reponses/{reponse.cle}/"
    answer(client, base, 1, connait="oui")
    campagnes.close_campagne(campagne=campagne, acteur="agent:1", maintenant=timezone.now())

    tard = client.post(f"{base}deposer/")

    assert tard.status_code == 409
    assert "votre réponse n’a pas été déposée" in tard.text
    recu = client.get(base).text
    assert "Présentée après la clôture" in recu
    assert "Oui" in recu
    faux = client.post(f"/consultations/{campagne.slug}/repondre/", {"titre": "autorite:x"})
    assert faux.status_code == 422


def test_team_builds_publishes_and_reads_through_pages(client, equipier):
    client.force_login(equipier)
    base = "/equipe/consultations/"
    cree = client.post(f"{base}nouvelle/", {"genre": "questionnaire", "titre": "Mon enquête"})
    assert cree.url == f"{base}mon-enquete/fiche/"
    campagne = Campagne.objects.get()
    page = f"{base}mon-enquete/questions/page/reponses/ajouter/"
    ajout = client.post(page, {"libelle": "Votre avis ?", "type": "choix_simple", "revision": 0})
    assert ajout.url == f"{base}mon-enquete/questions/votre_avis/"
    reglages = {"libelle": "Votre avis ?", "options": "Bon\nMauvais", "obligatoire": "on",
                "condition_mode": "toujours", "revision": 1}  # fmt: skip
    assert client.post(ajout.url, reglages).status_code == 302
    conflit = client.post(ajout.url, {**reglages, "libelle": "Autre ?"})
    assert conflit.status_code == 409
    copie = client.post(f"{base}mon-enquete/questions/gestes/", {"geste": "copier:votre_avis"})
    assert copie.status_code == 302
    assert "copiée" in client.get(f"{base}mon-enquete/questions/").text
    client.post(f"{base}mon-enquete/questions/annuler/")
    campagne.refresh_from_db()
    [champ] = campagne.definition["pages"][0]["champs"]
    assert [o["libelle"] for o in champ["options"]] == ["Bon", "Mauvais"]
    gestes = f"{base}mon-enquete/questions/gestes/"
    client.post(gestes, {"geste": "page_ajouter", "titre": "Si mauvais"})
    campagne.refresh_from_db()
    seconde = campagne.definition["pages"][1]["id"]
    reglee = client.post(
        f"{base}mon-enquete/questions/page/{seconde}/",
        {"titre": "Pourquoi ?", "condition_mode": "and", "condition_champ_1": "votre_avis",
         "condition_op_1": "=", "condition_valeur_1": champ["options"][1]["id"],
         "revision": campagne.revision},
    )  # fmt: skip
    assert reglee.status_code == 302
    assert "Affichée si" in client.get(f"{base}mon-enquete/questions/").text
    client.post(gestes, {"geste": f"page_supprimer:{seconde}"})
    campagne.refresh_from_db()

    assert "donnez l’ouverture et la clôture" in client.get(f"{base}mon-enquete/").text
    fiche = {
        "titre": "Mon enquête", "chapo": "Pour voir.", "contact": "a@exemple.fr",
        "acces": "public", "perimetre": "tous", "unite": "personne", "base_legale": "mission",
        "conservation_mois": 12, "finalite": "Voir.", "lecteurs": "Nous.",
        "ouvre_le": "2020-01-01T09:00", "ferme_le": "2199-01-01T09:00",
        "departements": "92 2A", "revision": campagne.revision,
    }  # fmt: skip
    assert (
        client.post(f"{base}mon-enquete/fiche/", fiche | {"departements": "999"}).status_code == 422
    )
    assert client.post(f"{base}mon-enquete/fiche/", fiche).status_code == 302
    assert client.post(f"{base}mon-enquete/fiche/", fiche | {"titre": "x"}).status_code == 409
    client.post(f"{base}mon-enquete/publier/")
    campagne.refresh_from_db()
    assert campagne.etat == "publiee"
    assert "Répondre" in ClientStrict().get("/consultations/mon-enquete/").text
    assert client.post(f"{base}mon-enquete/clore/").status_code == 302
    texte = {"synthese": f"## Bilan\n\n{BALISE}", "revision": campagne.revision + 1}
    assert client.post(f"{base}mon-enquete/synthese/", texte).status_code == 302
    client.post(f"{base}mon-enquete/depouiller/")
    assert BALISE not in client.get("/consultations/mon-enquete/synthese/").text
