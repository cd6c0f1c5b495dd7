"""Ce que la personne avait écrit lui est rendu, jamais ses secrets."""

import re
from pathlib import Path

import pytest
from django.test import RequestFactory

from socle.fondations.commun.saisie import (
    AMBIGUS,
    CACHES,
    CARACTERES_MAX,
    LIGNES,
    SECRETS,
    TEXTES_MAX,
    collect_saisie,
    find_page,
)

SOURCES = Path(__file__).resolve().parents[3] / "src" / "socle"
CACHE = re.compile(r'<(?:input|button)\b(?=[^>]*type="hidden"|[^>]*type="submit")[^>]*>')


def post(**champs):
    return RequestFactory().post("/", champs)


def read(**champs) -> list[tuple[str, str]]:
    return [(ligne.libelle, ligne.texte) for ligne in collect_saisie(post(**champs))]


def test_collect_saisie_keeps_long_and_short_texts_with_their_name():
    assert read(corps="Bonjour,\nvoici ma demande.", prenom="Léa", telephone="0612345678") == [
        ("Texte", "Bonjour,\nvoici ma demande."),
        ("Prénom", "Léa"),
        ("Téléphone", "0612345678"),
    ]


@pytest.mark.parametrize(
    "texte",
    ["Jean-Christophe", "06-12-34-56-78", "lea@exemple.fr", "FR7630006000011234567890189", "1 200"],
)
def test_collect_saisie_keeps_what_looks_like_a_code_but_was_typed(texte):
    assert [ligne for _, ligne in read(reponse=texte)] == [texte]


def test_collect_saisie_keeps_the_code_postal_and_a_question_named_demande():
    assert read(code_postal="92140", demande="Une place à la crèche") == [
        ("Code postal", "92140"),
        ("Demande", "Une place à la crèche"),
    ]


def test_collect_saisie_names_a_field_of_a_repeated_block():
    assert read(**{"enfants-1-prenom": "Ana"}) == [("Enfants prénom", "Ana")]


def test_collect_saisie_never_shows_secrets_nor_jetons():
    assert (
        read(
            mot_de_passe="une longue phrase secrète",
            new_password1="une autre phrase secrète",
            csrfmiddlewaretoken="x y" * 20,
            code_totp="123 456 789 012",
            code="123456",
            cle_api="abc def ghi",
            dossier="0198f1c2-7d4e-7b11-9c3c-2f1b7f0a9e11",
            empreinte="9f86d081884c7d659a2feaa0c55ad015",
            etat="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
            revision="12",
            onglet="a1b2c3d4e5f60718",
            demande="12",
            _action="continuer",
            **{"enfants-lignes": "0 1"},
        )
        == []
    )


def test_every_hidden_field_of_a_gabarit_is_left_out():
    """Un champ caché de plus se range dans CACHES ou AMBIGUS, ou ne serait pas caché ici."""
    noms = {
        nom
        for fichier in SOURCES.rglob("*.html")
        if "simulateurs" not in fichier.parts
        for balise in CACHE.findall(fichier.read_text())
        for nom in re.findall(r'\bname="([^"{}]+)"', balise)
    }
    connus = {n for n in noms if n in CACHES | AMBIGUS or SECRETS.search(n) or LIGNES.search(n)}

    assert sorted(noms - connus - {"motif"}) == []  # le motif relu a été tapé : il est rendu
    assert len(noms) > 15


def test_collect_saisie_is_bounded():
    beaucoup = {f"champ{n}": f"réponse numéro {n}" for n in range(100)}
    enorme = {"champ": "x y " * (CARACTERES_MAX // 4 + 1)}

    assert len(collect_saisie(post(**beaucoup))) == TEXTES_MAX
    assert collect_saisie(post(**enorme)) == []


def test_collect_saisie_of_a_get_is_empty():
    assert collect_saisie(RequestFactory().get("/?message=Bonjour+tout+le+monde")) == []


@pytest.mark.parametrize(
    ("referent", "attendu"),
    [
        ("http://testserver/c/clamart/dossiers/4/?vu=1", "/c/clamart/dossiers/4/?vu=1"),
        ("http://ailleurs.example/c/clamart/", ""),
        ("http://testserver//ailleurs.example/", ""),
        ("http://testserver/\\ailleurs.example/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_find_page_never_leaves_the_site(referent, attendu):
    assert find_page(RequestFactory().post("/", headers={"Referer": referent})) == attendu
