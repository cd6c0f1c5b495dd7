"""La page et son double REST : contrôler, corriger, télécharger, refuser ; rien n’est gardé."""

import base64
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.textes import format_taille
from socle.metiers.verification.ports import LIMITES, Limites
from socle.metiers.verification.services import envoi, ouvrier
from socle.normes.decp.correction import NOMS
from socle.normes.decp.ecriture import write_json
from tests.metiers.verification.fichiers import build_deliberations
from tests.normes.decp.fabrique import CONTRATS

PAGE, API = "/outils/verifier/", "/api/outils/verifier/"
pytestmark = pytest.mark.django_db


def join(octets: bytes, nom: str = "deliberations.csv", **champs: str) -> dict[str, object]:
    return {"fichier": SimpleUploadedFile(nom, octets), **champs}


def build_schema(octets: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("le mien.json", octets)


def read_cache(page: str, action: str) -> str:
    """Le sac du formulaire qui mène à cette action."""
    formulaire = page.split(f'action="{PAGE}{action}/"', 1)[1]
    return formulaire.split('name="sac" value="', 1)[1].split('"', 1)[0]


def list_restes() -> list[str]:
    return [reste.name for reste in ouvrier.get_atelier().iterdir() if reste.is_dir()]


def test_page_shows_the_faults_and_gives_the_report(client):
    fautif = build_deliberations("21/11/2026", "2026-11-22", objet="<i>Plan</i>")

    limites = client.get(PAGE).text.split('aria-label="Limites"', 1)[1].split("</aside>", 1)[0]
    octets, schema = format_taille(LIMITES.octets), format_taille(LIMITES.schema)
    (quart, _), (jour, _) = LIMITES.frequences
    assert [unescape(li) for li in re.findall("<li>(.*?)</li>", limites)] == [
        f"{octets} par fichier, {schema} par schéma",
        f"{LIMITES.secondes} secondes de contrôle",
        f"{quart} fichiers en 15 minutes et {jour} par jour depuis une même adresse",
        f"{LIMITES.gardees:,} fautes montrées, toutes comptées".replace(",", "\xa0", 1),
    ]

    page = client.post(PAGE, join(fautif)).text

    assert "Fichier à corriger&nbsp;: deliberations.csv" in page
    assert "Délibérations adoptées" in page
    assert "Écrivez 2026-11-21." in page
    assert "<i>Plan</i>" not in page
    assert list_restes() == []
    sac = read_cache(page, "rapport")
    tableur = client.post(f"{PAGE}rapport/", {"sac": sac, "format": "csv"})
    assert "rapport-deliberations.csv" in tableur["Content-Disposition"]
    assert "2;DELIB_DATE;21/11/2026;type-error" in tableur.content.decode("utf-8-sig")
    objet = client.post(f"{PAGE}rapport/", {"sac": sac, "format": "json"}).json()
    assert [(e["ligne"], e["champ"]) for e in objet["erreurs"]] == [(2, "DELIB_DATE")]
    imprime = client.post(f"{PAGE}rapport/", {"sac": sac, "format": "html"})
    assert "attachment" in imprime["Content-Disposition"]
    assert "Écrivez 2026-11-21." in imprime.text
    assert client.post(f"{PAGE}rapport/", {"sac": sac[:-1] + "x"}).status_code == 410


def test_api_answers_as_the_command_does(client):
    recu = client.post(API, join(build_deliberations("21/11/2026"), geste="corriger"))

    assert recu.status_code == 200
    rapport = recu.json()
    assert rapport["valide"] is True
    assert (rapport["nature"], rapport["reconnu"]) == ("scdl:scdl/deliberations", True)
    assert [c["apres"] for c in rapport["changements"]] == ["2026-11-21"]
    assert b"2026-11-21" in base64.b64decode(rapport["corrige"]["contenu"])
    nu = client.generic(
        "POST", f"{API}?nom=publiccode.yml", b"publiccodeYmlVersion: [", "text/yaml"
    )
    assert nu.status_code == 422
    assert nu.json()["valide"] is None
    assert nu.json()["erreurs"][0]["code"] == "illisible"
    normes = client.get(API).json()
    assert normes["limites"]["octets"] == LIMITES.octets
    assert {"bal", "scdl", "publiccode", "preuve"} <= {n["norme"] for n in normes["normes"]}
    description = client.get(f"{API}openapi.json").json()
    assert set(description["paths"][API]) == {"get", "post"}


def test_a_table_follows_the_schema_that_comes_with_it(client):
    """Il l’emporte sur ce que disent les colonnes, pour vérifier et corriger ; faux, c’est dit."""
    champs = [{"name": "DELIB_ID"}, {"name": "NOMBRE", "type": "integer"}]
    schema = json.dumps({"fields": champs}).encode()
    table = b"DELIB_ID,NOMBRE\n2026-1,1 200\n"

    page = client.post(PAGE, join(table, schema=build_schema(schema), geste="corriger")).text
    faux = client.post(API, join(table, schema=build_schema(b'{"fields": [{"type": "x"}]}')))

    assert "Tableau de données ouvertes : votre schéma, le mien.json" in page
    assert "/tmp" not in page
    assert "Ce qui a changé" in page
    assert "nombre écrit avec un point et sans espace" in page
    rendu = client.post(f"{PAGE}corrige/", {"sac": read_cache(page, "corrige")})
    assert 'filename="deliberations_corrige.csv"' in rendu["Content-Disposition"]
    assert rendu.content == b"DELIB_ID,NOMBRE\r\n2026-1,1200\r\n"
    assert (faux.status_code, faux["Content-Type"]) == (422, "application/problem+json")
    assert "n’a pas de nom (« name »)" in faux.json()["title"]
    assert "n’a pas été contrôlé" in faux.json()["detail"]
    assert list_restes() == []


def test_contracts_are_mended_and_each_change_says_why(client):
    octets = write_json(CONTRATS).replace(b"118400.50", b'"118 400,50"')

    recu = client.post(API, join(octets, "decp.json", geste="corriger")).json()

    assert (recu["nature"], recu["valide"]) == ("decp", True)
    assert [(c["ligne"], c["apres"], c["pourquoi"]) for c in recu["changements"]] == [
        (54, "118400.50", NOMS["nombre"])
    ]
    assert recu["corrige"]["nom"] == "decp_corrige.json"
    assert base64.b64decode(recu["corrige"]["contenu"]) == write_json(CONTRATS)


def test_refusals_are_clear_on_both_sides(client, monkeypatch):
    """Sans fichier, vide, inconnu, sans correction, trop lourd : aucun contrôle n’est lancé."""
    monkeypatch.setattr(ouvrier, "COMMANDE", ("false",))
    cas = [
        (dict, 400, "aucun fichier"),
        (lambda: join(b""), 422, "est vide"),
        (lambda: join(b"Bonjour", "mot.txt"), 422, "pas reconnu"),
        (lambda: join(b"x", nature="pes"), 400, "nature de fichier"),
        (lambda: join(b"x", "publiccode.yml", geste="corriger"), 422, "ne corrige pas"),
        (lambda: join(b"{}", "decp.json", schema=build_schema(b"{}")), 400, "qu’à un tableau"),
        (lambda: join(b"a,b", nature="bal", schema=build_schema(b"{}")), 400, "qu’à un tableau"),
        (lambda: join(b"a,b", nature="scdl:scdl/budget", schema=build_schema(b"{}")), 400, "autre"),
        (lambda: join(b"a,b", schema=build_schema(b" " * 2_000_001)), 413, "schéma est trop lourd"),
    ]
    for build, statut, phrase in cas:
        page = client.post(PAGE, build())
        assert (page.status_code, phrase in page.text) == (statut, True), phrase
        probleme = client.post(API, build())
        assert probleme["Content-Type"] == "application/problem+json"
        assert (probleme.status_code, phrase in probleme.json()["title"]) == (statut, True)
    monkeypatch.setattr(envoi, "MARGE", 10 - LIMITES.octets)
    lourd = client.post(API, join(b"x" * 100))
    assert (lourd.status_code, "50\N{NO-BREAK SPACE}Mo" in lourd.json()["detail"]) == (413, True)
    assert client.post(PAGE, join(b"x" * 100)).status_code == 413
    assert client.post(PAGE, join(b"x" * 100), headers={"HX-Request": "true"}).status_code == 422


def test_an_address_is_counted_for_page_and_api_together(client, monkeypatch):
    limites = Limites(frequences=((1, timedelta(minutes=15)),))
    monkeypatch.setattr(envoi.count_envoi, "__kwdefaults__", {"limites": limites})
    assert client.post(PAGE, {}).status_code == 400

    refus = client.post(API, {})

    assert refus.status_code == 429
    assert 0 < int(refus["Retry-After"]) <= 900
    assert "./socle normes" in json.loads(refus.content)["detail"]
    page = client.post(PAGE, {})
    assert (page.status_code, "trop de fichiers" in page.text) == (429, True)
