"""L’éditeur vu d’un navigateur : rôles, gestes, annulation, conflits, nombre de requêtes SQL."""

from copy import deepcopy

import pytest
from bs4 import BeautifulSoup

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.metiers.demarches import services
from socle.metiers.demarches.models import Demarche
from socle.metiers.demarches.queries import get_brouillon, get_chantier
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import DEFINITION, MAINTENANT
from tests.metiers.demarches.conftest import build_definition

LISTE = "/c/clamart/agent/demarches/"
LECTURES = [
    "fiche/", "publication/", "formulaire/", "apercu/1/", "demarche.json",
    "formulaire/pages/vous/", "formulaire/pages/vous/supprimer/", "formulaire/ajouter/vous/",
    "formulaire/champs/prenom/", "formulaire/baremes/",
]  # fmt: skip
ECRITURES = [
    "publier/", "fermer/", "abandonner/", "dupliquer/", "formulaire/gestes/",
    "formulaire/annuler/", "formulaire/pages/",
]  # fmt: skip


def read(reponse) -> BeautifulSoup:
    return BeautifulSoup(reponse.text, "html.parser")


def list_ids(demarche) -> list[list[str]]:
    """Identifiants des champs du brouillon, page par page."""
    pages = get_chantier(demarche).definition["pages"]
    return [[champ["id"] for champ in page["champs"]] for page in pages]


