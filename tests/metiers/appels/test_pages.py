"""Les pages : ce qui s’y lit, ce qu’elles coûtent, qui y entre, ce qu’un envoi change."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from icalendar import Calendar

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.fiches import (
    build_encarts,
    encarts_accueil,
    encarts_autorite,
    list_rappels,
    map_fiches,
    search_partout,
)
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.documents.models import Document
from socle.fondations.notifications.models import Envoi
from socle.fondations.referentiels.queries import get_autorite
from socle.metiers.appels.enums import EtatAppel
from socle.metiers.appels.forms.importation import read_appels
from socle.metiers.appels.models import Appel, Octroi, VersementOctroi
from socle.metiers.appels.queries.citations import MESURES
from socle.metiers.appels.services.octrois import add_versement, ask_justificatif
from socle.metiers.appels.services.rappels import CODE_EQUIPE, CODE_PIECE, send_rappels
from socle.metiers.appels.services.semence import seed
from tests.deux_pages import check_deux_pages
from tests.factories import AdhesionFactory
from tests.metiers.appels.fabrique import (
    AUJOURDHUI,
    MAINTENANT,
    accord,
    accord_suivi,
    propose,
    relay,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FLUX = ("/appels.csv", "/appels.json", "/appels.atom", "/appels.ics", "/appels/octrois.csv")


def list_titres(page) -> list[str]:
    soupe = BeautifulSoup(page.text, "html.parser")
    return [lien.text for lien in soupe.select("#tableau-appels tbody th a")]


@pytest.fixture
def connecte(client, equipier):
    client.force_login(equipier)
    return client


# Public ------------------------------------------------------------------------------------------
def test_public_pages_hold_their_budget_are_revalidated_and_hide_what_is_not_relayed(
    client, count_sql, collectivite
):
    for rang in range(21):
        relay(titre=f"Appel {rang}", territoires=["dep-92"], jour=date(2036, 1 + rang % 12, 3))
    for rang in range(3):
        accord(titre=f"Octroi {rang}")
    cache = propose(titre="Proposé seulement")
    pages = (
        "/appels/", "/appels/?territoire=reg-11&theme=services&pour=commune&q=appel",
        "/appels/?autorite=commune-92023&dates=ouverts", "/appels/appel-1/", "/appels/octrois/",
        "/appels/octrois/?autorite=commune-92023", *FLUX,
    )  # fmt: skip
    for adresse in pages:
        with count_sql() as compte:
            page = client.get(adresse)
        assert page.status_code == 200, adresse
        assert len(compte.instructions) <= 8, (adresse, compte.instructions)
        assert cache.titre not in page.text, adresse
        deja = client.get(adresse, headers={"If-None-Match": page["ETag"]})
        assert deja.status_code == 304, adresse
    assert client.get(f"/appels/{cache.slug}/").status_code == 404
    assert len(list_titres(client.get("/appels/"))) == 20


FILTRES = {
    "": ["A", "B", "C", "D"],
    "?theme=donnees": ["B"],
    "?territoire=dep-92": ["A", "B", "C"],
    "?territoire=reg-53": ["A", "B", "D"],
    "?pour=region": ["A", "C", "D"],
    "?genre=formation": ["C"],
    "?autorite=commune-92023": ["A", "B", "C"],
    "?q=villages": ["B"],
    "?dates=reportes": [],
    "?theme=inconnu&territoire=x&genre=%00&autorite=nulle": ["A", "B", "C", "D"],
}


def test_filters_find_what_they_say(client, collectivite):
    relay(titre="A", jour=date(2036, 1, 1))
    relay(titre="B", resume="Des villages.", genres=["commune"], themes=["donnees"],
          jour=date(2036, 1, 2))  # fmt: skip
    relay(titre="C", territoires=["reg-11"], genre="formation", jour=date(2036, 1, 3))
    relay(titre="D", territoires=["dep-29"], jour=date(2036, 1, 4))

    for demande, attendus in FILTRES.items():
        assert list_titres(client.get(f"/appels/{demande}")) == attendus, demande


def test_files_say_the_same_and_come_back_by_import(client, collectivite):
    relay(titre="=Formule", qui="@danger", liens=["solution:socle"], territoires=["dep-92"])

    csv, json = client.get("/appels.csv"), client.get("/appels.json")
    [rendezvous] = Calendar.from_ical(client.get("/appels.ics").content).walk("VEVENT")

    assert ";'=Formule;" in csv.text
    for contenu in (csv.content, json.content):
        [(cloture, fiche)] = read_appels(contenu)
        assert (fiche["titre"], fiche["qui"], fiche["territoires"], cloture.jour) == (
            "=Formule", "@danger", ["dep-92"], date(2036, 3, 1),
        )  # fmt: skip
    assert rendezvous["SUMMARY"] == "Clôture\N{NO-BREAK SPACE}: =Formule"
    assert "<title>=Formule (Agence d’essai)</title>" in client.get("/appels.atom").text


def test_seed_is_fictitious_everywhere_and_replays_without_changing_anything(client, collectivite):
    phrase = seed(MAINTENANT)
    assert phrase.startswith("Appels : 13 appels et 3 octrois")
    assert seed(MAINTENANT).startswith("Appels : 0 appels et 0 octrois")
    assert not Appel.objects.filter(fictif=False).exists()
    assert "Exemple fictif" in client.get("/appels/").text
    assert "Exemple fictif" in client.get("/appels/octrois/").text
    assert client.get("/appels/octrois.csv").text.count("\r\n") == 1  # l’en-tête seul
    assert [int(m.compute(AUJOURDHUI) or 0) for m in MESURES.values()] == [0, 0, 0]


def test_other_trades_find_calls_and_the_home_shows_them(rf, collectivite, count_sql):
    appel, octroi = relay(liens=["solution:socle"]), accord()
    autorite = get_autorite("commune-92023")

    assert set(map_fiches([appel.cle, octroi.cle])) == {appel.cle, octroi.cle}
    assert [f.titre for g in list_rappels("solution:socle", metiers=["appels"]) for f in g.fiches]
    assert appel.cle in {f.cle for groupe in search_partout("aide sites") for f in groupe.fiches}
    for registre, sujet in ((encarts_accueil, None), (encarts_autorite, autorite)):
        [encart] = [
            e for e in build_encarts(registre, rf.get("/"), sujet) if "appels/" in e["gabarit"]
        ]
        assert appel.titre in render_to_string(encart["gabarit"], encart)
    assert [int(m.compute(AUJOURDHUI) or 0) for m in MESURES.values()] == [1, 10_000, 1]


# Partenaires et équipe ---------------------------------------------------------------------------
SAISIE = {
    "titre": "Un appel", "organisateur": "Région", "genre": "aap", "source": "Son site",
    "surete": "connue", "cloture": "2036-03-01", "themes": ["donnees"], "resume": "En un mot.",
    "lien": "https://exemple.fr/x",
}  # fmt: skip


def test_partner_proposes_team_checks_relays_and_postpones(client, partenaire, equipier):
    client.force_login(partenaire)
    assert client.post("/appels/proposer/", SAISIE | {"titre": "a\nb"}).status_code == 422
    assert client.post("/appels/proposer/", SAISIE).status_code == 302
    assert "Un appel" in client.get("/appels/proposer/").text
    assert client.get("/equipe/appels/").status_code == 403
    assert client.get("/appels/un-appel/").status_code == 404

    client.force_login(equipier)
    page = "/equipe/appels/un-appel/"
    assert "Proposé" in client.get("/equipe/appels/?etat=propose").text
    client.post(f"{page}relayer/")
    report = {"surete": "connue", "cloture": "2036-05-01", "motif": "Deux mois de plus."}
    assert client.post(f"{page}date/", report).status_code == 302
    assert "Deux mois de plus." in client.get("/appels/un-appel/").text
    vieille = client.post(page, SAISIE | {"revision": "0"})
    assert (vieille.status_code, "Cet appel a été changé" in vieille.text) == (409, True)
    marque = BeautifulSoup(vieille.text, "html.parser").select_one("[name=revision]")["value"]
    assert client.post(page, SAISIE | {"revision": marque}).status_code == 302
    client.post(f"{page}archiver/", {"motif": "Retiré par l’organisateur."})
    assert client.get("/appels/un-appel/").status_code == 404


def test_team_imports_a_list_and_merges_a_duplicate_whose_address_still_leads_there(connecte):
    garde = relay()
    entete = "titre;organisateur;genre;source;surete;contact"
    for ligne, statut in (("Aide aux sites;;aap;x;continue;", 422), ("", 422)):
        fichier = SimpleUploadedFile("a.csv", f"{entete}\n{ligne}".encode())
        page = connecte.post("/equipe/appels/importer/", {"fichier": fichier})
        assert page.status_code == statut
        assert "rien n’a été importé" in page.text
    bonne = f"{entete}\nAide aux sites;Agence d’essai;aap;x;continue;guichet@exemple.fr"
    connecte.post(
        "/equipe/appels/importer/", {"fichier": SimpleUploadedFile("a.csv", bonne.encode())}
    )
    double = Appel.objects.get(ressemble=garde)
    page = f"/equipe/appels/{double.slug}/reunir/"

    assert "guichet@exemple.fr" in connecte.get(page).text
    connecte.post(page, {"choix": "reunir", "prendre_contact": "double"})

    garde.refresh_from_db()
    double.refresh_from_db()
    assert (garde.contact, garde.lien, double.etat) == (
        "guichet@exemple.fr", "https://exemple.fr/aide", EtatAppel.ARCHIVE,
    )  # fmt: skip
    assert connecte.get(f"/appels/{double.slug}/")["Location"] == f"/appels/{garde.slug}/"


def test_team_follows_a_grant_and_every_refusal_is_said(connecte, collectivite, count_sql):
    nouvel = {"autorite": "92023", "titre": "Refaire", "montant": "1000.00", "attribuant": "État",
              "decide_le": "2026-11-02", "nature": "aide en numéraire"}  # fmt: skip
    assert connecte.post("/equipe/octrois/nouvel/", nouvel | {"autorite": "0"}).status_code == 422
    connecte.post("/equipe/octrois/nouvel/", nouvel)
    octroi = Octroi.objects.get()
    page = f"/equipe/octrois/{octroi.pk}/"
    check_deux_pages(connecte, f"{page}modifier/", "conditions", autre="Une.", mienne="Deux.")
    versement = {"echeance": "2026-11-10", "montant": "600.00"}
    assert connecte.post(f"{page}versements/", versement).status_code == 302
    trop = connecte.post(f"{page}versements/", versement)
    assert (trop.status_code, "Il reste 400,00" in trop.text) == (422, True)
    verse = {"etat": "verse", "le": "2026-11-12"}
    assert connecte.post(f"{page}versements/1/", verse).status_code == 302
    rendu = {"montant": "601.00", "le": "2026-11-20", "motif": "x"}
    assert connecte.post(f"{page}rendre/", rendu).status_code == 422
    assert connecte.post(f"{page}annuler/", {"motif": "x"}).status_code == 422
    connecte.post(f"{page}solder/")
    assert connecte.post(f"{page}versements/", versement | {"montant": "1"}).status_code == 422
    for adresse in (page, "/equipe/octrois/", "/equipe/appels/"):
        with count_sql() as compte:
            assert connecte.get(adresse).status_code == 200
        assert len(compte.instructions) <= 8, (adresse, compte.instructions)
    assert VersementOctroi.objects.get().etat == "verse"


# Agents d’une collectivité -----------------------------------------------------------------------
def test_agent_sees_its_calls_files_its_evidence_and_writes_what_was_done(
    client, agent, equipier, collectivite, count_sql
):
    relay(titre="Pour nous", territoires=["dep-92"])
    relay(titre="Pour l’Ouest", territoires=["reg-53"])
    octroi, autre = accord_suivi(), accord_suivi("commune-92002")
    client.force_login(agent)
    page = f"/c/clamart/agent/octrois/{octroi.pk}/"

    assert list_titres(client.get("/c/clamart/agent/appels/")) == ["Pour nous"]
    for adresse in ("/c/clamart/agent/appels/", "/c/clamart/agent/octrois/", page):
        client.get(adresse)  # la fiche de la collectivité se garde quelques secondes
        with count_sql() as compte:
            assert client.get(adresse).status_code == 200
        assert len(compte.instructions) <= 8, (adresse, compte.instructions)
    assert client.get(f"/c/clamart/agent/octrois/{autre.pk}/").status_code == 404
    refus = client.post(page, {"piece": "1", "fichier": SimpleUploadedFile("x.exe", b"MZ\x90")})
    assert refus.status_code == 422
    depot = {"piece": "1", "fichier": SimpleUploadedFile("factures.pdf", PDF)}
    assert client.post(page, depot).status_code == 302
    depot = {"piece": "1", "fichier": SimpleUploadedFile("factures.pdf", PDF)}
    assert client.post(page, depot).status_code == 404  # déjà reçue
    check_deux_pages(
        client, page, "bilan", autre="Fini.", mienne="Le site est refait.",
        auteur="L’autre version est enregistrée le",
    )  # fmt: skip

    piece = octroi.justificatifs.get()
    assert client.get(piece.url).status_code == 200
    client.force_login(AdhesionFactory(collectivite=collectivite, role=Role.DPO).compte)
    assert client.get(piece.url).status_code in (403, 404)
    client.force_login(equipier)
    assert client.get(piece.url).status_code == 200
    client.post(f"/equipe/octrois/{octroi.pk}/pieces/1/", {"etat": "refuse", "motif": "Illisible."})
    client.force_login(agent)
    texte = client.get(page).text
    assert "Illisible." in texte
    assert "Le site est refait." in texte
    assert "Le site est refait." not in client.get("/appels/octrois/").text
    client.force_login(equipier)
    client.post(f"/equipe/octrois/{octroi.pk}/solder/")
    assert "Le site est refait." in client.get("/appels/octrois/").text
    with locataire(get_programme().pk):
        assert Document.objects.filter(objet=octroi.cle).count() == 1


def test_agent_subscribes_and_stops_from_its_page(client, agent, collectivite):
    client.force_login(agent)
    page = "/c/clamart/agent/appels/alertes/"

    client.post(page, {"cadence": "hebdo", "themes": ["donnees"]})
    assert "Vous recevez" in client.get("/c/clamart/agent/appels/").text
    client.post(page, {"geste": "arreter"})
    assert "pas encore prévenu" in client.get("/c/clamart/agent/appels/").text


def test_late_evidence_and_due_instalment_are_reminded_once(administrateur, equipier, collectivite):
    octroi = accord()
    commun = {"octroi": octroi, "acteur": "agent:1", "maintenant": MAINTENANT}
    ask_justificatif(demande="Bientôt", attendu_le=date(2026, 11, 27), **commun)
    ask_justificatif(demande="En retard", attendu_le=date(2026, 11, 20), **commun)
    ask_justificatif(demande="Loin", attendu_le=date(2027, 6, 1), **commun)
    add_versement(echeance=AUJOURDHUI, montant=Decimal(10), condition="", **commun)

    jour = {"aujourdhui": AUJOURDHUI, "maintenant": MAINTENANT}
    assert [send_rappels(**jour), send_rappels(**jour)] == [3, 0]

    a_clamart = Envoi.objects.filter(code=CODE_PIECE).order_by("pk")
    assert sorted(e.sujet for e in a_clamart) == [
        "Justificatif attendu dans 6 jours : Bientôt",
        "Justificatif attendu en retard : En retard",
    ]
    with locataire(get_programme().pk):
        assert Envoi.objects.filter(code=CODE_EQUIPE, compte=equipier).count() == 2
