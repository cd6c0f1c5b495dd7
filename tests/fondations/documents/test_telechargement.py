"""Télécharger : droit du métier, antivirus, en-têtes, plages, journal."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from socle.fondations.commun.locataire import locataire
from socle.fondations.documents import views
from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.errors import AnalyseEnCours, DocumentInfecte
from socle.fondations.documents.models import Document
from socle.fondations.documents.services.plages import Plage, parse_plage
from socle.fondations.journal.models import Entree
from tests.factories import CollectiviteFactory, CompteFactory
from tests.fondations.documents.echantillons import PDF, build_image

pytestmark = pytest.mark.django_db


def build_adresse(document) -> str:
    return f"/c/{document.collectivite.slug}/documents/{document.pk}/"


def set_etat(document, etat) -> None:
    Document.objects.filter(pk=document.pk).update(etat=etat)


@pytest.fixture
def document(depose, metier):
    return depose(nom="Avis d’impôt.pdf")


def test_download_is_an_attachment_with_safe_headers(client, document):
    reponse = client.get(build_adresse(document))

    assert reponse.getvalue() == PDF
    entetes = {
        nom: reponse.headers[nom]
        for nom in (
            "Content-Type", "Content-Length", "Content-Security-Policy", "X-Content-Type-Options",
            "Cache-Control", "Accept-Ranges", "ETag", "Cross-Origin-Resource-Policy",
        )
    }  # fmt: skip
    assert entetes == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(PDF)),
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": f'"{document.sha256}"',
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert reponse.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''Avis%20d%E2%80%99imp%C3%B4t.pdf"
    )


@pytest.mark.parametrize(
    ("contenu", "nom", "etat", "en_ligne"),
    [
        (PDF, "a.pdf", EtatDocument.SAIN, True),
        (PDF, "a.pdf", EtatDocument.NON_ANALYSE, True),
        (build_image("PNG"), "a.png", EtatDocument.SAIN, True),
        (build_image("WEBP"), "a.webp", EtatDocument.SAIN, False),
        (b"bonjour", "a.txt", EtatDocument.SAIN, False),
        (b'<?xml version="1.0"?><a/>', "a.xml", EtatDocument.SAIN, False),
    ],
)
def test_only_pdf_and_plain_images_are_shown_inline(
    client, depose, metier, contenu, nom, etat, en_ligne
):
    document = depose(contenu, nom)
    set_etat(document, etat)

    reponse = client.get(build_adresse(document) + "?voir")

    assert reponse.headers["Content-Disposition"].startswith("inline" if en_ligne else "attachment")
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"


def test_unknown_refused_or_foreign_document_is_404(client, document, metier):
    etranger = CollectiviteFactory()

    assert client.get(f"/c/{etranger.slug}/documents/{document.pk}/").status_code == 404
    metier.lecture = False
    assert client.get(build_adresse(document)).status_code == 404
    metier.lecture = True
    Document.objects.update(retire_le=document.depose_le)
    assert client.get(build_adresse(document)).status_code == 404
    Document.objects.update(retire_le=None, objet="sans-regle:1")
    assert client.get(build_adresse(document)).status_code == 404


def build_requete(document, compte=None):
    requete = RequestFactory().get(build_adresse(document))
    requete.collectivite = document.collectivite
    requete.user = compte or CompteFactory()
    return requete


def test_infected_document_is_blocked_for_everyone(document):
    set_etat(document, EtatDocument.INFECTE)

    with pytest.raises(DocumentInfecte, match="bloqué"):
        views.telecharger(build_requete(document), document.pk)


def test_only_the_depositor_reads_a_file_being_scanned(document):
    set_etat(document, EtatDocument.EN_ATTENTE)
    deposant = CompteFactory()
    Document.objects.update(depose_par=deposant.acteur)

    assert views.telecharger(build_requete(document, deposant), document.pk).status_code == 200
    with pytest.raises(AnalyseEnCours, match="vérification"):
        views.telecharger(build_requete(document), document.pk)


def test_blocked_document_is_explained_to_the_person(client, document):
    set_etat(document, EtatDocument.INFECTE)

    reponse = client.get(build_adresse(document))

    assert reponse.status_code == 403
    assert "antivirus" in reponse.text


def test_unchanged_document_is_not_sent_again(client, document):
    reponse = client.get(build_adresse(document), headers={"If-None-Match": f'"{document.sha256}"'})

    assert (reponse.status_code, reponse.content) == (304, b"")


@pytest.mark.parametrize(
    ("plage", "statut", "contenu", "content_range"),
    [
        ("bytes=0-3", 206, PDF[:4], f"bytes 0-3/{len(PDF)}"),
        ("bytes=5-", 206, PDF[5:], f"bytes 5-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=-4", 206, PDF[-4:], f"bytes {len(PDF) - 4}-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=9999-", 416, b"", f"bytes */{len(PDF)}"),
        ("bytes=0-1,3-4", 200, PDF, None),
        ("octets=0-1", 200, PDF, None),
    ],
)
def test_ranges(client, document, plage, statut, contenu, content_range):
    reponse = client.get(build_adresse(document), headers={"Range": plage})

    assert reponse.status_code == statut
    assert reponse.getvalue() == contenu
    assert reponse.headers.get("Content-Range") == content_range


def test_range_of_an_older_content_sends_everything(client, document):
    entetes = {"Range": "bytes=0-3", "If-Range": '"autre"'}

    assert client.get(build_adresse(document), headers=entetes).getvalue() == PDF


def test_head_sends_no_body(client, document):
    reponse = client.head(build_adresse(document))

    assert (reponse.content, reponse.headers["Content-Length"]) == (b"", str(len(PDF)))


def test_agent_reading_is_journaled_once_per_reading(document, collectivite):
    agent = CompteFactory(agent=True)
    requete = build_requete(document, agent)
    views.telecharger(requete, document.pk)
    suite = build_requete(document, agent)
    suite.META["HTTP_RANGE"] = "bytes=4-"
    views.telecharger(suite, document.pk)
    views.telecharger(build_requete(document), document.pk)  # un usager : rien

    entrees = Entree.objects.filter(collectivite_id=collectivite.pk, action="document.lu")
    assert [(e.objet, e.acteur, e.donnees) for e in entrees.order_by("pk")] == [
        ("essai:1", agent.acteur, {"document": str(document.pk)})
    ]


def test_document_is_read_in_three_statements_whatever_its_size(client, depose, metier, count_sql):
    document = depose(build_image("PNG") + b"\0" * 3_000_000, "gros.png")

    with count_sql() as compte:
        client.get(build_adresse(document)).getvalue()

    assert len(compte.instructions) <= 3


def test_missing_content_is_404_before_anything_is_sent(client, document, racine):
    (racine / document.chemin).unlink()

    assert client.get(build_adresse(document)).status_code == 404


def test_address_is_the_same_under_the_own_host(document):
    assert reverse("documents:telecharger", args=[document.pk], urlconf="config.urls_collectivite")


@pytest.mark.parametrize(
    ("entete", "attendu"),
    [
        ("", None),
        ("bytes=-", None),
        ("bytes=3-1", None),
        ("bytes=0-999", Plage(0, 9)),
        ("bytes=-0", Plage.IMPOSSIBLE),
        ("bytes=-99", Plage(0, 9)),
        ("bytes=10-", Plage.IMPOSSIBLE),
        ("bytes=٠-٣", None),
    ],
)
def test_parse_plage(entete, attendu):
    assert parse_plage(entete, 10) == attendu


def test_stream_needs_no_transaction(document, client):
    """Le flux se lit après la fin du contexte de collectivité : il ne tient rien de la base."""
    with locataire(None):
        reponse = client.get(build_adresse(document))

    assert b"".join(reponse.streaming_content) == PDF
