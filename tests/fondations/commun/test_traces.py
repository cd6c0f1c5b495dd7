"""Journaux techniques : une ligne JSON par événement, et personne dedans."""

import io
import json
import logging

import pytest
from django.conf import settings as reglages
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import path

from socle.fondations.commun.traces import FormatJson, describe_erreur
from socle.fondations.comptes.services import create_compte_local
from socle.metiers.dossiers.models import Dossier
from tests.metiers.conftest import administrateur, demarche

__all__ = ["administrateur", "demarche"]
pytestmark = pytest.mark.django_db
PERSONNE = ("Tessandre", "Léonie", "leonie@exemple.fr", "Léonie Tessandre", "0612345678")
PHRASE = "des vagues et du sel"
JETON = "AbCdEf0123456789-jeton-secret"


@pytest.fixture
def journal():
    """Tout ce que le produit écrit, mis en forme comme en production."""
    sortie = io.StringIO()
    poignee = logging.StreamHandler(sortie)
    poignee.setFormatter(FormatJson())
    racine = logging.getLogger()
    niveau = racine.level
    racine.addHandler(poignee)
    racine.setLevel(logging.DEBUG)
    yield lambda: [json.loads(ligne) for ligne in sortie.getvalue().splitlines()]
    racine.removeHandler(poignee)
    racine.setLevel(niveau)


def check_nobody(lignes: list[dict]) -> None:
    texte = json.dumps(lignes, ensure_ascii=False)
    secrets = [*PERSONNE, PHRASE, JETON, "Une phrase très personnelle"]
    assert [mot for mot in secrets if mot in texte] == []


@login_not_required
def crash(request, jeton):
    """Une panne dont le message cite la personne, comme le font Python et PostgreSQL."""
    try:
        int(request.POST["nom"])
    except ValueError as cause:
        raise RuntimeError(f"Valeur refusée : {request.POST['nom']}") from cause


@login_not_required
def collide(request, jeton):
    with connection.cursor() as curseur, transaction.atomic():
        curseur.execute("CREATE TEMP TABLE doublon (courriel text UNIQUE) ON COMMIT DROP")
        curseur.execute("INSERT INTO doublon VALUES (%s), (%s)", [request.POST["courriel"]] * 2)


urlpatterns = [path("panne/<str:jeton>/", crash), path("doublon/<str:jeton>/", collide)]
handler500 = "socle.fondations.commun.views.erreur_500"


def test_journey_of_a_person_leaves_no_name_in_the_logs(client, demarche, journal):
    create_compte_local(
        genre="usager", courriel="leonie@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=demarche.cree_le,
    )  # fmt: skip
    racine = "/c/clamart"
    client.post(f"{racine}/connexion/", {"login": "leonie@exemple.fr", "password": "faux"})
    client.post(f"{racine}/connexion/", {"login": "leonie@exemple.fr", "password": PHRASE})
    etape = client.post(f"{racine}/demarches/{demarche.chemin}/commencer/")["Location"]
    reponses = {"prenom": "Léonie", "nom": "Tessandre", "courriel": "leonie@exemple.fr"}
    client.post(etape, reponses | {"_action": "continuer"})
    numero = Dossier.objects.get().numero
    client.post(f"{racine}/dossiers/{numero}/ecrire/", {"corps": "Une phrase très personnelle"})
    client.get(f"{racine}/dossiers/{numero}/reprendre/{JETON}/")
    client.get(f"{racine}/courriels/{JETON}/")
    client.get(f"{racine}/demarches/?q=Tessandre")
    client.get(f"{racine}/Tessandre/")
    strict = Client(enforce_csrf_checks=True)
    strict.post(f"{racine}/dossiers/{numero}/reprendre/{JETON}/", reponses)
    strict.post(f"{racine}/connexion/mot-de-passe/1-{JETON}/{JETON}/", {"nom": "Tessandre"})

    lignes = journal()

    check_nobody(lignes)
    requetes = [ligne for ligne in lignes if ligne["evenement"] == "requete"]
    assert len(requetes) == 11
    assert {"identifiant", "methode", "route", "statut", "ms", "collectivite"} <= set(requetes[0])
    assert any(ligne["evenement"].startswith("Forbidden") for ligne in lignes)
    assert len(mail.outbox) < 5


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("chemin", ["panne", "doublon"])
def test_crash_is_told_without_what_the_person_typed(journal, chemin):
    client = Client(raise_request_exception=False)

    reponse = client.post(
        f"/{chemin}/{JETON}/", {"nom": "Tessandre", "courriel": "leonie@exemple.fr"}
    )

    assert reponse.status_code == 500
    lignes = journal()
    check_nobody(lignes)
    [erreur] = [ligne["erreur"] for ligne in lignes if "erreur" in ligne]
    assert "test_traces.py" in erreur  # de quoi trouver la ligne
    assert ("RuntimeError" in erreur) if chemin == "panne" else ("IntegrityError" in erreur)
    [evenement] = [ligne["evenement"] for ligne in lignes if "erreur" in ligne]
    assert evenement.startswith("Internal Server Error: ")


def test_erreur_names_its_causes_and_the_code_of_the_base():
    try:
        try:
            with transaction.atomic(), connection.cursor() as curseur:
                curseur.execute("SELECT 'leonie@exemple.fr'::int")
        except DatabaseError as cause:
            raise KeyError("Léonie") from cause
    except KeyError as erreur:
        texte = describe_erreur(erreur)

    assert texte.startswith("builtins.KeyError\n")
    assert "causée par django.db.utils.DataError" in texte
    assert "causée par psycopg.errors.InvalidTextRepresentation 22P02" in texte
    assert "leonie" not in texte
    assert issubclass(IntegrityError, DatabaseError)
    assert reglages.LOGGING["formatters"]["json"]["()"].endswith("FormatJson")
