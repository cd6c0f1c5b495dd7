"""Chaque type de champ : bonnes, mauvaises et hostiles saisies, puis toutes ses écritures."""

from datetime import date
from decimal import Decimal

import pytest

from socle.fondations.formulaires.definition import TYPES_MODELES
from socle.fondations.formulaires.types import get_type, types
from tests.fondations.formulaires.outils import JOUR, make_champ, plat, read_champ

LISTE = {"options": ["Lundi", "Mardi", "Jeudi"]}

# type, attributs, saisie, valeur stockée, texte montré
BONNES = [
    ("texte_court", {}, "  Léonie \t Tessandre ", "Léonie Tessandre", "Léonie Tessandre"),
    ("texte_court", {}, "e\u0301te\u0301", "été", "été"),
    ("texte_long", {}, "un\r\ndeux\n", "un\ndeux", "un\ndeux"),
    ("nombre_entier", {}, "21 600", 21600, "21 600"),
    ("nombre_entier", {"unite": "€"}, "21 600 €", 21600, "21 600 €"),
    ("nombre_entier", {}, "-3", -3, "−3"),
    ("nombre_entier", {}, "3,0", 3, "3"),
    ("nombre_decimal", {}, "1,5", "1.5", "1,5"),
    ("nombre_decimal", {"unite": "€"}, "21600.50", "21600.5", "21 600,50 €"),
    ("nombre_decimal", {}, "100", "100", "100"),
    ("nombre_decimal", {}, "0", "0", "0"),
    ("date", {}, "2026-01-15", "2026-01-15", "15 janvier 2026"),
    ("date", {}, "15/01/2026", "2026-01-15", "15 janvier 2026"),
    ("date", {}, "1er février 2020", "2020-02-01", "1er février 2020"),
    ("date", {"au_plus_tard": "aujourdhui"}, "2026-11-21", "2026-11-21", "21 novembre 2026"),
    ("case_a_cocher", {}, "oui", True, "Oui"),
    ("oui_non", {}, "oui", True, "Oui"),
    ("oui_non", {}, "non", False, "Non"),
    ("choix_simple", LISTE, "mardi", "mardi", "Mardi"),
    ("choix_multiple", LISTE, ["jeudi", "lundi"], ["lundi", "jeudi"], "Lundi, Jeudi"),
    ("civilite", {}, "Mme", "Mme", "Madame"),
    ("civilite", {}, "male", "M.", "Monsieur"),
    ("courriel", {}, " Leonie@Exemple.FR ", "leonie@exemple.fr", "leonie@exemple.fr"),
    ("telephone", {}, "06 12 34 56 78", "+33612345678", "06 12 34 56 78"),
    ("telephone", {}, "0033 6 12 34 56 78", "+33612345678", "06 12 34 56 78"),
    ("telephone", {}, "06.39.98.00.12", "+33639980012", "06 39 98 00 12"),
    ("telephone", {}, "0590 12 34 56", "+590590123456", "0590 12 34 56"),
    ("telephone", {}, "0692 12 34 56", "+262692123456", "0692 12 34 56"),
    ("telephone", {}, "+32 2 555 12 34", "+3225551234", "+32 2 555 12 34"),
    ("siret", {}, "213 502 388 00019", {"siret": "21350238800019"}, "213 502 388 00019"),
    ("siret", {}, "35600000049837", {"siret": "35600000049837"}, "356 000 000 49837"),
    (
        "iban", {}, "fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189",
        "FR76 3000 6000 0112 3456 7890 189",
    ),
    ("iban", {}, "BE68 5390 0754 7034", "BE68539007547034", "BE68 5390 0754 7034"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "attributs", "saisie", "valeur", "texte"), BONNES)
def test_type_reads_and_shows_a_good_answer(code, attributs, saisie, valeur, texte):
    champ = make_champ(code, **attributs)

    lecture = read_champ(champ, {"c": saisie})

    assert (lecture.valeur, lecture.erreur) == (valeur, "")
    assert plat(get_type(champ).show(champ, lecture.valeur)) == texte


