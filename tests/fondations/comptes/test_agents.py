"""Administration des agents : inviter, rôles par service, retirer ; aux seuls administrateurs."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.errors import DernierAdministrateur, InvitationInvalide
from socle.fondations.comptes.models import Adhesion, Compte, Invitation
from socle.fondations.comptes.permissions import has_role, is_operateur
from socle.fondations.comptes.queries import list_collectivites_de
from socle.fondations.comptes.services import (
    accept_invitation,
    add_role,
    create_operateur,
    invite_agent,
    remove_agent,
    remove_role,
)
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory, ServiceFactory

pytestmark = pytest.mark.django_db
AGENTS = "/c/clamart/agent/reglages/agents/"
PHRASE = "des vagues et du sel"


@pytest.fixture
def admin(client, administratrice):
    client.force_login(administratrice)
    return client


def list_roles(clamart, compte) -> list[str]:
    with locataire(clamart.pk):
        return list(
            Adhesion.objects.filter(compte=compte).order_by("role").values_list("role", flat=True)
        )


def invite(admin, courriels, courriel="marc@exemple.fr", **donnees) -> str:
    admin.post(f"{AGENTS}inviter/", {"courriel": courriel, "role": "instructeur", **donnees})
    [lien] = re.findall(r"localhost:8000(/\S+/)", courriels()[-1].body)
    return lien


# Qui peut ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("methode", "chemin"),
    [("get", AGENTS), ("post", f"{AGENTS}inviter/"), ("get", f"{AGENTS}1/"),
     ("post", f"{AGENTS}1/retirer/"), ("post", "/c/clamart/agent/reglages/roles/1/oter/"),
     ("post", "/c/clamart/agent/reglages/invitations/1/annuler/"),
     ("post", "/c/clamart/agent/reglages/rattachements/1/")],
)  # fmt: skip
def test_only_administrators_enter(client, agent, methode, chemin):
    sans_session = getattr(client, methode)(chemin)
    assert sans_session.status_code == (302 if methode == "get" else 403)
    assert methode == "get" or "Votre session est finie" in sans_session.text
    client.force_login(agent)
    assert getattr(client, methode)(chemin).status_code == 403


def test_administrator_of_another_collectivite_does_not_enter(admin, clamart):
    CollectiviteFactory(slug="ailleurs")
    assert admin.get("/c/ailleurs/agent/reglages/agents/").status_code == 403


def test_agents_of_another_collectivite_are_not_shown_nor_changed(admin, clamart):
    ailleurs = CollectiviteFactory(slug="ailleurs")
    with locataire(ailleurs.pk):
        voisin = AdhesionFactory(
            collectivite=ailleurs, compte__courriel="voisin@exemple.fr", compte__nom="Voisin"
        )
    assert "Voisin" not in admin.get(AGENTS).text
    assert admin.get(f"{AGENTS}{voisin.compte_id}/").status_code == 404
    assert admin.post(f"{AGENTS}{voisin.compte_id}/retirer/").status_code == 404
    assert admin.post(f"/c/clamart/agent/reglages/roles/{voisin.pk}/oter/").status_code == 404


@pytest.mark.parametrize("nombre", [1, 3])
def test_list_keeps_a_constant_number_of_queries(admin, clamart, nombre, count_sql):
    with locataire(clamart.pk):
        AdhesionFactory.create_batch(nombre, collectivite=clamart)
    with count_sql() as comptees:
        page = admin.get(AGENTS)
    assert page.text.count("Modifier") == nombre + 1
    assert len(comptees.instructions) <= 8


# Inviter ----------------------------------------------------------------------------------------
def test_invitation_creates_an_account_with_a_proven_courriel(admin, clamart, courriels):
    with locataire(clamart.pk):
        ecoles = ServiceFactory(collectivite=clamart, nom="Écoles")
    lien = invite(admin, courriels, service=ecoles.pk)
    arrivant = type(admin)()

    assert "Écoles" in arrivant.get(lien).text
    reponse = arrivant.post(lien, {"prenom": "Marc", "nom": "Tessier", "mot_de_passe": PHRASE})
    assert reponse["Location"] == "/c/clamart/agent/"
    compte = Compte.objects.get(courriel="marc@exemple.fr")
    assert (compte.genre, compte.nom_affiche) == ("agent", "Marc Tessier")
    assert list_roles(clamart, compte) == ["instructeur"]
    assert arrivant.get("/c/clamart/agent/compte/")["Location"].endswith("/exige/")


def test_invitation_serves_once(admin, courriels):
    lien = invite(admin, courriels)
    arrivant = type(admin)()
    arrivant.post(lien, {"prenom": "Marc", "nom": "Tessier", "mot_de_passe": PHRASE})
    assert type(admin)().get(lien).status_code == 410


def test_invitation_expires_in_two_days(clamart):
    envoi = timezone.now()
    with locataire(clamart.pk):
        invitation, _ = invite_agent(
            collectivite=clamart, courriel="m@exemple.fr", role=Role.VALIDEUR, par=None,
            maintenant=envoi,
        )  # fmt: skip
        tard = envoi + timedelta(hours=48)
        with pytest.raises(InvitationInvalide):
            accept_invitation(
                invitation=invitation, compte=CompteFactory(agent=True), maintenant=tard
            )


def test_cancelled_invitation_is_refused(admin, clamart, courriels):
    lien = invite(admin, courriels)
    with locataire(clamart.pk):
        pk = Invitation.objects.get().pk
    admin.post(f"/c/clamart/agent/reglages/invitations/{pk}/annuler/")
    assert type(admin)().get(lien).status_code == 410


def test_second_invitation_replaces_the_first(admin, courriels):
    premier = invite(admin, courriels)
    second = invite(admin, courriels)
    assert type(admin)().get(premier).status_code == 410
    assert type(admin)().get(second).status_code == 200


def test_invitation_of_another_collectivite_is_unknown(admin, courriels):
    CollectiviteFactory(slug="ailleurs")
    lien = invite(admin, courriels).replace("clamart", "ailleurs")
    assert type(admin)().get(lien).status_code == 410


def test_token_is_kept_nowhere(admin, clamart, courriels):
    jeton = invite(admin, courriels).split("/")[-2]
    with locataire(clamart.pk):
        assert jeton not in str(Invitation.objects.values_list())


def test_agent_who_already_has_an_account_accepts_with_it(admin, clamart, courriels):
    ailleurs = CompteFactory(agent=True, courriel="ada@vallee-sud.example")
    lien = invite(admin, courriels, ailleurs.courriel, role="valideur")
    page = type(admin)().get(lien)
    assert "Vous avez déjà un compte" in page.text
    assert "mot_de_passe" not in page.text

    ada = type(admin)()
    ada.force_login(ailleurs)
    assert "Accepter l’invitation" in ada.get(lien).text
    ada.post(lien)
    assert list_roles(clamart, ailleurs) == ["valideur"]


def test_citizen_cannot_accept(admin, clamart, courriels):
    lien = invite(admin, courriels)
    usager = type(admin)()
    usager.force_login(CompteFactory())
    assert "vous êtes connecté comme usager" in usager.post(lien).text
    with locataire(clamart.pk):
        assert Invitation.objects.get().acceptee_le is None


def test_operateur_role_cannot_be_given_by_an_invitation(admin, clamart):
    page = admin.post(f"{AGENTS}inviter/", {"courriel": "x@exemple.fr", "role": "operateur"})
    assert page.status_code == 422
    with locataire(clamart.pk):
        assert Invitation.objects.count() == 0


def test_faulty_invitation_keeps_what_was_typed(admin):
    page = admin.post(f"{AGENTS}inviter/", {"courriel": "pas une adresse", "role": "valideur"})
    assert 'value="pas une adresse"' in page.text


def test_agent_already_here_is_not_invited_again(admin, agent, courriels, clamart):
    page = admin.post(f"{AGENTS}inviter/", {"courriel": agent.courriel, "role": "valideur"})

    assert page.status_code == 422
    assert "est déjà agent ici" in page.text
    assert f'href="{AGENTS}{agent.pk}/"' in page.text
    assert courriels() == []
    with locataire(clamart.pk):
        assert Invitation.objects.count() == 0


def test_refused_agent_gets_the_links_of_an_agent(client, agent):
    client.force_login(agent)
    texte = client.get(AGENTS).text

    assert "de vérifier votre rôle" in texte
    assert 'href="/c/clamart/agent/dossiers/"' in texte
    assert "vos brouillons" not in texte


def test_refused_administrator_is_not_sent_to_the_administrator(admin):
    page = admin.get("/c/clamart/agent/archives/")

    assert page.status_code == 403
    assert "Vous administrez cette collectivité" in page.text
    assert "Demandez à l’administrateur" not in page.text


# Rôles ------------------------------------------------------------------------------------------
def test_roles_are_given_and_taken_by_service(admin, agent, clamart):
    with locataire(clamart.pk):
        ecoles = ServiceFactory(collectivite=clamart, nom="Écoles")
    admin.post(f"{AGENTS}{agent.pk}/", {"role": "valideur", "service": ecoles.pk})
    with locataire(clamart.pk):
        donnee = Adhesion.objects.get(compte=agent, role="valideur")
    assert donnee.service_id == ecoles.pk
    page = admin.get(f"{AGENTS}{agent.pk}/").text
    assert "Valideur, Écoles" in page
    assert "Instructeur, tous les services" in page
    assert "Ce qu’un service limite" in page

    refus = admin.post(f"{AGENTS}{agent.pk}/", {"role": "archiviste", "service": ecoles.pk})
    assert (refus.status_code, "choisissez « Tous les services »" in refus.text) == (422, True)
    assert list_roles(clamart, agent) == ["instructeur", "valideur"]
    pk = donnee.pk
    admin.post(f"/c/clamart/agent/reglages/roles/{pk}/oter/")
    assert list_roles(clamart, agent) == ["instructeur"]


def test_service_of_another_collectivite_cannot_be_chosen(admin, agent, clamart):
    ailleurs = CollectiviteFactory()
    with locataire(ailleurs.pk):
        service = ServiceFactory(collectivite=ailleurs)
    admin.post(f"{AGENTS}{agent.pk}/", {"role": "archiviste", "service": service.pk})
    assert list_roles(clamart, agent) == ["instructeur"]


def test_last_administrator_stays(admin, administratrice, clamart):
    """L’administratrice d’un seul service ne compte pas : elle n’ouvre pas les réglages."""
    with locataire(clamart.pk):
        AdhesionFactory(
            collectivite=clamart,
            role=Role.ADMINISTRATEUR,
            service=ServiceFactory(collectivite=clamart, nom="Sports"),
        )
    page = admin.post(f"{AGENTS}{administratrice.pk}/retirer/")
    assert (page.status_code, "seul administrateur" in page.text) == (409, True)
    with locataire(clamart.pk):
        adhesion = Adhesion.objects.get(compte=administratrice)
        with pytest.raises(DernierAdministrateur):
            remove_role(adhesion=adhesion, par=administratrice, maintenant=timezone.now())


def test_removed_agent_is_out_at_once(admin, agent, clamart, client):
    ada = type(admin)()
    ada.post("/c/clamart/agent/connexion/", {"login": "ada@clamart.example", "password": PHRASE})
    assert "_auth_user_id" in ada.session
    admin.post(f"{AGENTS}{agent.pk}/retirer/")

    assert ada.get("/c/clamart/agent/compte/")["Location"].startswith("/c/clamart/agent/connexion/")
    assert list_roles(clamart, agent) == []
    assert Compte.objects.filter(pk=agent.pk, is_active=True).exists()


def test_everything_is_in_the_journal(admin, agent, administratrice, clamart):
    from socle.fondations.journal.models import Entree

    admin.post(f"{AGENTS}{agent.pk}/", {"role": "archiviste"})
    admin.post(f"{AGENTS}{agent.pk}/retirer/")
    with locataire(clamart.pk):
        entrees = list(Entree.objects.order_by("survenu_le").values_list("action", "acteur"))
    assert entrees == [
        ("agent.role_donne", administratrice.acteur),
        ("agent.retire", administratrice.acteur),
    ]


# Droits -----------------------------------------------------------------------------------------
def test_has_role_knows_only_active_agents_of_here(agent, clamart):
    ailleurs = CollectiviteFactory()
    with locataire(clamart.pk):
        assert has_role(agent, clamart, Role.INSTRUCTEUR) is True
        assert has_role(agent, clamart, Role.VALIDEUR) is False
        assert has_role(Compte(pk=agent.pk, genre="usager"), clamart, Role.INSTRUCTEUR) is False
        assert has_role(agent, ailleurs, Role.INSTRUCTEUR) is False


def test_operateur_is_a_role_of_the_installation(agent, clamart):
    ailleurs = CollectiviteFactory()
    create_operateur(compte=agent, maintenant=timezone.now())
    create_operateur(compte=agent, maintenant=timezone.now())
    with locataire(ailleurs.pk):
        assert has_role(agent, ailleurs, Role.OPERATEUR) is True
        assert has_role(agent, ailleurs, Role.ADMINISTRATEUR) is False
    assert is_operateur(CompteFactory()) is False


def test_collectivites_of_an_agent_are_his_only(agent, clamart):
    autre = CollectiviteFactory(nom="Autre")
    with locataire(autre.pk):
        AdhesionFactory(collectivite=autre)
    assert list_collectivites_de(agent) == [clamart]
    assert list_collectivites_de(CompteFactory()) == []


def test_role_given_twice_is_one_role(agent, clamart):
    with locataire(clamart.pk):
        for _ in range(2):
            add_role(
                collectivite=clamart, compte=agent, role=Role.DPO, par=None,
                maintenant=timezone.now(),
            )  # fmt: skip
    assert list_roles(clamart, agent) == ["dpo", "instructeur"]


def test_agent_of_two_collectivites_keeps_the_other(agent, administratrice, clamart):
    ailleurs = CollectiviteFactory()
    with locataire(ailleurs.pk):
        AdhesionFactory(compte=agent, collectivite=ailleurs)
    with locataire(clamart.pk):
        remove_agent(
            collectivite=clamart, compte=agent, par=administratrice, maintenant=timezone.now()
        )
    assert list_collectivites_de(agent) == [ailleurs]
