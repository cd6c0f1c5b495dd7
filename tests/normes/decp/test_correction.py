"""Corriger : une seule réponse ou rien, le reste au signe près, jamais plus de fautes qu’avant."""

import copy
import json
import random
from typing import Any

import pytest

from socle.normes.decp.correction import NOMS, correct_decp
from socle.normes.decp.ecriture import write_json, write_xml
from socle.normes.decp.errors import DecpIllisible
from socle.normes.decp.validation import validate_decp
from tests.normes.bornes import FUZZ
from tests.normes.decp.fabrique import CONTRATS, build_mutant_json, list_places

BON = json.loads(write_json(CONTRATS))
MARCHE, CONCESSION = "marche", "contrat-concession"
CORRIGES: list[tuple[str, str, Any, str]] = [
    (MARCHE, "id", " 2026-014\u00a0", "espaces"),
    (MARCHE, "acheteur.id", "219 200 235 00014", "chiffres"),
    (MARCHE, "nature", "MARCHE", "casse"),
    (MARCHE, "objet", "\tRéfection de la cour de l’école <Jules-Ferry> & abords ", "espaces"),
    (MARCHE, "codeCPV", 45112500, "guillemets"),
    (MARCHE, "techniques.technique.0", "sans  objet", "casse"),
    (MARCHE, "marcheInnovant", "Non", "booleen"),
    (MARCHE, "ccag", "Maîtrise d’oeuvre", "casse"),
    (MARCHE, "offresRecues", " 4 ", "nombre"),
    (MARCHE, "attributionAvance", 1, "booleen"),
    (MARCHE, "tauxAvance", "5 %", "nombre"),
    (MARCHE, "lieuExecution.code", "92 023", "chiffres"),
    (MARCHE, "lieuExecution.typeCode", "CODE COMMUNE", "casse"),
    (MARCHE, "dateNotification", "02/03/2026", "date"),
    (MARCHE, "datePublicationDonnees", "2026-04-20T00:00:00", "date"),
    (MARCHE, "montant", "118\u202f400,5 € HT", "nombre"),
    (MARCHE, "origineUE", "0,8", "nombre"),
    (MARCHE, "titulaires.0.titulaire.typeIdentifiant", " siret", "casse"),
    (MARCHE, "titulaires.0.titulaire.id", "552 045 999 00869", "chiffres"),
    (MARCHE, "titulaires.1.titulaire.typeIdentifiant", "Hors UE", "casse"),
    (MARCHE, "actesSousTraitance.0.acteSousTraitance.montant", "9.000,00", "nombre"),
    (MARCHE, "modifications.0.modification.dateNotificationModification", "20260701", "date"),
    (CONCESSION, "autoriteConcedante.id", 21920023500014, "guillemets"),
    (CONCESSION, "dureeMois", "60,0", "nombre"),
    (CONCESSION, "dateSignature", " 2026-01-05", "espaces"),
    (CONCESSION, "concessionnaires.0.concessionnaire.id", " 55204599900869", "espaces"),
]
LAISSES: list[tuple[str, Any]] = [
    ("montant", "12,500"),  # douze et demi, ou douze mille cinq cents
    ("montant", "12 5"),
    ("montant", "12 000 TTC"),
    ("montant", "environ 12000"),
    ("montant", "0"),  # une autre faute remplacerait la première
    ("tauxAvance", "5"),
    ("dureeMois", 12.5),
    ("dureeMois", "12,5"),
    ("dateNotification", "2026-03-01T23:00:00Z"),  # le 2 à Paris
    ("dateNotification", "02/03/26"),
    ("dateNotification", "31/02/2026"),
    ("codeCPV", 3113000),  # a perdu son zéro
    ("acheteur.id", "2192002350001"),
    ("lieuExecution.code", 1001),
    ("lieuExecution.code", "92 02"),
    ("titulaires.0.titulaire.id", "552 045 999 00868"),  # la clé ne tombe pas juste
    ("nature", "Accord-cadre"),
    ("procedure", "Appel d'offres"),
    ("marcheInnovant", "peut-être"),
    ("marcheInnovant", 2),
    ("objet", "   "),
    ("objet", " abîmé \x01"),
    ("id", " " * 3),
    ("inconnu", " 12 "),
    ("titulaires.0", "SIRET 552 045 999 00869"),
]


