"""Un éditeur privé arrive par un lien, sans ProConnect, et fait passer un banc à son produit."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.models import Compte
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.catalogue.errors import InvitationPerimee
from socle.metiers.catalogue.models import Editeur, EssaiProduit, InvitationEditeur, Representant
from socle.metiers.catalogue.services import invitations
from tests.conftest import ClientStrict
from tests.factories import CompteFactory
from tests.fondations.comptes.test_second_facteur import compute_code
from tests.metiers.catalogue.conftest import MAINTENANT

pytestmark = pytest.mark.django_db
ADRESSE = "zoe@editeur.example"
ARRIVEE = {"prenom": "Zoé", "nom": "Exemple", "mot_de_passe": "des vagues et du sel"}


def read_lien(courriel: str = ADRESSE) -> str:
    """Chemin du dernier lien envoyé à cette adresse."""
    with operateur():
        corps = Envoi.objects.filter(destinataire=courriel).order_by("-demande_le", "-pk")[0].corps
    return corps[corps.index("/editeur/invitation/") :].split()[0]


def add_second_facteur(navigateur: ClientStrict) -> str:
    """Active une application de codes ; rend son secret."""
    navigateur.post("/compte/confirmer/", {"password": ARRIVEE["mot_de_passe"]})
    page = "/compte/second-facteur/application/"
    secret = re.search(r"<code>([A-Z2-7]+)</code>", navigateur.get(page).text)[1]
    assert navigateur.post(page, {"code": compute_code(secret)}).status_code == 302
    return secret


def invite(equipe, courriel: str = ADRESSE, maintenant=MAINTENANT):
    return invitations.invite_representant(
        editeur=Editeur.objects.get(slug="entrouvert"), courriel=courriel, agent=equipe,
        maintenant=maintenant,
    )  # fmt: skip


def test_private_vendor_walks_from_the_invitation_to_the_bench(catalogue, equipe, publik):
    bureau = ClientStrict()
    bureau.force_login(equipe)
    bureau.post("/equipe/catalogue/editeurs/entrouvert/representants/", {"courriel": ADRESSE})
    lien = read_lien()
    assert lien not in bureau.get("/equipe/catalogue/editeurs/entrouvert/representants/").text

    navigateur = ClientStrict()
    assert navigateur.get(lien).status_code == 200
    assert Compte.objects.filter(courriel=ADRESSE).count() == 0  # ouvrir n’accepte rien
    assert navigateur.post(lien, ARRIVEE | {"mot_de_passe": "court"}).status_code == 422
    assert navigateur.post(lien, ARRIVEE).status_code == 302
    ferme = navigateur.get("/editeur/")
    assert ferme["Location"] == "/compte/second-facteur/exige/"
    secret = add_second_facteur(navigateur)

    # Le lendemain, par la porte des agents : mot de passe, puis code.
    navigateur = ClientStrict()
    entree = {"login": ADRESSE, "password": ARRIVEE["mot_de_passe"]}
    epreuve = navigateur.post("/agent/connexion/?suite=/editeur/", entree)["Location"]
    assert navigateur.get("/editeur/").status_code == 302
    arrivee = navigateur.post(epreuve, {"code": compute_code(secret, 1)})
    assert arrivee["Location"] == "/editeur/"
    assert "Publik" in navigateur.get("/editeur/").text
    page = f"/editeur/solutions/{publik.slug}/"
    assert navigateur.post(f"{page}versions/", {"numero": "9.9"}).status_code == 302
    version = publik.versions.get(numero="9.9")
    fiche = SimpleUploadedFile(
        "publiccode.yml", (Path(settings.RACINE) / "publiccode.yml").read_bytes()
    )
    envoi = {"banc": "publiccode", "fichier": fiche}
    assert navigateur.post(f"{page}versions/{version.pk}/essayer/", envoi).status_code == 302
    assert EssaiProduit.objects.get().joue_par.courriel == ADRESSE
    assert ClientStrict().post(lien, ARRIVEE).status_code != 302  # le lien n’a servi qu’une fois
    with operateur():
        gestes = Entree.objects.filter(action__startswith="editeur.").order_by("pk")
        assert list(gestes.values_list("action", flat=True)) == [
            "editeur.invite", "editeur.representant", "editeur.version", "editeur.essai",
        ]  # fmt: skip


def test_known_agent_is_registered_at_once_and_accepts_an_older_link(catalogue, equipe):
    inscrit = invite(equipe, CompteFactory(agent=True, courriel="ada@exemple.fr").courriel)
    assert isinstance(inscrit, Representant)

    invite(equipe)
    agent = CompteFactory(agent=True)
    client = ClientStrict()
    client.force_login(agent)
    lien = read_lien()
    client.get(lien)
    assert not Representant.objects.filter(compte=agent).exists()
    assert client.post(lien)["Location"] == "/editeur/"
    assert Representant.objects.filter(compte=agent).exists()


def test_link_dies_when_it_is_replaced_cancelled_old_or_for_a_citizen(catalogue, equipe):
    invite(equipe)
    premier = read_lien().split("/")[3]
    seconde = invite(equipe, maintenant=MAINTENANT + timedelta(minutes=1))
    jeton = read_lien().split("/")[3]
    with pytest.raises(InvitationPerimee):
        invitations.find_invitation(premier, MAINTENANT)
    assert invitations.find_invitation(jeton, MAINTENANT).pk == seconde.pk
    with pytest.raises(InvitationPerimee):
        invitations.find_invitation(jeton, MAINTENANT + timedelta(days=8))
    with pytest.raises(InvitationPerimee):
        invitations.accept_invitation(
            invitation=seconde, compte=CompteFactory(), maintenant=MAINTENANT
        )

    client = ClientStrict()
    client.force_login(equipe)
    page = "/equipe/catalogue/editeurs/entrouvert/"
    client.post(f"{page}invitations/{seconde.pk}/annuler/")
    assert InvitationEditeur.objects.get(pk=seconde.pk).annulee_le is not None
    assert invitations.purge_invitations(maintenant=MAINTENANT + timedelta(days=36)) == 0
    assert invitations.purge_invitations(maintenant=MAINTENANT + timedelta(days=38)) == 2
    assert not InvitationEditeur.objects.exists()
    with pytest.raises(InvitationPerimee):
        invitations.find_invitation(jeton, MAINTENANT)


def test_vendor_who_enters_by_the_agents_door_reaches_her_space(catalogue, equipe, publik):
    """Sans collectivité, l’accueil des agents ne l’arrête pas ; la page de choix nomme l’espace."""
    zoe = CompteFactory(agent=True, courriel=ADRESSE)
    navigateur = ClientStrict()
    navigateur.force_login(zoe)
    assert "Aucune collectivité" in navigateur.get("/agent/").text
    invite(equipe)

    assert navigateur.get("/agent/")["Location"] == "/editeur/"
    assert 'href="/editeur/"' in navigateur.get("/agent/?toutes=1").text
