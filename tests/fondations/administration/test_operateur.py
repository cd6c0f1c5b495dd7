"""L’opérateur accueille une collectivité depuis le COG, en une page."""

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from socle.fondations.administration.queries import find_fiche, search_propositions
from socle.fondations.administration.services import create_collectivite
from socle.fondations.collectivites.enums import GenreCollectivite, RegimePublication
from socle.fondations.collectivites.models import Collectivite, Regime, Service
from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.comptes.models import Invitation
from socle.fondations.referentiels.queries import get_commune
from tests.deux_pages import check_deux_pages
from tests.factories import AdhesionFactory, CollectiviteFactory, CompteFactory

pytestmark = pytest.mark.django_db
NOUVELLE = "/operateur/nouvelle/"


@pytest.fixture
def visite(client, operatrice):
    client.force_login(operatrice)
    return client


def read_fiche(cle: str) -> dict[str, str]:
    """Ce que la page préremplit, tel qu’un navigateur le renverrait."""
    return {nom: "" if valeur is None else str(valeur) for nom, valeur in find_fiche(cle).items()}


@pytest.mark.parametrize("adresse", ["/operateur/", NOUVELLE, "/operateur/1/"])
def test_only_the_operator_enters(client, collectivite, adresse):
    administratrice = AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte

    assert client.get(adresse).status_code == 302  # personne : connexion
    client.force_login(CompteFactory())
    assert client.get(adresse).status_code in (302, 403)  # un usager : l’autre connexion
    client.force_login(administratrice)
    assert client.get(adresse).status_code == 403


def test_search_offers_communes_and_groups(visite):
    texte = visite.get(NOUVELLE, {"q": "clamart"}).text

    assert 'href="?choix=commune:92023"' in texte
    assert "58" in texte
    assert "92140" in texte


def test_one_already_here_is_not_offered_again(visite):
    CollectiviteFactory(nom="Clamart", siren="219200235")

    texte = visite.get(NOUVELLE, {"q": "clamart"}).text

    assert "choix=commune:92023" not in texte
    assert "Déjà présente" in texte


def test_header_leads_to_the_choice_of_an_authority(visite):
    texte = visite.get("/operateur/").text

    assert 'href="/agent/">Espace agent' in texte
    assert visite.get("/agent/").status_code in {200, 302}


def test_choice_fills_the_form(visite):
    texte = visite.get(NOUVELLE, {"choix": "commune:92023"}).text

    for valeur in ('value="Clamart"', 'value="219200235"', 'value="92"', 'value="clamart"'):
        assert valeur in texte


def test_unknown_choice_goes_back_to_the_search(visite):
    assert "Chercher" in visite.get(NOUVELLE, {"choix": "commune:00000"}).text
    assert "Chercher" in visite.get(NOUVELLE, {"choix": "n’importe quoi"}).text


def test_group_is_named_in_full_with_its_department():
    fiche = find_fiche("epci:200000172")

    assert fiche["nom"] == "Communauté de communes Faucigny - Glières"
    assert (fiche["departement"], fiche["siren"]) == ("74", "200000172")
    assert any(p.cle == "epci:200000172" for p in search_propositions("faucigny"))


def test_commune_is_opened_with_its_first_administrator(visite, operatrice):
    saisie = {"administrateur": "ada@clamart.example", "siret": "219 200 235 00014"}
    donnees = read_fiche("commune:92023") | saisie

    reponse = visite.post(NOUVELLE + "?choix=commune:92023", donnees)

    clamart = Collectivite.objects.get(siren="219200235")
    assert reponse.headers["Location"] == f"/operateur/{clamart.pk}/"
    assert (clamart.nom, clamart.slug, clamart.code_cog, clamart.hote) == (
        "Clamart", "clamart", "92023", None,
    )  # fmt: skip
    assert clamart.population == get_commune("92023").population > 50_000
    assert (clamart.siret, clamart.departement, clamart.genre) == (
        "21920023500014", "92", GenreCollectivite.COMMUNE,
    )  # fmt: skip
    with locataire(clamart.pk):
        assert Regime.objects.get().publication == "en_ligne"
        assert Service.objects.get().nom == "Accueil"
        invitation = Invitation.objects.get()
    assert (invitation.courriel, invitation.role, invitation.envoyee_par) == (
        "ada@clamart.example", Role.ADMINISTRATEUR, operatrice,
    )  # fmt: skip
    assert visite.get("/c/clamart/").status_code == 200
    assert "Clamart" in visite.get("/operateur/").text


def test_regime_is_dated_from_the_day_in_paris_and_a_later_one_keeps_it(operatrice):
    """CGCT, art. L. 2131-1, IV ; il est 23 h 30 en temps universel, demain à Paris."""
    fiche = find_fiche("commune:92023")
    soir = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    clamart, _, _ = create_collectivite(
        fiche=fiche, administrateur="", par=operatrice, maintenant=soir
    )
    with locataire(clamart.pk):
        [pose] = Regime.objects.all()
        assert (pose.date_debut, pose.source) == (date(2026, 7, 1), "CGCT, art. L. 2131-1, IV")
        suivant = Regime(
            collectivite=clamart, publication=RegimePublication.AFFICHAGE,
            date_debut=date(2027, 1, 1), source="Délibération n° 2026-140",
        )  # fmt: skip
        suivant.save()
        assert Regime.objects.count() == 2
        suivant.pk = None
        with pytest.raises(IntegrityError, match="regime_un_seul_par_jour"), transaction.atomic():
            suivant.save(force_insert=True)


