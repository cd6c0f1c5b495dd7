"""Demander des données à l’État : FranceConnect de nouveau, jeton en mémoire seulement."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse

from socle.fondations.comptes.models import Compte, IdentiteFederee
from socle.fondations.comptes.ports import apres_connexion
from socle.fondations.comptes.services import create_compte_local
from tests.navigateur import Navigateur

pytestmark = pytest.mark.django_db
PHRASE = "des vagues et du sel"
DEMANDE = {
    "but": "essai", "scopes": "cnaf_quotient_familial", "suite": "/c/clamart/dossiers/12/etape/2/",
}  # fmt: skip


@pytest.fixture
def recues(monkeypatch):
    """Inscrit une suite d’essai et garde ce qu’elle reçoit."""
    connexions = []

    def suite(request, connexion):
        connexions.append((connexion, connection.in_atomic_block and len(connection.savepoint_ids)))
        return

    monkeypatch.setitem(apres_connexion._par_code, "essai", suite)
    return connexions


def test_linked_person_gets_the_token_to_the_hook_and_comes_back(navigateur, franceconnect, recues):
    navigateur.connecte("belkacem")
    reponse = navigateur.connecte("belkacem", depart=DEMANDE)

    assert reponse["Location"] == "/c/clamart/dossiers/12/etape/2/"
    [(connexion, _)] = recues
    assert connexion.compte_id == Compte.objects.get().pk
    assert connexion.scopes == ("cnaf_quotient_familial",)
    assert connexion.traits.pivot["family_name"] == "BELKACEM"
    assert len(connexion.jeton_acces) > 10
    assert connexion.jeton_acces not in repr(connexion)


def test_scopes_are_really_asked(navigateur, franceconnect, recues):
    navigateur.connecte("belkacem")
    depart = navigateur.part("/c/clamart/connexion/franceconnect/", **DEMANDE)
    assert "cnaf_quotient_familial" in depart


def test_a_link_is_enough(navigateur, franceconnect, recues):
    navigateur.connecte("belkacem")
    depart = navigateur.client.get("/c/clamart/connexion/franceconnect/", DEMANDE)
    navigateur.revient(navigateur.choisit(depart["Location"], "belkacem"))
    assert len(recues) == 1


def test_hook_runs_outside_any_transaction_of_ours(navigateur, franceconnect, recues):
    navigateur.connecte("belkacem")
    navigateur.connecte("belkacem", depart=DEMANDE)
    [(_, points_de_reprise)] = recues
    assert points_de_reprise == 0  # seule la transaction du test est ouverte


def test_token_is_never_kept(navigateur, franceconnect, recues):
    navigateur.connecte("belkacem")
    navigateur.connecte("belkacem", depart=DEMANDE)
    [(connexion, _)] = recues
    assert connexion.jeton_acces not in str(dict(navigateur.client.session.items()))


def test_hook_can_answer_itself(navigateur, franceconnect, monkeypatch):
    monkeypatch.setitem(
        apres_connexion._par_code, "essai", lambda request, connexion: HttpResponse("reçu")
    )
    navigateur.connecte("belkacem")
    assert navigateur.connecte("belkacem", depart=DEMANDE).text == "reçu"


def test_without_a_session_it_is_also_a_login(navigateur, franceconnect, recues):
    reponse = navigateur.connecte("belkacem", depart=DEMANDE)
    assert reponse["Location"] == "/c/clamart/dossiers/12/etape/2/"
    assert len(recues) == 1
    assert "_auth_user_id" in navigateur.client.session


def test_scope_that_is_not_allowed_is_refused(client, franceconnect, recues):
    page = client.post("/c/clamart/connexion/franceconnect/", {**DEMANDE, "scopes": "cnam_droits"})
    assert (page.status_code, "remplir à la main" in page.text) == (400, True)


def test_unknown_purpose_is_refused(client, franceconnect):
    page = client.post("/c/clamart/connexion/franceconnect/", {**DEMANDE, "but": "inconnu"})
    assert page.status_code == 400


def test_other_person_is_refused(navigateur, franceconnect, recues):
    navigateur.connecte("belkacem")
    reponse = navigateur.connecte("le_goff", depart=DEMANDE)

    assert reponse["Location"] == DEMANDE["suite"]
    assert "n’est pas celle du compte" in read_avis(reponse)
    assert recues == []


@pytest.mark.parametrize(
    ("choix", "phrase"),
    [
        ({"action": "annuler"}, "n’a pas abouti"),
        ({"defaillance": "id_signature"}, "n’est pas sûre"),
    ],
)
def test_failure_leads_back_to_the_page_and_says_what_to_do(
    navigateur, franceconnect, recues, choix, phrase
):
    navigateur.connecte("belkacem")
    reponse = navigateur.connecte("belkacem", depart=DEMANDE, **choix)

    assert reponse["Location"] == DEMANDE["suite"]
    assert phrase in read_avis(reponse)
    assert "donnez ces réponses vous-même" in read_avis(reponse)
    assert (recues, "_auth_user_id" in navigateur.client.session) == ([], True)


def test_failure_without_a_session_stays_a_refused_login(navigateur, franceconnect, recues):
    page = navigateur.connecte("belkacem", depart=DEMANDE, action="annuler")

    assert (page.status_code, "Connexion impossible" in page.text) == (403, True)
    assert "_auth_user_id" not in navigateur.client.session


def read_avis(reponse) -> str:
    """Rend les avis que la page suivante montrera."""
    return " ".join(str(avis) for avis in get_messages(reponse.wsgi_request))


@pytest.fixture
def local(client, clamart):
    from django.utils import timezone

    compte = create_compte_local(
        genre="usager", courriel="yanis@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip
    client.post("/c/clamart/connexion/", {"login": "yanis@exemple.fr", "password": PHRASE})
    return compte


def test_local_account_may_ask_without_being_linked(client, local, franceconnect, recues):
    Navigateur(client).connecte("belkacem", depart=DEMANDE)
    [(connexion, _)] = recues
    assert connexion.compte_id == local.pk
    assert IdentiteFederee.objects.count() == 0


def test_local_account_cannot_ask_with_the_identity_of_another_account(
    client, local, franceconnect, recues, autre_navigateur
):
    autre_navigateur.connecte("belkacem")
    page = Navigateur(client).connecte("belkacem", depart=DEMANDE)
    assert (page["Location"], recues) == (DEMANDE["suite"], [])
