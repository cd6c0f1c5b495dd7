"""Agenda, flux, fichiers ouverts, et l’échéancier chez les partenaires."""

import csv
import io
import json
from datetime import date

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar
from lxml import etree

from socle.fondations.commun.couleurs import FONDS_CLAIRS, compute_contraste, parse_couleur
from socle.metiers.echeancier.enums import Surete
from socle.metiers.echeancier.exports.fichiers import COLONNES
from socle.metiers.echeancier.models import Obligation
from socle.metiers.echeancier.services.obligations import (
    Changement,
    Echeance,
    Public,
    cancel_obligation,
    change_date,
)
from tests.metiers.echeancier.fabrique import create, create_beaucoup

pytestmark = pytest.mark.django_db
FICHIERS = (".ics", ".atom", ".csv", ".json", "/imprimer/", "/integrer/")
ATOM = "{http://www.w3.org/2005/Atom}"


def read_agenda(client, suite: str = "") -> dict[str, object]:
    reponse = client.get(f"/echeancier.ics{suite}")
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    agenda = Calendar.from_ical(reponse.content)
    return {str(e["summary"]): e for e in agenda.walk("VEVENT")}


def test_agenda_has_every_dated_line_of_the_filter(client):
    create(slug="a", titre="Actes", theme="actes")
    create(slug="b", titre="Achats", theme="achats", surete=Surete.ESTIMEE)
    create(slug="c", titre="Toujours", surete=Surete.PERMANENTE)

    assert set(read_agenda(client)) == {"Actes", "Achats (date estimée)"}
    assert set(read_agenda(client, "?theme=actes")) == {"Actes"}
    [seul] = read_agenda(client, "?echeance=a").values()
    assert seul.decoded("dtstart") == date(2028, 2, 28)
    assert seul["url"].endswith("/echeancier/a/")


def test_moved_or_cancelled_date_updates_the_same_event(client, obligation, maintenant):
    avant = read_agenda(client)["Un seuil change"]
    change_date(
        obligation=obligation, acteur="agent:1", maintenant=maintenant,
        changement=Changement(
            echeance=Echeance(surete=Surete.CONNUE, jour=date(2029, 1, 1)), motif="Reportée."
        ),
    )  # fmt: skip
    apres = read_agenda(client)["Un seuil change"]
    cancel_obligation(
        obligation=obligation, motif="Abrogée.", acteur="agent:1", maintenant=maintenant
    )
    fini = read_agenda(client)["Un seuil change"]

    assert avant["uid"] == apres["uid"] == fini["uid"]
    assert avant["sequence"] < apres["sequence"] < fini["sequence"]
    assert apres.decoded("dtstart") == date(2029, 1, 1)
    assert (apres["status"], fini["status"]) == ("CONFIRMED", "CANCELLED")


def test_unknown_event_is_not_found(client):
    assert client.get("/echeancier.ics?echeance=absente").status_code == 404


def test_atom_is_well_formed_and_follows_the_filter(client):
    create(slug="a", titre="Actes & <assemblées>", theme="actes")
    create(slug="b", titre="Achats", theme="achats")

    reponse = client.get("/echeancier.atom?theme=actes")
    flux = etree.fromstring(reponse.content)

    assert reponse["Content-Type"] == "application/atom+xml; charset=utf-8"
    titres = [entree.findtext(f"{ATOM}title") for entree in flux.iter(f"{ATOM}entry")]
    assert titres == ["Actes & <assemblées> : 28\N{NO-BREAK SPACE}févr. 2028"]
    assert flux.find(f"{ATOM}link[@rel='self']").get("href").endswith("?theme=actes")


def test_csv_defuses_formulas(client):
    grandes = Public(genre="commune", population_min=3_500)
    create(slug="a", titre='=HYPERLINK("http://x")', ministere="@SOMME(A1)", publics=(grandes,))

    reponse = client.get("/echeancier.csv")
    [ligne] = csv.DictReader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";")

    assert tuple(ligne) == COLONNES
    assert ligne["titre"].startswith("'=")
    assert ligne["ministere"].startswith("'@")
    assert (ligne["jour"], ligne["publics"]) == ("2028-02-28", "commune:3500-")
    assert "attachment" in reponse["Content-Disposition"]


