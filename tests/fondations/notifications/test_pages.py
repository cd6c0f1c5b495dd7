"""Pages : textes pour les administrateurs, messages et préférences pour chacun, désabonnement."""

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from socle.fondations.commun.locataire import locataire, personne
from socle.fondations.comptes.enums import Role
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.enums import EtatEnvoi
from socle.fondations.notifications.models import Desabonnement, Message, Modele, Preference
from socle.fondations.notifications.services import notify
from socle.fondations.notifications.services.preferences import build_jeton
from tests.deux_pages import check_deux_pages, read_saisie
from tests.factories import AdhesionFactory, CompteFactory

pytestmark = pytest.mark.django_db
MODELE = "/c/clamart/agent/reglages/messages/essai_recu/"


@pytest.fixture
def administratrice(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ADMINISTRATEUR).compte


@pytest.fixture
def page_admin(client, administratrice):
    client.force_login(administratrice)
    return client


@pytest.fixture
def usager(db):
    return CompteFactory(courriel="lea@exemple.fr")


@pytest.fixture
def previens(collectivite, usager):
    def call(code="essai_recu", numero="44171", compte=usager, **options):
        return notify(
            collectivite=collectivite,
            code=code,
            contexte={"numero": numero, "prenom": "Léa", "lien": "https://exemple.fr/d/"},
            maintenant=timezone.now(),
            compte=compte,
            **options,
        )

    return call


def test_list_of_texts(page_admin):
    page = page_admin.get("/c/clamart/agent/reglages/messages/")

    assert page.status_code == 200
    assert "Demande reçue" in page.text
    assert "La personne peut le refuser" in page.text


@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATEUR])
def test_other_roles_are_refused(client, collectivite, role):
    client.force_login(AdhesionFactory(collectivite=collectivite, role=role).compte)

    assert client.get("/c/clamart/agent/reglages/messages/").status_code == 403
    assert client.get(MODELE).status_code == 403


def test_preview_shows_examples_without_saving(page_admin):
    page = page_admin.post(MODELE, {"sujet": "Reçu {numero}", "corps": "Oui {prenom}", "apercu": 1})

    assert "Reçu 44171" in page.text
    assert "Oui Yanis" in page.text
    assert Modele.objects.count() == 0


def test_preview_fragment_is_part_of_the_page(page_admin):
    donnees = {"sujet": "Reçu {numero}", "corps": "Oui", "apercu": 1}
    fragment = page_admin.post(MODELE, donnees, headers={"HX-Request": "true"}).text

    assert fragment.strip().startswith('<section id="apercu"')
    assert "Reçu 44171" in fragment


def test_text_is_saved_then_restored(page_admin, collectivite):
    page_admin.post(MODELE, {"sujet": "Reçu", "corps": "Oui", "enregistrer": 1})
    assert Modele.objects.get().sujet == "Reçu"
    assert "Revenir au texte d’origine" in page_admin.get(MODELE).text

    page_admin.post(MODELE + "retablir/")
    assert Modele.objects.count() == 0
    traces = Entree.objects.filter(action__startswith="message.").order_by("survenu_le", "id")
    assert list(traces.values_list("action", flat=True)) == [
        "message.texte_change",
        "message.texte_retabli",
    ]


def test_two_pages_of_a_text_never_overwrite_in_silence(page_admin, collectivite):
    """Même jamais réécrit, un texte a une version enregistrée : celle par défaut."""
    page = BeautifulSoup(page_admin.get(MODELE).text, "html.parser")
    saisie = read_saisie(page) | {"enregistrer": "1"}
    check_deux_pages(
        page_admin, MODELE, "sujet", autre="Reçu", mienne="Bien reçu", bouton="enregistrer"
    )

    assert page_admin.post(MODELE, saisie | {"sujet": "Encore"}).status_code == 409
    suite = page_admin.post(MODELE + "retablir/", {"empreinte": saisie["empreinte"]}, follow=True)
    assert "il n’a pas été touché" in suite.text
    assert Modele.objects.get().sujet == "Bien reçu"


def test_unknown_tag_is_refused_in_the_form(page_admin):
    page = page_admin.post(MODELE, {"sujet": "{zut}", "corps": "Oui", "enregistrer": 1})

    assert "Balise inconnue dans ce message : {zut}." in page.text
    assert "Balises permises" in page.text
    assert Modele.objects.count() == 0


