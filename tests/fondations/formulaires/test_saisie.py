"""Lecture d’une page postée : erreurs, questions qui apparaissent, blocs, fichiers, boutons."""

from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from socle.fondations.formulaires.moteur import (
    CHOISIR_SOURCE,
    compare_reponses,
    compile_formulaire,
    make_ulid,
)
from tests.fondations.formulaires.exemples import CANTINE, REPONSES
from tests.fondations.formulaires.outils import MAINTENANT, make_formulaire, make_reponse, plat

FORMULAIRE = compile_formulaire(CANTINE)
LIGNE = "01KADCG5C0000000000000000A"


def read(page: str, postees, reponses=None, fichiers=None, formulaire=FORMULAIRE, **options):
    return formulaire.read_page(
        page, postees, fichiers or {}, reponses or {}, maintenant=MAINTENANT, **options
    )


def test_page_is_read_from_a_real_query():
    donnees = QueryDict(
        "_presents=jours_choisis+regime+reglement&jours_choisis=lundi&jours_choisis=jeudi"
        "&regime=autre&regime-autre=Sans+porc&reglement=oui"
    )
    saisie = read("jours", donnees)
    assert saisie.is_complete
    assert saisie.valeurs == {
        "jours_choisis": ["lundi", "jeudi"], "regime": {"autre": "Sans porc"}, "reglement": True,
    }  # fmt: skip


def test_other_pages_are_kept_and_the_given_answers_left_alone():
    avant = {"nom": "Tessandre", "regime": "standard"}
    saisie = read("jours", {"regime": "sans_viande"}, avant)
    assert saisie.valeurs["nom"] == "Tessandre"
    assert saisie.valeurs["regime"] == "sans_viande"
    assert avant == {"nom": "Tessandre", "regime": "standard"}


def test_missing_answers_are_named_only_when_continuing():
    assert set(read("jours", {}).erreurs) == {"jours_choisis", "regime", "reglement"}
    assert read("jours", {}, exiger=False).erreurs == {}
    assert read("jours", {"_action": "enregistrer"}).erreurs == {}
    assert set(read("jours", {"_action": "n’importe quoi"}).erreurs) == {
        "jours_choisis", "regime", "reglement",
    }  # fmt: skip


def test_unreadable_typing_is_kept_and_shown_again():
    saisie = read("ressources", {"revenu_fiscal": "21 600 €", "parts": "une et demie"})
    assert saisie.valeurs["revenu_fiscal"] == 21600
    assert saisie.valeurs["_bruts"] == {"parts": "une et demie"}
    assert "parts" not in saisie.valeurs

    reprise = read("ressources", {"parts": "1,5"}, saisie.valeurs)
    assert reprise.valeurs["parts"] == "1.5"
    assert "_bruts" not in reprise.valeurs


def test_value_out_of_bounds_is_kept_and_refused():
    saisie = read("ressources", {"parts": "0,25"})
    assert saisie.valeurs["parts"] == "0.25"
    assert plat(saisie.erreurs["parts"]) == "Ce nombre est trop petit : 0,5 au moins."


def test_question_that_appears_is_shown_before_being_required():
    presents = "impots revenu_fiscal parts situation"
    posté = {"revenu_fiscal": "100", "parts": "1", "situation": "oui"}
    saisie = read("ressources", posté | {"_presents": presents})
    assert (saisie.erreurs, saisie.apparus, saisie.is_complete) == ({}, ("jugement",), False)

    suite = read("ressources", posté | {"_presents": f"{presents} jugement"}, saisie.valeurs)
    assert suite.erreurs == {"jugement": "Joignez le fichier demandé."}


def test_hidden_field_keeps_its_answer_without_error():
    formulaire = make_formulaire(
        {"type": "oui_non", "id": "o", "libelle": "Oui ?"},
        {"type": "nombre_entier", "id": "n", "libelle": "N", "condition": ["=", ["champ", "o"],
                                                                            "oui"]},
    )  # fmt: skip
    saisie = read("page", {"o": "non", "n": "pas un nombre"}, formulaire=formulaire)
    assert saisie.is_complete
    assert saisie.valeurs["_bruts"] == {"n": "pas un nombre"}
    propres = formulaire.clean_masquees(saisie.valeurs, maintenant=MAINTENANT)
    assert propres == {"o": False}


def test_field_of_another_page_cannot_be_written():
    saisie = read("jours", {"nom": "Pirate", "revenu_fiscal": "0", "prix": "0"}, REPONSES)
    assert saisie.valeurs["nom"] == "Tessandre"
    assert saisie.valeurs["revenu_fiscal"] == 32832
    assert "prix" not in saisie.valeurs


