"""Définitions tirées au hasard : le contrôle ne lève jamais, ce qu’il accepte se compile."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from socle.fondations.formulaires.definition import TYPES_MODELES, Formulaire
from socle.fondations.formulaires.moteur import compare_versions, compile_formulaire
from socle.fondations.formulaires.rendu import render_page
from socle.fondations.formulaires.validation import check_formulaire, list_bloquantes
from tests.fondations.formulaires.outils import MAINTENANT, make_definition
from tests.fondations.formulaires.test_conditions_proprietes import conditions, json_quelconque

SANS_REFERENTIEL = sorted(set(TYPES_MODELES) - {"source", "bloc_repetable"})
identifiants = st.sampled_from(["a", "b", "c", "d", "e", "f"])
libelles = st.sampled_from(["Nom", "Prénom", "Âge", "Quel jour ?", "", "TOUT EN CAPITALES", "Où"])
formules = st.sampled_from(["a + b", "a / 12", "SI(a > 1 ; 2 ; 3)", "SOMME(c)", "", "(", "a + a"])
ATTRIBUTS: dict[str, st.SearchStrategy[Any]] = {
    "obligatoire": st.booleans(),
    "aide": st.text(max_size=30),
    "condition": st.one_of(st.none(), conditions),
    "options": st.lists(st.sampled_from(["Lundi", "Mardi", "Oui", ""]), max_size=3),
    "minimum": st.integers(-5, 5),
    "maximum": st.integers(1, 10),
    "formule": formules,
    "niveau": st.integers(1, 3),
    "texte": st.text(max_size=20),
}


SANS_BASE = sorted(set(SANS_REFERENTIEL) - {"pays", "departement", "adresse", "commune"})


@st.composite
def champs(draw: Any, types: list[str] = SANS_REFERENTIEL) -> dict[str, Any]:
    code = draw(st.sampled_from(types))
    champ: dict[str, Any] = {
        "type": code, "id": draw(identifiants), "libelle": draw(libelles),
    }  # fmt: skip
    for nom, strategie in ATTRIBUTS.items():
        if nom in TYPES_MODELES[code].model_fields and draw(st.booleans()):
            champ[nom] = draw(strategie)
    if code == "bloc_repetable":
        enfants = sorted(set(types) - {"bloc_repetable", "source"})
        champ["champs"] = draw(st.lists(champs(enfants), max_size=3))
    return champ


definitions = st.fixed_dictionaries(
    {
        "pages": st.lists(
            st.fixed_dictionaries(
                {
                    "id": st.sampled_from(["p", "q", "r"]),
                    "titre": st.sampled_from(["Vous", "Votre enfant", ""]),
                    "champs": st.lists(champs([*SANS_REFERENTIEL, "bloc_repetable"]), max_size=5),
                },
                optional={"condition": conditions},
            ),
            max_size=3,
        )
    }
)
reponses = st.dictionaries(
    identifiants,
    st.one_of(st.none(), st.booleans(), st.integers(-99, 99), st.text(max_size=8),
              st.lists(st.text(max_size=4), max_size=2), json_quelconque),
)  # fmt: skip


@settings(deadline=None)
@given(definitions)
def test_check_never_fails_and_what_it_accepts_round_trips(definition):
    anomalies = check_formulaire(definition)
    assert all(a.message and str(a) for a in anomalies)
    formulaire = Formulaire.model_validate(definition)
    rendue = json.loads(json.dumps(formulaire.model_dump(mode="json")))
    assert Formulaire.model_validate(rendue) == formulaire
    if not list_bloquantes(anomalies):
        assert compare_versions(formulaire, Formulaire.model_validate(rendue)) == []
        assert compile_formulaire(formulaire).nombre_champs == len(list(formulaire.iter_champs()))


@settings(deadline=None)
@given(definitions, definitions, reponses)
def test_engine_never_fails_on_any_form_and_any_answers(definition, autre, valeurs):
    """Même une définition fautive se compile : l’aperçu d’un brouillon doit marcher."""
    formulaire = compile_formulaire(definition)
    etat = formulaire.evaluate(valeurs, maintenant=MAINTENANT)
    assert etat.visibles.isdisjoint(etat.masques) or len(formulaire.structure.champs) != len(
        list(formulaire.definition.iter_champs())
    )
    formulaire.calculate(valeurs, maintenant=MAINTENANT)
    formulaire.check_complet(valeurs, maintenant=MAINTENANT)
    formulaire.lines_resume(valeurs, maintenant=MAINTENANT)
    formulaire.projection(valeurs, maintenant=MAINTENANT)
    formulaire.search_text(valeurs, maintenant=MAINTENANT)
    formulaire.list_cellules(valeurs, maintenant=MAINTENANT)
    json.dumps(formulaire.export_schema())
    json.dumps(formulaire.clean_masquees(valeurs, maintenant=MAINTENANT))
    avant, apres = Formulaire.model_validate(definition), Formulaire.model_validate(autre)
    assert all(str(c) for c in compare_versions(avant, apres))


@settings(deadline=None)
@given(definitions, reponses)
def test_cleaning_is_idempotent(definition, valeurs):
    formulaire = compile_formulaire(definition)
    propres = formulaire.clean_masquees(valeurs, maintenant=MAINTENANT)
    assert formulaire.clean_masquees(propres, maintenant=MAINTENANT) == propres


pages = st.lists(champs([*SANS_BASE, "bloc_repetable", "source"]), min_size=1, max_size=6)
postees = st.dictionaries(
    st.one_of(identifiants, st.sampled_from(["_action", "_presents", "a-lignes", "_bruts"])),
    st.one_of(
        st.text(max_size=10),
        st.sampled_from(["ajouter:a", "retirer:a:x", "a b c d", "appeler:b", "oui"]),
        st.lists(st.text(max_size=5), max_size=3),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(pages, reponses, postees)
def test_page_is_read_and_rendered_whatever_is_posted(liste, valeurs, donnees):
    formulaire = compile_formulaire(make_definition(*liste))
    saisie = formulaire.read_page("page", donnees, {}, valeurs, maintenant=MAINTENANT)
    page = render_page(formulaire, "page", saisie.valeurs, maintenant=MAINTENANT, saisie=saisie)
    assert "<script" not in page.zone
    assert page.zone.count("<div") == page.zone.count("</div>")
    assert page.zone.count("<fieldset") == page.zone.count("</fieldset>")
    assert {erreur.id for erreur in page.erreurs} == {f"champ-{c}" for c in saisie.erreurs}
    assert isinstance(saisie.valeurs, dict)
    assert saisie.valeurs is not valeurs