def change(arbre: Any, chemin: str, valeur: Any) -> None:
    *pas, dernier = (int(p) if p.isdigit() else p for p in chemin.split("."))
    for p in pas:
        arbre = arbre[p]
    arbre[dernier] = valeur


def dump(arbre: Any) -> bytes:
    return json.dumps(arbre, ensure_ascii=False, indent=3).encode()


def test_faults_with_one_answer_are_mended_and_nothing_else_moves() -> None:
    fautif = copy.deepcopy(BON)
    for nom, chemin, valeur, _ in CORRIGES:
        change(fautif["marches"][nom][0], chemin, valeur)
    octets = dump(fautif)

    correction = correct_decp(octets)

    attendu = copy.deepcopy(BON)  # un nombre ou un code gardent la façon dont on les a écrits
    change(attendu["marches"][MARCHE][0], "actesSousTraitance.0.acteSousTraitance.montant", 9000.0)
    assert correction.contenu.decode() == dump(attendu).decode().replace("9000.0", "9000.00")
    assert validate_decp(correction.contenu).erreurs == []
    lus = {(c.chemin[1], ".".join(map(str, c.chemin[3:]))): c for c in correction.changements}
    assert {cle: c.code for cle, c in lus.items()} == {(n, c): code for n, c, _, code in CORRIGES}
    montant = lus[MARCHE, "montant"]
    assert montant.to_json() == {
        "ligne": 1 + octets[: octets.index(b"\xe2\x80\xaf400,5")].count(b"\n"),
        "champ": "marches.marche[0].montant",
        "contrat": " 2026-014\u00a0",
        "code": "nombre",
        "avant": '"118\u202f400,5 € HT"',
        "apres": "118400.5",
        "pourquoi": NOMS["nombre"],
        "message": f'"118\u202f400,5 € HT" devient 118400.5 : {NOMS["nombre"]}.',
    }
    ancien = BON["marches"][MARCHE][0] | {"procedure": "Procédure concurrentielle avec négociation"}
    [change_] = correct_decp(dump({"marches": {"marche": [ancien]}})).changements
    assert (change_.code, change_.apres) == ("libelle", '"Procédure avec négociation"')


def test_what_has_two_answers_or_none_is_left_as_it_is() -> None:
    for chemin, valeur in LAISSES:
        arbre = copy.deepcopy(BON)
        change(arbre["marches"][MARCHE][0], chemin, valeur)
        correction = correct_decp(dump(arbre))
        assert (correction.changements, correction.contenu) == ([], dump(arbre)), (chemin, valeur)


def test_two_elements_never_become_the_same_and_a_repeated_key_stays() -> None:
    arbre = copy.deepcopy(BON)
    marche = arbre["marches"][MARCHE][0]
    marche["modalitesExecution"]["modaliteExecution"] = ["Tranches", "TRANCHES"]
    operateur = {"typeIdentifiant": "TVA", "id": "FR1"}
    marche["titulaires"] = [{"titulaire": operateur}, {"titulaire": operateur | {"id": "FR1 "}}]
    assert correct_decp(dump(arbre)).contenu == dump(arbre)
    modification = marche["modifications"][0]["modification"]
    doubles = [{"titulaire": operateur}, {"titulaire": operateur}]
    marche["modifications"] = [
        {"modification": modification | {"titulaires": marche["titulaires"], "dureeMois": "8"}},
        {"modification": modification | {"titulaires": doubles, "dureeMois": 8}},
    ]
    assert [c.apres for c in correct_decp(dump(arbre)).changements] == ["8"]
    texte = dump(BON).decode().replace('"dureeMois": 60', '"dureeMois": "x", "dureeMois": "60"')
    assert correct_decp(texte.encode()).contenu.decode() == texte.replace('"60"', "60")


