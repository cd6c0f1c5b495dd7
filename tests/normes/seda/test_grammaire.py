"""Notre grammaire contre le schéma officiel : même verdict sur des bordereaux abîmés."""

import copy
import random

import pytest
from lxml import etree

from socle.normes.seda.controles import check_sip
from socle.normes.seda.emplacement import Schematheque
from socle.normes.seda.grammaire import VERSIONS
from socle.normes.seda.grammaire.definitions import MESSAGES
from socle.normes.seda.grammaire.noeuds import ELEMENT, Noeud, get_grammaire
from socle.normes.seda.grammaire.simples import SIMPLES
from socle.normes.seda.grammaire.xsd import load_notre_schema
from tests.normes.seda.fabrique import remake
from tests.normes.seda.test_bordereau import build_version, ecris

VALEURS = (
    "",
    " ",
    "x",
    "2026-01-01",
    "2026-13-01",
    "2026",
    "-5",
    "0",
    "true",
    "Keep",
    "File",
    "fra",
)


def mutate(racine: etree._Element, hasard: random.Random) -> etree._Element:
    """Ôte, double, déplace, vide ou change un élément, une à trois fois."""
    copie = copy.deepcopy(racine)
    for _ in range(hasard.choice((1, 1, 2, 3))):
        noeuds = [n for n in copie.iter(etree.Element) if n.getparent() is not None]
        cible = hasard.choice(noeuds)
        hasard.choice(GESTES)(cible, noeuds, hasard)
    return copie


def nullify(cible: etree._Element, *_: object) -> None:
    """xsi:nil : le standard l’admet sur les dates de départ des règles, et là seulement."""
    cible.text = None
    for enfant in list(cible):
        cible.remove(enfant)
    cible.set("{http://www.w3.org/2001/XMLSchema-instance}nil", "true")


GESTES = (
    lambda cible, *_: cible.getparent().remove(cible),
    lambda cible, *_: cible.addnext(copy.deepcopy(cible)),
    lambda cible, *_: (
        cible.addprevious(cible.getnext())
        if len(cible.getparent()) > 1 and cible.getnext() is not None
        else None
    ),
    lambda cible, *_: [cible.remove(enfant) for enfant in list(cible)],
    lambda cible, _, hasard: None if len(cible) else setattr(cible, "text", hasard.choice(VALEURS)),
    lambda cible, noeuds, hasard: hasard.choice(noeuds).append(copy.deepcopy(cible)),
    nullify,
)


def strip_identifiants(racine: etree._Element) -> etree._Element:
    """Rend uniques les identifiants : xsd:ID est l’affaire de nos contrôles, pas du schéma."""
    for rang, noeud in enumerate(racine.iter(etree.Element)):
        if noeud.get("id") is not None:
            noeud.set("id", f"N{rang}")
    return racine


def check_parite(version: str, donnees, nombre: int) -> tuple[int, int]:
    officiel = Schematheque(dossier=donnees / "seda")(version)
    assert officiel.officiel
    notre = load_notre_schema(version)
    racine = ecris(*build_version(version))
    refuses = 0
    for graine in range(nombre):
        mutant = strip_identifiants(mutate(racine, random.Random(graine))).getroottree()
        attendu, obtenu = officiel.objet.validate(mutant), notre.validate(mutant)
        assert attendu == obtenu, (version, graine, officiel.objet.error_log, notre.error_log)
        refuses += not attendu
    return nombre, refuses


@pytest.mark.parametrize("version", VERSIONS)
def test_verdict_is_the_official_one_on_mutants(version, donnees_officielles):
    nombre, refuses = check_parite(version, donnees_officielles, 150)

    assert nombre // 4 < refuses < nombre  # des deux côtés du verdict


@pytest.mark.lent
@pytest.mark.parametrize("version", VERSIONS)
def test_verdict_is_the_official_one_on_many_mutants(version, donnees_officielles):
    check_parite(version, donnees_officielles, 3_000)


def test_start_date_that_is_nil_is_accepted(paquet, tmp_path, donnees_officielles):
    """Une règle dont on sait la date de départ inconnue : le standard et nous l’admettons."""
    sans_date = remake(
        paquet,
        tmp_path / "nil.zip",
        manifeste=lambda t: t.replace(
            "<StartDate>2026-07-04</StartDate>",
            '<StartDate xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
        ),
    )
    for schemas in (Schematheque(), Schematheque(dossier=donnees_officielles / "seda")):
        rapport = check_sip(sans_date, schemas=schemas)
        assert list(rapport.iter_defauts()) == [], rapport.schema


def test_each_type_that_the_grammaire_names_exists():
    """Une coquille dans les définitions ferait d’un type composé un jeton."""
    for version in VERSIONS:
        for vitam in (False, True):
            grammaire = get_grammaire(version, vitam=vitam)
            assert set(MESSAGES) <= set(grammaire)
            elements = [e for regle in grammaire.values() for e in regle.iter_elements()]
            inconnus = {e.type for e in elements} - set(grammaire) - set(SIMPLES)
            assert inconnus == set()
            assert all(e.genre == ELEMENT and isinstance(e, Noeud) for e in elements)
    with pytest.raises(ValueError, match=r"2\.0"):
        get_grammaire("2.0")
