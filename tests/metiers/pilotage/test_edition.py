"""L’équipe écrit : chaque geste a son verrou, son histoire, sa ligne au journal."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.errors import ModifieEntreTemps, PreuveManquante, RienNeChange
from socle.metiers.pilotage.models import (
    Action,
    Axe,
    Indicateur,
    Modification,
    Preuve,
    Programme,
    Recommandation,
    Valeur,
)
from socle.metiers.pilotage.services import record_avancement, save_objet, set_retrait
from tests.deux_pages import read_versions
from tests.metiers.pilotage.fabrique import SORTES, list_objets
from tests.metiers.pilotage.test_public import lire

pytestmark = pytest.mark.django_db
MAINTENANT = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def valeurs(programmes, db):
    return list_objets()


@pytest.fixture
def equipe(client, membre, valeurs):
    client.force_login(membre)
    return client


def list_journal(cle: str) -> list[str]:
    with operateur():
        lignes = Entree.objects.filter(objet=cle).order_by("survenu_le", "pk")
        return list(lignes.values_list("action", flat=True))


def read_envoi(reponse) -> dict[str, str]:
    """Ce qu’un navigateur renverrait sans rien changer."""
    form = reponse.context["form"]
    return {
        champ.name: "" if (valeur := champ.value()) is None else valeur
        for champ in form
        if champ.value() is not False
    }


@pytest.mark.parametrize("mot", [m for m in SORTES if m not in ("indicateurs", "valeurs")])
def test_page_saved_as_it_is_changes_nothing(equipe, valeurs, mot):
    adresse = f"/equipe/{mot}/{valeurs[f'{mot}/pk']}/"
    envoi = read_envoi(equipe.get(adresse))

    reponse = equipe.post(adresse, envoi)

    assert reponse.status_code == 302, reponse.context["form"].errors
    assert Modification.objects.count() == 0


@pytest.mark.parametrize("mot", ["indicateurs", "valeurs"])
def test_page_of_numbers_saved_as_it_is_changes_nothing(equipe, valeurs, mot):
    adresse = f"/equipe/{mot}/{valeurs[f'{mot}/pk']}/"

    reponse = equipe.post(adresse, read_envoi(equipe.get(adresse)))

    assert reponse.status_code == 302, reponse.context["form"].errors
    assert Modification.objects.count() == 0


def test_change_is_public_at_once_and_kept_in_history(equipe):
    action = Action.objects.get(code="2018-2020-1-1")
    adresse = f"/equipe/actions/{action.pk}/"

    envoi = read_envoi(equipe.get(adresse)) | {"titre": "FranceConnect partout"}
    equipe.post(adresse, envoi)

    assert "FranceConnect partout" in equipe.get("/programme/action/2018-2020-1-1/").text
    [ligne] = Modification.objects.all()
    assert ligne.champs["titre"] == [action.titre, "FranceConnect partout"]
    assert ligne.par_nom == "Claire Delmas"
    assert list_journal(action.cle) == ["programme.change"]
    assert "Claire Delmas" in lire(equipe.get(adresse))


def test_page_opened_before_a_change_is_refused_and_keeps_the_text(equipe, membre):
    action = Action.objects.get(code="2018-2020-1-1")
    adresse = f"/equipe/actions/{action.pk}/"
    envoi = read_envoi(equipe.get(adresse)) | {"titre": "Mon titre"}
    save_objet(
        objet=action, champs={"titre": "Titre d’une autre"}, revision=0, par=membre,
        maintenant=MAINTENANT,
    )  # fmt: skip

    reponse = equipe.post(adresse, envoi)

    page = BeautifulSoup(reponse.text, "html.parser")
    assert (reponse.status_code, membre.nom_affiche in page.select_one(".conflit").text) == (
        409, True,
    )  # fmt: skip
    assert ("Titre d’une autre", "Mon titre") in read_versions(page).values()
    assert Action.objects.get(pk=action.pk).titre == "Titre d’une autre"


@pytest.mark.parametrize("liens", ["pas une clé", "solution:", "javascript:alert(1)", "A:b"])
def test_link_that_is_not_a_key_is_refused(equipe, valeurs, liens):
    adresse = f"/equipe/actions/{valeurs['actions/pk']}/"

    reponse = equipe.post(adresse, read_envoi(equipe.get(adresse)) | {"liens": liens})

    assert reponse.status_code == 422
    assert "n’est pas une clé" in reponse.text


def test_too_many_links_are_refused(equipe, valeurs):
    adresse = f"/equipe/actions/{valeurs['actions/pk']}/"
    liens = "\n".join(f"solution:s-{n}" for n in range(31))

    reponse = equipe.post(adresse, read_envoi(equipe.get(adresse)) | {"liens": liens})

    assert "Trente clés au plus" in reponse.text


def test_hostile_text_stays_text(equipe, client):
    action = Action.objects.get(code="2018-2020-1-1")
    adresse = f"/equipe/actions/{action.pk}/"
    texte = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://a.fr/i.png)"

    equipe.post(adresse, read_envoi(equipe.get(adresse)) | {"fait": texte, "titre": "<b>T</b>"})
    page = client.get("/programme/action/2018-2020-1-1/").text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert "<b>T</b>" not in page


def test_withdrawn_then_restored(equipe, client, valeurs):
    action = Action.objects.get(code="2018-2020-1-1")
    adresse = f"/equipe/actions/{action.pk}/retirer/"

    equipe.post(adresse, {"revision": "0", "retirer": "oui"})
    assert client.get("/programme/action/2018-2020-1-1/").status_code == 404
    equipe.post(adresse, {"revision": "1", "retirer": "non"})

    assert client.get("/programme/action/2018-2020-1-1/").status_code == 200
    assert list_journal(action.cle) == ["programme.retire", "programme.retabli"]


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "²", "1"])
def test_withdrawal_from_another_revision_changes_nothing(equipe, valeurs, revision):
    action = Action.objects.get(pk=valeurs["actions/pk"])

    equipe.post(f"/equipe/actions/{action.pk}/retirer/", {"revision": revision})

    assert not Action.objects.get(pk=action.pk).retire


def test_programme_written_from_nothing_opens_the_home(client, membre):
    client.force_login(membre)
    client.post("/equipe/programmes/nouveau/", {
        "revision": "0", "code": "2027-2029", "titre": "Le suivant", "date_debut": "2027-01-01",
        "date_fin": "2029-12-31",
    })  # fmt: skip
    client.post("/equipe/programmes/2027-2029/ajouter/axe/", {
        "revision": "0", "numero": "1", "titre": "Un axe",
    })  # fmt: skip
    axe = Axe.objects.get(code="2027-2029-1")
    client.post("/equipe/programmes/2027-2029/ajouter/action/", {
        "revision": "0", "axe": axe.pk, "numero": "2", "titre": "Une action",
    })  # fmt: skip
    client.post("/equipe/programmes/2027-2029/ajouter/recommandation/", {
        "revision": "0", "numero": "0", "titre": "Un conseil pour tous",
    })  # fmt: skip

    accueil = lire(client.get("/"))

    assert "1 axe, 1 action" in accueil
    assert Action.objects.get(code="2027-2029-1-2").revision == 1
    assert "Un conseil pour tous" in lire(client.get("/programme/2027-2029/"))
    assert list_journal("programme:2027-2029") == ["programme.cree"]


def test_number_already_taken_is_refused_with_words(equipe):
    reponse = equipe.post(
        "/equipe/programmes/2018-2020/ajouter/axe/",
        {"revision": "0", "numero": "1", "titre": "Encore un"},
    )

    assert "déjà pris" in reponse.text
    assert Axe.objects.filter(programme__code="2018-2020").count() == 4


def test_dates_in_the_wrong_order_are_refused(equipe):
    reponse = equipe.post("/equipe/programmes/nouveau/", {
        "revision": "0", "code": "x", "titre": "X", "date_debut": "2027-01-01",
        "date_fin": "2026-01-01",
    })  # fmt: skip

    assert "La fin vient avant le début" in reponse.text
    assert not Programme.objects.filter(code="x").exists()


@pytest.mark.parametrize("sorte", ["programme", "valeur", "indicateur", "nimporte"])
def test_unknown_kind_is_not_found(equipe, sorte):
    assert equipe.get(f"/equipe/programmes/2018-2020/ajouter/{sorte}/").status_code == 404


# Avancement --------------------------------------------------------------------------------------
def advance(fiche, membre, **champs):
    return record_avancement(
        **{
            "fiche": fiche, "etat": EtatAction.FAITE, "avancement": 100, "texte": "Vu en ligne.",
            "date_constat": MAINTENANT.date(), "revision": fiche.revision, "par": membre,
            "maintenant": MAINTENANT,
        } | champs
    )  # fmt: skip


@pytest.mark.parametrize("modele", [Action, Recommandation])
def test_progress_is_kept_with_its_evidence(valeurs, membre, modele):
    fiche = modele.objects.filter(etat=EtatAction.EN_COURS).order_by("pk")[0]

    preuve = advance(fiche, membre)

    fiche.refresh_from_db()
    assert (fiche.etat, fiche.avancement, fiche.revision) == (EtatAction.FAITE, 100, 1)
    assert (preuve.etat_avant, preuve.avancement_avant) == (EtatAction.EN_COURS, None)
    assert list_journal(fiche.cle) == ["programme.avance"]
    assert Modification.objects.get(cle=fiche.cle).champs["etat"] == ["en_cours", "faite"]


def test_progress_without_evidence_is_refused(valeurs, membre):
    fiche = Action.objects.get(code="2018-2020-1-4")

    with pytest.raises(PreuveManquante):
        advance(fiche, membre, texte="  ")

    assert not Preuve.objects.filter(par=membre).exists()
    assert Action.objects.get(pk=fiche.pk).etat == fiche.etat


def test_evidence_that_changes_nothing_and_says_nothing_is_refused(valeurs, membre):
    fiche = Action.objects.get(code="2018-2020-1-4")

    with pytest.raises(RienNeChange):
        advance(fiche, membre, etat=EtatAction(fiche.etat), avancement=None, texte="", lien="cos:1")


def test_evidence_on_a_past_revision_is_refused(valeurs, membre):
    fiche = Action.objects.get(code="2018-2020-1-4")
    advance(fiche, membre)

    with pytest.raises(ModifieEntreTemps):
        advance(fiche, membre, revision=0, texte="Une seconde fois.")

    assert Preuve.objects.filter(par=membre).count() == 1


def test_state_never_changes_from_the_page_of_the_sheet(equipe, valeurs):
    fiche = Action.objects.get(pk=valeurs["actions/pk"])
    adresse = f"/equipe/actions/{fiche.pk}/"

    equipe.post(adresse, read_envoi(equipe.get(adresse)) | {"etat": "faite", "avancement": "100"})

    fiche.refresh_from_db()
    assert (fiche.etat, fiche.avancement) != (EtatAction.FAITE, 100)


def test_progress_noted_online_is_read_by_the_public(equipe, client):
    fiche = Action.objects.get(code="2018-2020-1-4")
    adresse = f"/equipe/actions/{fiche.pk}/avancement/"

    refuse = equipe.post(adresse, {"revision": "0", "etat": "faite", "date_constat": "2026-11-01"})
    equipe.post(adresse, {
        "revision": "0", "etat": "faite", "avancement": "80", "date_constat": "2026-11-01",
        "texte": "Trois volets parus.", "lien": "indicateur:cos",
    })  # fmt: skip
    page = lire(client.get("/programme/action/2018-2020-1-4/"))

    assert "il manque une preuve" in refuse.text
    assert "Trois volets parus." in page
    assert "Avancement : 80" in page
    assert "Commissions d’orientation stratégique tenues" in page


# Valeurs -----------------------------------------------------------------------------------------
NOMBRE = {
    "revision": "0", "jour": "2026-01-01", "precision": "jour", "qualificatif": "exact",
    "nombre": "12", "document": "Rapport", "endroit": "Page 3",
}  # fmt: skip


def test_value_is_noted_with_its_origin_and_seen_by_all(equipe, client):
    indicateur = Indicateur.objects.get(code="cos")

    equipe.post(f"/equipe/indicateurs/{indicateur.pk}/valeurs/nouvelle/", NOMBRE)

    page = lire(client.get("/indicateurs/cos/"))
    assert "Rapport" in page
    assert "Page 3" in page
    assert list_journal(Valeur.objects.get(document="Rapport").cle) == ["programme.cree"]


@pytest.mark.parametrize("champ", ["document", "endroit", "nombre", "jour"])
def test_value_without_origin_is_refused(equipe, champ):
    indicateur = Indicateur.objects.get(code="cos")

    reponse = equipe.post(
        f"/equipe/indicateurs/{indicateur.pk}/valeurs/nouvelle/", NOMBRE | {champ: ""}
    )

    assert reponse.status_code == 422
    assert not Valeur.objects.filter(document="Rapport").exists()


def test_same_value_twice_is_refused_with_words(equipe):
    adresse = f"/equipe/indicateurs/{Indicateur.objects.get(code='cos').pk}/valeurs/nouvelle/"

    equipe.post(adresse, NOMBRE)
    reponse = equipe.post(adresse, NOMBRE)

    assert "déjà notée" in reponse.text
    assert Valeur.objects.filter(document="Rapport").count() == 1


@pytest.mark.parametrize("nombre", ["1e400", "NaN", "Infinity", "9" * 30, "x", "1,2,3"])
def test_hostile_number_is_refused(equipe, nombre):
    adresse = f"/equipe/indicateurs/{Indicateur.objects.get(code='cos').pk}/valeurs/nouvelle/"

    assert equipe.post(adresse, NOMBRE | {"nombre": nombre}).status_code == 422


def test_withdrawn_value_leaves_the_public_page(equipe, client):
    valeur = Valeur.objects.get(indicateur__code="page-web-vues", nombre=15000)

    equipe.post(f"/equipe/valeurs/{valeur.pk}/retirer/", {"revision": "0", "retirer": "oui"})

    assert "se contredisent" not in client.get("/indicateurs/page-web-vues/").text


def test_measured_indicator_needs_its_measure(equipe):
    reponse = equipe.post("/equipe/indicateurs/nouveau/", {
        "revision": "0", "code": "neuf", "titre": "Neuf", "source": "mesuree", "decimales": "0",
        "rang": "1",
    })  # fmt: skip

    assert reponse.status_code == 422
    assert not Indicateur.objects.filter(code="neuf").exists()


def test_formula_in_a_value_is_disarmed_in_the_csv(client, valeurs, membre):
    indicateur = Indicateur.objects.get(code="cos")
    valeur = Valeur(indicateur=indicateur)
    champs = {"jour": MAINTENANT.date(), "nombre": 1, "document": "=1+1", "endroit": "@x"}
    save_objet(objet=valeur, champs=champs, revision=0, par=membre, maintenant=MAINTENANT)

    texte = client.get("/indicateurs/cos/valeurs.csv").content.decode("utf-8-sig")

    assert "'=1+1" in texte
    assert "'@x" in texte


def test_set_retrait_twice_writes_one_line(valeurs, membre):
    axe = Axe.objects.get(code="2018-2020-1")
    retrait = {"objet": axe, "retire": True, "par": membre, "maintenant": MAINTENANT}

    set_retrait(revision=0, **retrait)
    set_retrait(revision=1, **retrait)

    assert list_journal(axe.cle) == ["programme.retire"]


@pytest.mark.parametrize(
    ("adresse", "montre"),
    [
        ("/equipe/programmes/", "2015-2017"),
        ("/equipe/programmes/2018-2020/", "Faits marquants, 16"),
        ("/equipe/programmes/2018-2020/", ">4.2. Former et outiller"),
        ("/equipe/programmes/2015-2017/", ">8. "),
        ("/equipe/indicateurs/", "indicateurs, retirés compris"),
        ("/equipe/indicateurs/?q=twitter", "2 indicateurs"),
        ("/equipe/indicateurs/nouveau/", "Créer un indicateur"),
        ("/equipe/indicateurs/nouveau/?mesure=dossiers.decides", "Demandes décidées"),
        ("/equipe/programmes/nouveau/", "Créer un programme"),
        ("/equipe/programmes/2018-2020/ajouter/temoignage/", "Ajouter un témoignage"),
    ],
)
def test_team_page_shows(equipe, adresse, montre):
    reponse = equipe.get(adresse)

    assert montre in lire(reponse) or montre in reponse.text


def test_list_of_the_team_costs_the_same_for_one_or_many(equipe):
    equipe.get("/equipe/indicateurs/")
    beaucoup = count_lectures(equipe, "/equipe/indicateurs/")
    peu = count_lectures(equipe, "/equipe/indicateurs/?q=twitter")

    assert beaucoup == peu <= 6


def count_lectures(client, adresse: str) -> int:
    """Lectures d’une page, session et rôles compris."""
    with CaptureQueriesContext(connection) as requetes:
        client.get(adresse)
    return sum(r["sql"].startswith(("SELECT", "EXECUTE")) for r in requetes)


@pytest.mark.parametrize("adresse", ["/equipe/programmes/", "/equipe/indicateurs/"])
def test_team_pages_say_what_to_do_when_empty(client, membre, adresse):
    client.force_login(membre)

    assert "Cré" in client.get(adresse).text


@pytest.mark.parametrize("adresse", ["/equipe/programmes/", "/equipe/indicateurs/"])
def test_team_pages_are_closed_to_a_partner(client, partenaire, adresse):
    client.force_login(partenaire)

    assert client.get(adresse).status_code == 403
