"""Le moteur : pages visibles, calculs, contrôle d’ensemble, ménage, résumé, projection, cache."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.errors import DefinitionInvalide, PageInconnue
from socle.fondations.formulaires.moteur import (
    cache,
    clear_cache,
    compile_formulaire,
    format_duree,
    get_cache_info,
    get_compile,
)
from tests.fondations.formulaires.exemples import CANTINE, REPONSES
from tests.fondations.formulaires.outils import MAINTENANT, make_definition, make_formulaire, plat

FORMULAIRE = compile_formulaire(CANTINE)


def list_pages(reponses) -> list[str]:
    return [page.id for page in FORMULAIRE.list_pages(reponses, maintenant=MAINTENANT)]


def test_pages_follow_the_answers():
    assert list_pages(REPONSES) == ["enfant", "ressources", "jours"]
    modeste = REPONSES | {"revenu_fiscal": 12000}
    assert list_pages(modeste) == ["enfant", "ressources", "aide", "jours"]


def test_calculated_fields_give_value_words_and_detail():
    calculs = FORMULAIRE.calculate(REPONSES, maintenant=MAINTENANT)

    assert list(calculs) == ["quotient", "prix"]
    assert (calculs["quotient"].valeur, plat(calculs["quotient"].texte)) == ("912.00", "912 €")
    assert plat(calculs["prix"].conclusion) == "Un repas vous coûtera 3,42 €."
    assert [plat(etape.phrase) for etape in calculs["prix"].etapes] == [
        "Quotient familial : 912 €",
        "Tranche 4, plus de 800 € et jusqu’à 1 000 € = 3,42 €",
    ]


def test_calculated_field_says_what_it_waits_for():
    calculs = FORMULAIRE.calculate({"revenu_fiscal": 32832}, maintenant=MAINTENANT)
    assert plat(calculs["quotient"].attente) == "en attente de « Nombre de parts »"
    assert plat(calculs["prix"].attente) == "en attente de « Quotient familial »"


def test_formula_may_come_before_its_inputs_on_the_page():
    formulaire = make_formulaire(
        {"type": "champ_calcule", "id": "total", "libelle": "Total", "formule": "double + 1"},
        {"type": "champ_calcule", "id": "double", "libelle": "Double", "formule": "n * 2"},
        {"type": "nombre_entier", "id": "n", "libelle": "Nombre"},
        {"type": "texte_court", "id": "t", "libelle": "T",
         "condition": [">", ["champ", "total"], 6]},
    )  # fmt: skip
    etat = formulaire.evaluate({"n": 3}, maintenant=MAINTENANT)
    assert etat.valeurs["total"] == Decimal(7)
    assert "t" in etat.visibles


def test_blocks_are_evaluated_row_by_row():
    formulaire = make_formulaire(
        {"type": "nombre_decimal", "id": "prix", "libelle": "Prix"},
        {
            "type": "bloc_repetable", "id": "enfants", "libelle": "Enfants",
            "champs": [
                {"type": "nombre_entier", "id": "repas", "libelle": "Repas"},
                {"type": "oui_non", "id": "allergie", "libelle": "Allergie ?"},
                {"type": "texte_court", "id": "detail", "libelle": "Laquelle ?",
                 "condition": ["=", ["champ", "allergie"], "oui"]},
                {"type": "champ_calcule", "id": "cout", "libelle": "Coût",
                 "formule": "repas * prix"},
            ],
        },
        {"type": "champ_calcule", "id": "total", "libelle": "Total", "formule": "SOMME(cout)"},
        {"type": "champ_calcule", "id": "nombre", "libelle": "Nombre", "formule": "NB(enfants)",
         "decimales": 0},
    )  # fmt: skip
    a, b = "01KADCG5C0000000000000000A", "01KADCG5C0000000000000000B"
    reponses = {
        "prix": "3.42",
        "enfants": [
            {"ligne": a, "valeurs": {"repas": 4, "allergie": True}},
            {"ligne": b, "valeurs": {"repas": 1, "allergie": False}},
        ],
    }
    etat = formulaire.evaluate(reponses, maintenant=MAINTENANT)
    calculs = formulaire.calculate(reponses, maintenant=MAINTENANT)

    assert f"enfants-{a}-detail" in etat.visibles
    assert f"enfants-{b}-detail" not in etat.visibles
    assert calculs[f"enfants-{a}-cout"].valeur == "13.68"
    assert calculs["total"].valeur == "17.10"
    assert calculs["nombre"].valeur == "2"


def test_age_does_not_move_after_filing():
    formulaire = make_formulaire(
        {"type": "date", "id": "ne", "libelle": "Naissance"},
        {"type": "texte_court", "id": "mineur", "libelle": "Représentant",
         "condition": ["<", ["age", ["champ", "ne"]], 18]},
    )  # fmt: skip
    depot = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # le 21 à Paris
    veille = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    reponses = {"ne": "2008-11-21"}
    assert "mineur" in formulaire.evaluate(reponses, maintenant=veille).visibles
    assert "mineur" not in formulaire.evaluate(reponses, maintenant=depot).visibles


def test_complete_answers_have_no_error():
    assert FORMULAIRE.check_complet(REPONSES, maintenant=MAINTENANT) == []


def test_each_missing_or_wrong_answer_is_listed_with_its_page():
    reponses = REPONSES | {
        "nom": None, "revenu_fiscal": -1, "situation": True, "regime": "perdu", "reglement": False,
        "_bruts": {"parts": "trois"}, "parts": None,
    }  # fmt: skip
    erreurs = FORMULAIRE.check_complet(reponses, maintenant=MAINTENANT)
    assert [(e.page, e.chemin, plat(e.message)) for e in erreurs] == [
        ("enfant", "nom", "Remplissez ce champ."),
        ("ressources", "revenu_fiscal", "Ce nombre est trop petit : 0 € au moins."),
        ("ressources", "parts", "Donnez un nombre."),
        ("ressources", "jugement", "Joignez le fichier demandé."),
        ("jours", "regime", "Choisissez une réponse de la liste."),
        ("jours", "reglement", "Cochez cette case pour continuer."),
    ]
    assert erreurs[1].titre_page == "Vos ressources"


def test_unread_typing_blocks_filing_even_on_an_optional_field():
    formulaire = make_formulaire(
        {"type": "date", "id": "d", "libelle": "Date", "obligatoire": False}
    )
    reponses = {"_bruts": {"d": "31 juin"}}
    [erreur] = formulaire.check_complet(reponses, maintenant=MAINTENANT)
    assert plat(erreur.message) == "Cette réponse n’a pas pu être lue : reprenez-la."


def test_pieces_must_really_be_there():
    piece = {"document": "d1", "nom": "jugement.pdf", "taille": 9000, "type_mime": "x"}
    reponses = REPONSES | {"situation": True, "jugement": [piece]}

    assert FORMULAIRE.check_complet(reponses, maintenant=MAINTENANT) == []
    assert FORMULAIRE.check_complet(reponses, {"d1"}, maintenant=MAINTENANT) == []
    [erreur] = FORMULAIRE.check_complet(reponses, set(), maintenant=MAINTENANT)
    assert plat(erreur.message) == "« jugement.pdf » n’a pas été accepté : joignez-le à nouveau."


def test_hidden_answers_are_dropped_at_filing():
    reponses = REPONSES | {
        "motif": "Je demande une aide", "jugement": [{"document": "d", "nom": "a", "taille": 1}],
        "_bruts": {"x": "y"}, "inconnu": 1, "quotient": "1.00",
        "enfants": [
            *REPONSES["enfants"],
            {"ligne": "01KADCG5C0000000000000000Z", "valeurs": {"prenom": "", "repas": None}},
        ],
    }  # fmt: skip
    propres = FORMULAIRE.clean_masquees(reponses, maintenant=MAINTENANT)

    assert propres == REPONSES | {"quotient": "912.00", "prix": "3.42"}


def test_calculated_values_are_never_believed():
    remplies = FORMULAIRE.fill_calculs(REPONSES | {"prix": "0.01"}, maintenant=MAINTENANT)
    assert remplies["prix"] == "3.42"
    sans = FORMULAIRE.fill_calculs({"prix": "0.01", "nom": "x"}, maintenant=MAINTENANT)
    assert sans == {"nom": "x"}


def test_summary_shows_pages_labels_texts_and_details():
    pages = FORMULAIRE.lines_resume(REPONSES, maintenant=MAINTENANT)

    assert [page.titre for page in pages] == [
        "Votre enfant", "Vos ressources", "Les jours et les régimes",
    ]  # fmt: skip
    lignes = {ligne.libelle: ligne for page in pages for ligne in page.lignes}
    assert lignes["Enfant 1"].genre == "groupe"
    assert plat(lignes["Date de naissance"].texte) == "14 juin 2019"
    assert lignes["Votre quotient familial"].genre == "titre"
    assert plat(lignes["Prix d’un repas"].texte) == "3,42 €"
    assert lignes["Prix d’un repas"].etapes[-1].source.startswith("Délibération")
    assert "Laquelle ?" not in lignes


def test_projection_is_typed_and_visible_only():
    projection = FORMULAIRE.projection(REPONSES | {"motif": "caché"}, maintenant=MAINTENANT)
    assert projection["quotient"] == Decimal("912.00")
    assert projection["revenu_fiscal"] == Decimal(32832)
    assert projection["situation"] is False
    assert projection["jours_choisis"] == "Lundi, Jeudi"
    assert "motif" not in projection


def test_search_text_has_words_and_no_amount():
    texte = FORMULAIRE.search_text(REPONSES, maintenant=MAINTENANT)
    assert "Tessandre" in texte
    assert "Marin" in texte
    assert "0639980012" in texte
    assert "32832" not in texte


def test_export_columns_match_cells():
    colonnes = FORMULAIRE.list_colonnes()
    cellules = FORMULAIRE.list_cellules(REPONSES, maintenant=MAINTENANT)
    ligne = {colonne.code: cellule for colonne, cellule in zip(colonnes, cellules, strict=True)}
    assert ligne["nom"] == "Tessandre"
    assert ligne["prix"] == Decimal("3.42")
    assert ligne["motif"] is None


def test_json_schema_describes_the_stored_answers():
    schema = FORMULAIRE.export_schema()
    assert schema["properties"]["regime"]["anyOf"][0] == {"enum": ["standard", "sans_viande"]}
    ligne = schema["properties"]["enfants"]["items"]["properties"]["valeurs"]["properties"]
    assert ligne["repas"]["maximum"] == 5


def test_seda_fragments_carry_the_visible_answers():
    fragments = FORMULAIRE.export_seda(REPONSES, maintenant=MAINTENANT)
    assert ("Votre nom", "Tessandre") in [(f.libelle, f.valeur) for f in fragments]


def test_duration_follows_the_rules():
    un_champ = make_formulaire({"type": "texte_court", "id": "a", "libelle": "un deux trois"})
    # Titre « La page » (2 mots) et libellé (3 mots) à 140 mots par minute, puis 10 s.
    assert un_champ.duree_estimee() == round(5 * 60 / 140 + 10)
    fichier = make_formulaire(
        {"type": "piece_justificative", "id": "a", "libelle": "x", "obligatoire": False}
    )
    assert fichier.duree_estimee() == round(2 * 60 / 140 + (60 / 140 + 180) / 2)
    bloc = make_formulaire({"type": "bloc_repetable", "id": "b", "libelle": "x", "champs": [
        {"type": "siret", "id": "s", "libelle": "y"}]})  # fmt: skip
    assert bloc.duree_estimee() == round(3 * 60 / 140 + 2.5 * (60 / 140 + 60))
    assert FORMULAIRE.duree_estimee("jours") < FORMULAIRE.duree_estimee()
    assert [plat(format_duree(s)) for s in (5, 240, 3900)] == [
        "1 minute", "4 minutes", "1 heure et 5 minutes",
    ]  # fmt: skip


def test_unknown_or_hidden_page_is_refused():
    for page in ("perdue", "aide"):
        with pytest.raises(PageInconnue):
            FORMULAIRE.read_page(page, {}, {}, REPONSES, maintenant=MAINTENANT)


def test_wrong_json_is_not_compiled():
    with pytest.raises(DefinitionInvalide, match="pages"):
        compile_formulaire({"pages": 3})


@pytest.fixture
def _cache_vide():
    clear_cache()
    yield
    clear_cache()


@pytest.mark.usefixtures("_cache_vide")
def test_published_version_is_compiled_once():
    lectures = []

    def read_definition():
        lectures.append(1)
        return CANTINE

    premier = compile_formulaire(read_definition, version=12)
    assert compile_formulaire(read_definition, version="12") is premier
    assert get_compile(12) is premier
    assert len(lectures) == 1
    assert get_cache_info().compiles == 1
    assert compile_formulaire(CANTINE) is not premier


@pytest.mark.usefixtures("_cache_vide")
def test_cache_is_bounded_in_forms_and_in_fields():
    definition = Formulaire.model_validate(
        make_definition({"type": "texte_court", "id": "a", "libelle": "A"})
    )
    for version in range(cache.CACHE_FORMULAIRES + 10):
        compile_formulaire(definition, version=version)
    assert get_cache_info().presents == cache.CACHE_FORMULAIRES
    assert get_compile(0) is None
    assert get_compile(cache.CACHE_FORMULAIRES + 9) is not None

    gros = Formulaire.model_validate(
        make_definition(
            *[{"type": "texte_court", "id": f"a{rang}", "libelle": "A"} for rang in range(1000)]
        )
    )
    for version in range(25):
        compile_formulaire(gros, version=f"gros-{version}")
    assert get_cache_info().presents <= cache.CACHE_CHAMPS // 1000
