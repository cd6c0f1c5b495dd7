"""Connexion d’un agent par ProConnect : organisation, second facteur, adhésion, invitation."""

import pytest

from socle.fondations.collectivites.services import set_reglage
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Adhesion, Compte, IdentiteFederee, MembreOperateur
from socle.fondations.comptes.services import invite_agent
from tests.factories import AdhesionFactory, CollectiviteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entre(navigateur, proconnect):
    """Connecte un agent simulé à Clamart."""

    def entre(identite: str, nav=None, **options):
        return (nav or navigateur).connecte(identite, code="proconnect", **options)

    return entre


@pytest.fixture
def invite(client, clamart, maintenant):
    """Ouvre, dans le navigateur, le lien d’une invitation à Clamart."""
    from django.utils import timezone

    def invite(nav=None, role=Role.INSTRUCTEUR):
        with locataire(clamart.pk):
            _, jeton = invite_agent(
                collectivite=clamart, courriel="sophie.marchand@clamart.example", role=role,
                par=None, maintenant=timezone.now(),
            )  # fmt: skip
        return (nav or client).get(f"/c/clamart/agent/invitation/{jeton}/")

    return invite


def list_roles(clamart) -> list[str]:
    with locataire(clamart.pk):
        return list(Adhesion.objects.order_by("role").values_list("role", flat=True))


def test_agent_without_invitation_gets_nothing(entre):
    page = entre("instructrice")

    assert (page.status_code, "pas encore d’accès" in page.text) == (403, True)
    assert Compte.objects.count() == 0


def test_invited_agent_enters_and_the_invitation_is_used(entre, invite, clamart):
    page = invite()
    assert "proconnect" in page.text
    reponse = entre("instructrice")

    assert reponse["Location"] == "/c/clamart/agent/"
    assert list_roles(clamart) == ["instructeur"]
    [compte] = Compte.objects.all()
    assert (compte.genre, compte.prenom, compte.nom) == ("agent", "Sophie", "MARCHAND")


def test_invited_agent_enters_again_without_invitation(entre, invite, autre_navigateur, navigateur):
    invite()
    entre("instructrice")
    assert entre("instructrice", autre_navigateur)["Location"] == "/c/clamart/agent/"
    assert navigateur.client.get("/c/clamart/agent/compte/").status_code == 200


def test_proconnect_mfa_counts(entre, invite, navigateur):
    invite()
    entre("instructrice")

    assert navigateur.client.session["mfa"] is True
    assert navigateur.client.get("/c/clamart/agent/compte/").status_code == 200


def test_agent_without_second_factor_is_refused_by_us(navigateur, branche, invite):
    """Même si ProConnect laisse passer, le niveau rendu est contrôlé ici."""
    branche("proconnect", claims={"id_token": {"amr": None}})
    invite()
    page = navigateur.connecte("sans_mfa", code="proconnect")

    assert (page.status_code, "double authentification" in page.text) == (403, True)
    assert Compte.objects.count() == 0


def test_agent_without_second_factor_is_refused_by_proconnect(entre, invite):
    invite()
    page = entre("sans_mfa")
    assert (page.status_code, "double authentification" in page.text) == (403, True)


def test_tolerant_collectivite_asks_a_local_second_factor(navigateur, branche, invite):
    """Sans exigence au retour, l’agent entre mais doit choisir un second facteur d’abord."""
    branche("proconnect", claims={"id_token": {"amr": None}}, acr_acceptes="", mfa_exigee=False)
    invite()
    navigateur.connecte("sans_mfa", code="proconnect")

    page = navigateur.client.get("/c/clamart/agent/compte/")
    assert page["Location"] == "/c/clamart/compte/second-facteur/exige/"


def test_private_sector_has_its_own_refusal(entre, invite):
    invite()
    page = entre("secteur_prive")
    assert (page.status_code, "réservé aux agents publics" in page.text) == (403, True)


def test_siret_of_another_organisation_is_refused(entre, invite):
    invite()
    page = entre("autre_siret")
    assert "n’est pas cette collectivité" in page.text


def test_siret_absent_is_refused(navigateur, branche, invite):
    branche("proconnect", scopes="openid given_name usual_name roles")
    invite()
    page = navigateur.connecte("instructrice", code="proconnect")
    assert "n’est pas cette collectivité" in page.text


def test_siret_of_a_shared_employer_is_admitted_by_setting(entre, invite, clamart):
    with locataire(clamart.pk):
        set_reglage(collectivite=clamart, cle="comptes.sirets_admis", valeur=["20005796600018"])
    invite()
    assert entre("instructeur_epci")["Location"] == "/c/clamart/agent/"


def test_upstream_provider_outside_the_list_is_refused(entre, invite, clamart):
    with locataire(clamart.pk):
        set_reglage(collectivite=clamart, cle="comptes.fournisseurs_amont", valeur=["autre"])
    invite()
    assert "n’est pas cette collectivité" in entre("instructrice").text


