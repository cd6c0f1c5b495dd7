"""L’éditeur enregistre ce que l’on tape, sans rien écraser ni perdre, et s’annule d’un coup."""

import pytest
from bs4 import BeautifulSoup

from socle.fondations.journal.queries import list_entrees
from socle.metiers.demarches.models import Modification
from socle.metiers.demarches.queries import get_brouillon, get_chantier
from tests.metiers.demarches.test_editeur import LISTE, read, read_versions


def read_saisie(page: BeautifulSoup) -> dict[str, str | list[str]]:
    """Ce que le navigateur enverrait de ce formulaire."""
    formulaire = page.select_one("#reglages")
    saisie = {
        champ["name"]: champ.get("value", "on" if champ.get("type") == "checkbox" else "")
        for champ in formulaire.select("input[name]")
        if champ.get("type") != "checkbox" or champ.has_attr("checked")
    }
    saisie |= {zone["name"]: zone.get_text().strip() for zone in formulaire.select("textarea")}
    for choix in formulaire.select("select"):
        choisi = choix.select_one("option[selected]") or choix.select_one("option")
        saisie[choix["name"]] = choisi["value"]
    return saisie


class Onglet:
    """Une page ouverte, qui fait ce que ferait le script."""

    def __init__(self, editeur, url):
        self.editeur, self.url = editeur, url
        self.page = read(editeur.get(url))
        self.saisie = read_saisie(self.page)

    def type(self, **saisie):
        """Tape, et laisse la page enregistrer ; retient ce que la réponse y remplace."""
        self.saisie |= saisie
        self.reponse = self.editeur.post(f"{self.url}?au_fil=1", self.saisie)
        self.recu = read(self.reponse)
        self.saisie["_fautes"] = [f["value"] for f in self.recu.select("[name=_fautes]")]
        for marque in self.recu.select("input[hx-swap-oob]"):
            assert marque["hx-swap-oob"] == f"outerHTML:[name={marque['name']}]"
            self.saisie[marque["name"]] = marque["value"]
        return self.reponse.status_code

    @property
    def etat(self) -> str:
        return self.recu.select_one("[data-etat-enregistrement]").get_text().replace("\xa0", " ")

    @property
    def remplaces(self) -> list[str]:
        return [champ["id"] for champ in self.recu.select(".champ[hx-swap-oob=true]")]

    def press(self, **saisie):
        return self.editeur.post(self.url, self.saisie | saisie)


@pytest.fixture
def question(editeur, brouillon, adresse):
    return lambda champ="prenom": Onglet(editeur, f"{adresse}formulaire/champs/{champ}/")


def find(demarche, champ="prenom"):
    champs = [c for p in get_chantier(demarche).definition["pages"] for c in p["champs"]]
    return next(c for c in champs if c["id"] == champ)


def count_journal(demarche) -> int:
    return list_entrees(objet=f"demarche:{demarche.pk}").count()


def test_typing_saves_and_one_visit_is_one_change_to_undo(question, editeur, brouillon, adresse):
    onglet, depart, journal = question(), find(brouillon), count_journal(brouillon)

    assert [onglet.type(libelle=mot) for mot in ("Préno", "Prénom d’usage")] == [200, 200]

    assert onglet.etat.startswith("Enregistré à ")
    assert find(brouillon)["libelle"] == "Prénom d’usage"
    assert onglet.saisie["revision"] == "2" == str(get_brouillon(brouillon).revision)
    assert onglet.press(libelle="Prénom usuel").status_code == 302
    changement = Modification.objects.get(version__demarche=brouillon)
    assert changement.libelle.replace("\xa0", " ") == "« Prénom usuel » modifié"
    assert count_journal(brouillon) == journal
    editeur.post(f"{adresse}formulaire/annuler/", {"cle": changement.pk})
    assert find(brouillon) == depart


def test_what_cannot_be_saved_is_said_beside_the_field_and_nothing_is_written(question, brouillon):
    onglet = question("nom")

    statut = onglet.type(libelle="Nom", aide="Mienne", condition_mode="and",
                         condition_champ_1="prenom", condition_op_1="=")  # fmt: skip

    assert statut == 422
    assert onglet.etat == "Non enregistré : « Valeur 1 » est à reprendre."
    assert onglet.remplaces == ["champ-id_condition_valeur_1"]
    assert onglet.recu.select_one("#id_condition_valeur_1_error") is not None
    assert get_brouillon(brouillon).revision == 0
    assert onglet.type(aide="Mienne aussi") == 422
    assert onglet.remplaces == []  # même erreur : le champ que l’on remplit ne bouge pas
    assert onglet.type(condition_valeur_1="Zoé") == 200
    assert onglet.remplaces == ["champ-id_condition_valeur_1"]
    assert onglet.recu.select_one(".invalid-feedback") is None
    assert find(brouillon, "nom")["aide"] == "Mienne aussi"


