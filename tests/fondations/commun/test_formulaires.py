"""Rendu des formulaires : on suit les identifiants comme le ferait un lecteur d’écran."""

import pytest
from bs4 import BeautifulSoup
from django import forms

from socle.fondations.commun.vitrine import FormulaireExemple


class FormulaireCompte(forms.Form):
    remplissage = {"prenom": "given-name"}

    prenom = forms.CharField(label="Prénom", help_text="Comme sur votre carte d’identité.")
    surnom = forms.CharField(label="Surnom", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.data.get("prenom") == "Refus":
            raise forms.ValidationError("Ces réponses ne vont pas ensemble.")
        return self.cleaned_data


def read(formulaire: forms.BaseForm) -> BeautifulSoup:
    return BeautifulSoup(str(formulaire), "html.parser")


@pytest.fixture
def faux() -> BeautifulSoup:
    return read(FormulaireExemple({"courriel": "pas une adresse", "garde": "?"}, {}))


def test_every_controle_has_a_libelle_or_a_legende():
    page = read(FormulaireExemple())

    for controle in page.select("input, select, textarea"):
        assert page.select_one(f'label[for="{controle["id"]}"]'), controle
    legendes = [legende.get_text(" ", strip=True) for legende in page.select("fieldset > legend")]
    assert legendes == ["Votre enfant est-il en garde alternée\xa0?", "Jours de cantine"]


@pytest.mark.parametrize("etat", ["neuf", "faux"])
def test_aria_describedby_leads_to_text_that_exists(etat, faux):
    page = faux if etat == "faux" else read(FormulaireExemple())

    for element in page.select("[aria-describedby]"):
        for identifiant in element["aria-describedby"].split():
            assert page.find(id=identifiant).get_text(strip=True)


def test_controle_en_erreur_says_so_and_names_its_erreur(faux):
    courriel = faux.find(id="id_courriel")

    assert courriel["aria-invalid"] == "true"
    assert "is-invalid" in courriel["class"]
    assert courriel["aria-describedby"] == "id_courriel_helptext id_courriel_error"
    assert faux.find(id="id_courriel_error").get_text().startswith("Erreur\xa0: ")


def test_resume_comes_first_takes_focus_and_links_to_each_controle(faux):
    resume = faux.select_one(".resume-erreurs")
    premier = next(balise for balise in faux.children if balise.name)

    assert premier is resume
    assert resume.has_attr("autofocus")
    assert resume["tabindex"] == "-1"
    liens = resume.select("a")
    assert [lien["href"] for lien in liens] == [
        "#id_courriel",
        "#id_ecole",
        "#id_garde_0",
        "#id_jours_0",
        "#id_accord",
    ]
    for lien in liens:
        assert faux.find(id=lien["href"].removeprefix("#")).name in ("input", "select")


def test_resume_uses_the_same_words_as_the_champ(faux):
    message = faux.find(id="id_courriel_error").get_text().removeprefix("Erreur\xa0: ")

    assert message in faux.select_one('.resume-erreurs a[href="#id_courriel"]').get_text()


def test_resume_does_not_add_a_colon_after_a_question(faux):
    lien = faux.select_one('.resume-erreurs a[href="#id_garde_0"]').get_text()

    assert lien.startswith("Votre enfant est-il en garde alternée\xa0? ")
    assert "?\xa0:" not in lien


def test_resume_says_what_is_kept_and_warns_about_fichiers(faux):
    sans_fichier = read(FormulaireCompte({}))

    assert "sauf les fichiers" in faux.select_one(".resume-erreurs").get_text()
    assert "sauf les fichiers" not in sans_fichier.select_one(".resume-erreurs").get_text()


def test_resume_shows_erreurs_of_the_whole_formulaire():
    page = read(FormulaireCompte({"prenom": "Refus"}))

    assert "Ces réponses ne vont pas ensemble." in page.select_one(".resume-erreurs").get_text()


def test_formulaire_without_erreur_has_no_resume():
    assert read(FormulaireExemple()).select_one(".resume-erreurs") is None


def test_facultatif_is_written_and_obligatoire_is_not_starred():
    page = read(FormulaireCompte())

    assert "(facultatif)" in page.select_one('label[for="id_surnom"]').get_text()
    assert page.select_one('label[for="id_prenom"]').get_text(strip=True) == "Prénom"
    assert "*" not in page.get_text()


def test_remplissage_becomes_an_autocomplete_token():
    page = read(FormulaireCompte())

    assert page.find(id="id_prenom")["autocomplete"] == "given-name"
    assert not page.find(id="id_surnom").has_attr("autocomplete")


def test_classe_of_the_widget_is_kept():
    page = read(FormulaireExemple())

    assert page.find(id="id_telephone")["class"] == ["form-control", "court"]


def test_hidden_champ_is_sent_without_decor():
    cache = read(FormulaireCompte()).find(id="id_secret")

    assert cache["type"] == "hidden"
    assert not cache.has_attr("class")


def test_case_a_cocher_comes_before_its_libelle():
    case = read(FormulaireExemple()).find(id="id_accord")

    assert case.find_next_sibling("label")["for"] == "id_accord"


def test_fichier_is_in_a_depot_with_its_avancement_hidden():
    page = read(FormulaireExemple())
    depot = page.select_one(".pieces")

    assert depot.find("input", type="file")
    assert depot.select_one("[data-envoi]").has_attr("hidden")


def test_what_people_typed_is_escaped_and_given_back():
    page = read(FormulaireExemple({"courriel": '"><script>alert(1)</script>'}, {}))

    assert page.find(id="id_courriel")["value"] == '"><script>alert(1)</script>'
    assert page.find("script") is None
