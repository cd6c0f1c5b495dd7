"""Éditeur, jury, collectivité et visiteur : au clavier seul, sans JavaScript, et sans rien laisser.

Chromium demande chaque page au client de test, dans la transaction de l’essai : elle est défaite.
"""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from playwright.sync_api import Page, Route, expect

from socle.fondations.commun.locataire import operateur
from socle.fondations.notifications.models import Envoi
from socle.metiers.adoption.models import Brique, Fait
from socle.metiers.catalogue.models import CandidatureLabel, CritereLabel
from socle.metiers.consultations.models import Notation
from socle.metiers.consultations.queries.evaluation_jury import get_grille, list_criteres
from socle.metiers.diffusion.models import Inscription
from tests.conftest import ClientStrict
from tests.e2e.parcours import LENT
from tests.e2e.test_sans_souris import check, follow, reach, write
from tests.metiers.catalogue.conftest import catalogue, publik, representant
from tests.metiers.conftest import administrateur
from tests.metiers.consultations.fabrique_evaluation import create_monde
from tests.metiers.diffusion.fabrique import make_evenement

__all__ = ["administrateur", "catalogue", "publik", "representant"]
pytestmark = [
    pytest.mark.e2e, pytest.mark.lent, pytest.mark.django_db, pytest.mark.timeout(180),
]  # fmt: skip
SITE = "http://localhost:8000"
# La page d’avant reste marquée : qui attend la réponse attend la page où mène ce relais.
RELAIS = '<html data-avant><meta http-equiv="refresh" content="0;url={}">'
ENVOI = "main form button[type=submit]"


class Portier:
    """Répond aux demandes d’un Chromium par un client de test, jetons CSRF exigés."""

    def __init__(self, compte: object = None) -> None:
        self.client, self.fautes = ClientStrict(enforce_csrf_checks=True), []
        if compte:
            self.client.force_login(compte)
        # Le pilote a son contexte à lui ; la transaction ouverte est dans celui de l’essai.
        self.contexte = copy_context()

    def serve(self, route: Route) -> None:
        demande = route.request
        lue = urlsplit(demande.url)
        if lue.path.startswith("/static/") and (trouve := find(lue.path.removeprefix("/static/"))):
            return route.fulfill(path=Path(trouve))
        reponse = self.contexte.run(
            self.client.generic, demande.method,
            f"{lue.path}?{lue.query}" if lue.query else lue.path,
            data=demande.post_data_buffer or b"",
            content_type=demande.headers.get("content-type", ""),
        )  # fmt: skip
        if reponse.status_code in (301, 302, 303):
            corps = RELAIS.format(reponse["Location"])
            return route.fulfill(content_type="text/html; charset=utf-8", body=corps)
        if reponse.status_code >= 400:
            self.fautes.append(f"{reponse.status_code} {demande.method} {demande.url}")
        corps = reponse.getvalue() if reponse.streaming else reponse.content
        return route.fulfill(status=reponse.status_code, headers=dict(reponse.items()), body=corps)


@pytest.fixture
def entrer(moteur) -> Iterator[Callable[..., Page]]:
    """Ouvre un Chromium sans JavaScript au nom d’une personne ; aucune page ne doit échouer."""
    contexte = moteur.new_context(base_url=SITE, java_script_enabled=False)
    contexte.set_default_timeout(LENT)
    portiers: list[Portier] = []

    def enter(compte: object = None) -> Page:
        portiers.append(Portier(compte))
        page = contexte.new_page()
        page.route("**/*", portiers[-1].serve)
        return page

    yield enter
    contexte.close()
    assert [faute for portier in portiers for faute in portier.fautes] == []


