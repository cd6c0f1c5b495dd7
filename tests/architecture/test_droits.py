"""Chaque adresse × chaque rôle × une autre collectivité : qui n’a pas le droit n’entre pas."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.metiers.dossiers.tasks import emettre_accuse
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory

ROLES = [role for role in Role if role != Role.OPERATEUR]
REFUS = (302, 403, 404)
PREFIXES_AGENTS = "agent/"
INCONNU = UUID("01900000-0000-7000-8000-000000000000")


def iter_vues(motifs, prefixe: str = "") -> Iterator[tuple[str, object]]:
    for motif in motifs:
        route = prefixe + str(motif.pattern)
        if isinstance(motif, URLResolver):
            yield from iter_vues(motif.url_patterns, route)
        elif isinstance(motif, URLPattern):
            yield route, motif.callback


VUES = dict(iter_vues(get_resolver("config.urls_collectivite").url_patterns))
AGENTS = {r: v for r, v in VUES.items() if r.lstrip("^").startswith(PREFIXES_AGENTS)}
FERMEES = {r: v for r, v in AGENTS.items() if getattr(v, "roles", None)}
# Adresses d’agents sans rôle : se connecter, son propre compte, une invitation.
OUVERTES_A_TOUT_AGENT = {
    "agent/connexion/",
    "agent/connexion/mot-de-passe/",
    "agent/compte/",
    "agent/invitation/<str:jeton>/",
}


@pytest.fixture
def valeurs(depose, demarche) -> dict[str, str]:
    """Ce qui existe à Clamart, pour remplir les adresses."""
    emettre_accuse(collectivite_id=depose.collectivite_id, numero=depose.numero)
    depose.refresh_from_db()
    return {
        "numero": str(depose.numero),
        "pk": str(demarche.pk),
        "chemin": demarche.chemin,
        "page_id": "vous",
        "champ_id": "prenom",
        "dans": "vous",
        "rang": "1",
        "bareme_id": "tarif",
        "reference": depose.reference,
        "identifiant": str(depose.accuse_id or INCONNU),
        "format_": "csv",
        "code": "dossier_accuse",
    }


def fill(route: str, valeurs: dict[str, str]) -> str:
    """Rend l’adresse d’une route, avec des valeurs existantes."""
    simple = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: valeurs.get(m[1], "1"), route)
    regex = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: valeurs.get(m[1], "1"), simple)
    return regex.strip("^$").replace("\\", "")


def open_page(client, adresse: str) -> int:
    reponse = client.get(adresse)
    if reponse.streaming:
        b"".join(reponse.streaming_content)
    return reponse.status_code


def test_every_agent_page_names_its_roles():
    assert sorted(set(AGENTS) - set(FERMEES) - OUVERTES_A_TOUT_AGENT) == []
    assert len(FERMEES) > 40


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_only_to_their_roles(client, collectivite, valeurs, role):
    agent = AdhesionFactory(collectivite=collectivite, role=role).compte
    client.force_login(agent)
    entres = {
        route
        for route in FERMEES
        if open_page(client, f"/c/clamart/{fill(route, valeurs)}") not in REFUS
    }
    permises = {route for route, vue in FERMEES.items() if role in vue.roles}
    assert sorted(entres - permises) == []
    assert entres, "ce rôle n’ouvre aucune page : le test ne prouve rien"


@pytest.mark.parametrize("genre", ["personne", "usager"])
def test_pages_of_agents_are_closed_to_others(client, valeurs, genre):
    if genre == "usager":
        client.force_login(CompteFactory())
    entres = [
        route
        for route in FERMEES
        if open_page(client, f"/c/clamart/{fill(route, valeurs)}") not in REFUS
    ]
    assert entres == []


def test_agent_of_another_authority_enters_nowhere(client, collectivite, valeurs):
    """Tous les rôles chez soi, aucun ici : ni par nos adresses, ni avec nos numéros chez soi."""
    autre = CollectiviteFactory(nom="Autre", slug="autre")
    with locataire(autre.pk):
        etranger = CompteFactory(agent=True)
        for role in ROLES:
            AdhesionFactory(collectivite=autre, compte=etranger, role=role)
    client.force_login(etranger)

    ici = {r: open_page(client, f"/c/clamart/{fill(r, valeurs)}") for r in FERMEES}
    assert {r: s for r, s in ici.items() if s not in REFUS} == {}

    nos_objets = [r for r in FERMEES if re.search(r"<int:(numero|pk)>|reference|\(\?P<pk>", r)]
    chez_lui = {r: open_page(client, f"/c/autre/{fill(r, valeurs)}") for r in nos_objets}
    assert {r: s for r, s in chez_lui.items() if s not in (403, 404, 405)} == {}


def test_another_citizen_reads_no_case_and_no_file(client, valeurs):
    client.force_login(CompteFactory())
    routes = [r for r in VUES if r.startswith(("dossiers/<", "documents/<"))]
    ouverts = {r: open_page(client, f"/c/clamart/{fill(r, valeurs)}") for r in routes}
    assert {r: s for r, s in ouverts.items() if s not in (403, 404, 405)} == {}
    assert len(routes) >= 7
