"""Dossier de preuve d’un vrai dossier, remis par sa page et vérifié hors ligne."""

import json
import tracemalloc
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.documents.services import store_bytes
from socle.fondations.formulaires.moteur import clear_cache
from socle.fondations.journal import services as journal
from socle.metiers.dossiers.enums import Transition
from socle.metiers.dossiers.models import Dossier
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import correction, depot, instruction
from socle.metiers.dossiers.services.preuve import open_dossier_de_preuve
from socle.metiers.dossiers.services.rebase import rebase_dossier
from socle.metiers.dossiers.tasks import emettre_accuse, emettre_decision
from socle.serveur.preuve import main as verifier
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory
from tests.fondations.journal.conftest import TABLES, base_vive, force, proprietaire, wait_borne
from tests.metiers.conftest import MAINTENANT, REPONSES, create_cantine, start_brouillon
from tests.metiers.dossiers.test_version import build_definition, publish

__all__ = ["base_vive", "proprietaire"]
VIDES = """
SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname
"""


@pytest.fixture
def base_remise(base_vive, proprietaire):
    """Base qui valide vraiment ; les tables que le test remplit sont vidées après lui."""

    def list_vides() -> list[str]:
        tables = [nom for (nom,) in proprietaire.execute(VIDES).fetchall()]
        return [
            nom
            for nom in tables
            if not proprietaire.execute(f'SELECT EXISTS (SELECT FROM "{nom}")').fetchone()[0]
        ]

    vides = list_vides()
    yield
    connection.close()
    with force(proprietaire):
        tables = ", ".join(f'"{nom}"' for nom in sorted({*vides, *TABLES}))
        proprietaire.execute(f"TRUNCATE {tables} RESTART IDENTITY")
    clear_cache()  # les identifiants repartent de 1 : les formulaires gardés ne sont plus les leurs


@pytest.fixture
def decide(base_remise):
    """Déposé, corrigé, accepté, puis scellé."""
    ville = CollectiviteFactory(slug="clamart", nom="Clamart")
    with locataire(ville.pk):
        chef = AdhesionFactory(collectivite=ville, role=Role.ADMINISTRATEUR).compte
        agent = AdhesionFactory(collectivite=ville, role=Role.INSTRUCTEUR).compte
        usager = CompteFactory(courriel="yanis@exemple.fr")
        dossier = start_brouillon(create_cantine(ville, chef), usager)
        acces = Acces(compte=usager)
        depot.file_dossier(
            numero=dossier.numero, acces=acces, maintenant=MAINTENANT - timedelta(days=2)
        )
    suite = {"collectivite_id": ville.pk, "numero": dossier.numero}
    emettre_accuse(**suite)
    with locataire(ville.pk):
        rendu = correction.request_correction(
            dossier=dossier, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
        )
        correction.save_correction(
            dossier=rendu, reponses=REPONSES | {"revenu": "12000"}, revision=rendu.revision
        )
        correction.submit_correction(numero=dossier.numero, acces=acces, maintenant=MAINTENANT)
        for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
            instruction.apply_transition(
                dossier=dossier, transition=transition, agent=agent, maintenant=MAINTENANT
            )
    emettre_decision(**suite)
    wait_borne()
    journal.seal_journal(maintenant=MAINTENANT)
    return ville, agent, dossier.numero


def test_evidence_bundle_of_a_real_case_verifies_offline(client, decide, tmp_path, capsys):
    _, agent, numero = decide
    with locataire(None):
        client.force_login(agent)

    reponse = client.get(f"/c/clamart/agent/dossiers/{numero}/preuve.zip")
    octets = b"".join(reponse.streaming_content)
    reponse.close()
    assert reponse.status_code == 200
    assert reponse["Content-Type"] == "application/zip"
    assert int(reponse["Content-Length"]) == len(octets)
    fichier, cle = tmp_path / "preuve.zip", tmp_path / "cle.txt"
    fichier.write_bytes(octets)
    cle.write_text("".join(f"{c.to_texte()}\n" for c in journal.list_cles()))

    assert verifier(["verifier", str(fichier), "--cle", str(cle)]) == 0
    assert "tous rattachés au journal" in capsys.readouterr().out
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        lues = {nom: archive.read(nom) for nom in archive.namelist()}
    assert json.loads(lues["documents/reponses.json"])["revenu"] == "12000"
    assert json.loads(lues["documents/reponses-au-depot.json"])["revenu"] == "21600"
    ouvertures = {o["document"]: o for o in json.loads(lues["ouvertures.json"])}
    assert ouvertures["reponses.json"]["engagement"] == "reponses"
    assert ouvertures["reponses.json"]["entree"] > ouvertures["reponses-au-depot.json"]["entree"]
    assert len([nom for nom in lues if nom.endswith(".pdf")]) == 2


