"""Pages par clé : dans les deux sens, à clés égales, aucune ligne deux fois ni oubliée."""

import json
from base64 import urlsafe_b64encode

import pytest
from django.utils import timezone

from socle.fondations.commun.models import Frequence
from socle.fondations.commun.pagination import encode_jeton, find_voisins, paginate_keyset

CLES = ("nombre", "cle")
TAILLE = 3


@pytest.fixture
def lignes(db) -> list[tuple[int, str]]:
    """Onze lignes dont cinq portent le même nombre ; rendues dans l’ordre croissant."""
    nombres = [1, 2, 2, 2, 2, 2, 3, 4, 4, 5, 9]
    Frequence.objects.bulk_create(
        Frequence(cle=f"k{rang:02}", nombre=nombre, expire_le=timezone.now())
        for rang, nombre in enumerate(nombres)
    )
    return [(nombre, f"k{rang:02}") for rang, nombre in enumerate(nombres)]


def read_page(croissant: bool, **place: str):
    return paginate_keyset(
        Frequence.objects.all(),
        cles=CLES,
        taille=TAILLE,
        croissant=croissant,
        apres=place.get("apres", ""),
        avant=place.get("avant", ""),
    )


def read_cles(page) -> list[tuple[int, str]]:
    return [(ligne.nombre, ligne.cle) for ligne in page.lignes]


@pytest.mark.parametrize("croissant", [True, False])
def test_pages_give_each_row_once_in_order(lignes, croissant):
    page, vues = read_page(croissant), []
    vues += read_cles(page)
    assert page.est_premiere
    assert page.precedente == ""
    while page.suivante:
        page = read_page(croissant, apres=page.suivante)
        assert not page.est_premiere
        vues += read_cles(page)

    assert vues == (lignes if croissant else lignes[::-1])


@pytest.mark.parametrize("croissant", [True, False])
def test_going_back_gives_the_same_pages(lignes, croissant):
    aller = [read_page(croissant)]
    while aller[-1].suivante:
        aller.append(read_page(croissant, apres=aller[-1].suivante))

    page, retour = aller[-1], [aller[-1]]
    while page.precedente:
        page = read_page(croissant, avant=page.precedente)
        retour.append(page)

    assert [read_cles(p) for p in retour] == [read_cles(p) for p in reversed(aller)]
    assert [p.est_premiere for p in retour] == [False, False, False, True]
    assert all(p.suivante for p in retour[1:])


def test_voisins_are_the_rows_around(lignes):
    for rang, valeurs in enumerate(lignes):
        avant, apres = find_voisins(
            Frequence.objects.all(), cles=CLES, valeurs=valeurs, croissant=True
        )
        assert (avant.cle if avant else None) == (lignes[rang - 1][1] if rang else None)
        assert (apres.cle if apres else None) == (
            lignes[rang + 1][1] if rang + 1 < len(lignes) else None
        )


def test_voisins_of_a_row_that_left_the_list_keep_its_place(lignes):
    Frequence.objects.filter(cle="k06").delete()

    avant, apres = find_voisins(
        Frequence.objects.all(), cles=CLES, valeurs=lignes[6], croissant=False
    )

    assert (avant.cle, apres.cle) == ("k07", "k05")


def write_jeton(valeur: object) -> str:
    return urlsafe_b64encode(json.dumps(valeur).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("sens", ["apres", "avant"])
@pytest.mark.parametrize(
    "jeton",
    [
        "x",
        "é",
        "a" * 500,
        write_jeton({}),
        write_jeton([1]),
        write_jeton([1, 2, 3]),
        write_jeton(["des lettres", "k01"]),
        write_jeton([{"d": "2026-01-01T00:00:00+00:00"}, "k01"]),
        write_jeton([{"d": "jamais"}, "k01"]),
        write_jeton([True, "k01"]),
        write_jeton([[1], "k01"]),
    ],
)
def test_false_token_shows_the_first_page(lignes, jeton, sens):
    assert read_cles(read_page(True, **{sens: jeton})) == lignes[:TAILLE]


def test_token_out_of_bounds_shows_an_empty_page(lignes):
    assert read_page(True, apres=encode_jeton([10**30, "k"])).lignes == []
