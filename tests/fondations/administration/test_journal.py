"""Journal du DPO : chercher, lire, exporter, remettre une preuve, sans sortir de chez soi."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from socle.fondations.administration import services
from socle.fondations.administration.permissions import LECTEURS_DU_JOURNAL
from socle.fondations.administration.ports import objets_lies
from socle.fondations.collectivites.models import Collectivite
from socle.fondations.commun.locataire import locataire
from socle.fondations.commun.tableur import neutralize
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Compte
from socle.fondations.journal import services as journal
from socle.fondations.journal.errors import RienDeScelle
from socle.fondations.journal.models import Entree
from socle.fondations.journal.services import record
from socle.normes.preuve.verification import verify_dossier_de_preuve
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory, RegleFactory
from tests.fondations.journal.conftest import base_vive, make_lot, proprietaire, seal

__all__ = ["base_vive", "proprietaire", "seal"]
JOURNAL = "/c/clamart/agent/journal/"


@pytest.fixture
def visite(client, dpo):
    client.force_login(dpo)
    return client


@pytest.fixture
def ecrire(collectivite, maintenant):
    """Ajoute une ligne au journal de Clamart, `minutes` avant maintenant."""

    def ecrire(action="dossier.depose", objet="dossier:44171", acteur="usager:34", minutes=0, **d):
        return record(
            action=action, objet=objet, acteur=acteur, collectivite_id=collectivite.pk,
            maintenant=maintenant - timedelta(minutes=minutes), donnees=d,
        )  # fmt: skip

    return ecrire


def read_lignes(reponse) -> list[list[str]]:
    assert reponse.status_code == 200
    page = BeautifulSoup(reponse.text, "html.parser")
    return [
        [td.get_text(" ", strip=True) for td in tr.select("td")]
        for tr in page.select("tr[data-ligne]")
    ]


def read_csv(reponse) -> list[dict[str, str]]:
    texte = b"".join(reponse.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte), delimiter=";"))


@pytest.mark.parametrize("role", [r for r in Role if r not in LECTEURS_DU_JOURNAL])
def test_other_roles_read_nothing(client, collectivite, ecrire, role):
    entree = ecrire()
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    adresses = ("", "export.csv", "preuve/?objet=dossier:44171", f"{entree.pk}/")
    assert {client.get(JOURNAL + suite).status_code for suite in adresses} == {403}


def test_lines_are_said_in_french_latest_first(visite, dpo, ecrire):
    ecrire(minutes=2)
    ecrire("agent.role_donne", "compte:7", dpo.acteur, minutes=1)
    ecrire("action.de.demain", "chose:1", "systeme")

    assert read_lignes(visite.get(JOURNAL)) == [
        ["action.de.demain", "chose 1", "Socle, de lui-même", "En attente"],
        ["Rôle donné", "Compte 7", f"{dpo.prenom} {dpo.nom}", "En attente"],
        ["Demande déposée", "Dossier 44171", "Usager 34", "En attente"],
    ]


def test_name_of_a_citizen_is_never_shown(visite, ecrire):
    usager = CompteFactory(prenom="Camille", nom="Personnage")
    ecrire(acteur=usager.acteur)
    ecrire(acteur=f"agent:{usager.pk}")  # un acteur mal écrit n’y mène pas non plus

    assert "Personnage" not in visite.get(JOURNAL).text


@pytest.mark.parametrize(
    ("critere", "nombre"),
    [
        ("action=document.lu", 1),
        ("objet=dossier:2", 1),
        ("objet=2", 1),
        ("objet=219200235-2026-2", 1),
        ("acteur=systeme", 1),
        ("acteur=DPO@clamart.example", 1),
        ("acteur=personne@clamart.example", 0),
        ("debut=2026-11-21", 3),
        ("fin=2026-11-20", 1),
        ("debut=2026-11-20&fin=2026-11-20", 1),
        ("action=document.lu&acteur=systeme", 0),
        ("objet=dossier:404", 0),
        ("action=jamais.vue", 0),
    ],
)
def test_filters(visite, dpo, ecrire, critere, nombre):
    dpo.courriel = "dpo@clamart.example"
    dpo.save()
    ecrire("document.lu", "dossier:1", dpo.acteur)
    ecrire(objet="dossier:2")
    ecrire("dossier.accuse", "dossier:3", "systeme")
    ecrire(objet="dossier:4", minutes=24 * 60)

    assert len(read_lignes(visite.get(f"{JOURNAL}?{critere}"))) == nombre


@pytest.mark.parametrize("critere", ["debut=hier", "debut=2026-11-21&fin=2026-11-20"])
def test_wrong_filter_is_said(visite, ecrire, critere):
    ecrire()

    reponse = visite.get(f"{JOURNAL}?{critere}")

    assert read_lignes(reponse) == []
    assert "est à reprendre" in reponse.text
    assert visite.get(f"{JOURNAL}export.csv?{critere}").status_code == 302


def test_pages_follow_without_loss_even_at_the_same_instant(visite, ecrire):
    for rang in range(120):
        ecrire(objet=f"dossier:{rang}")
    vus: list[str] = []
    adresse = JOURNAL
    for _ in range(3):
        reponse = visite.get(adresse)
        vus += [ligne[1] for ligne in read_lignes(reponse)]
        lien = BeautifulSoup(reponse.text, "html.parser").select_one("a[rel=next]")
        adresse = JOURNAL + lien["href"] if lien else ""

    assert not adresse
    assert len(vus) == len(set(vus)) == 120


@pytest.mark.parametrize("nombre", [1, 3])
def test_page_costs_the_same_for_one_and_three(
    visite, dpo, collectivite, ecrire, count_sql, nombre
):
    for rang in range(nombre):
        ecrire(acteur=dpo.acteur, minutes=rang)
        ecrire("regle.creee", f"regle:{RegleFactory(collectivite=collectivite).pk}", dpo.acteur)
    visite.get(JOURNAL)  # la fiche de la collectivité est gardée vingt secondes

    with count_sql() as compte:
        visite.get(JOURNAL)

    assert len(compte.instructions) <= 6


def test_object_is_linked_only_for_who_may_open_it(visite, collectivite, dpo, ecrire, monkeypatch):
    regle = RegleFactory(collectivite=collectivite)
    ecrire("regle.creee", f"regle:{regle.pk}")
    adresse = f"/c/clamart/agent/reglages/conservation/{regle.pk}/"
    assert f'href="{adresse}"' in visite.get(JOURNAL).text
    assert visite.get(adresse).status_code == 200

    monkeypatch.setitem(objets_lies._par_code, "regle", lambda *_: {})
    assert adresse not in visite.get(JOURNAL).text


def test_another_authority_is_never_read(visite, collectivite, ecrire, maintenant):
    autre = CollectiviteFactory()
    with locataire(autre.pk):
        cachee = record(
            action="dossier.depose", objet="dossier:666", acteur="usager:1",
            collectivite_id=autre.pk, maintenant=maintenant,
        )  # fmt: skip
    ecrire()

    assert "666" not in visite.get(JOURNAL).text
    assert visite.get(f"{JOURNAL}{cachee.pk}/").status_code == 404
    assert [ligne["Objet"] for ligne in read_csv(visite.get(f"{JOURNAL}export.csv"))] == [
        f"collectivite:{collectivite.pk}",
        "dossier:44171",
    ]
    assert visite.get(f"{JOURNAL}preuve/?objet=dossier:666").status_code == 302


def test_line_is_shown_as_it_is_sealed(visite, ecrire):
    entree = ecrire(reference="219200235-2026-44171")

    texte = BeautifulSoup(visite.get(f"{JOURNAL}{entree.pk}/").text, "html.parser").text

    lue = Entree.objects.get(pk=entree.pk)
    assert lue.contenu.decode() in texte
    assert bytes(lue.empreinte).hex() in texte
    assert "En attente" in texte


def test_fragment_is_the_same_part_of_the_page(visite, ecrire):
    ecrire()
    page = BeautifulSoup(visite.get(JOURNAL).text, "html.parser").select_one("#resultats")

    fragment = visite.get(JOURNAL, headers={"HX-Request": "true"}).text

    assert BeautifulSoup(fragment, "html.parser").select_one("#resultats") == page


def test_export_follows_the_filter_and_leaves_a_line(visite, dpo, ecrire):
    ecrire("document.lu", "dossier:1", dpo.acteur, fichier="=1+1")
    ecrire(objet="=cmd|' /C calc'!A0")

    lignes = read_csv(visite.get(f"{JOURNAL}export.csv?action=document.lu"))

    assert [(ligne["En clair"], ligne["Agent"]) for ligne in lignes] == [
        ("Pièce lue", f"{dpo.prenom} {dpo.nom}")
    ]
    assert Entree.objects.get(action="journal.exporte").donnees == {"criteres": ["action"]}
    toutes = read_csv(visite.get(f"{JOURNAL}export.csv"))
    assert "'=cmd|' /C calc'!A0" in [ligne["Objet"] for ligne in toutes]


@pytest.mark.parametrize("texte", ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1"])
def test_formula_is_neutralised(texte):
    assert neutralize(texte) == f"'{texte}"
    assert neutralize("dossier:1") == "dossier:1"


def test_sealed_line_says_at_which_point(visite, collectivite, ecrire, maintenant):
    entree = ecrire()
    make_lot(collectivite, maintenant)

    assert read_lignes(visite.get(JOURNAL))[0][3] == "Point 1"
    texte = visite.get(f"{JOURNAL}{entree.pk}/").text
    assert "Au point de contrôle n° 1, le" in texte
    assert "Télécharger la preuve" in texte
    [ligne] = [li for li in read_csv(visite.get(f"{JOURNAL}export.csv")) if "44171" in li["Objet"]]
    assert ligne["Point de contrôle"] == "1"
    assert ligne["Scellée le"] == "2026-11-21T10:30:00+01:00"


def test_nothing_sealed_is_said_and_leaves_no_line(visite, ecrire):
    ecrire()

    page = visite.get(f"{JOURNAL}preuve/?objet=dossier:44171", follow=True)

    assert RienDeScelle.message in page.text
    assert not Entree.objects.filter(action="journal.preuve_remise").exists()


def test_proof_of_one_object_verifies(seal, maintenant, tmp_path):
    ville, dpo = Collectivite(pk=17, slug="clamart"), Compte(pk=1, genre="agent")
    with locataire(ville.pk):
        record(
            action="dossier.depose", objet="dossier:7", acteur="usager:1",
            collectivite_id=ville.pk, maintenant=maintenant,
        )  # fmt: skip
    seal()

    with locataire(ville.pk):
        contenu = services.build_preuve_objet(
            collectivite=ville, objet="dossier:7", par=dpo, maintenant=maintenant
        )

    fichier = tmp_path / "preuve.zip"
    fichier.write_bytes(contenu)
    rapport = verify_dossier_de_preuve(fichier, journal.list_cles())
    assert (rapport.integre, rapport.cle_verifiee) == (True, True)
    assert list(rapport.objets) == ["dossier:7"]
    with locataire(ville.pk):
        assert Entree.objects.filter(action="journal.preuve_remise", acteur="agent:1").exists()
