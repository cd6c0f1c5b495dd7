"""Au guichet, au téléphone, par courrier : un agent tient le clavier pour une personne."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from socle.fondations.commun.locataire import locataire
from socle.fondations.comptes.enums import Role
from socle.fondations.documents.models import Document
from socle.fondations.documents.services import open_document
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.demarches.queries import get_version_publiee
from socle.metiers.dossiers.enums import Canal, EtatDossier, Fait, Transition
from socle.metiers.dossiers.errors import AccordSansAcces, DateImpossible
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.queries.dossier import list_changements
from socle.metiers.dossiers.services import correction, depot, instruction
from socle.metiers.dossiers.services.echanges import send_message
from socle.metiers.dossiers.tasks import emettre_accuse
from socle.normes.delais.calculs import to_jour
from tests.factories import AdhesionFactory, CollectiviteFactory
from tests.metiers.conftest import MAINTENANT, REPONSES
from tests.pdf import find_fautes, read_texte

GUICHET = "/c/clamart/agent/guichet/"
SANS_COURRIEL = {champ: valeur for champ, valeur in REPONSES.items() if champ != "courriel"}
LUNDI = date(2026, 11, 9)  # douze jours avant MAINTENANT


def start(demarche, agent, canal=Canal.COURRIER, **reste) -> Dossier:
    dossier, jeton = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=agent,
        canal=canal,
        reponses=SANS_COURRIEL,
        demandeur="Raymond Vasseur",
        **({"maintenant": MAINTENANT} | reste),
    )
    assert not jeton
    return dossier


def file(dossier: Dossier, agent, **reste) -> Dossier:
    arguments = {"acces": Acces(compte=agent), "maintenant": MAINTENANT} | reste
    return depot.file_dossier(numero=dossier.numero, **arguments)


def make_accuse(dossier: Dossier) -> bytes:
    emettre_accuse(collectivite_id=dossier.collectivite_id, numero=dossier.numero)
    dossier.refresh_from_db()
    with open_document(Document.objects.get(pk=dossier.accuse_id)) as fichier:
        return fichier.read()


def read_accuse(dossier: Dossier) -> str:
    return read_texte(make_accuse(dossier))


@pytest.fixture
def courrier(demarche, agent) -> Dossier:
    """Lettre reçue le lundi 9, saisie et déposée le samedi 21."""
    return file(start(demarche, agent, recue_le=LUNDI), agent)


@pytest.fixture
def a_corriger(courrier, agent) -> Dossier:
    return correction.request_correction(
        dossier=courrier, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )


def test_letter_is_filed_on_the_day_it_came(courrier):
    assert courrier.depose_le.date() == LUNDI
    assert courrier.echeance == date(2027, 1, 9)
    saisie = courrier.evenements.get(fait=Fait.DEPOSE)
    assert saisie.instant == MAINTENANT
    assert saisie.detail == "Par courrier, reçue le 9\u00a0novembre 2026"
    entree = Entree.objects.get(objet=courrier.objet, action="dossier.depose")
    assert (entree.survenu_le, entree.donnees["recue_le"]) == (MAINTENANT, "2026-11-09")


@pytest.mark.parametrize("canal", [Canal.GUICHET, Canal.TELEPHONE])
def test_demande_of_today_is_filed_now(demarche, agent, canal):
    depose = file(start(demarche, agent, canal, recue_le=MAINTENANT.date()), agent)

    assert depose.depose_le == MAINTENANT
    assert depose.canal == canal


def test_reference_takes_the_year_of_the_reception(demarche, agent):
    """Reçue le 31 décembre, saisie le 2 janvier à Paris : la demande est de 2026."""
    janvier = datetime(2027, 1, 2, 9, tzinfo=UTC)
    dossier = start(demarche, agent, recue_le=date(2026, 12, 31), maintenant=janvier)

    depose = file(dossier, agent, maintenant=janvier)

    assert depose.reference == f"219200235-2026-{depose.numero}"


@pytest.mark.parametrize("jours", [1, -367])
def test_reception_is_neither_to_come_nor_too_old(demarche, agent, jours):
    jour = MAINTENANT.date() + timedelta(days=jours)
    with pytest.raises(DateImpossible):
        start(demarche, agent, recue_le=jour)
    dossier = start(demarche, agent)
    with pytest.raises(DateImpossible):
        file(dossier, agent, recue_le=jour)
    dossier.refresh_from_db()
    assert dossier.etat == EtatDossier.BROUILLON


def test_online_demande_ignores_a_reception_day(demarche, usager):
    dossier, _ = depot.start_dossier(
        demarche=demarche,
        version=get_version_publiee(demarche),
        compte=usager,
        recue_le=LUNDI,
        reponses=REPONSES,
        maintenant=MAINTENANT,
    )
    depose = file(dossier, usager, recue_le=LUNDI)

    assert (depose.depose_le, depose.recue_le) == (MAINTENANT, None)


def test_portal_consent_needs_somebody_to_open_it(demarche, agent):
    dossier = start(demarche, agent)

    with pytest.raises(AccordSansAcces):
        file(dossier, agent, accord_portail=True)

    dossier.refresh_from_db()
    assert (dossier.etat, dossier.accord_portail) == (EtatDossier.BROUILLON, False)


@pytest.mark.parametrize(
    ("canal", "mots"),
    [
        (Canal.GUICHET, "relisez-les avec elle."),
        (Canal.TELEPHONE, "relisez-les avec elle au téléphone."),
        (Canal.COURRIER, "gardez sa lettre"),
    ],
)
def test_agent_reads_his_own_words(client, demarche, agent, canal, mots):
    dossier = start(demarche, agent, canal, recue_le=None)
    client.force_login(agent)

    page = client.get(f"/c/clamart/dossiers/{dossier.numero}/resume/").text

    assert "La personne déclare" in page
    assert mots in page
    assert "Espace des agents" in page
    for citoyen in ("accord_portail", "vous attestez", "Déposer ma demande"):
        assert citoyen not in page


def test_citizen_keeps_hers(client, brouillon, usager):
    client.force_login(usager)

    page = client.get(f"/c/clamart/dossiers/{brouillon.numero}/resume/").text

    for mots in ("accord_portail", "vous attestez", "Déposer ma demande"):
        assert mots in page
    assert "recue_le" not in page


@pytest.mark.parametrize(
    ("canal", "annonce"),
    [
        (Canal.GUICHET, "Remettez l’accusé"),
        (Canal.TELEPHONE, "Imprimez l’accusé de réception et envoyez-le"),
        (Canal.COURRIER, "Imprimez l’accusé de réception et envoyez-le"),
    ],
)
def test_each_channel_goes_from_the_counter_to_the_case(client, agent, demarche, canal, annonce):
    """Par les pages : canal, jour de réception, relecture, dépôt."""
    client.force_login(agent)
    hier = to_jour(timezone.now()) - timedelta(days=1)
    depart = {"canal": canal, "nom": "Vasseur", "recue_le": hier.isoformat()}
    etape = client.post(f"{GUICHET}{demarche.chemin}/", depart)["Location"]
    dossier = Dossier.objects.get(demarche=demarche)
    Dossier.objects.filter(pk=dossier.pk).update(reponses=SANS_COURRIEL)

    relecture = client.get(etape.replace("etape/1", "resume"))
    reponse = client.post(
        etape.replace("etape/1", "deposer"), {"recue_le": hier.isoformat()}, follow=True
    )

    assert f'value="{hier.isoformat()}"' in relecture.text
    assert annonce in reponse.text
    dossier.refresh_from_db()
    assert (dossier.etat, dossier.recue_le) == (EtatDossier.EN_CONSTRUCTION, hier)


def test_wrong_day_is_said_before_filing(client, agent, demarche):
    client.force_login(agent)
    demain = to_jour(timezone.now()) + timedelta(days=2)
    depart = {"canal": "courrier", "nom": "R. V.", "recue_le": demain.isoformat()}

    refus = client.post(f"{GUICHET}{demarche.chemin}/", depart)
    dossier = start(demarche, agent)
    relu = client.post(
        f"/c/clamart/dossiers/{dossier.numero}/deposer/", {"recue_le": demain.isoformat()}
    )

    for reponse in (refus, relu):
        assert reponse.status_code == 422
        assert "pas encore passé" in reponse.text
        assert demain.isoformat() in reponse.text
    dossier.refresh_from_db()
    assert dossier.is_brouillon


def test_unfinished_entries_are_listed_to_their_agent(client, demarche, agent, collectivite):
    dossier = start(demarche, agent, recue_le=LUNDI)
    autre = AdhesionFactory(collectivite=collectivite, role=Role.INSTRUCTEUR).compte
    start(demarche, autre)
    client.force_login(agent)

    page = BeautifulSoup(client.get(GUICHET).text, "html.parser")

    liens = [a["href"] for a in page.select("section[aria-labelledby=t-commencees] a")]
    racine = f"/c/clamart/dossiers/{dossier.numero}/"
    assert liens == [f"{racine}etape/1/", f"{racine}supprimer/"]
    assert client.get(racine)["Location"] == GUICHET
    assert client.post(f"{racine}supprimer/")["Location"] == GUICHET
    assert not Dossier.objects.filter(pk=dossier.pk).exists()


def test_guichet_page_costs_the_same_with_many_entries(
    client, demarche, agent, django_assert_max_num_queries
):
    client.force_login(agent)
    for _ in range(3):
        start(demarche, agent)
    with django_assert_max_num_queries(12):  # 8 au plus, hors contrôle de transaction
        client.get(GUICHET)


def test_saving_for_later_leads_back_to_the_list(client, demarche, agent):
    dossier = start(demarche, agent)
    client.force_login(agent)

    reponse = client.post(
        f"/c/clamart/dossiers/{dossier.numero}/etape/1/",
        {"prenom": "Raymond", "_action": "enregistrer", "revision": "0"},
    )

    assert reponse["Location"] == GUICHET


def test_colleague_types_the_correction_of_a_person_without_account(
    client, a_corriger, collectivite
):
    collegue = AdhesionFactory(collectivite=collectivite, role=Role.VALIDEUR).compte
    client.force_login(collegue)
    racine = f"/c/clamart/dossiers/{a_corriger.numero}/"
    fiche = client.get(f"/c/clamart/agent/dossiers/{a_corriger.numero}/").text

    reponse = client.post(
        f"{racine}etape/2/",
        {"revenu": "12000", "parts": "1,5", "_action": "continuer",
         "revision": str(a_corriger.revision)},
    )  # fmt: skip
    relecture = client.get(reponse["Location"])
    recue_le = to_jour(timezone.now()).isoformat()
    fin = client.post(f"{racine}deposer/", {"recue_le": recue_le})

    assert "Saisir la correction" in fiche
    assert "La personne déclare" in relecture.text
    assert fin["Location"] == f"/c/clamart/agent/dossiers/{a_corriger.numero}/"
    a_corriger.refresh_from_db()
    assert (a_corriger.attend_correction, a_corriger.message_non_lu) == (False, False)
    changements = list(list_changements(a_corriger))
    assert {c.champ for c in changements} == {"revenu", "quotient"}
    assert {c.auteur_nom for c in changements} == {collegue.nom_affiche}
    fait = a_corriger.evenements.get(fait=Fait.CORRECTION_AGENT)
    assert fait.auteur == collegue
    entree = Entree.objects.get(objet=a_corriger.objet, action="dossier.correction_deposee")
    assert entree.acteur == collegue.acteur


@pytest.mark.parametrize("qui", ["administrateur", "ailleurs", "usager"])
def test_nobody_else_types_a_correction(client, a_corriger, administrateur, usager, qui):
    autre = CollectiviteFactory(nom="Ailleurs")
    with locataire(autre.pk):
        ailleurs = AdhesionFactory(collectivite=autre, role=Role.INSTRUCTEUR).compte
    client.force_login({"administrateur": administrateur, "usager": usager}.get(qui, ailleurs))
    racine = f"/c/clamart/dossiers/{a_corriger.numero}/"

    assert client.get(f"{racine}etape/1/").status_code == 404
    assert client.post(f"{racine}deposer/").status_code == 404


def test_agent_never_corrects_for_a_person_with_an_account(client, depose, agent):
    correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )
    client.force_login(agent)

    assert client.get(f"/c/clamart/dossiers/{depose.numero}/etape/1/").status_code == 404


def test_agent_corrects_no_more_once_the_instruction_began(client, courrier, agent):
    instruction.apply_transition(
        dossier=courrier,
        transition=Transition.PASSER_EN_INSTRUCTION,
        agent=agent,
        maintenant=MAINTENANT,
    )
    client.force_login(agent)

    assert client.get(f"/c/clamart/dossiers/{courrier.numero}/etape/1/").status_code == 404


def test_typed_correction_is_dated_of_its_arrival(a_corriger, agent):
    correction.save_correction(
        dossier=a_corriger, reponses=SANS_COURRIEL, revision=a_corriger.revision
    )
    plus_tard = MAINTENANT + timedelta(days=10)
    for jour in (MAINTENANT.date() - timedelta(days=1), plus_tard.date() + timedelta(days=1)):
        with pytest.raises(DateImpossible):
            correction.submit_correction(
                numero=a_corriger.numero, acces=Acces(compte=agent), recue_le=jour,
                maintenant=plus_tard,
            )  # fmt: skip

    corrige = correction.submit_correction(
        numero=a_corriger.numero,
        acces=Acces(compte=agent),
        recue_le=date(2026, 11, 25),
        maintenant=plus_tard,
    )

    assert corrige.echeance == date(2027, 1, 25)


def test_mails_of_a_person_without_account_hold_no_dead_link(demarche, agent):
    """Le portail ne lui ouvrirait pas son dossier : le courriel porte le texte, et qui appeler."""
    depose = file(start(demarche, agent, courriel="raymond@exemple.fr"), agent)
    read_accuse(depose)
    send_message(dossier=depose, auteur=agent, corps="Tout va bien.", maintenant=MAINTENANT)
    correction.request_correction(
        dossier=depose, agent=agent, texte="Votre revenu ?", maintenant=MAINTENANT
    )

    envois = {e.code: e.corps for e in Envoi.objects.filter(objet=depose.objet).order_by("pk")}
    assert list(envois) == [
        "dossier_accuse_guichet", "dossier_message_guichet", "dossier_correction_guichet",
    ]  # fmt: skip
    for corps in envois.values():
        assert "http" not in corps
        assert "Pour répondre : Écoles, 01 23 45 67 80, service@exemple.fr." in corps
    assert "Tout va bien." in envois["dossier_message_guichet"]
    assert "21\u00a0décembre 2026" in envois["dossier_correction_guichet"]


@pytest.mark.parametrize("canal", [Canal.GUICHET, Canal.TELEPHONE, Canal.COURRIER])
def test_receipt_of_an_agent_is_not_electronic(demarche, agent, canal):
    """CRPA, art. R. 112-5."""
    depose = file(start(demarche, agent, canal, recue_le=LUNDI), agent)

    texte = read_accuse(depose)

    assert "Accusé de réception :" in texte
    assert "électronique" not in texte.replace("adresse électronique", "")
    for mention in (
        "R. 112-5", "9 novembre 2026", "Écoles", "01 23 45 67 80", "1 place de la Mairie",
        "acceptée le", "9 janvier 2027", "L. 232-3", canal.label.lower(), "Le 21 novembre 2026",
    ):  # fmt: skip
        assert mention in texte, mention


def test_receipt_to_hand_over_is_accessible(courrier, tmp_path):
    assert find_fautes(make_accuse(courrier), tmp_path) == []


def test_receipt_online_stays_electronic(depose):
    texte = read_accuse(depose)

    assert "Accusé de réception électronique" in texte
    assert "R. 112-11-1" in texte


def test_fil_shows_the_day_of_reception(client, courrier, agent):
    client.force_login(agent)

    page = BeautifulSoup(
        client.get(f"/c/clamart/agent/dossiers/{courrier.numero}/").text, "html.parser"
    )

    assert page.select_one(".fil li time")["datetime"] == "2026-11-09"
    assert "Par courrier, reçue le 9" in page.text
    assert Evenement.objects.filter(dossier=courrier).count() == 1