def test_field_that_was_not_served_cannot_be_written():
    saisie = read(
        "ressources", {"_presents": "parts", "revenu_fiscal": "1", "parts": "2"}, REPONSES
    )
    assert saisie.valeurs["revenu_fiscal"] == 32832
    assert saisie.valeurs["parts"] == "2"


def test_rows_are_added_and_removed_without_javascript():
    saisie = read("enfant", {"_action": "ajouter:enfants"})
    [ligne] = saisie.valeurs["enfants"]
    assert len(ligne["ligne"]) == 26
    assert saisie.erreurs == {}

    nom = f"enfants-{ligne['ligne']}-prenom"
    postees = {"enfants-lignes": [ligne["ligne"]], nom: "Marin", "_action": "ajouter:enfants"}
    saisie = read("enfant", postees, saisie.valeurs)
    assert [e["valeurs"].get("prenom") for e in saisie.valeurs["enfants"]] == ["Marin", None]
    assert saisie.action.champ == "enfants"

    seconde = saisie.valeurs["enfants"][1]["ligne"]
    postees = {"_action": f"retirer:enfants:{seconde}"}
    saisie = read("enfant", postees, saisie.valeurs)
    assert [e["valeurs"].get("prenom") for e in saisie.valeurs["enfants"]] == ["Marin"]
    saisie = read("enfant", {"_action": f"retirer:enfants:{ligne['ligne']}"}, saisie.valeurs)
    assert "enfants" not in saisie.valeurs


def test_errors_of_a_row_have_their_own_path():
    postees = {
        "enfants-lignes": [LIGNE],
        f"enfants-{LIGNE}-prenom": "Marin",
        f"enfants-{LIGNE}-naissance": "2027-01-01",
        f"enfants-{LIGNE}-allergie": "oui",
        f"enfants-{LIGNE}-repas": "9",
    }
    saisie = read("enfant", postees)
    erreurs = {chemin.rpartition("-")[2]: plat(e) for chemin, e in saisie.erreurs.items()
               if chemin.startswith("enfants-")}  # fmt: skip
    assert erreurs == {
        "naissance": "Cette date est dans le futur.",
        "allergie_detail": "Remplissez ce champ.",
        "repas": "Ce nombre est trop grand : 5 repas au plus.",
    }


def test_rows_are_bounded_and_hostile_identifiers_ignored():
    ulids = [make_ulid() for _ in range(20)]
    postees = {"enfants-lignes": ["../../etc", "x" * 26, "<script>", *ulids]}
    saisie = read("enfant", postees, exiger=False)
    assert [e["ligne"] for e in saisie.valeurs["enfants"]] == ulids[:6]
    pleine = read("enfant", {"_action": "ajouter:enfants"}, saisie.valeurs)
    assert len(pleine.valeurs["enfants"]) == 6


def test_buttons_only_touch_what_the_page_holds():
    gestes = ("retirer_piece:nom:x", "retirer:nom:x", "ajouter:nom", "retirer_piece:impots:x",
              "retirer:enfants:x", "ajouter:enfants", "ajouter:", "retirer_piece:_bruts:x",
              "ajouter:perdu", "retirer_piece:a-b-c:x")  # fmt: skip
    avant = REPONSES | {"impots": {"etat": "recue"}, "_bruts": {"telephone": "06"}}
    for geste in gestes:
        apres = read("jours", {"_presents": "", "_action": geste}, avant).valeurs
        assert apres == avant, geste
    sur_sa_page = {"_presents": "", "_action": "retirer_piece:nom:x"}
    assert read("enfant", sur_sa_page, avant).valeurs["nom"] == "Tessandre"


def test_smaller_maximum_loses_no_row():
    lignes = [{"ligne": make_ulid(), "valeurs": {"prenom": str(rang)}} for rang in range(9)]
    saisie = read("enfant", {}, {"enfants": lignes}, exiger=False)
    assert len(saisie.valeurs["enfants"]) == 9
    [erreur] = [e for e in FORMULAIRE.check_complet(saisie.valeurs, maintenant=MAINTENANT)
                if e.chemin == "enfants"]  # fmt: skip
    assert plat(erreur.message) == "6 lignes au plus : retirez-en."


def test_row_unknown_to_this_tab_is_not_lost():
    autre = make_ulid()
    avant = {"enfants": [{"ligne": autre, "valeurs": {"prenom": "Ada"}}]}
    postees = {"enfants-lignes": [LIGNE], f"enfants-{LIGNE}-prenom": "Marin"}
    saisie = read("enfant", postees, avant, exiger=False)
    assert [e["valeurs"]["prenom"] for e in saisie.valeurs["enfants"]] == ["Marin", "Ada"]


