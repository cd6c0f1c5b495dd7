"""Le HTML rendu : chaque contrôle a son étiquette, chaque référence mène quelque part."""

import copy

import pytest
from bs4 import BeautifulSoup

from socle.fondations.formulaires import ports
from socle.fondations.formulaires.errors import PageInconnue
from socle.fondations.formulaires.moteur import compile_formulaire
from socle.fondations.formulaires.rendu import ContexteRendu, render_page
from socle.fondations.formulaires.types import types
from tests.fondations.formulaires.exemples import CANTINE, REPONSES
from tests.fondations.formulaires.outils import (
    MAINTENANT,
    SourceImpots,
    make_definition,
    make_formulaire,
    make_reponse,
    plat,
)

FORMULAIRE = compile_formulaire(CANTINE)
SANS_BASE = sorted(
    set(types) - {"pays", "departement", "source", "bloc_repetable", "champ_calcule"}
)
ATTRIBUTS = {
    "choix_simple": {"options": ["Lundi", "Mardi"], "autre": True},
    "choix_multiple": {"options": ["Lundi", "Mardi"]},
    "explication": {"texte": "Un.\nDeux.", "texte_replie": "Trois."},
    "piece_justificative": {"modele": {"document": "m1", "nom": "modele.pdf"}, "nombre": 3},
}


@pytest.fixture(autouse=True)
def _source(monkeypatch):
    """La source des impôts, sous le code que la définition d’exemple utilise."""
    monkeypatch.setitem(ports.sources._par_code, "impots_revenu", SourceImpots())


def render(page, reponses, formulaire=FORMULAIRE, saisie=None, **contexte):
    return render_page(
        formulaire, page, reponses,
        maintenant=MAINTENANT, saisie=saisie, contexte=ContexteRendu(**contexte),
    )  # fmt: skip


