"""Fichiers d’un ordre du jour : déposés par l’équipe, lus par les convoqués, ou par tous."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from socle.fondations.collectivites.services import get_programme
from socle.fondations.commun.locataire import locataire
from socle.fondations.documents.models import Document
from socle.metiers.gouvernance.models import PointOrdreDuJour
from socle.metiers.gouvernance.services import pieces, points, reunions
from tests.metiers.gouvernance.conftest import SYSTEME, create_agent, create_reunion

pytestmark = pytest.mark.django_db


def deposit(client, point, nom, **champs):
    fichier = SimpleUploadedFile(nom, b"a;b\n1;2\n", "text/csv")
    url = reverse("gouvernance:equipe_point_fichier", args=[point.pk])
    return client.post(url, {"fichier": fichier, **champs})


@pytest.fixture
def point(client, equipe, cos, sieges):
    """Un point avec un fichier réservé, puis un fichier public ; la réunion est convoquée."""
    reunion = create_reunion(cos, timezone.now())
    point = points.save_point(
        reunion=reunion, titre="Bilan", acteur=SYSTEME, maintenant=timezone.now(),
        documents=[{"titre": "Un lien", "url": "https://exemple.fr/"}],
    )  # fmt: skip
    client.force_login(equipe)
    assert deposit(client, point, "reserve.csv").status_code == 302
    assert deposit(client, point, "public.csv", titre="Note", public="on").status_code == 302
    client.logout()
    return PointOrdreDuJour.objects.get()


def list_statuts(client, point):
    return [client.get(piece["url"]).status_code for piece in point.pieces[1:]]


def test_reserved_file_is_read_by_the_convened_only(client, point, equipe, sieges):
    reunion = point.reunion
    page = reverse("gouvernance:reunion", args=[reunion.pk])
    membre = sieges.etat[0].titulaire
    client.force_login(membre)
    assert set(list_statuts(client, point)) <= {403, 404}  # pas encore convoquée
    client.force_login(equipe)
    assert list_statuts(client, point) == [200, 200]
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=timezone.now())

    for qui, compte in (("membre", membre), ("agent", create_agent()), ("personne", None)):
        client.logout()
        if compte is not None:
            client.force_login(compte)
        obtenus = list_statuts(client, point)
        assert (obtenus[0] == 200, obtenus[1]) == (qui == "membre", 200), qui
        texte = client.get(page).text
        assert (point.pieces[1]["url"] in texte) is (qui == "membre"), qui
        assert point.pieces[2]["url"] in texte
        assert "reserve.csv" in texte  # son titre est public, son contenu non


def test_new_links_keep_the_files_and_a_withdrawn_file_is_gone(client, point, equipe):
    client.force_login(equipe)
    url = reverse("gouvernance:equipe_point", args=[point.pk])
    client.post(url, {"titre": "Bilan", "documents": "Autre | https://exemple.fr/2"})
    point.refresh_from_db()
    assert [piece["titre"] for piece in point.documents] == ["Autre", "reserve.csv", "Note"]

    reserve = point.documents[1]["fichier"]
    adresse = point.pieces[1]["url"]
    detacher = reverse("gouvernance:equipe_point_detacher", args=[point.pk])
    client.post(detacher, {"fichier": reserve})
    client.post(detacher, {"fichier": "x"})  # inconnu : refusé, sans effet
    point.refresh_from_db()
    assert [piece["titre"] for piece in point.documents] == ["Autre", "Note"]
    assert client.get(adresse).status_code in (403, 404)
    with locataire(get_programme().pk):
        tous = list(Document.objects.filter(objet=point.reunion.cle).order_by("pk"))
        utiles = pieces.list_utiles(point.reunion.cle, tous)
    assert {str(pk) for pk in utiles} == {point.documents[1]["fichier"]}
    assert len(tous) == 2


def test_hostile_file_is_refused_with_words(client, point, equipe):
    client.force_login(equipe)
    url = reverse("gouvernance:equipe_point_fichier", args=[point.pk])
    reponse = client.post(url, {"fichier": SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 99)})
    assert reponse.status_code == 422
    assert "x.exe" not in [piece["titre"] for piece in PointOrdreDuJour.objects.get().documents]