def test_ulids_are_unique_and_sorted_by_time():
    ulids = [make_ulid() for _ in range(500)]
    assert len(set(ulids)) == 500
    assert all(ulid[0] in "01234567" and len(ulid) == 26 for ulid in ulids)


FICHIER = {
    "type": "piece_justificative", "id": "piece", "libelle": "La pièce", "formats": ["pdf"],
    "taille_max": 1000, "nombre": 2,
}  # fmt: skip


@dataclass
class FichierLeger:
    """Un fichier posté, sans son contenu : le moteur ne lit que le nom et la taille."""

    name: str
    size: int


def read_fichiers(*fichiers: FichierLeger, reponses=None):
    formulaire = make_formulaire(FICHIER)
    postes = MultiValueDict({"piece": list(fichiers)})
    return read("page", {}, reponses, postes, formulaire)


def test_files_are_sorted_into_accepted_and_refused():
    bon = FichierLeger("avis.PDF", 900)
    saisie = read_fichiers(bon, FichierLeger("photo.jpg", 10), FichierLeger("gros.pdf", 31_000_000),
                           FichierLeger("vide.pdf", 0), FichierLeger("sans", 3))  # fmt: skip
    assert saisie.fichiers == {"piece": [bon]}
    refus = plat(saisie.erreurs["piece"])
    assert "« photo.jpg » n’est pas d’un format admis : PDF." in refus
    assert "« gros.pdf » pèse 31 Mo, la limite est de 1 Ko." in refus
    assert "« vide.pdf » est vide." in refus


def test_number_of_files_counts_those_already_there():
    deja = {"piece": [{"document": "d1", "nom": "a.pdf", "taille": 10}]}
    saisie = read_fichiers(FichierLeger("b.pdf", 10), FichierLeger("c.pdf", 10), reponses=deja)
    assert [f.name for f in saisie.fichiers["piece"]] == ["b.pdf"]
    assert "« c.pdf » est en trop" in plat(saisie.erreurs["piece"])


def test_file_sent_again_to_a_full_field_is_neither_refused_nor_doubled():
    deja = {
        "piece": [
            {"document": "d1", "nom": "a.pdf", "taille": 10},
            {"document": "d2", "nom": "b.pdf", "taille": 20},
        ]
    }
    saisie = read_fichiers(FichierLeger("B.pdf", 20), reponses=deja)
    assert (saisie.fichiers, saisie.erreurs) == ({}, {})

    autre = read_fichiers(FichierLeger("b.pdf", 21), reponses=deja)
    assert "est en trop" in plat(autre.erreurs["piece"])


def test_hostile_file_names_are_cleaned_in_messages():
    saisie = read_fichiers(FichierLeger("a\x00b\u202efdp.exe" + "x" * 500, 10))
    assert "\x00" not in saisie.erreurs["piece"]
    assert "\u202e" not in saisie.erreurs["piece"]
    assert len(saisie.erreurs["piece"]) < 200


def test_accepted_file_satisfies_a_required_field():
    formulaire = make_formulaire(FICHIER)
    fichier = SimpleUploadedFile("avis.pdf", b"%PDF-1.7")
    saisie = read("page", {}, {}, MultiValueDict({"piece": [fichier]}), formulaire)
    assert saisie.is_complete
    assert saisie.fichiers["piece"] == [fichier]
    assert set(read("page", {}, {}, {}, formulaire).erreurs) == {"piece"}


def test_pieces_are_attached_and_removed():
    piece = {"document": "d1", "nom": "a.pdf", "taille": 10, "type_mime": "application/pdf"}
    formulaire = make_formulaire(FICHIER)
    reponses = formulaire.attach_pieces("piece", [piece], {})
    assert reponses == {"piece": [piece]}
    assert read("page", {}, reponses, formulaire=formulaire).is_complete
    saisie = read("page", {"_action": "retirer_piece:piece:d1"}, reponses, formulaire=formulaire)
    assert "piece" not in saisie.valeurs


