"""`sub` changé après une correction d’état civil : rattachement surveillé, jamais automatique."""

import pytest
from django.utils import timezone

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.errors import DemandeDejaTranchee
from socle.fondations.comptes.models import Compte, DemandeRattachement, IdentiteFederee
from socle.fondations.comptes.services import accept_rattachement, refuse_rattachement
from tests.navigateur import Navigateur

pytestmark = pytest.mark.django_db
AGENTS = "/c/clamart/agent/reglages/agents/"


@pytest.fixture
def change(navigateur, autre_navigateur, franceconnect):
    """La même personne revient avec un autre `sub` ; rend la page obtenue."""
    navigateur.connecte("belkacem")
    return autre_navigateur.connecte("belkacem", defaillance="sub_change")


def get_demande(clamart) -> DemandeRattachement:
    with locataire(clamart.pk):
        return DemandeRattachement.objects.select_related("identite").get()


def test_new_sub_is_neither_a_duplicate_nor_a_login(change, autre_navigateur, clamart):
    assert (change.status_code, "a changé de référence" in change.text) == (409, True)
    assert Compte.objects.count() == 1
    assert "_auth_user_id" not in autre_navigateur.client.session
    assert get_demande(clamart).etat == "en_attente"


def test_trying_again_makes_no_second_request(change, autre_navigateur, clamart):
    autre_navigateur.connecte("belkacem", defaillance="sub_change")
    assert get_demande(clamart).etat == "en_attente"


def test_other_person_is_not_mistaken(change, autre_navigateur):
    assert autre_navigateur.connecte("le_goff").status_code == 302
    assert Compte.objects.count() == 2


def test_accepted_request_gives_the_account_back(change, client, administratrice, clamart):
    admin = type(client)()
    admin.force_login(administratrice)
    assert "Nadia BELKACEM" in admin.get(AGENTS).text
    pk = get_demande(clamart).pk
    admin.post(f"/c/clamart/agent/reglages/rattachements/{pk}/", {"accepter": "1"})

    autre = Navigateur(type(client)())
    assert autre.connecte("belkacem", defaillance="sub_change").status_code == 302
    assert Compte.objects.filter(genre="usager").count() == 1
    assert IdentiteFederee.objects.count() == 1


def test_refused_request_gives_an_account_of_their_own(
    change, autre_navigateur, administratrice, clamart
):
    with locataire(clamart.pk):
        refuse_rattachement(
            demande=get_demande(clamart), agent=administratrice, maintenant=timezone.now()
        )
    assert autre_navigateur.connecte("belkacem", defaillance="sub_change").status_code == 302
    assert Compte.objects.filter(genre="usager").count() == 2


def test_request_is_answered_once(change, administratrice, clamart):
    with locataire(clamart.pk):
        demande = get_demande(clamart)
        accept_rattachement(demande=demande, agent=administratrice, maintenant=timezone.now())
        with pytest.raises(DemandeDejaTranchee):
            refuse_rattachement(demande=demande, agent=administratrice, maintenant=timezone.now())


def test_decision_is_in_the_journal(change, administratrice, clamart):
    from socle.fondations.journal.models import Entree

    with locataire(clamart.pk):
        accept_rattachement(
            demande=get_demande(clamart), agent=administratrice, maintenant=timezone.now()
        )
        actions = list(Entree.objects.order_by("survenu_le").values_list("action", "acteur"))
    assert actions == [
        ("compte.rattachement_demande", "systeme"),
        ("compte.rattachement_acceptee", administratrice.acteur),
    ]


def test_at_installation_level_the_person_is_sent_to_their_collectivite(
    navigateur, autre_navigateur, franceconnect
):
    navigateur.connecte("belkacem", racine="/")
    page = autre_navigateur.connecte("belkacem", racine="/", defaillance="sub_change")
    assert "depuis le site de votre collectivité" in page.text