def test_invitation_is_queued_not_sent_in_the_request(visite):
    visite.post(NOUVELLE, read_fiche("commune:92023") | {"administrateur": "ada@clamart.example"})

    assert len(mail.outbox) == 0


@pytest.mark.parametrize(
    ("champ", "valeur", "mots"),
    [
        ("siren", "219200236", "n’est pas un SIREN"),
        ("siret", "12345678900000", "n’est pas un SIRET"),
        ("siret", "73282932000074", "n’est pas un établissement de ce SIREN"),
        ("hote", "pas un hôte", "nom complet"),
        ("slug", "à b", "champ slug"),
        ("nom", "", "obligatoire"),
    ],
)
def test_wrong_answers_are_said_and_kept(visite, champ, valeur, mots):
    texte = visite.post(NOUVELLE, read_fiche("commune:92023") | {champ: valeur}).text

    assert mots in texte or "invalid-feedback" in texte
    assert 'value="92023"' in texte
    assert Collectivite.objects.count() == 0


def test_second_one_with_the_same_siren_is_refused_in_words(visite):
    donnees = read_fiche("commune:92023")
    visite.post(NOUVELLE, donnees)

    texte = visite.post(NOUVELLE, donnees | {"slug": "autre"}).text

    assert "déjà installée" in texte
    assert Collectivite.objects.count() == 1


def test_other_kinds_are_typed_by_hand(visite):
    donnees = {
        "nom": "Syndicat des eaux du Val",
        "genre": "syndicat",
        "siren": "732 829 320",
        "slug": "eaux-du-val",
    }

    visite.post(NOUVELLE + "?autre=1", donnees)

    assert Collectivite.objects.get().siren == "732829320"


def test_operator_closes_and_moves_a_collectivite(visite):
    clamart = CollectiviteFactory(nom="Clamart", slug="clamart", siren="219200235")
    adresse = f"/operateur/{clamart.pk}/"

    visite.post(adresse, {"slug": "ville-clamart", "hote": "Demarches.Clamart.FR", "active": ""})

    clamart.refresh_from_db()
    assert (clamart.slug, clamart.hote, clamart.active) == (
        "ville-clamart", "demarches.clamart.fr", False,
    )  # fmt: skip
    assert visite.get("/c/ville-clamart/").status_code == 404


def test_address_of_another_is_refused(visite):
    CollectiviteFactory(slug="prise")
    autre = CollectiviteFactory(slug="autre")

    texte = visite.post(
        f"/operateur/{autre.pk}/", {"slug": "prise", "hote": "", "active": "on"}
    ).text

    assert "déjà cette adresse" in texte
    autre.refresh_from_db()
    assert autre.slug == "autre"


def test_operator_invites_later(visite):
    clamart = CollectiviteFactory()

    visite.post(f"/operateur/{clamart.pk}/inviter/", {"administrateur": "ada@exemple.fr"})

    with locataire(clamart.pk):
        assert Invitation.objects.get().courriel == "ada@exemple.fr"


@pytest.mark.parametrize("nombre", [1, 3])
def test_list_keeps_a_constant_number_of_queries(visite, nombre, count_sql):
    CollectiviteFactory.create_batch(nombre)

    with count_sql() as compte:
        texte = visite.get("/operateur/").text

    assert texte.count("data-ligne") == nombre
    assert len(compte.instructions) <= 5


def test_list_is_paged_and_searched(visite):
    CollectiviteFactory.create_batch(52)
    seule = CollectiviteFactory(nom="L’Haÿ-les-Roses", slug="l-hay-les-roses")

    premiere = visite.get("/operateur/").text
    assert premiere.count("data-ligne") == 50
    suivante = premiere.partition('href="?apres=')[2].partition('"')[0]
    assert visite.get("/operateur/", {"apres": suivante}).text.count("data-ligne") == 3
    trouvee = visite.get("/operateur/", {"q": "Haÿ les"}).text
    assert trouvee.count("data-ligne") == 1
    assert seule.nom in trouvee


def test_home_of_the_installation_finds_a_collectivite(client, count_sql):
    CollectiviteFactory(nom="Clamart", slug="clamart")
    CollectiviteFactory(nom="Fermée", slug="fermee", active=False)
    CollectiviteFactory(nom="Bièvre", slug="bievre", hote="demarches.bievre.fr")

    with count_sql() as compte:
        texte = client.get("/portails/").text

    assert 'href="/c/clamart/"' in texte
    assert 'href="http://demarches.bievre.fr:8000/"' in texte
    assert "Fermée" not in texte
    assert len(compte.instructions) == 1
    assert "Bièvre" not in client.get("/portails/", {"q": "clam"}).text
    assert "Aucune collectivité trouvée" in client.get("/portails/", {"q": "zzz"}).text


def test_operator_pages_are_at_the_installation_only():
    assert reverse("administration:liste", urlconf="config.urls") == "/operateur/"


def test_two_operators_never_overwrite_in_silence(visite, collectivite):
    page = f"/operateur/{collectivite.pk}/"
    hotes = {"autre": "un.exemple.fr", "mienne": "deux.exemple.fr"}

    check_deux_pages(visite, page, "hote", **hotes, auteur="L’autre version est enregistrée le")