def test_phone_is_read_on_one_line_and_edited_with_plain_spaces():
    champ = make_champ("telephone")
    type_ = get_type(champ)
    assert type_.show(champ, "+33612345678") == "06\u00a012\u00a034\u00a056\u00a078"
    assert type_.edit_texte(champ, "+33612345678") == "06 12 34 56 78"
    assert type_.search_text(champ, "+33612345678") == "06 12 34 56 78 0612345678"


# type, attributs, saisie, début de l’erreur
MAUVAISES = [
    ("texte_court", {"longueur_max": 5}, "trop long", "Ce texte dépasse la limite de 5"),
    ("nombre_entier", {}, "trois", "Écrivez un nombre"),
    ("nombre_entier", {}, "3,5", "Écrivez un nombre entier"),
    ("nombre_entier", {}, "1e9", "Écrivez un nombre"),
    ("nombre_entier", {}, "9" * 30, "Écrivez un nombre"),
    ("nombre_entier", {"minimum": 1}, "0", "Ce nombre est trop petit : 1 au moins."),
    ("nombre_entier", {"maximum": 5, "unite": "repas"}, "6", "Ce nombre est trop grand : 5 repas"),
    ("nombre_decimal", {"decimales": 1}, "1,25", "1 chiffre après la virgule"),
    ("nombre_decimal", {}, "nan", "Écrivez un nombre"),
    ("nombre_decimal", {}, "∞", "Écrivez un nombre"),
    ("nombre_decimal", {}, "١٢", "Écrivez un nombre"),
    ("date", {}, "31/02/2026", "Donnez une date"),
    ("date", {}, "demain", "Donnez une date"),
    ("date", {}, "12 brumaire 2026", "Donnez une date"),
    ("date", {}, "0001-01-01", "Vérifiez l’année"),
    ("date", {}, "9999-01-01", "Vérifiez l’année"),
    ("date", {"au_plus_tard": "aujourdhui"}, "2026-11-22", "Cette date est dans le futur"),
    ("date", {"au_plus_tot": "aujourdhui"}, "2026-11-20", "Cette date est passée"),
    ("date", {"au_plus_tot": "2026-09-01"}, "2026-08-31", "Cette date est trop ancienne"),
    ("date", {"au_plus_tard": "2026-09-01"}, "2026-09-02", "Cette date est trop lointaine"),
    ("oui_non", {}, "peut-être", "Répondez par oui"),
    ("choix_simple", LISTE, "dimanche", "Choisissez une réponse de la liste"),
    ("choix_simple", LISTE, "autre", "Choisissez une réponse de la liste"),
    ("choix_multiple", LISTE, ["lundi", "dimanche"], "Choisissez une réponse de la liste"),
    ("choix_multiple", LISTE | {"maximum": 1}, ["lundi", "mardi"], "Choisissez 1 réponse au plus"),
    ("civilite", {}, "Mlle", "Choisissez une civilité"),
    ("courriel", {}, "leonie", "Il manque le signe @"),
    ("courriel", {}, "leonie@exemple", "Cette adresse n’est pas complète"),
    ("courriel", {}, "a@b..fr", "Cette adresse n’est pas complète"),
    ("courriel", {}, f"{'a' * 250}@exemple.fr", "Cette adresse n’est pas complète"),
    ("telephone", {}, "06 00 00 00 0", "Ce numéro a 9 chiffres, il en faut 10."),
    ("telephone", {}, "06 12 34 56 78 ext. 4", "Ce numéro a 11 chiffres"),
    ("telephone", {}, "00 00 00 00 00", "Ce numéro n’existe pas"),
    ("siret", {}, "2135023880001", "Ce SIRET a 13 chiffres, il en faut 14."),
    ("siret", {}, "213502388", "C’est un SIREN"),
    ("siret", {}, "21350238800018", "Ce SIRET n’existe pas"),
    ("siret", {}, "2135023880001A", "Un SIRET ne contient que des chiffres"),
    ("siret", {}, "٢١٣٥٠٢٣٨٨٠٠٠١٩", "Un SIRET ne contient que des chiffres"),
    ("iban", {}, "FR76 3000 6000 0112 3456 7890 188", "Cet IBAN n’existe pas"),
    ("iban", {}, "FR76 3000", "Cet IBAN a 8 signes"),
    ("iban", {}, "FR76<script>", "Un IBAN ne contient que"),
]