def parse(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def check_accessible(html: str) -> None:
    """Suit chaque identifiant : étiquettes, descriptions, ancres, doublons, groupes."""
    soupe = parse(html)
    identifiants = [balise["id"] for balise in soupe.select("[id]")]
    assert len(identifiants) == len(set(identifiants)), "identifiant en double"
    for balise in soupe.select("[aria-describedby], [aria-labelledby]"):
        for (
            cible
        ) in f"{balise.get('aria-describedby', '')} {balise.get('aria-labelledby', '')}".split():
            assert cible in identifiants, f"référence perdue : {cible}"
    etiquettes = {balise["for"] for balise in soupe.select("label")}
    for controle in soupe.select("input:not([type=hidden]), select, textarea"):
        assert controle["id"] in etiquettes, f"contrôle sans étiquette : {controle}"
    assert etiquettes <= set(identifiants)
    for groupe in soupe.select("fieldset"):
        assert groupe.find("legend", recursive=False).get_text(strip=True)
    for bouton in soupe.select("button"):
        assert bouton.get_text(strip=True)


@pytest.mark.parametrize("page", ["enfant", "ressources", "jours"])
@pytest.mark.parametrize("reponses", [{}, REPONSES])
def test_page_is_accessible(page, reponses):
    check_accessible(render(page, reponses).zone)


@pytest.mark.parametrize("code", SANS_BASE)
@pytest.mark.parametrize("avec_erreur", [False, True])
def test_each_type_is_accessible_and_shows_its_error(code, avec_erreur):
    champ = {"type": code, "id": "c", "libelle": "La question", "aide": "Une aide"}
    if code == "explication":
        champ = {"type": code, "id": "c", "libelle": "À savoir"}
    formulaire = make_formulaire(champ | ATTRIBUTS.get(code, {}))
    saisie = (
        formulaire.read_page("page", {}, {}, {}, maintenant=MAINTENANT) if avec_erreur else None
    )

    page = render("page", {}, formulaire, saisie)

    check_accessible(page.resume + page.zone)
    if avec_erreur and types[code].saisi:
        soupe = parse(page.zone)
        assert soupe.select_one(".champ-faux .invalid-feedback")["id"] == "champ-c_error"
        [lien] = parse(page.resume).select("a")
        assert lien["href"] == "#champ-c"
        assert soupe.select_one("#champ-c").name in ("input", "select", "textarea")
        decrit = soupe.select_one("[aria-describedby]")["aria-describedby"]
        assert decrit == "champ-c_helptext champ-c_error"


def test_long_list_becomes_a_select_and_short_one_radios():
    court = make_formulaire({"type": "choix_simple", "id": "c", "libelle": "C", "options": ["a"]})
    long = make_formulaire({"type": "choix_simple", "id": "c", "libelle": "C", "autre": True,
                            "options": [f"Option {rang}" for rang in range(8)]})  # fmt: skip
    assert parse(render("page", {}, court).zone).select("input[type=radio]")
    page = parse(render("page", {"c": {"autre": "Rien"}}, long).zone)
    assert page.select_one("select option[selected]")["value"] == "autre"
    assert page.select_one("#champ-c-precision")["value"] == "Rien"
    check_accessible(str(page))


def test_date_is_native_and_falls_back_to_text_for_a_bad_one():
    formulaire = make_formulaire({"type": "date", "id": "d", "libelle": "Date"})
    assert parse(render("page", {"d": "2026-01-02"}, formulaire).zone).select_one(
        "input[type=date]"
    )["value"] == "2026-01-02"  # fmt: skip
    saisie = formulaire.read_page("page", {"d": "31 juin"}, {}, {}, maintenant=MAINTENANT)
    page = parse(render("page", saisie.valeurs, formulaire, saisie).zone)
    assert page.select_one("input[type=text]")["value"] == "31 juin"


def test_typed_text_is_escaped():
    formulaire = make_formulaire(
        {"type": "texte_court", "id": "c", "libelle": "<i>Nom</i>", "aide": "<u>"},
        {"type": "texte_long", "id": "l", "libelle": "Long"},
    )
    html = render("page", {"c": '"><script>x</script>', "l": "</textarea><b>"}, formulaire).zone
    assert "<script>" not in html
    assert parse(html).select_one("input[type=text]")["value"] == '"><script>x</script>'
    assert parse(html).select_one("textarea").text.strip() == "</textarea><b>"
    assert not parse(html).select("i, u, b")


def test_person_sees_what_will_be_asked_before_the_call():
    soupe = parse(render("ressources", {}).zone)
    bloc = soupe.select_one("#champ-impots")
    texte = plat(bloc.get_text(" ", strip=True))
    assert "Direction générale des finances publiques" in texte
    assert "pour calculer votre tarif" in texte
    assert [li.text for li in bloc.select("li")] == ["Revenu fiscal", "Parts"]
    assert [b["value"] for b in bloc.select("button")] == ["appeler:impots", "a_la_main:impots"]
    assert not soupe.select("[name=revenu_fiscal]")


def test_received_data_is_read_only_with_source_and_way_out():
    reponses = FORMULAIRE.apply_source(
        "impots", make_reponse({"revenu_fiscal_reference": 32832, "nombre_parts": 3}), {},
        maintenant=MAINTENANT,
    ).reponses  # fmt: skip
    soupe = parse(render("ressources", reponses).zone)
    bloc = soupe.select_one("#champ-impots")
    assert [plat(dd.text) for dd in bloc.select("dd")] == ["32 832 €", "3"]
    assert "Impôts, avis 2025, le 21 novembre 2026 à 10 h 30" in plat(
        bloc.select_one(".source").text
    )
    assert bloc.select_one("button")["value"] == "a_la_main:impots"
    assert not soupe.select("[name=revenu_fiscal]")
    assert plat(soupe.select_one(".calcul output").text) == "912 €"


def test_by_hand_failed_and_unavailable_sources_show_the_fields():
    main = FORMULAIRE.fill_by_hand("impots", {}, maintenant=MAINTENANT)
    panne = FORMULAIRE.fail_source("impots", "Service en panne.", {}, maintenant=MAINTENANT)
    raison = {"impots_revenu": "Connectez-vous avec FranceConnect."}
    for page in (
        render("ressources", main),
        render("ressources", panne),
        render("ressources", {}, sources_indisponibles=raison),
    ):
        assert parse(page.zone).select("[name=revenu_fiscal]")
    assert "Service en panne." in render("ressources", panne).zone
    assert "Connectez-vous avec FranceConnect." in render(
        "ressources", {}, sources_indisponibles=raison
    ).zone  # fmt: skip


def test_received_data_shows_on_another_page_too():
    definition = copy.deepcopy(CANTINE)
    source = definition["pages"][1]["champs"].pop(0)
    definition["pages"][0]["champs"].append(source)
    formulaire = compile_formulaire(definition)
    reponses = formulaire.apply_source(
        "impots", make_reponse({"revenu_fiscal_reference": 32832}), {}, maintenant=MAINTENANT
    ).reponses
    soupe = parse(render("ressources", reponses, formulaire).zone)
    donnee = soupe.select_one("#champ-revenu_fiscal")
    assert plat(donnee.dd.text).startswith("32 832 €Impôts, avis 2025")
    check_accessible(str(soupe))


def test_calculations_in_a_row_share_one_box_and_one_detail():
    reponses = {"revenu_fiscal": 32832, "parts": "3"}
    [encadre] = parse(render("ressources", reponses).zone).select(".calcul")
    assert plat(encadre.output.text) == "912 €"
    assert "Un repas vous coûtera 3,42 €." in plat(encadre.text)
    lignes = [plat(tr.get_text("|", strip=True)) for tr in encadre.select("tr")]
    assert lignes == [
        "Revenu fiscal de référence|32 832 €",
        "Nombre de parts|3",
        "32 832 € ÷ 12 ÷ 3|912 €",
        "Tranche 4, plus de 800 € et jusqu’à 1 000 €|"
        "Délibération n° 2026-118 du 16 novembre 2026|3,42 €",
    ]


def test_calculation_in_wait_says_so():
    html = plat(render("ressources", {"revenu_fiscal": 32832}).zone)
    assert "Se calculera tout seul, en attente de « Nombre de parts »." in html


def test_required_block_starts_with_one_row_and_enter_never_removes_it():
    soupe = parse(render("enfant", {}).zone)
    assert len(soupe.select("[name=enfants-lignes]")) == 1
    assert [b["value"] for b in soupe.select("button")] == ["continuer", "ajouter:enfants"]
    presents = soupe.select_one("[name=_presents]")["value"].split()
    assert sum(p.endswith("-prenom") for p in presents) == 1
    assert not any(p.endswith("-allergie_detail") for p in presents)


@pytest.mark.parametrize(
    ("bloc", "bouton"),
    [
        ({}, "Ajouter une ligne : Ligne"),
        ({"libelle_ligne": "Véhicule"}, "Ajouter une ligne : Véhicule"),
        ({"libelle_ligne": "Enfant", "libelle_ajout": "Ajouter un enfant"}, "Ajouter un enfant"),
    ],
)
def test_button_that_adds_a_row_says_what_the_form_says(bloc, bouton):
    definition = make_definition(
        {"type": "bloc_repetable", "id": "b", "libelle": "Bloc",
         "champs": [{"type": "texte_court", "id": "t", "libelle": "T"}]} | bloc
    )  # fmt: skip
    page = render_page(compile_formulaire(definition), "page", {}, maintenant=MAINTENANT)
    assert plat(parse(page.zone).select_one("button[value='ajouter:b']").text) == bouton


def test_added_row_takes_the_focus():
    saisie = FORMULAIRE.read_page(
        "enfant", {"_action": "ajouter:enfants"}, {}, REPONSES, maintenant=MAINTENANT
    )
    soupe = parse(render("enfant", saisie.valeurs, saisie=saisie).zone)
    [foyer] = soupe.select("[data-foyer]")
    assert foyer.legend.text == "Enfant 2"
    assert len(soupe.select("button[value^='retirer:enfants:']")) == 2


def read_adresse(**lignes: str) -> tuple[BeautifulSoup, list]:
    """Rend la page d’une adresse envoyée ainsi, et les liens du résumé d’erreurs."""
    formulaire = compile_formulaire(
        make_definition({"type": "adresse", "id": "a", "libelle": "Votre adresse", "aide": "Ici."})
    )
    postees = {f"a-{cle}": texte for cle, texte in lignes.items()}
    saisie = formulaire.read_page("page", postees, {}, {}, maintenant=MAINTENANT)
    page = render_page(formulaire, "page", saisie.valeurs, maintenant=MAINTENANT, saisie=saisie)
    check_accessible(page.zone)
    return parse(page.zone), list(page.erreurs)


def test_each_line_of_an_address_has_its_own_error():
    soupe, liens = read_adresse(voie="14 rue des Châtaigniers", code_postal="9214")

    fautes = {
        champ["name"]: soupe.find(id=champ["aria-describedby"]).get_text()
        for champ in soupe.select("[aria-invalid]")
    }
    assert fautes == {
        "a-code_postal": "Erreur\xa0: Le code postal a 5 chiffres, par exemple 92140.",
        "a-commune": "Erreur\xa0: Il manque la commune.",
    }
    assert [lien.id for lien in liens] == ["champ-a-code_postal", "champ-a-commune"]
    assert plat(liens[1].phrase) == "Votre adresse : il manque la commune."
    assert "error" not in soupe.fieldset["aria-describedby"]


def test_empty_address_ties_its_error_to_the_first_line():
    soupe, [lien] = read_adresse()

    [champ] = soupe.select("[aria-invalid]")
    assert (champ["name"], champ["id"]) == ("a-voie", lien.id)
    assert "Donnez une adresse." in soupe.find(id=champ["aria-describedby"]).get_text()


def test_htmx_attributes_come_only_from_the_context():
    assert "hx-" not in render("ressources", {"parts": "1"}).zone
    html = render("ressources", {"parts": "1"}, url_recalculer="/r/?a=1&b=2",
                  url_enregistrer="/e/").zone  # fmt: skip
    soupe = parse(html)
    declencheur = soupe.select_one("#champ-parts").find_parent("div", class_="champ")
    assert declencheur["hx-post"] == "/r/?a=1&b=2"
    assert declencheur["hx-target"] == "#zone-ressources"
    assert soupe.select_one("#zone-ressources")
    jours = parse(render("jours", {}, url_recalculer="/r/", url_enregistrer="/e/").zone)
    simple = jours.select_one("#champ-reglement").find_parent("div", class_="champ")
    assert (simple["hx-post"], simple["hx-swap"]) == ("/e/", "none")


def test_pieces_are_linked_and_removable():
    piece = {"document": "d1", "nom": "jugement.pdf", "taille": 1_200_000}
    reponses = REPONSES | {"situation": True, "jugement": [piece]}
    page = render("ressources", reponses, make_url_document=lambda d: f"/documents/{d}/")
    soupe = parse(page.zone)
    assert page.fichiers
    assert soupe.select_one(".fichiers a")["href"] == "/documents/d1/"
    assert soupe.select_one(".fichiers button")["value"] == "retirer_piece:jugement:d1"
    assert soupe.select_one("input[type=file]").has_attr("disabled")
    assert "PDF ou photo, 20 Mo au plus." in plat(soupe.text)


def test_page_knows_its_place():
    page = render("ressources", REPONSES)
    assert (page.rang, page.total) == (2, 3)
    assert (page.precedente, page.suivante) == ("enfant", "jours")
    with pytest.raises(PageInconnue):
        render("aide", REPONSES)


def test_summary_lists_errors_in_page_order_with_the_label():
    saisie = FORMULAIRE.read_page("jours", {}, {}, {}, maintenant=MAINTENANT)
    page = render("jours", saisie.valeurs, saisie=saisie)
    assert [plat(erreur.phrase) for erreur in page.erreurs] == [
        "Jours de cantine : choisissez une réponse au moins.",
        "Régime : choisissez une réponse.",
        "J’ai lu le règlement de la cantine : cochez cette case pour continuer.",
    ]
    assert "3 réponses sont à reprendre" in page.resume


def test_new_questions_are_announced():
    postees = {"_presents": "impots revenu_fiscal parts situation", "revenu_fiscal": "1",
               "parts": "1", "situation": "oui"}  # fmt: skip
    saisie = FORMULAIRE.read_page("ressources", postees, {}, {}, maintenant=MAINTENANT)
    page = render("ressources", saisie.valeurs, saisie=saisie)
    assert "Une question de plus" in page.resume
    assert parse(page.resume).a["href"] == "#champ-jugement"
