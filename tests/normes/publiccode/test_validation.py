"""Chaque règle de la norme, avec le lieu de la faute ; et des valeurs de toute sorte."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.normes.publiccode.ecriture import write_publiccode
from socle.normes.publiccode.errors import PubliccodeInvalide
from socle.normes.publiccode.lecture import read_publiccode
from socle.normes.publiccode.validation import (
    Gravite,
    check_publiccode,
    is_adresse,
    is_expression,
    list_erreurs,
)

RACINE = Path(__file__).resolve().parents[3]
FICHE: dict[str, Any] = {
    "publiccodeYmlVersion": "0.4",
    "name": "Guichet",
    "url": "https://exemple.fr/guichet.git",
    "releaseDate": "2026-11-21",
    "platforms": ["web"],
    "categories": ["digital-citizenship"],
    "developmentStatus": "stable",
    "softwareType": "standalone/web",
    "description": {
        "fr": {
            "shortDescription": "Un guichet.",
            "longDescription": "Un guichet pour toutes les demandes. " * 6,
            "features": ["Déposer une demande"],
        }
    },
    "legal": {"license": "EUPL-1.2"},
    "maintenance": {"type": "community", "contacts": [{"name": "Ada Fournel"}]},
    "localisation": {"localisationReady": True, "availableLanguages": ["fr"]},
}


def change(chemin: str, valeur: Any) -> dict[str, Any]:
    fiche = copy.deepcopy(FICHE)
    *parents, dernier = chemin.split("/")
    bloc = fiche
    for nom in parents:
        bloc = bloc[int(nom) if isinstance(bloc, list) else nom]
    bloc[dernier] = valeur
    return fiche


def test_conforming_sheet_has_nothing_to_correct():
    assert check_publiccode(FICHE) == []


def test_our_own_sheet_conforms():
    fiche = read_publiccode((RACINE / "publiccode.yml").read_bytes())
    assert check_publiccode(fiche) == []


@pytest.mark.parametrize(
    ("chemin", "valeur", "lieu", "code"),
    [
        ("publiccodeYmlVersion", "9", "publiccodeYmlVersion", "version"),
        ("name", None, "name", "obligatoire"),
        ("name", "<b>x</b>", "name", "html"),
        ("url", "exemple.fr", "url", "adresse"),
        ("url", "https://ada:secret@exemple.fr/", "url", "adresse"),
        ("landingURL", "javascript:alert(1)", "landingURL", "adresse"),
        ("releaseDate", "21/11/2026", "releaseDate", "date"),
        ("releaseDate", "2026-02-30", "releaseDate", "date"),
        ("platforms", [], "platforms", "obligatoire"),
        ("categories", ["mairie"], "categories/0", "valeur"),
        ("developmentStatus", "fini", "developmentStatus", "valeur"),
        ("softwareType", "web", "softwareType", "valeur"),
        ("description", {}, "description", "obligatoire"),
        ("description", {"français": {}}, "description/français", "langue"),
        ("description/fr/shortDescription", "x" * 151, "description/fr/shortDescription",
         "longueur"),
        ("description/fr/longDescription", "court", "description/fr/longDescription", "longueur"),
        ("description/fr/features", "une", "description/fr/features", "forme"),
        ("description/fr/genericName", "x" * 36, "description/fr/genericName", "longueur"),
        ("legal/license", "libre et gratuit", "legal/license", "licence"),
        ("maintenance/type", "moi", "maintenance/type", "valeur"),
        ("maintenance", {"type": "contract"}, "maintenance/contractors", "obligatoire"),
        ("maintenance", {"type": "internal"}, "maintenance/contacts", "obligatoire"),
        ("maintenance/contractors", [{"name": "A"}], "maintenance/contractors/0/until",
         "obligatoire"),
        ("maintenance/contacts", [{"name": "A", "email": "a b"}], "maintenance/contacts/0/email",
         "courriel"),
        ("localisation/localisationReady", "oui", "localisation/localisationReady", "forme"),
        ("localisation/availableLanguages", ["français"], "localisation/availableLanguages/0",
         "valeur"),
        ("intendedAudience", {"countries": ["FRA"]}, "intendedAudience/countries/0", "valeur"),
        ("dependsOn", {"open": [{}]}, "dependsOn/open/0/name", "obligatoire"),
        ("fundedBy", ["moi"], "fundedBy/0", "forme"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place(chemin, valeur, lieu, code):
    erreurs = list_erreurs(change(chemin, valeur))

    assert (lieu, code) in {(erreur.lieu, erreur.code) for erreur in erreurs}
    assert all(erreur.message for erreur in erreurs)


def test_unknown_key_and_rare_licence_are_advice_only():
    conseils = check_publiccode(change("couleur", "bleu")) + check_publiccode(
        change("legal/license", "Ma-Licence-1.0")
    )

    assert {c.gravite for c in conseils} == {Gravite.CONSEIL}
    assert [c.lieu for c in conseils] == ["couleur", "legal/license"]


@pytest.mark.parametrize(
    ("expression", "vraie"),
    [
        ("MIT", True),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", True),
        ("(MIT OR Apache-2.0) AND EUPL-1.2", True),
        ("MIT OR", False),
        ("(MIT", False),
        ("MIT Apache-2.0", False),
        ("", False),
    ],
)
def test_licence_expression_is_read_as_spdx(expression, vraie):
    assert is_expression(expression) is vraie


def test_address_is_complete_and_without_secret():
    assert is_adresse("https://exemple.fr/a?b=1")
    assert not is_adresse("https://exemple.fr:port/")
    assert not is_adresse("file:///etc/passwd")


def test_what_we_write_is_read_back_the_same():
    ecrit = write_publiccode(FICHE | {"roadmap": "", "usedBy": []})

    assert read_publiccode(ecrit) == FICHE | {
        "description": {"fr": FICHE["description"]["fr"]},
    }
    assert ecrit.startswith(b"publiccodeYmlVersion: '0.4'\nname: Guichet\n")


def test_non_conforming_sheet_is_never_written():
    with pytest.raises(PubliccodeInvalide) as refus:
        write_publiccode(change("url", "ailleurs"))

    assert [a.lieu for a in refus.value.anomalies] == ["url"]


simples = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
valeurs = st.recursive(
    simples,
    lambda dedans: (
        st.lists(dedans, max_size=3) | st.dictionaries(st.text(max_size=6), dedans, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FICHE)), valeurs)
def test_no_value_of_any_kind_breaks_the_check(cle, valeur):
    for anomalie in check_publiccode(FICHE | {cle: valeur}):
        assert anomalie.message


@given(st.text(max_size=60), st.text(min_size=150, max_size=300), st.lists(st.text(), max_size=3))
def test_whatever_passes_the_check_is_written_and_read_back(nom, longue, fonctions):
    bloc = {"shortDescription": nom, "longDescription": longue, "features": fonctions}
    fiche = FICHE | {"name": nom, "description": {"fr": bloc}}
    try:
        ecrit = write_publiccode(fiche)
    except PubliccodeInvalide:
        return
    assert list_erreurs(read_publiccode(ecrit)) == []