def test_second_page_stops_saving_by_itself_and_shows_both_versions(question, brouillon):
    premier, second = question(), question()
    premier.type(libelle="Premier")

    second.type(libelle="Second")

    assert second.reponse["HX-Retarget"] == "#reglages"
    assert second.reponse["HX-Reselect"] == "#reglages > *"
    assert read_versions(second.recu) == [["Libellé", "Premier", "Second"]]
    assert second.recu.select("#reglages [hx-post]") == []
    assert "Non enregistré" in second.etat
    assert find(brouillon)["libelle"] == "Premier"
    gardee = read_saisie(second.recu)
    assert second.editeur.post(second.url, gardee).status_code == 302  # « Garder la mienne »
    assert find(brouillon)["libelle"] == "Second"


def test_lost_answer_is_no_conflict_but_a_late_one_undoes_nothing(question, brouillon):
    onglet = question()
    avant = dict(onglet.saisie)
    onglet.type(libelle="Un")

    onglet.saisie = avant  # la réponse s’est perdue
    assert onglet.type(libelle="Deux") == 200
    assert onglet.press(libelle="Trois").status_code == 302
    onglet.type(libelle="En retard")

    assert "Non enregistré" in onglet.etat
    assert find(brouillon)["libelle"] == "Trois"


def test_choice_is_named_after_the_whole_word(question, brouillon, set_definition):
    choix = {
        "type": "choix_simple",
        "id": "prenom",
        "libelle": "Jour",
        "options": ["Mardi", "Jeudi"],
    }
    set_definition(brouillon, {"pages": [{"id": "p", "titre": "P", "champs": [choix]}]})
    onglet = question()

    for texte in ("Mardi\nJeudi\nSam", "Mardi\nJeudi\nSamedi"):
        assert onglet.type(options=texte) == 200

    assert [o["id"] for o in find(brouillon)["options"]] == ["mardi", "jeudi", "samedi"]


def test_formule_is_judged_while_it_is_typed(question, brouillon):
    onglet = question("quotient")

    onglet.type(formule="revenu * 2")
    juste = onglet.recu.select_one("#verdict[role=status][hx-swap-oob]").get_text()
    onglet.type(formule="revenu *")

    assert "elle donne un nombre" in juste
    assert "À corriger" in onglet.recu.select_one("#verdict").get_text()


def test_page_and_bareme_save_too_but_a_new_bareme_waits_for_its_name(editeur, brouillon, adresse):
    page = Onglet(editeur, f"{adresse}formulaire/pages/vous/")
    assert page.type(description="Qui êtes-vous ?") == 200
    assert page.type(titre="") == 422
    neuf = Onglet(editeur, f"{adresse}formulaire/baremes/")
    assert neuf.page.select("[hx-post]") == []
    neuf.press(libelle="Tarif", tranches="300 ; 0,90\n; 5,20")
    bareme = Onglet(editeur, f"{adresse}formulaire/baremes/tarif/")

    assert bareme.type(tranches="300 ; 0,90\n5") == 422
    assert "Ligne 2" in bareme.recu.select_one("#id_tranches_error").get_text()
    assert bareme.type(tranches="300 ; 0,90\n; 6") == 200

    definition = get_brouillon(brouillon).definition
    assert definition["pages"][0]["description"] == "Qui êtes-vous ?"
    assert definition["baremes"][0]["tranches"][1] == {"valeur": 6.0}


def test_fiche_of_a_draft_saves_with_one_line_in_the_journal(editeur, demarche, brouillon, adresse):
    premier, second = (Onglet(editeur, f"{adresse}fiche/") for _ in range(2))
    journal = count_journal(brouillon)

    assert [premier.type(resume=mot) for mot in ("Une", "Une carte", "Une carte.")] == [200] * 3
    premier.saisie["empreinte"] = second.saisie["empreinte"]  # une réponse s’est perdue
    assert premier.type(resume="Une carte.") == 200
    assert premier.type(resume="Une carte.", chemin=demarche.chemin) == 422

    assert "« Adresse de la page »" in premier.etat
    assert count_journal(brouillon) == journal + 1
    second.type(resume="Autre")
    assert read_versions(second.recu) == [["En une phrase", "Une carte.", "Autre"]]
    assert premier.press(chemin="carte", resume="Fini.").status_code == 302
    brouillon.refresh_from_db()
    assert (brouillon.resume, brouillon.chemin) == ("Fini.", "carte")
    assert count_journal(brouillon) == journal + 2
    en_ligne = Onglet(editeur, f"{LISTE}{demarche.pk}/fiche/")
    assert en_ligne.page.select("#reglages [hx-post]") == []  # le public lirait chaque mot
    assert en_ligne.type(titre="Inachevé") == 422