def test_same_courriel_other_provider_is_another_identity(entre, invite, autre_navigateur, clamart):
    """Même courriel, autre fournisseur d’identité : autre `sub`, donc pas le même compte."""
    invite()
    entre("instructrice")
    page = entre("instructrice_autre_fi", autre_navigateur)

    assert page.status_code == 403
    assert IdentiteFederee.objects.count() == 1


def test_disabled_agent_is_refused_and_thrown_out(entre, invite, autre_navigateur, navigateur):
    invite()
    entre("instructrice")
    Compte.objects.update(is_active=False)

    assert entre("instructrice", autre_navigateur).status_code == 403
    assert navigateur.client.get("/c/clamart/agent/compte/").status_code == 302


def test_removed_agent_is_refused(entre, invite, autre_navigateur, clamart):
    invite()
    entre("instructrice")
    with locataire(clamart.pk):
        Adhesion.objects.all().delete()
    assert "pas encore d’accès" in entre("instructrice", autre_navigateur).text


def test_agent_and_citizen_of_the_same_person_stay_apart(
    entre, invite, autre_navigateur, franceconnect
):
    invite()
    entre("instructrice")
    autre_navigateur.connecte("belkacem")
    assert sorted(Compte.objects.values_list("genre", flat=True)) == ["agent", "usager"]


def test_agent_of_two_collectivites_rechecks_the_organisation(entre, invite, navigateur):
    """La session annonce Clamart : elle n’ouvre pas une autre collectivité, même avec un rôle."""
    invite()
    entre("instructrice")
    ailleurs = CollectiviteFactory(slug="ailleurs")
    with locataire(ailleurs.pk):
        AdhesionFactory(compte=Compte.objects.get(), collectivite=ailleurs)

    assert navigateur.client.get("/c/ailleurs/agent/compte/").status_code == 403
    with locataire(ailleurs.pk):
        set_reglage(collectivite=ailleurs, cle="comptes.sirets_admis", valeur=["21920023500014"])
    assert navigateur.client.get("/c/ailleurs/agent/compte/").status_code == 200


def test_installation_login_sends_to_the_only_collectivite(
    entre, invite, autre_navigateur, clamart
):
    invite()
    entre("instructrice")
    assert entre("instructrice", autre_navigateur, racine="/")["Location"] == "/agent/"
    accueil = autre_navigateur.client.get("/agent/")
    assert accueil["Location"] == "/c/clamart/agent/"


def test_installation_login_offers_the_choice(entre, invite, autre_navigateur):
    invite()
    entre("instructrice")
    ailleurs = CollectiviteFactory(slug="ailleurs", nom="Ailleurs")
    with locataire(ailleurs.pk):
        AdhesionFactory(compte=Compte.objects.get(), collectivite=ailleurs)
    entre("instructrice", autre_navigateur, racine="/")

    page = autre_navigateur.client.get("/agent/")
    assert '<a href="/c/ailleurs/agent/">Ailleurs</a>' in page.text
    assert '<a href="/c/clamart/agent/">Clamart</a>' in page.text


def test_installation_login_without_any_collectivite_is_refused(entre, clamart):
    page = entre("instructrice", racine="/")
    assert (page.status_code, "pas encore d’accès" in page.text) == (403, True)


def test_operateur_enters_at_installation_level(entre, invite, autre_navigateur, clamart):
    invite()
    entre("instructrice")
    with locataire(clamart.pk):
        Adhesion.objects.all().delete()
    MembreOperateur.objects.create(compte=Compte.objects.get())

    assert entre("instructrice", autre_navigateur, racine="/")["Location"] == "/agent/"


def test_operateur_may_visit_any_collectivite(entre, invite, navigateur):
    invite()
    entre("instructrice")
    CollectiviteFactory(slug="ailleurs")
    assert navigateur.client.get("/c/ailleurs/agent/compte/").status_code == 403
    MembreOperateur.objects.create(compte=Compte.objects.get())
    assert navigateur.client.get("/c/ailleurs/agent/compte/").status_code == 200


def test_siret_is_suggested(navigateur, proconnect):
    depart = navigateur.part("/c/clamart/connexion/proconnect/")
    assert "siret_hint=21920023500014" in depart
    assert "code_challenge_method=S256" in depart


def test_agent_page_of_a_citizen_leads_to_the_agents_door(client, franceconnect, clamart):
    from tests.navigateur import Navigateur

    Navigateur(client).connecte("belkacem")
    porte = client.get("/c/clamart/agent/compte/")["Location"]

    assert porte == "/c/clamart/agent/connexion/?suite=%2Fc%2Fclamart%2Fagent%2Fcompte%2F"
    assert "vous êtes connecté comme usager" in client.get(porte).text