def test_unknown_code_is_404(page_admin):
    assert page_admin.get("/c/clamart/agent/reglages/messages/inconnu/").status_code == 404


def test_failed_emails_are_shown_and_tried_again(page_admin, previens):
    envoi = previens()
    type(envoi).objects.update(etat=EtatEnvoi.ECHEC, erreur="Adresse refusée (550).")
    adresse = "/c/clamart/agent/reglages/messages/"

    assert "Adresse refusée (550)." in page_admin.get(adresse).text
    page_admin.post(adresse + "reessayer/")
    assert type(envoi).objects.get().etat == EtatEnvoi.A_ENVOYER


@pytest.mark.parametrize("nombre", [1, 3])
def test_messages_page_keeps_a_constant_number_of_queries(
    client, usager, previens, nombre, count_sql
):
    for rang in range(nombre):
        previens(numero=str(rang))
    client.force_login(usager)

    with count_sql() as compte:
        page = client.get("/c/clamart/espace/messages/")

    assert page.text.count("est reçue") == nombre
    assert len(compte.instructions) <= 5


def test_messages_are_paged(client, usager, previens):
    for rang in range(23):
        previens(numero=f"n{rang:02d}")
    client.force_login(usager)

    premiere = client.get("/c/clamart/espace/messages/").text
    suivante = premiere.partition('href="?avant=')[2].partition('"')[0]
    seconde = client.get("/c/clamart/espace/messages/", {"avant": suivante}).text

    assert ("n22 est" in premiere, "n03 est" in premiere, "n02 est" in premiere) == (
        True, True, False,
    )  # fmt: skip
    assert ("n02 est" in seconde, "n00 est" in seconde, "n03 est" in seconde) == (
        True, True, False,
    )  # fmt: skip


def test_opening_a_message_marks_it_read(client, usager, previens):
    previens()
    client.force_login(usager)
    with personne(usager.pk):
        message = Message.objects.get()

    page = client.get(f"/c/clamart/espace/messages/{message.pk}/")

    assert "Bonjour Léa," in page.text
    assert 'href="https://exemple.fr/d/"' in page.text
    with personne(usager.pk):
        assert Message.objects.get().lu_le is not None


def test_message_of_somebody_else_is_404(client, usager, previens):
    previens()
    with personne(usager.pk):
        message = Message.objects.get()
    client.force_login(CompteFactory())

    assert client.get(f"/c/clamart/espace/messages/{message.pk}/").status_code == 404


def test_all_messages_are_marked_read(client, usager, previens):
    previens(), previens()
    client.force_login(usager)

    client.post("/c/clamart/espace/messages/lus/")

    with personne(usager.pk):
        assert Message.objects.filter(lu_le__isnull=True).count() == 0


def test_person_chooses_optional_emails(client, usager, previens):
    client.force_login(usager)
    adresse = "/c/clamart/espace/messages/preferences/"
    assert "Demande reçue" in client.get(adresse).text  # obligatoire : dit, pas proposé

    client.post(adresse, {"voulus": []})
    assert previens("essai_lettre").etat == EtatEnvoi.REFUSE
    client.post(adresse, {"voulus": ["essai_lettre"]})
    assert previens("essai_lettre").etat == EtatEnvoi.A_ENVOYER


def test_link_of_an_email_asks_then_unsubscribes_the_account(client, usager, previens):
    adresse = f"/c/clamart/courriels/{build_jeton(previens('essai_lettre'))}/"

    assert "Ne plus le recevoir" in client.get(adresse).text
    with personne(usager.pk):
        assert Preference.objects.count() == 0
    assert client.post(adresse, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with personne(usager.pk):
        assert Preference.objects.get().courriel is False


def test_link_works_for_a_guest_and_twice(client, collectivite, previens):
    envoi = previens("essai_lettre", compte=None, courriel="invite@exemple.fr")
    adresse = f"/c/clamart/courriels/{build_jeton(envoi)}/"

    client.post(adresse)
    client.post(adresse)

    with locataire(collectivite.pk):
        assert Desabonnement.objects.count() == 1


def test_forged_or_mandatory_links_are_refused(client, previens):
    for jeton in ("faux", build_jeton(previens("essai_recu"))):
        page = client.post(f"/c/clamart/courriels/{jeton}/")
        assert page.status_code == 400
        assert "désabonnement" in page.text