@pytest.mark.parametrize(("code", "attributs", "saisie", "erreur"), MAUVAISES)
def test_type_refuses_a_bad_answer_with_a_reason(code, attributs, saisie, erreur):
    lecture = read_champ(make_champ(code, **attributs), {"c": saisie})

    assert plat(lecture.erreur).startswith(erreur)


@pytest.mark.parametrize("code", sorted(set(types) - {"adresse", "commune"}))
@pytest.mark.parametrize("saisie", ["", " ", "\u00a0", "\x00", None, [], 12, {"a": 1}])
def test_type_reads_an_empty_answer_as_nothing(code, saisie):
    champ = make_champ(code)
    type_ = get_type(champ)

    lecture = read_champ(champ, {"c": saisie})

    assert lecture.erreur == ""
    assert type_.is_vide(champ, lecture.valeur)


HOSTILES = [
    "A" * 200_000,
    "\x00\x01\x1b[31m",
    "\u202eexe.fdp",
    "<script>alert(1)</script>",
    "'; DROP TABLE dossiers; --",
    "=HYPERLINK(\"http://exemple.fr\")",
    "\ud800",
    "🏳️‍🌈 Ångström ﷺ",
    "{{ 7*7 }}{% debug %}",
    "9" * 5000,
    "-" * 5000,
    "1/1/1" * 1000,
    "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("code", sorted(set(types) - {"adresse", "commune", "pays", "departement"}))
@pytest.mark.parametrize("saisie", HOSTILES)
def test_type_survives_hostile_input(code, saisie):
    champ = make_champ(code, **(LISTE if code.startswith("choix") else {}))
    type_ = get_type(champ)

    lecture = read_champ(champ, {"c": saisie, "c-autre": saisie})

    montre = type_.show_html(champ, lecture.valeur)
    for interdit in ("\x00", "\x1b", "\u202e", "\ud800", "<script"):
        assert interdit not in montre
    assert len(str(lecture.erreur)) < 300
    str(lecture.valeur).encode()


# Réponses stockées qu’aucune saisie ne donne : base abîmée, API malveillante, ancienne version.
FORMES = [None, "", 0, -1, 1.5, True, [], [None], {}, {"siret": 3}, {"code": None}, [{"a": 1}], "x",
          [{"ligne": "\"><script>", "valeurs": {}}]]  # fmt: skip


@pytest.mark.parametrize("code", sorted(TYPES_MODELES))
@pytest.mark.parametrize("valeur", FORMES, ids=repr)
def test_type_never_fails_on_a_stored_value_of_any_shape(code, valeur):
    champ = make_champ(code)
    type_ = get_type(champ)

    assert isinstance(type_.check_sur(champ, valeur, JOUR), str)
    assert isinstance(type_.show(champ, valeur), str)
    assert isinstance(type_.search_text(champ, valeur), str)
    assert isinstance(type_.is_vide(champ, valeur), bool)
    type_.read(champ, valeur)
    type_.project(champ, valeur)
    type_.serialize(champ, valeur)
    type_.export_seda(champ, valeur)
    assert len(type_.list_cellules(champ, valeur)) == len(type_.list_colonnes(champ))


# Source : API Démarche numérique, `champ_value_for_api`, version 2.
CHAINES = [
    ("texte_court", {}, "Bonjour", "Bonjour"),
    ("texte_court", {}, None, ""),
    ("telephone", {}, "+33612345678", "06 12 34 56 78"),
    ("iban", {}, "FR7630006000011234567890189", "FR7630006000011234567890189"),
    ("date", {}, "2026-01-15", "15 janvier 2026"),
    ("case_a_cocher", {}, True, "true"),
    ("case_a_cocher", {}, None, "false"),
    ("oui_non", {}, False, "false"),
    ("oui_non", {}, None, ""),
    ("choix_multiple", LISTE, ["lundi", "jeudi"], "Lundi, Jeudi"),
    ("civilite", {}, "M.", "M."),
    ("nombre_entier", {}, 21600, "21600"),
    ("nombre_decimal", {}, "1.5", "1.5"),
    ("commune", {}, {"code": "92023", "nom": "Clamart", "code_postal": "92140"}, "Clamart (92140)"),
    ("departement", {}, {"code": "75", "nom": "Paris"}, "75 - Paris"),
    ("pays", {}, {"code": "FR", "nom": "France"}, "France"),
    ("siret", {}, {"siret": "21350238800019", "nom": "Mairie"}, "21350238800019"),
    ("piece_justificative", {}, [{"document": "a", "nom": "a.pdf", "taille": 3}], None),
    ("titre_section", {}, None, ""),
    ("bloc_repetable", {}, [], ""),
]


@pytest.mark.parametrize(("code", "attributs", "valeur", "chaine"), CHAINES)
def test_type_serializes_like_demarche_numerique(code, attributs, valeur, chaine):
    champ = make_champ(code, **attributs)
    obtenue = get_type(champ).serialize(champ, valeur)
    assert (plat(obtenue) if obtenue else obtenue) == chaine


def test_choix_simple_accepts_a_free_answer():
    champ = make_champ("choix_simple", autre=True, **LISTE)
    type_ = get_type(champ)

    lecture = read_champ(champ, {"c": "autre", "c-autre": " Samedi "})

    assert lecture.valeur == {"autre": "Samedi"}
    assert type_.show(champ, lecture.valeur) == "Samedi"
    assert type_.read(champ, lecture.valeur) == "autre"
    assert read_champ(champ, {"c": "autre"}).erreur == "Précisez votre réponse."


def test_courriel_suggests_a_likely_domain():
    lecture = read_champ(make_champ("courriel"), {"c": "leonie@gmial.com"})
    assert (lecture.erreur, lecture.valeur) == ("", "leonie@gmial.com")
    assert "gmail.com" in lecture.avis


def test_siret_keeps_what_the_directory_said_until_the_number_changes():
    champ = make_champ("siret")
    type_ = get_type(champ)
    connu = {"siret": "21350238800019", "nom": "Mairie de Rennes"}

    assert type_.merge(champ, connu, {"siret": "21350238800019"}) == connu
    assert type_.merge(champ, connu, {"siret": "35600000049837"}) == {"siret": "35600000049837"}
    assert type_.merge(champ, connu, None) is None


def test_nombre_projects_a_decimal_and_never_a_float():
    champ = make_champ("nombre_decimal")
    assert get_type(champ).project(champ, "0.1") == Decimal("0.1")


def test_iban_and_numbers_stay_out_of_the_search_index():
    for code, valeur in (("iban", "FR7630006000011234567890189"), ("nombre_entier", 32832)):
        champ = make_champ(code)
        assert get_type(champ).search_text(champ, valeur) == ""


def test_every_type_has_a_model_a_name_and_a_template():
    from django.template.loader import get_template

    assert set(types) == set(TYPES_MODELES)
    for code in types:
        assert types[code].nom
        get_template(types[code].gabarit)


def test_export_to_archive_names_the_place_and_the_organisation():
    commune, siret = make_champ("commune"), make_champ("siret")
    clamart = {"code": "92023", "nom": "Clamart", "code_postal": "92140"}
    lieu = get_type(commune).export_seda(commune, clamart)
    organisme = get_type(siret).export_seda(siret, {"siret": "21350238800019", "nom": "Mairie"})
    assert (lieu.mot_cle, lieu.valeur) == ("geogname", "Clamart (92140)")
    assert organisme.mot_cle == "corpname"


def test_received_data_is_converted_to_the_stored_form():
    cas = [
        ("date", date(2019, 6, 14), "2019-06-14"),
        ("nombre_entier", "32832", 32832),
        ("nombre_decimal", Decimal("1.50"), "1.5"),
        ("oui_non", True, True),
        ("civilite", "female", "Mme"),
        ("telephone", "0612345678", "+33612345678"),
        ("siret", {"siret": "21350238800019"}, {"siret": "21350238800019"}),
    ]
    for code, donnee, stockee in cas:
        champ = make_champ(code)
        assert get_type(champ).import_donnee(champ, donnee, JOUR).valeur == stockee
    for code, donnee in (("date", "hier"), ("siret", {"siret": "1"}), ("nombre_entier", "3,5")):
        champ = make_champ(code)
        lecture = get_type(champ).import_donnee(champ, donnee, JOUR)
        assert lecture.valeur is None
        assert lecture.erreur