def test_vendor_answers_declares_a_version_and_applies_for_the_label(entrer, representant, publik):
    page = entrer(representant)
    page.goto("/editeur/")
    follow(page, "main a[href='/editeur/solutions/publik/']")
    follow(page, "main a[href$='/repondre/']")
    reach(page, "[name=texte]")
    page.keyboard.type("La version 2 sort en mai.")
    follow(page, ENVOI)
    expect(page.locator("main .message")).to_contain_text("La version 2 sort en mai.")

    follow(page, "main a[href$='/versions/']")
    write(page, "numero", "2.0")
    follow(page, ENVOI)
    expect(page.get_by_role("heading", name="Version 2.0")).to_be_visible()
    follow(page, "main a[href$='/essayer/']")
    write(page, "banc", "Fiche publiccode")
    reach(page, "[name=fichier]")
    page.locator("[name=fichier]").set_input_files(
        {"name": "publiccode.yml", "mimeType": "text/yaml", "buffer": b"name: P"}
    )
    follow(page, ENVOI)
    expect(page.locator("main")).to_contain_text("Non respecté.")

    follow(page, "main a[href$='/label/']")
    for critere in CritereLabel.objects.order_by("rang"):
        check(page, f"avis-{critere.pk}", "oui")
        reach(page, f"[name='preuve-{critere.pk}']")
        page.keyboard.type("Le rapport d’audit de mai.")
    follow(page, ENVOI)
    expect(page.get_by_role("link", name="Candidature du")).to_be_visible()
    assert CandidatureLabel.objects.get().solution == publik


def test_jury_declares_reads_notes_and_signs(entrer, db):
    monde = create_monde(codes=("92002", "92007"))
    jure, dossier = monde.jures[0], monde.dossiers[0]
    page = entrer(jure.compte)
    page.goto("/consultations/jury/")
    follow(page, "main a[href='/consultations/jury/appel-essai/']")
    follow(page, "main a[href$='/interets/']")
    write(page, f"retrait-{monde.dossiers[1].pk}", "Ma sœur y travaille.")
    check(page, "atteste")
    follow(page, ENVOI)
    expect(page.locator("[aria-labelledby=t-deports]")).to_contain_text("Bagneux")

    follow(page, f"main a[href$='/dossiers/{dossier.cle}/']")
    expect(page.locator("main")).to_contain_text("Le projet secret de Antony.")
    for critere in list_criteres(get_grille(monde.instruction)):
        check(page, f"note-{critere.pk}", "2")
        write(page, f"commentaire-{critere.pk}", "Vu dans le dossier.")
    reach(page, "[name=avis]")
    page.keyboard.type("Dossier solide.")
    follow(page, "main form button[value=signer]")
    expect(page.locator("main .tete")).to_contain_text("Signé")
    assert Notation.objects.get().is_signee


def test_authority_declares_what_it_uses_and_takes_it_back(entrer, administrateur):
    Brique.objects.create(solution="tchap")
    page = entrer(administrateur)
    page.goto("/c/clamart/agent/adoption/")
    follow(page, "main button[value=utilise]")
    expect(page.locator("main")).to_contain_text("vous utilisez « Tchap »")
    assert Fait.objects.get().annule_le is None
    follow(page, "form.annuler button")
    expect(page.locator("#annonces")).to_contain_text("La déclaration est annulée")
    assert Fait.objects.get().annule_le is not None


def test_visitor_registers_to_an_event_and_confirms(entrer, db):
    evenement = make_evenement()
    page = entrer()
    page.goto(f"/evenements/{evenement.slug}/")
    follow(page, f"main a[href='/evenements/{evenement.slug}/inscription/']")
    write(page, "nom", "Nora Exemple")
    write(page, "courriel", "nora@exemple.fr")
    check(page, "accepte_contact")
    follow(page, ENVOI)
    assert not Inscription.objects.exists()

    with operateur():
        corps = Envoi.objects.get(code="diffusion_inscription_a_confirmer").corps
    page.goto(corps[corps.index("/evenements/confirmer/") :].split()[0])
    follow(page, ENVOI)
    expect(page.get_by_role("button", name="Annuler mon inscription")).to_be_visible()
    assert Inscription.objects.get().accepte_contact
