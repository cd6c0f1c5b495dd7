"""Recevoir un fichier : rangé entier ou pas du tout, borné, compté en instructions."""

import hashlib
import os
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.locataire import locataire
from socle.fondations.documents.enums import EtatDocument
from socle.fondations.documents.errors import (
    DocumentTropLourd,
    DocumentVide,
    EntrepotIndisponible,
    TropDeDocuments,
    TypeRefuse,
)
from socle.fondations.documents.models import Document
from socle.fondations.documents.ports import Regles
from socle.fondations.documents.queries import find_document, list_documents
from socle.fondations.documents.services import (
    open_document,
    receive_document,
    record_document,
    store_bytes,
    store_file,
    write_contenu,
)
from tests.factories import CollectiviteFactory
from tests.fondations.documents.echantillons import PDF, build_image

pytestmark = pytest.mark.django_db


def list_fichiers(racine) -> list[str]:
    return sorted(str(f.relative_to(racine)) for f in racine.rglob("*") if f.is_file())


def test_document_is_stored_under_its_hash_alone(depose, racine, collectivite, maintenant):
    document = depose(nom="../../../etc/Avis d’impôt.exe")

    empreinte = hashlib.sha256(PDF).hexdigest()
    chemin = f"{collectivite.pk}/{empreinte[:2]}/{empreinte[2:4]}/{empreinte}"
    assert list_fichiers(racine) == [chemin]
    relu = Document.objects.get(pk=document.pk)
    assert (relu.nom, relu.type_mime, relu.taille, relu.sha256) == (
        "Avis d’impôt.pdf", "application/pdf", len(PDF), empreinte,
    )  # fmt: skip
    assert (relu.depose_par, relu.depose_le) == ("usager:1", maintenant)
    with open_document(relu) as fichier:
        assert fichier.read() == PDF


def test_document_given_back_equals_the_row(depose):
    document = depose()
    relu = Document.objects.get(pk=document.pk)

    assert {c.attname: getattr(document, c.attname) for c in Document._meta.concrete_fields} == {
        c.attname: getattr(relu, c.attname) for c in Document._meta.concrete_fields
    }


@pytest.mark.parametrize(("clamav", "nombre"), [("", 1), ("tcp:127.0.0.1:1", 2)])
def test_receiving_costs_at_most_two_statements(depose, settings, count_sql, clamav, nombre):
    settings.CLAMAV = clamav

    with count_sql() as compte:
        document = depose()

    assert len(compte.instructions) == nombre
    attendu = EtatDocument.EN_ATTENTE if clamav else EtatDocument.NON_ANALYSE
    assert document.etat == attendu


def test_uploaded_file_of_django_is_accepted(collectivite, racine, maintenant):
    fichier = SimpleUploadedFile("photo.png", build_image("PNG"), "text/html")

    document = receive_document(
        collectivite=collectivite,
        fichier=fichier,
        nom=fichier.name,
        objet="essai:1",
        depose_par="usager:1",
        maintenant=maintenant,
    )

    assert (document.nom, document.type_mime) == ("photo.png", "image/png")


def test_same_content_is_stored_once_per_collectivite(depose, racine, collectivite):
    autre = CollectiviteFactory()

    premier, second = depose(), depose(objet="essai:2")
    with locataire(autre.pk):
        depose(collectivite=autre)

    assert premier.sha256 == second.sha256
    assert len(list_fichiers(racine)) == 2


@pytest.mark.parametrize(
    ("contenu", "regles", "refus", "mots"),
    [
        (b"", Regles(), DocumentVide, "vide"),
        (PDF, Regles(taille_max=10), DocumentTropLourd, "10.octets"),
        (PDF, Regles(familles=frozenset({"image"})), TypeRefuse, "trouvé : PDF.*image"),
        (b"<svg/>", Regles(), TypeRefuse, "page web ou image SVG"),
        (PDF, Regles(nombre_max=0), TropDeDocuments, "trop de fichiers"),
        (PDF, Regles(total_max=10), TropDeDocuments, "trop lourds ensemble"),
    ],
)
def test_refused_file_leaves_no_row(depose, racine, contenu, regles, refus, mots):
    with pytest.raises(refus, match=mots) as erreur:
        depose(contenu, regles=regles)

    assert erreur.value.suite
    assert Document.objects.count() == 0
    assert not any("depots" in fichier for fichier in list_fichiers(racine))


def test_installation_limit_wins_over_the_field(depose, settings):
    settings.TAILLE_MAX_DOCUMENT = 20

    with pytest.raises(DocumentTropLourd):
        depose(regles=Regles(taille_max=10_000))


def test_count_ignores_removed_files_and_other_objects(depose, maintenant):
    regles = Regles(nombre_max=1)
    document = depose(regles=regles)
    Document.objects.filter(pk=document.pk).update(retire_le=maintenant)

    depose(regles=regles)
    depose(regles=regles, objet="essai:2")

    with pytest.raises(TropDeDocuments):
        depose(regles=regles)


def test_broken_storage_says_so_and_keeps_nothing(depose, racine):
    racine.write_text("un fichier à la place du dossier")

    with pytest.raises(EntrepotIndisponible, match="Recommencez"):
        depose()

    assert Document.objects.count() == 0


def test_content_is_flushed_before_the_row(collectivite, racine, maintenant, monkeypatch):
    """Ordre qui rend un arrêt brutal sans effet : forcer, mettre à sa place, puis inscrire."""
    gestes = []
    vrai_fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda d: (gestes.append("fsync"), vrai_fsync(d)))

    contenu = write_contenu(collectivite_id=collectivite.pk, fichier=BytesIO(PDF), nom="a.pdf")

    assert gestes == ["fsync", "fsync"]  # le fichier, puis son dossier
    assert Document.objects.count() == 0
    document = record_document(
        collectivite=collectivite,
        contenu=contenu,
        nom="a.pdf",
        objet="essai:1",
        depose_par="usager:1",
        maintenant=maintenant,
    )
    assert list(list_documents("essai:1")) == [document]


def test_another_collectivite_sees_nothing(depose):
    document = depose()

    with locataire(CollectiviteFactory().pk):
        assert find_document(document.pk) is None
        assert list(list_documents("essai:1")) == []
    assert find_document(document.pk) == document


def test_our_own_files_are_stored_as_safe(collectivite, racine, maintenant, settings, tmp_path):
    settings.CLAMAV = "tcp:127.0.0.1:1"
    (tmp_path / "sip.pdf").write_bytes(PDF)
    commun = {
        "collectivite": collectivite,
        "objet": "essai:1",
        "type_mime": "application/pdf",
        "maintenant": maintenant,
    }

    un = store_bytes(contenu=PDF, nom="accuse.pdf", **commun)
    deux = store_file(chemin=tmp_path / "sip.pdf", nom="sip.pdf", **commun)

    assert [d.etat for d in (un, deux)] == [EtatDocument.SAIN, EtatDocument.SAIN]
    assert un.depose_par == "systeme"
    assert un.sha256 == deux.sha256
    with pytest.raises(ValueError, match="annoncé image/png"):
        store_bytes(contenu=PDF, nom="a.png", **(commun | {"type_mime": "image/png"}))
