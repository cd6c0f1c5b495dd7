"""Page « Mon compte » : identité, associer et délier, ce que chacun peut changer."""

import pytest
from django.utils import timezone

from socle.fondations.comptes.models import Compte, IdentiteFederee
from socle.fondations.comptes.services import create_compte_local
from tests.navigateur import Navigateur

pytestmark = pytest.mark.django_db
PHRASE = "des vagues et du sel"
COMPTE = "/c/clamart/espace/compte/"
ASSOCIER = "/c/clamart/connexion/franceconnect/associer/"


@pytest.fixture
def usager(clamart):
    return create_compte_local(
        genre="usager", courriel="yanis@exemple.fr", mot_de_passe=PHRASE, verifie=True,
        maintenant=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def connecte(client, usager):
    client.post("/c/clamart/connexion/", {"login": "yanis@exemple.fr", "password": PHRASE})
    return client


def associate(navigateur, identite="belkacem"):
    return navigateur.revient(navigateur.choisit(navigateur.part(ASSOCIER), identite))


def test_local_person_describes_themselves(connecte, usager):
    connecte.post(COMPTE, {"prenom": "Yanis", "nom": "Orbellec", "telephone": "01 23 45 67 89"})
    usager.refresh_from_db()
    assert (usager.nom_affiche, usager.telephone) == ("Yanis Orbellec", "01 23 45 67 89")


def test_certified_identity_is_shown_and_cannot_be_changed(navigateur, franceconnect):
    navigateur.connecte("belkacem")
    page = navigateur.client.get(COMPTE)

    assert "BELKACEM" in page.text
    assert "Certifié par FranceConnect, le " in page.text
    assert 'name="nom"' not in page.text
    navigateur.client.post(COMPTE, {"nom": "AUTRE", "courriel_contact": "n@exemple.fr"})
    compte = Compte.objects.get()
    assert (compte.nom, compte.courriel_contact) == ("BELKACEM", "n@exemple.fr")


def test_agent_sees_the_same_page_in_the_agents_dress(client, agent):
    client.force_login(agent)
    page = client.get("/c/clamart/agent/compte/")
    assert page.status_code == 200
    assert "Espace des agents" in page.text
    client.post("/c/clamart/agent/compte/", {"qualite": "Cheffe de service", "nom": "Fournel"})
    agent.refresh_from_db()
    assert agent.qualite == "Cheffe de service"


# Associer ---------------------------------------------------------------------------------------
def test_associate_links_the_open_account(connecte, usager, franceconnect):
    assert associate(Navigateur(connecte))["Location"] == COMPTE

    [identite] = usager.identites.all()
    assert identite.profil == "franceconnect"
    autre = Navigateur(type(connecte)())
    autre.connecte("belkacem")
    assert autre.client.session["_auth_user_id"] == str(usager.pk)


def test_associate_is_a_post_with_csrf_and_a_session(connecte, client, franceconnect):
    assert connecte.get(ASSOCIER).status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    strict.cookies = connecte.cookies
    assert strict.post(ASSOCIER).status_code == 403
    assert "Votre session est finie" in type(client)().post(ASSOCIER).text


def test_associate_cannot_be_asked_by_a_link(connecte, usager, franceconnect):
    """Un autre site ne relie pas son identité au compte ouvert par un simple lien."""
    navigateur = Navigateur(connecte)
    depart = connecte.get("/c/clamart/connexion/franceconnect/?but=associer&intention=associer")
    navigateur.revient(navigateur.choisit(depart["Location"], "belkacem"))
    assert usager.identites.count() == 0


def test_identity_of_another_account_cannot_be_associated(
    connecte, usager, franceconnect, autre_navigateur
):
    autre_navigateur.connecte("belkacem")
    page = associate(Navigateur(connecte))

    assert (page.status_code, "déjà reliée" in page.text) == (409, True)
    assert usager.identites.count() == 0


def test_two_accounts_cannot_claim_the_same_sub(usager, franceconnect):
    from django.db import IntegrityError, transaction

    communs = {"emetteur": "https://x", "sub": "s", "profil": "oidc", "nom_fournisseur": "x"}
    IdentiteFederee.objects.create(compte=usager, **communs)
    autre = Compte.objects.create_compte(genre="usager")
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentiteFederee.objects.create(compte=autre, **communs)


def test_simultaneous_first_logins_make_one_account(navigateur, franceconnect, monkeypatch):
    """Course : l’autre a créé le compte entre la recherche et l’écriture."""
    from socle.fondations.comptes.services import connexion

    navigateur.connecte("belkacem")
    vrai, appels = connexion.find_identite, []

    def ne_voit_pas_encore(ligne, sub):
        appels.append(sub)
        return None if len(appels) == 1 else vrai(ligne, sub)

    monkeypatch.setattr(connexion, "find_identite", ne_voit_pas_encore)
    monkeypatch.setattr(connexion, "_needs_rattachement", lambda *a: False)
    reponse = Navigateur(type(navigateur.client)()).connecte("belkacem")

    assert reponse.status_code == 302
    assert Compte.objects.count() == 1


def test_agent_cannot_associate_a_citizen_identity(client, agent, franceconnect):
    client.force_login(agent)
    depart = client.post("/c/clamart/connexion/franceconnect/associer/")["Location"]
    navigateur = Navigateur(client)
    page = navigateur.revient(navigateur.choisit(depart, "belkacem"))
    assert page.status_code == 403
    assert IdentiteFederee.objects.count() == 0


# Délier -----------------------------------------------------------------------------------------
def unlink(client, identite):
    return client.post(f"/c/clamart/compte/identites/{identite.pk}/delier/")


def test_unlink_leaves_the_password(connecte, usager, franceconnect):
    associate(Navigateur(connecte))
    connecte.post("/c/clamart/compte/confirmer/", {"password": PHRASE})
    assert unlink(connecte, usager.identites.get())["Location"] == COMPTE
    assert usager.identites.count() == 0


def test_unlink_needs_a_fresh_confirmation(connecte, usager, franceconnect):
    associate(Navigateur(connecte))
    reponse = unlink(connecte, usager.identites.get())
    assert reponse["Location"].startswith("/c/clamart/compte/confirmer/")
    assert usager.identites.count() == 1


def test_last_way_to_log_in_cannot_be_unlinked(navigateur, franceconnect):
    navigateur.connecte("belkacem")
    page = unlink(navigateur.client, IdentiteFederee.objects.get())

    assert (page.status_code, "seul moyen" in page.text) == (409, True)
    assert IdentiteFederee.objects.count() == 1


def test_identity_of_somebody_else_cannot_be_unlinked(connecte, franceconnect, autre_navigateur):
    autre_navigateur.connecte("belkacem")
    connecte.post("/c/clamart/compte/confirmer/", {"password": PHRASE})
    assert unlink(connecte, IdentiteFederee.objects.get()).status_code == 404


def test_person_of_franceconnect_can_add_a_password(
    navigateur, franceconnect, courriels, monkeypatch
):
    """Le chemin que « votre seul moyen » propose existe : un courriel, puis un mot de passe."""
    import re

    navigateur.connecte("belkacem")
    client = navigateur.client
    client.post("/c/clamart/compte/courriel/", {"email": "nadia@exemple.fr"})
    [lien] = re.findall(r"localhost:8000(/\S+/)", courriels()[-1].body)
    client.post(lien)
    client.post("/c/clamart/compte/mot-de-passe/choisir/", {"password1": PHRASE})

    client.post("/c/clamart/compte/confirmer/", {"password": PHRASE})
    unlink(client, IdentiteFederee.objects.get())
    autre = type(client)()
    reponse = autre.post("/c/clamart/connexion/", {"login": "nadia@exemple.fr", "password": PHRASE})
    assert reponse["Location"] == "/c/clamart/espace/"