def test_evidence_bundle_verifies_after_the_case_followed_a_new_form(base_remise, tmp_path, capsys):
    """Les réponses d’après ouvrent le dernier engagement, celles du dépôt le premier."""
    ville = CollectiviteFactory(slug="clamart", nom="Clamart")
    with locataire(ville.pk):
        chef = AdhesionFactory(collectivite=ville, role=Role.ADMINISTRATEUR).compte
        usager = CompteFactory()
        cantine = create_cantine(ville, chef)
        dossier = start_brouillon(cantine, usager)
        depose = depot.file_dossier(
            numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT
        )
        deplace = rebase_dossier(
            dossier=depose,
            version_id=publish(cantine, chef, build_definition()).pk,
            agent=chef,
            motif="Nouveau barème.",
            revision=depose.revision,
            maintenant=MAINTENANT,
        )
    wait_borne()
    journal.seal_journal(maintenant=MAINTENANT)
    with open_dossier_de_preuve(deplace, MAINTENANT) as flux:
        octets = flux.read()
    fichier = tmp_path / "preuve.zip"
    fichier.write_bytes(octets)

    assert verifier(["verifier", str(fichier)]) == 0
    assert "tous rattachés au journal" in capsys.readouterr().out
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        lues = {nom: archive.read(nom) for nom in archive.namelist()}
    assert "parts" not in json.loads(lues["documents/reponses.json"])
    assert json.loads(lues["documents/reponses-au-depot.json"])["parts"] == "1.5"
    ouvertures = {o["document"]: o for o in json.loads(lues["ouvertures.json"])}
    assert ouvertures["reponses.json"]["entree"] > ouvertures["reponses-au-depot.json"]["entree"]
    place = octets.index(b'"revenu":"21600"') + 10
    fichier.write_bytes(octets[:place] + b"9" + octets[place + 1 :])
    assert verifier(["verifier", str(fichier)]) == 1


def test_nothing_sealed_is_said_and_leaves_no_file(base_remise, client):
    """Une action de moins d’une minute n’est pas encore scellée : la page le dit."""
    ville = CollectiviteFactory(slug="clamart", nom="Clamart")
    with locataire(ville.pk):
        chef = AdhesionFactory(collectivite=ville, role=Role.ADMINISTRATEUR).compte
        agent = AdhesionFactory(collectivite=ville, role=Role.INSTRUCTEUR).compte
        usager = CompteFactory()
        dossier = start_brouillon(create_cantine(ville, chef), usager)
        depot.file_dossier(numero=dossier.numero, acces=Acces(compte=usager), maintenant=MAINTENANT)
    with locataire(None):
        client.force_login(agent)
    reponse = client.get(f"/c/clamart/agent/dossiers/{dossier.numero}/preuve.zip")
    assert reponse.status_code == 409
    assert "Aucune action n’est encore scellée" in reponse.text


def test_each_octet_of_the_answers_counts(decide, tmp_path, capsys):
    ville, _, numero = decide
    with locataire(ville.pk):
        dossier = Dossier.objects.get(pk=numero)
    with open_dossier_de_preuve(dossier, MAINTENANT) as flux:
        octets = flux.read()
    fichier = tmp_path / "preuve.zip"
    place = octets.index(b'"revenu":"12000"') + 10
    fichier.write_bytes(octets[:place] + b"9" + octets[place + 1 :])
    assert verifier(["verifier", str(fichier)]) == 1
    assert "reponses.json" in capsys.readouterr().out


def test_big_pieces_are_not_held_in_memory(decide):
    """60 Mo de pièces : la mémoire de l’archive reste celle de quelques morceaux."""
    ville, _, numero = decide
    with locataire(ville.pk):
        dossier = Dossier.objects.get(pk=numero)
        for rang in range(3):
            store_bytes(
                collectivite=ville, contenu=b"%PDF-1.7\n" + bytes([65 + rang]) * 20_000_000,
                nom=f"plan-{rang}.pdf", objet=dossier.objet, type_mime="application/pdf",
                maintenant=MAINTENANT,
            )  # fmt: skip
    tracemalloc.start()
    with open_dossier_de_preuve(dossier, MAINTENANT) as flux:
        taille = flux.seek(0, 2)
    _, sommet = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taille > 60_000_000
    assert sommet < 12_000_000