def test_encodings_become_utf_8_when_only_one_is_possible() -> None:
    bon = write_json(CONTRATS).decode()
    for encodage, dit in {
        "utf-8-sig": "UTF-8 avec marque",
        "utf-16": "UTF-16",
        "utf-16-be": "UTF-16-BE",
        "cp1252": "Windows-1252",
    }.items():
        correction = correct_decp(bon.encode(encodage))
        assert correction.contenu.decode() == bon, encodage
        assert [(c.code, c.avant) for c in correction.changements] == [("encodage", dit)]
    for octets, code in {
        bon.encode().replace("é".encode(), b"\xe9", 1): "encodage",  # les deux à la fois
        bon.encode("cp1252").replace(b"\xe9", b"\x81"): "encodage",
        write_xml(CONTRATS): "xml",
        b"{": "json",
        b"": "vide",
        b" " * (33 << 20): "taille",
    }.items():
        with pytest.raises(DecpIllisible) as refus:
            correct_decp(octets)
        assert refus.value.code == code
        if code == "xml":
            assert "Redemandez ce fichier en JSON" in refus.value.message


FRAPPES: list[Any] = [
    " 12 000,50 ", "12.000,50", "8", "8,0", "0,5", "50 %", "oui", "FAUX", 1, 0, "1", "02/03/2026",
    "2026-03-02T10:00:00Z", " 2026-03-02", "SIRET ", "marché", "Travaux ", "PAS DE CCAG",
    "conjoint", "sans objet", "Clause Sociale", "219 200 235 00014", 21920023500014, "45112500 - 7",
    " ", "x ", "\ud800 ", "9" * 50, "12 000", -4, None, [" x "], {"id": " 1"},
]  # fmt: skip


def mistype(hasard: random.Random, valeur: Any) -> Any:
    """La valeur comme on la tape : à la française, en capitales, entre espaces ; ou autre chose."""
    geste = hasard.randrange(5)
    if geste == 0:
        return copy.deepcopy(hasard.choice(FRAPPES))
    if isinstance(valeur, bool):
        return "Oui" if valeur else "non"
    if isinstance(valeur, int | float):
        return f" {valeur:,}".replace(",", " ").replace(".", ",")
    if isinstance(valeur, str) and valeur[4:5] == "-" and valeur[:4].isdigit() and geste < 3:
        return "/".join(reversed(valeur.split("-")))
    return valeur.upper() + " " if isinstance(valeur, str) else valeur


def check_correction(graine: int) -> int:
    """Des fautes de frappe dans un fichier déjà abîmé ; rend le nombre de corrections."""
    hasard = random.Random(graine)
    arbre = json.loads(build_mutant_json(graine, BON))
    feuilles = [(p, c) for p, c in list_places(arbre) if not isinstance(p[c], dict | list)]
    for parent, cle in hasard.sample(feuilles, min(len(feuilles), 12)):
        parent[cle] = mistype(hasard, parent[cle])
    octets = json.dumps(arbre, indent=hasard.choice([None, 2])).encode()
    avant = validate_decp(octets)
    correction = correct_decp(octets)
    apres = validate_decp(correction.contenu)
    assert apres.nombre <= avant.nombre, (graine, octets)
    assert apres.officielles <= avant.officielles, (graine, octets)
    encore = correct_decp(correction.contenu)
    assert (encore.changements, encore.contenu) == ([], correction.contenu), (graine, octets)
    touches = {c.chemin for c in correction.changements}
    assert flatten(json.loads(correction.contenu), touches) == flatten(json.loads(octets), touches)
    return len(correction.changements)


def flatten(noeud: Any, sauf: set[Any], chemin: tuple[Any, ...] = ()) -> list[Any]:
    """Tout ce que porte un arbre, dans l’ordre, hors des places données."""
    if chemin in sauf:
        return [chemin]
    if isinstance(noeud, dict | list):
        paires = noeud.items() if isinstance(noeud, dict) else enumerate(noeud)
        return [
            chemin, type(noeud), *(x for c, v in paires for x in flatten(v, sauf, (*chemin, c)))
        ]  # fmt: skip
    return [chemin, repr(noeud)]


def test_mending_never_adds_a_fault_and_twice_is_once() -> None:
    assert sum(check_correction(graine) for graine in range(25)) > 25


@pytest.mark.lent
def test_hundreds_of_damaged_files_are_never_made_worse() -> None:
    assert sum(check_correction(graine) for graine in range(FUZZ // 4)) > FUZZ // 4