def test_pieces_of_a_row_are_attached_to_that_row():
    formulaire = make_formulaire(
        {"type": "bloc_repetable", "id": "b", "libelle": "B", "champs": [FICHIER]}
    )
    reponses = {"b": [{"ligne": LIGNE, "valeurs": {}}]}
    piece = {"document": "d1", "nom": "a.pdf", "taille": 10}
    apres = formulaire.attach_pieces(f"b-{LIGNE}-piece", [piece], reponses)
    assert apres["b"][0]["valeurs"]["piece"] == [piece]
    assert reponses == {"b": [{"ligne": LIGNE, "valeurs": {}}]}
    [changement] = compare_reponses(formulaire, reponses, apres, maintenant=MAINTENANT)
    assert plat(changement.apres) == "a.pdf, 10 octets"


def apply_impots(valeurs, reponses=None):
    return FORMULAIRE.apply_source(
        "impots", make_reponse(valeurs), reponses or {}, maintenant=MAINTENANT
    )


def test_source_fills_locks_and_says_where_from():
    reception = apply_impots({"revenu_fiscal_reference": "32832", "nombre_parts": 3})
    reponses = reception.reponses
    assert (reponses["revenu_fiscal"], reponses["parts"]) == (32832, "3")
    assert (reception.refusees, reception.absentes) == ({}, ())
    assert reponses["impots"]["trace"]["identifiant_requete"] == "abc"

    forge = read("ressources", {"revenu_fiscal": "0", "parts": "9", "situation": "non"}, reponses)
    assert (forge.valeurs["revenu_fiscal"], forge.valeurs["parts"]) == (32832, "3")
    assert forge.is_complete

    [page] = [
        p for p in FORMULAIRE.lines_resume(reponses, maintenant=MAINTENANT) if p.id == "ressources"
    ]
    sources = {ligne.libelle: plat(ligne.source) for ligne in page.lignes}
    assert sources["Revenu fiscal de référence"] == (
        "Impôts, avis 2025, le 21 novembre 2026 à 10 h 30"
    )
    calcul = FORMULAIRE.calculate(reponses, maintenant=MAINTENANT)["quotient"]
    assert calcul.etapes[0].source.startswith("Impôts, avis 2025")


def test_person_may_answer_by_hand_after_all():
    reponses = apply_impots({"revenu_fiscal_reference": 32832, "nombre_parts": 3}).reponses
    main = FORMULAIRE.fill_by_hand("impots", reponses, maintenant=MAINTENANT)
    saisie = read("ressources", {"revenu_fiscal": "100", "parts": "1", "situation": "non"}, main)
    assert saisie.valeurs["revenu_fiscal"] == 100
    lignes = FORMULAIRE.lines_resume(saisie.valeurs, maintenant=MAINTENANT)[0].lignes
    assert all(ligne.source == "" for ligne in lignes)


def test_refused_and_absent_data_are_reported_and_never_stored():
    reception = apply_impots({"revenu_fiscal_reference": "<script>"})
    assert list(reception.refusees) == ["revenu_fiscal_reference"]
    assert reception.absentes == ("nombre_parts",)
    assert "revenu_fiscal" not in reception.reponses


def test_failed_source_leaves_the_fields_open():
    reponses = FORMULAIRE.fail_source(
        "impots", "Le service des impôts ne répond pas.", {}, maintenant=MAINTENANT
    )
    saisie = read(
        "ressources", {"revenu_fiscal": "100", "parts": "1", "situation": "non"}, reponses
    )
    assert saisie.is_complete


def test_pending_source_asks_for_a_choice():
    saisie = read("ressources", {"_presents": "impots situation", "situation": "non"})
    assert saisie.erreurs == {"impots": CHOISIR_SOURCE}
    assert saisie.apparus == ()


@pytest.mark.parametrize("action", ["appeler:impots", "a_la_main:impots"])
def test_source_buttons_are_reported_to_the_view(action):
    saisie = read("ressources", {"_action": action})
    assert f"{saisie.action.nom}:{saisie.action.champ}" == action
    assert saisie.erreurs == {}


def test_source_data_of_a_hidden_field_leaves_no_trace_at_filing():
    formulaire = make_formulaire(
        {"type": "oui_non", "id": "o", "libelle": "Oui ?"},
        {"type": "source", "id": "s", "code": "impots_revenu",
         "correspondances": [{"donnee": "revenu", "champ": "n"}]},
        {"type": "nombre_entier", "id": "n", "libelle": "N",
         "condition": ["=", ["champ", "o"], "oui"]},
    )  # fmt: skip
    recues = formulaire.apply_source(
        "s", make_reponse({"revenu": 5}), {"o": True}, maintenant=MAINTENANT
    ).reponses
    assert recues["n"] == 5
    propres = formulaire.clean_masquees(recues | {"o": False}, maintenant=MAINTENANT)
    assert "n" not in propres
    assert propres["s"]["valeurs"] == {}