def act(client, adresse, geste, revision=0, **suite):
    return client.post(
        f"{adresse}formulaire/gestes/", {"geste": geste, "revision": revision, **suite}
    )


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATEUR])
def test_only_an_administrateur_edits(client, collectivite, brouillon, adresse, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    statuts = {client.get(adresse + page).status_code for page in LECTURES}
    statuts |= {client.post(adresse + page).status_code for page in ECRITURES}
    statuts |= {client.get(LISTE + page).status_code for page in ("nouvelle/", "importer/")}

    assert statuts == {403}


@pytest.mark.parametrize("page", LECTURES)
def test_administrateur_reads_every_page(editeur, adresse, page):
    assert editeur.get(adresse + page).status_code == 200


def test_agents_see_the_list_without_the_gestures(client, agent, administrateur, brouillon):
    client.force_login(agent)
    assert "formulaire/" not in client.get(LISTE).text

    client.force_login(administrateur)
    assert f"{brouillon.pk}/formulaire/" in client.get(LISTE).text


def test_anonymous_is_sent_to_the_connexion(client, adresse):
    reponse = client.get(f"{adresse}formulaire/")

    assert reponse.status_code == 302
    assert "connexion" in reponse["Location"]


@pytest.mark.parametrize("page", LECTURES)
def test_demarche_of_another_collectivite_does_not_exist(client, collectivite, brouillon, page):
    voisine = CollectiviteFactory(nom="Voisine", slug="voisine")
    with locataire(voisine.pk):
        compte = AdhesionFactory(collectivite=voisine, role=Role.ADMINISTRATEUR).compte
    client.force_login(compte)

    reponse = client.get(f"/c/voisine/agent/demarches/{brouillon.pk}/{page}")

    assert reponse.status_code == 404


@pytest.mark.parametrize("methode", ["get", "put", "delete"])
@pytest.mark.parametrize("page", ECRITURES)
def test_gestures_are_post_only(editeur, adresse, page, methode):
    assert getattr(editeur, methode)(adresse + page).status_code == 405


@pytest.mark.parametrize("nombre", [1, 30])
def test_editeur_costs_a_constant_number_of_statements(
    editeur, brouillon, adresse, set_definition, nombre, count_sql
):
    set_definition(brouillon, build_definition(nombre))

    with count_sql() as compte:
        page = read(editeur.get(f"{adresse}formulaire/"))

    assert len(page.select("li[data-id]")) == nombre
    assert len(compte.instructions) <= 9, compte.instructions


def test_opening_the_editeur_writes_nothing(editeur, demarche):
    adresse = f"{LISTE}{demarche.pk}/"

    for page in ("formulaire/", "apercu/1/", "publication/"):
        editeur.get(adresse + page)

    assert get_brouillon(demarche) is None


def test_create_leads_to_the_editeur(editeur, collectivite):
    reponse = editeur.post(f"{LISTE}nouvelle/", {"titre": "Composteur"})

    creee = Demarche.objects.get(titre="Composteur")
    assert reponse["Location"] == f"{LISTE}{creee.pk}/formulaire/"
    assert editeur.post(f"{LISTE}nouvelle/", {"titre": ""}).status_code == 422


def test_fragment_for_htmx_is_the_same_part_of_the_page(editeur, adresse):
    page = read(editeur.get(f"{adresse}formulaire/")).select_one("#chantier")
    fragment = read(editeur.get(f"{adresse}formulaire/", headers={"HX-Request": "true"}))

    for zone in (page, fragment):
        for jeton in zone.select("[name=csrfmiddlewaretoken]"):
            jeton["value"] = ""
    assert fragment.select_one("#chantier").prettify() == page.prettify()


@pytest.mark.parametrize(
    ("geste", "attendu"),
    [
        ("monter:nom", ["nom", "prenom", "courriel"]),
        ("descendre:prenom", ["nom", "prenom", "courriel"]),
        ("copier:prenom", ["prenom", "prenom_2", "nom", "courriel"]),
        ("supprimer:nom", ["prenom", "courriel"]),
    ],
)
def test_gestures_change_the_brouillon_and_can_be_undone(
    editeur, brouillon, adresse, geste, attendu
):
    act(editeur, adresse, geste)
    assert list_ids(brouillon)[0] == attendu

    page = read(editeur.get(f"{adresse}formulaire/"))
    annuler = page.select_one("form.annuler")
    editeur.post(annuler["action"], {"cle": annuler.select_one("[name=cle]")["value"]})

    assert get_brouillon(brouillon).definition == DEFINITION


@pytest.mark.parametrize("geste", ["monter", "descendre"])
def test_focus_comes_back_on_the_pressed_button(editeur, adresse, geste):
    reponse = act(editeur, adresse, f"{geste}:nom")

    page = read(editeur.get(reponse["Location"]))
    [bouton] = page.select("main [autofocus]")
    assert bouton["value"] == f"{geste}:nom"
    assert "sur 3" in bouton.get_text()


def test_focus_goes_to_the_neighbour_of_a_deleted_champ(editeur, adresse):
    reponse = act(editeur, adresse, "supprimer:nom")

    [lien] = read(editeur.get(reponse["Location"])).select("main [autofocus]")
    assert lien["id"] == "regler-courriel"


def test_gesture_with_htmx_answers_the_zone(editeur, adresse):
    reponse = editeur.post(
        f"{adresse}formulaire/gestes/",
        {"geste": "monter:nom", "revision": 0},
        headers={"HX-Request": "true"},
    )

    zone = read(reponse)
    assert reponse.status_code == 200
    assert zone.select_one("html") is None
    assert [li["data-id"] for li in zone.select("li[data-id]")][:2] == ["nom", "prenom"]
    assert zone.select_one("[data-foyer]")["value"] == "monter:nom"


def test_drop_moves_to_another_page(editeur, brouillon, adresse):
    editeur.post(f"{adresse}formulaire/gestes/", {"depot": "nom:foyer:1", "revision": 0})

    assert list_ids(brouillon) == [
        ["prenom", "courriel"], ["revenu", "nom", "parts", "quotient"],
    ]  # fmt: skip


def test_gesture_at_the_edge_says_so_and_records_nothing(editeur, brouillon, adresse):
    reponse = act(editeur, adresse, "monter:prenom")

    assert "Rien à changer" in editeur.get(reponse["Location"]).text
    assert get_brouillon(brouillon).revision == 0


def test_undo_is_shown_beside_what_was_touched(editeur, adresse):
    ailleurs = read(editeur.get(act(editeur, adresse, "descendre:revenu")["Location"]))
    assert [len(ailleurs.select(f"#{page} .annuler")) for page in ("vous", "foyer")] == [0, 1]

    sans_foyer = read(editeur.get(f"{adresse}formulaire/"))
    assert len(sans_foyer.select("#chantier > .annuler")) == 1


def test_delete_says_what_cited_the_champ(editeur, brouillon, adresse):
    reponse = act(editeur, adresse, "supprimer:parts")

    page = read(editeur.get(reponse["Location"]))
    assert "à reprendre : Quotient" in page.select_one(".annuler").get_text().replace("\xa0", " ")
    assert page.select_one(".aide summary").get_text().startswith("1 point à corriger")


def test_two_tabs_never_overwrite_each_other(editeur, brouillon, adresse):
    act(editeur, adresse, "supprimer:courriel", revision=0)

    reponse = act(editeur, adresse, "supprimer:nom", revision=0)

    page = editeur.get(reponse["Location"])
    assert "modifié dans un autre onglet" in page.text
    assert list_ids(brouillon)[0] == ["prenom", "nom"]


def test_two_tabs_with_htmx_show_the_last_version(editeur, brouillon, adresse):
    act(editeur, adresse, "supprimer:courriel", revision=0)

    zone = read(
        editeur.post(
            f"{adresse}formulaire/gestes/",
            {"geste": "supprimer:nom", "revision": 0},
            headers={"HX-Request": "true"},
        )
    )

    assert "« Courriel » supprimé" in zone.select_one("[role=alert]").get_text().replace(
        "\xa0", " "
    )
    assert "modifié dans un autre onglet" in zone.select_one("[role=alert]").get_text()
    assert {i["value"] for i in zone.select("[name=revision]")} == {"1"}


def test_settings_of_two_tabs_show_both_versions(editeur, brouillon, adresse):
    url = f"{adresse}formulaire/champs/prenom/"
    saisie = {"libelle": "Prénom usuel", "obligatoire": "on", "longueur_max": "200",
              "autocomplete": "given-name", "revision": "0"}  # fmt: skip
    editeur.post(url, {**saisie, "libelle": "Premier prénom"})
    faux = read(editeur.post(url, {**saisie, "longueur_max": "beaucoup"}))
    saisie["revision"] = faux.select_one("form.formulaire [name=revision]")["value"]

    reponse = editeur.post(url, saisie)

    page = read(reponse)
    assert reponse.status_code == 409
    assert read_versions(page) == [["Libellé", "Premier prénom", "Prénom usuel"]]
    assert page.select_one("[name=libelle]")["value"] == "Prénom usuel"
    jeton = page.select_one("form.formulaire [name=revision]")["value"]
    assert editeur.post(url, {**saisie, "revision": jeton}).status_code == 302
    assert list_libelles(brouillon)[0] == "Prénom usuel"


def test_conflict_lists_only_what_differs(editeur, brouillon, adresse, set_definition):
    options = [{"id": "a", "libelle": "A"}, {"id": "b", "libelle": "B"}]
    choix = {"type": "choix_simple", "id": "choix", "libelle": "Choix", "options": options}
    set_definition(brouillon, {"pages": [{"id": "p", "titre": "P", "champs": [choix]}]})
    saisie = {"libelle": "Mien", "obligatoire": "on", "options": "A\r\nB"}
    saisie |= {"condition_mode": "toujours", "condition_op_1": "=", "condition_op_2": "="}

    page = read(editeur.post(f"{adresse}formulaire/champs/choix/", {**saisie, "revision": 0}))

    assert read_versions(page) == [["Libellé", "Choix", "Mien"]]


def read_versions(page) -> list[list[str]]:
    """Libellé, version enregistrée et version saisie, telles que la page les montre."""
    lignes = page.select(".conflit tbody tr")
    return [[cellule.get_text() for cellule in tr.select("th, td")] for tr in lignes]


def list_libelles(demarche) -> list[str]:
    return [champ["libelle"] for champ in get_chantier(demarche).definition["pages"][0]["champs"]]


def test_undo_of_an_old_screen_is_refused(editeur, brouillon, adresse):
    act(editeur, adresse, "supprimer:courriel", revision=0)
    vieil = read(editeur.get(f"{adresse}formulaire/")).select_one("form.annuler [name=cle]")
    act(editeur, adresse, "supprimer:nom", revision=1)

    editeur.post(f"{adresse}formulaire/annuler/", {"cle": vieil["value"]})

    assert list_ids(brouillon)[0] == ["prenom"]


@pytest.mark.parametrize(
    "donnees",
    [
        {"geste": "monter:absent"},
        {"geste": "inconnu:prenom"},
        {"geste": "supprimer:"},
        {"depot": ""},
        {"depot": "nom"},
        {"depot": "nom:ailleurs:0"},
        {"depot": "nom:prenom:0"},
        {"depot": "::"},
    ],
)
def test_hostile_gesture_is_refused_or_harmless(editeur, brouillon, adresse, donnees):
    reponse = editeur.post(f"{adresse}formulaire/gestes/", {**donnees, "revision": 0})

    assert reponse.status_code in (302, 404, 409)
    assert list_ids(brouillon)[0] == ["prenom", "nom", "courriel"]


@pytest.mark.parametrize("revision", ["", "abc", "²", "9" * 400, "-1"])
def test_unreadable_revision_never_breaks(editeur, adresse, revision):
    assert act(editeur, adresse, "monter:nom", revision=revision).status_code == 302


def test_add_a_champ_opens_its_settings(editeur, brouillon, adresse):
    reponse = editeur.post(
        f"{adresse}formulaire/ajouter/vous/",
        {"type": "date", "libelle": "Date de naissance", "revision": 0},
    )

    assert reponse["Location"] == f"{adresse}formulaire/champs/date_de_naissance/"
    assert list_ids(brouillon)[0][-1] == "date_de_naissance"


def test_add_keeps_what_was_typed_when_it_is_wrong(editeur, adresse):
    reponse = editeur.post(
        f"{adresse}formulaire/ajouter/vous/", {"type": "siret", "libelle": "x" * 301}
    )

    page = read(reponse)
    assert reponse.status_code == 422
    assert page.select_one("[name=type] [selected]")["value"] == "siret"


def test_add_from_an_old_screen_is_refused(editeur, brouillon, adresse):
    act(editeur, adresse, "supprimer:nom")

    reponse = editeur.post(
        f"{adresse}formulaire/ajouter/vous/", {"type": "date", "libelle": "Jour", "revision": 0}
    )

    assert reponse.status_code == 409
    assert list_ids(brouillon)[0] == ["prenom", "courriel"]


def test_pages_are_added_moved_and_set(editeur, brouillon, adresse):
    editeur.post(f"{adresse}formulaire/pages/", {"titre": "Vos enfants", "revision": 0})
    editeur.post(f"{adresse}formulaire/pages/vos_enfants/", {"geste": "monter", "revision": 1})
    editeur.post(
        f"{adresse}formulaire/pages/vos_enfants/",
        {"titre": "Enfants", "description": "Tous.", "condition_mode": "and",
         "condition_champ_1": "courriel", "condition_op_1": "filled?", "revision": 2},
    )  # fmt: skip

    page = get_brouillon(brouillon).definition["pages"][1]
    assert page == {"id": "vos_enfants", "titre": "Enfants", "description": "Tous.",
                    "condition": ["filled?", ["champ", "courriel"]], "champs": []}  # fmt: skip


@pytest.mark.parametrize("titre", ["", "x" * 301, "a\x00b"])
def test_page_without_a_good_title_is_refused(editeur, brouillon, adresse, titre):
    editeur.post(f"{adresse}formulaire/pages/", {"titre": titre, "revision": 0})

    assert len(list_ids(brouillon)) == 2


def test_delete_a_page_with_champs_asks_first(editeur, brouillon, adresse):
    url = f"{adresse}formulaire/pages/foyer/"

    question = editeur.post(url, {"geste": "supprimer", "revision": 0})
    assert question["Location"] == f"{url}supprimer/"
    assert "Revenu" in editeur.get(question["Location"]).text
    assert len(list_ids(brouillon)) == 2

    editeur.post(url, {"geste": "supprimer", "confirme": "1", "revision": 0})
    assert len(list_ids(brouillon)) == 1


def test_delete_with_htmx_goes_to_the_question(editeur, adresse):
    url = f"{adresse}formulaire/pages/foyer/"

    reponse = editeur.post(
        url, {"geste": "supprimer", "revision": 0}, headers={"HX-Request": "true"}
    )

    assert reponse["HX-Redirect"] == f"{url}supprimer/"


def test_delete_an_empty_page_at_once(editeur, brouillon, adresse, set_definition):
    definition = deepcopy(DEFINITION)
    definition["pages"].append({"id": "vide", "titre": "Vide", "champs": []})
    set_definition(brouillon, definition)

    editeur.post(f"{adresse}formulaire/pages/vide/", {"geste": "supprimer", "revision": 1})

    assert len(list_ids(brouillon)) == 2


def test_bareme_is_written_changed_and_deleted(editeur, brouillon, adresse):
    saisie = {"libelle": "Tarif", "tranches": "300 ; 0,90\n; 5,20", "revision": 0}
    editeur.post(f"{adresse}formulaire/baremes/", saisie)
    url = f"{adresse}formulaire/baremes/tarif/"
    assert "300 ; 0,9" in editeur.get(url).text

    editeur.post(url, {**saisie, "libelle": "Tarif 2027", "revision": 1})
    assert get_brouillon(brouillon).definition["baremes"][0]["libelle"] == "Tarif 2027"
    assert editeur.post(url, {**saisie, "tranches": "?", "revision": 2}).status_code == 422
    assert editeur.post(url, {**saisie, "revision": 0}).status_code == 409

    editeur.post(url, {"geste": "supprimer", "revision": 2})
    assert get_brouillon(brouillon).definition["baremes"] == []
    assert editeur.get(url).status_code == 404


def test_formule_is_judged_without_script(editeur, brouillon, adresse):
    url = f"{adresse}formulaire/champs/quotient/"

    page = editeur.post(url, {"formule": "SI(", "libelle": "Q", "verifier": "1", "revision": 0})

    assert page.status_code == 200
    assert "À corriger" in read(page).select_one("#verdict").get_text()
    assert get_brouillon(brouillon).revision == 0


def test_editeur_shows_every_anomaly_at_its_place(editeur, brouillon, adresse, set_definition):
    definition = deepcopy(DEFINITION)
    definition["pages"][0]["champs"][0]["libelle"] = ""
    set_definition(brouillon, definition)

    page = read(editeur.get(f"{adresse}formulaire/"))

    assert "À corriger" in page.select_one("li[data-id=prenom]").get_text()
    assert [a["href"] for a in page.select(".aide li a")] == ["#prenom"]


def test_fiche_of_two_tabs_shows_both_versions(editeur, demarche, administrateur):
    url = f"{LISTE}{demarche.pk}/fiche/"
    page = read(editeur.get(url))
    saisie = {
        champ["name"]: champ.get("value", "") for champ in page.select("main input[name]")
        if champ.get("type") != "checkbox"
    }  # fmt: skip
    saisie |= {zone["name"]: zone.get_text().strip() for zone in page.select("main textarea")}
    for choix in page.select("main select"):
        saisie[choix["name"]] = choix.select_one("option[selected]")["value"]
    services.update_demarche(
        demarche=demarche, agent=administrateur, maintenant=MAINTENANT, titre="Titre d’ailleurs"
    )

    reponse = editeur.post(url, saisie | {"titre": "Mon titre"})

    assert reponse.status_code == 409
    page = read(reponse)
    assert "Titre d’ailleurs" in page.select_one(".alert").get_text()
    assert page.select_one("[name=titre]")["value"] == "Mon titre"
    empreinte = page.select_one("[name=empreinte]")["value"]
    editeur.post(url, saisie | {"titre": "Mon titre", "empreinte": empreinte})
    demarche.refresh_from_db()
    assert demarche.titre == "Mon titre"


def test_fiche_wrong_or_incomplete_keeps_what_was_typed(editeur, demarche):
    url = f"{LISTE}{demarche.pk}/fiche/"

    reponse = editeur.post(url, {"titre": "", "chemin": "Pas Bon"})

    assert reponse.status_code == 422
    assert read(reponse).select_one("[name=chemin]")["value"] == "Pas Bon"


def test_publication_lists_changes_then_publishes(editeur, demarche, adresse):
    racine = f"{LISTE}{demarche.pk}/"
    act(editeur, racine, "supprimer:courriel")

    page = read(editeur.get(f"{racine}publication/"))
    assert "Le champ « Courriel » est retiré." in page.get_text().replace("\xa0", " ")
    editeur.post(f"{racine}publier/")

    assert get_brouillon(demarche) is None
    assert "en ligne" in editeur.get(f"{racine}publication/").text


def test_publication_links_each_defect_to_its_place(editeur, brouillon, adresse):
    page = read(editeur.get(f"{adresse}publication/"))

    liens = [a["href"] for a in page.select(".alert-warning a")]
    assert f"{adresse}fiche/#id_service" in liens
    assert f"{adresse}fiche/#id_regle" in liens
    assert not page.select(f"form[action='{adresse}publier/']")
    assert "ne peut pas encore" in editeur.post(f"{adresse}publier/", follow=True).text


def test_close_reopen_and_discard_from_the_page(editeur, demarche):
    racine = f"{LISTE}{demarche.pk}/"
    editeur.post(f"{racine}fermer/")
    assert "Rouvrir aux demandes" in editeur.get(f"{racine}publication/").text

    editeur.post(f"{racine}publier/")
    demarche.refresh_from_db()
    assert demarche.is_ouverte

    act(editeur, racine, "supprimer:courriel")
    page = read(editeur.get(f"{racine}publication/"))
    vue = page.select_one(f"form[action='{racine}abandonner/'] [name=revision]")["value"]
    act(editeur, racine, "supprimer:nom", revision=1)  # un collègue, pendant la lecture
    for geste in ("publier/", "abandonner/"):
        refus = editeur.post(f"{racine}{geste}", {"revision": vue}, follow=True)
        assert "Relisez ci-dessous" in refus.text
        assert get_brouillon(demarche).revision == 2
    editeur.post(f"{racine}abandonner/")
    assert get_brouillon(demarche) is None
