"""Ce qui change d’une version à l’autre, et d’un état d’une demande à l’autre."""

import copy

from socle.fondations.formulaires.definition import Formulaire
from socle.fondations.formulaires.moteur import (
    compare_reponses,
    compare_versions,
    compile_formulaire,
)
from tests.fondations.formulaires.exemples import CANTINE, REPONSES
from tests.fondations.formulaires.outils import MAINTENANT, make_definition, plat


def compare(avant: dict, apres: dict) -> list[str]:
    changements = compare_versions(
        Formulaire.model_validate(avant), Formulaire.model_validate(apres)
    )
    return [plat(str(changement)) for changement in changements]


def change(modifie) -> list[str]:
    apres = copy.deepcopy(CANTINE)
    modifie(apres)
    return compare(CANTINE, apres)


def test_same_version_has_no_difference():
    assert change(lambda f: None) == []


def test_each_change_is_a_french_sentence():
    def modifie(formulaire):
        enfant, ressources, aide, jours = formulaire["pages"]
        enfant["champs"][1] |= {"libelle": "Nom de famille", "aide": "Comme à l’état civil."}
        enfant["champs"][2]["obligatoire"] = False
        enfant["champs"].append({"type": "date", "id": "ajout", "libelle": "Rentrée"})
        del ressources["champs"][6]
        ressources["champs"][6]["condition"] = None
        aide["condition"] = ["<", ["champ", "quotient"], 500]
        jours["titre"] = "Vos jours"
        jours["champs"][0]["options"] = ["Lundi", {"id": "mardi", "libelle": "mardi"}, "Mercredi",
                                         "Vendredi"]  # fmt: skip
        formulaire["baremes"][0]["tranches"][0]["valeur"] = "1.10"

    assert change(modifie) == [
        "Page « Demander une aide » : s’affiche maintenant si « Quotient familial » est inférieur "
        "à 500 €.",
        "La page « Les jours et les régimes » s’appelle maintenant « Vos jours ».",
        "Le champ « Nom de famille » : le libellé était « Votre nom ».",
        "Le champ « Nom de famille » : l’aide change.",
        "Le champ « Votre adresse électronique » : devient facultatif.",
        "Le champ « Rentrée » est ajouté (date).",
        "Le champ « Le jugement ou l’accord de garde » : s’affiche toujours.",
        "Le champ « Jours de cantine » : « Mercredi » s’ajoute, « Jeudi » disparaît, "
        "« Mardi » devient « mardi ».",
        "Le champ « Votre situation a-t-elle changé depuis l’avis d’impôt ? » est retiré.",
        "Le barème « Tarif de la cantine » change.",
    ]


def test_moved_fields_are_the_fewest_possible():
    def texte(id_):
        return {"type": "texte_court", "id": id_, "libelle": id_.upper()}

    avant = make_definition(*map(texte, "abcde"))
    assert compare(avant, make_definition(*map(texte, "eabcd"))) == [
        "Le champ « E » change de place."
    ]
    assert compare(avant, make_definition(*map(texte, "bacde"))) == [
        "Le champ « A » change de place."
    ] or compare(avant, make_definition(*map(texte, "bacde"))) == [
        "Le champ « B » change de place."
    ]
    assert compare(avant, make_definition(*map(texte, "axbcde"))) == [
        "Le champ « X » est ajouté (texte court)."
    ]


def test_pages_added_removed_and_reordered():
    def page(id_):
        return {"id": id_, "titre": id_.upper(), "champs": []}

    avant, apres = {"pages": [page("a"), page("b"), page("c")]}, {"pages": [page("c"), page("a"),
                                                                            page("d")]}  # fmt: skip
    assert compare(avant, apres) == [
        "La page « D » est ajoutée.",
        "La page « B » est retirée.",
        "L’ordre des pages change.",
    ]


def test_type_change_is_said_once():
    avant = make_definition({"type": "texte_court", "id": "a", "libelle": "A"})
    apres = make_definition({"type": "date", "id": "a", "libelle": "A"})
    assert compare(avant, apres) == ["Le champ « A » : texte court devient date."]


def test_answers_are_compared_as_people_read_them():
    formulaire = compile_formulaire(CANTINE)
    apres = copy.deepcopy(REPONSES) | {"revenu_fiscal": 12000, "motif": "Chômage"}
    apres["enfants"][0]["valeurs"]["prenom"] = "Marine"

    changements = compare_reponses(formulaire, REPONSES, apres, maintenant=MAINTENANT)

    assert [(c.libelle, plat(c.avant), plat(c.apres)) for c in changements] == [
        ("Enfant 1, Prénom", "Marin", "Marine"),
        ("Revenu fiscal de référence", "32 832 €", "12 000 €"),
        ("Quotient familial", "912 €", "333,33 €"),
        ("Prix d’un repas", "3,42 €", "1 €"),
        ("Le motif de votre demande", "", "Chômage"),
    ]


def test_same_file_name_with_another_document_is_a_change():
    formulaire = compile_formulaire(CANTINE)
    piece = {"document": "d1", "nom": "jugement.pdf", "taille": 9000}
    avant = REPONSES | {"situation": True, "jugement": [piece]}
    apres = avant | {"jugement": [piece | {"document": "d2"}]}
    [changement] = compare_reponses(formulaire, avant, apres, maintenant=MAINTENANT)
    assert changement.chemin == "jugement"


def test_answers_of_two_versions_are_compared():
    ancien = compile_formulaire(CANTINE)
    definition = copy.deepcopy(CANTINE)
    del definition["pages"][3]["champs"][1]
    nouveau = compile_formulaire(definition)
    changements = compare_reponses(
        nouveau, REPONSES, REPONSES, maintenant=MAINTENANT, formulaire_avant=ancien
    )
    assert [(c.libelle, c.avant, c.apres) for c in changements] == [("Régime", "Standard", "")]