def test_json_says_licence_source_and_state(client):
    hostile = '" \\ </script>\n\x07 é\u2028'
    create(
        slug="a", titre=hostile, resume=hostile, etapes=[hostile, "b"], precision=hostile,
        publics=(Public(genre="region"), Public(genre="epci", population_max=9)),
        liens=["solution:socle"], territoires=["dep-92"],
    )  # fmt: skip
    create(slug="b", jour=None, surete=Surete.PERMANENTE)

    contenu = client.get("/echeancier.json").content.decode()
    lu = json.loads(contenu)

    # Écrit à la main, mais comme l’écrirait la bibliothèque.
    assert contenu == json.dumps(lu, ensure_ascii=False)
    assert lu["licence"] == "Licence Ouverte 2.0"
    une, autre = lu["echeances"]
    assert (une["titre"], une["a_faire"], une["etapes"]) == (hostile, hostile, [hostile, "b"])
    assert une["public"] == (
        "Intercommunalités de moins de 10 habitants et régions (département 92) : " + hostile
    )
    assert une["publics"] == ["region", "epci:0-9"]
    assert (une["jour"], une["etat"], une["aides"]) == ("2028-02-28", "Connue", ["solution:socle"])
    vrai = Obligation.objects.get(slug="a").modifie_le
    assert une["modifie_le"] == vrai.isoformat()
    assert une["url"].endswith("/echeancier/a/")
    assert (autre["jour"], autre["premiere_date"]) == (None, None)
    assert (autre["public"], autre["publics"]) == ("Toutes les collectivités", [])


def test_territory_narrows_every_file_and_names_the_agenda(client):
    create(slug="ici", titre="Ici", territoires=["reg-53"])
    create(slug="ailleurs", titre="Ailleurs", territoires=["dep-92"])

    lus = {c: client.get(f"/echeancier{c}?territoire=dep-29").text for c in FICHIERS}

    assert [fichier for fichier, texte in lus.items() if "Ici" not in texte] == []
    assert [fichier for fichier, texte in lus.items() if "Ailleurs" in texte] == []
    assert "X-WR-CALNAME:Échéancier\\, Finistère" in lus[".ics"]


@pytest.mark.parametrize("chemin", FICHIERS)
def test_flows_stay_within_eight_queries_and_can_be_kept(client, count_sql, chemin):
    create_beaucoup(30)
    with count_sql() as compte:
        premiere = client.get(f"/echeancier{chemin}")

    assert len(compte.instructions) <= 8
    rappel = client.get(f"/echeancier{chemin}", headers={"If-None-Match": premiere["ETag"]})
    assert rappel.status_code == 304


# Chez les partenaires ---------------------------------------------------------------------------
def test_frame_runs_nothing_keeps_nothing_and_goes_anywhere(client, semee):
    reponse = client.get("/echeancier/integrer/?theme=identite")
    politique = reponse["Content-Security-Policy"]

    assert "frame-ancestors *" in politique
    assert "script-src" not in politique
    assert "default-src 'none'" in politique
    assert "X-Frame-Options" not in reponse
    assert reponse.cookies == {}
    assert "Cookie" not in reponse.get("Vary", "")
    page = BeautifulSoup(reponse.text, "html.parser")
    assert page.find_all(["script", "form", "iframe", "img"]) == []
    assert {lien["target"] for lien in page.select("main a[href]")} == {"_blank"}


def test_other_pages_cannot_be_framed(client, semee):
    reponse = client.get("/echeancier/partager/")

    assert "frame-ancestors 'none'" in reponse["Content-Security-Policy"]
    assert reponse["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("couleur", ["ffff00", "#fce", "0a5", "12694f"])
def test_partner_colour_stays_readable(client, obligation, couleur):
    page = BeautifulSoup(
        client.get("/echeancier/integrer/", {"couleur": couleur}).text, "html.parser"
    )

    feuille = page.select_one("link[href^='/theme/']")["href"]
    retenue = parse_couleur(feuille.split("/")[2].split("-")[0])
    assert min(compute_contraste(retenue, fond) for fond in FONDS_CLAIRS.values()) >= 4.5


@pytest.mark.parametrize("couleur", ["rouge", "'><script>", "url(//x)", "#12", ""])
def test_bad_colour_is_ignored_by_the_frame(client, obligation, couleur):
    reponse = client.get("/echeancier/integrer/", {"couleur": couleur})

    assert reponse.status_code == 200
    assert "/theme/a8401f-" in reponse.text


def test_snippet_gives_the_code_to_copy(client, semee):
    page = BeautifulSoup(
        client.get("/echeancier/partager/?theme=achats&couleur=ffff00").text, "html.parser"
    )

    code = BeautifulSoup(page.select_one("textarea#code").text, "html.parser")
    cadre = code.iframe
    assert cadre["src"] == "http://localhost:8000/echeancier/integrer/?theme=achats&couleur=6f6f00"
    assert cadre["title"]
    assert "Trop pâle" in page.text
    assert "#6f6f00" in page.select_one(".alert").text
    assert client.get(cadre["src"].removeprefix("http://localhost:8000")).status_code == 200
