"""Les fiches : une demande par préfixe, l’ordre demandé, rien d’inventé."""

import pytest
from django.conf import settings
from django.urls import get_urlconf, reverse, set_urlconf

from socle.fondations.commun import fiches as port
from socle.fondations.commun.adresses import prefixe
from socle.fondations.commun.fiches import Encart, Fiche, Groupe
from socle.fondations.commun.registre import Registre


@pytest.fixture
def registres(monkeypatch):
    for nom in ("fiches", "rappels", "recherches"):
        monkeypatch.setattr(port, nom, Registre(nom))
    return port


def test_fiches_come_in_the_asked_order_with_one_call_by_prefix(registres):
    appels = []

    def answer(cles):
        appels.append(cles)
        return {cle: Fiche(cle, cle.upper(), "/") for cle in cles if cle != "a:perdu"}

    registres.fiches.register("a", answer)
    registres.fiches.register("b", answer)

    trouvees = port.map_fiches(["b:2", "a:1", "a:perdu", "b:2", "inconnu:9", "a:3"])

    assert list(trouvees) == ["b:2", "a:1", "a:3"]
    assert appels == [["a:1", "a:perdu", "a:3"], ["b:2"]]


def test_groups_without_fiche_are_left_out(registres):
    registres.rappels.register("vide", lambda cle: Groupe("Rien", ()))
    registres.rappels.register("plein", lambda cle: Groupe("Un", (Fiche(cle, "t", "/"),)))

    assert [groupe.titre for groupe in port.list_rappels("a:1")] == ["Un"]


@pytest.mark.parametrize("texte", ["", " ", "x", "  x "])
def test_search_of_less_than_two_signs_asks_nobody(registres, texte):
    registres.recherches.register("jamais", lambda texte: pytest.fail("demandé"))

    assert port.search_partout(texte) == []


def test_encarts_come_in_order_and_empty_ones_are_left_out(rf):
    encarts: Registre[Encart] = Registre("encarts")
    encarts.register("a", Encart(20, "deux.html", lambda request, sujet: {"sujet": sujet}))
    encarts.register("b", Encart(10, "un.html", lambda request, sujet: {}))
    encarts.register("c", Encart(5, "zero.html", lambda request, sujet: {"n": 0}))

    faits = port.build_encarts(encarts, rf.get("/"), "Clamart")

    assert faits == [{"gabarit": "zero.html", "n": 0}, {"gabarit": "deux.html", "sujet": "Clamart"}]


def test_addresses_are_those_of_the_installation_even_from_the_page_of_an_authority(registres):
    def answer(cles):
        return {cle: Fiche(cle, cle, reverse("pilotage:accueil")) for cle in cles}

    registres.fiches.register("a", answer)
    registres.rappels.register("a", lambda cle: Groupe("Un", tuple(answer([cle]).values())))
    registres.recherches.register("a", lambda texte: Groupe("Un", tuple(answer(["a:1"]).values())))

    set_urlconf(settings.URLCONF_COLLECTIVITE)
    with prefixe("/c/clamart/"):
        lues = [
            port.map_fiches(["a:1"])["a:1"],
            port.list_rappels("a:1")[0].fiches[0],
            port.search_partout("un")[0].fiches[0],
        ]

    assert [fiche.url for fiche in lues] == ["/", "/", "/"]
    assert get_urlconf() == settings.URLCONF_COLLECTIVITE
