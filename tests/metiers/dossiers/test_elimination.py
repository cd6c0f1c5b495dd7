"""Fin de conservation : rien ne se détruit sans visa ; avec lui, il ne reste personne."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from socle.fondations.commun.errors import AccesRefuse
from socle.fondations.commun.locataire import personne
from socle.fondations.commun.mesures import mesures as relevees
from socle.fondations.comptes.enums import Role
from socle.fondations.conservation.enums import EtatBordereau, SortFinal
from socle.fondations.conservation.errors import BordereauClos, RienAEliminer, VisaIncomplet
from socle.fondations.conservation.models import Bordereau, LigneDeBordereau
from socle.fondations.documents.queries import list_documents
from socle.fondations.documents.services import store_bytes
from socle.fondations.journal.models import Entree
from socle.fondations.notifications.models import Envoi
from socle.metiers.dossiers.enums import EtatDossier, Transition
from socle.metiers.dossiers.errors import TransitionImpossible
from socle.metiers.dossiers.models import (
    Compteur,
    Dossier,
    DossierDeLaPersonne,
    Evenement,
    Message,
    Mesure,
)
from socle.metiers.dossiers.services import elimination as services
from socle.metiers.dossiers.services.echanges import send_message
from socle.metiers.dossiers.services.fins import list_fins
from socle.metiers.dossiers.services.instruction import apply_transition
from socle.metiers.dossiers.tasks import eliminer
from socle.normes.delais.calculs import to_jour
from tests.factories import AdhesionFactory
from tests.metiers.conftest import MAINTENANT

LISTE = "/c/clamart/agent/eliminations/"
NOMS = ("Orbellec", "Yanis", "yanis@exemple.fr", "21600")


@pytest.fixture
def archiviste(collectivite):
    return AdhesionFactory(collectivite=collectivite, role=Role.ARCHIVISTE).compte


@pytest.fixture
def decide(depose, agent, usager, demarche):
    """Dossier accepté, avec un message et une pièce ; sa règle dit de détruire au bout d’un an."""
    regle = demarche.regle
    regle.sort_final, regle.duree_annees = SortFinal.DETRUIRE, 1
    regle.point_de_depart = "decision"
    regle.save()
    store_bytes(
        collectivite=demarche.collectivite,
        contenu=b"%PDF-1.4 avis de M. Orbellec",
        nom="avis.pdf",
        objet=depose.objet,
        type_mime="application/pdf",
        maintenant=MAINTENANT,
    )
    send_message(dossier=depose, auteur=usager, corps="Orbellec écrit", maintenant=MAINTENANT)
    for transition in (Transition.PASSER_EN_INSTRUCTION, Transition.ACCEPTER):
        apply_transition(dossier=depose, transition=transition, agent=agent, maintenant=MAINTENANT)
    return Dossier.objects.get(pk=depose.pk)


APRES = datetime(2027, 11, 22, 9, 0, tzinfo=UTC)


def propose(decide, archiviste, quand=APRES):
    return services.propose_elimination(
        collectivite=decide.collectivite,
        numeros=[decide.numero],
        agent=archiviste,
        maintenant=quand,
    )


def approve(bordereau, archiviste, **autres):
    visa = {
        "par": "Directrice des Archives départementales",
        "reference": "2027-118",
        "date_visa": APRES.date(),
    }
    return services.approve_elimination(
        bordereau=bordereau, agent=archiviste, maintenant=APRES, **(visa | autres)
    )


def execute(bordereau) -> int:
    return services.execute_bordereau(
        collectivite_id=bordereau.collectivite_id, bordereau_id=bordereau.pk, maintenant=APRES
    )


@pytest.mark.parametrize(
    ("jour", "liste"), [(date(2027, 11, 21), False), (date(2027, 11, 22), True)]
)
def test_case_is_listed_the_day_after_its_retention_ends(decide, jour, liste):
    echus = list_fins(decide.collectivite, jour).a_eliminer
    assert [e.dossier for e in echus] == ([decide] if liste else [])
    if liste:
        assert (echus[0].fin, echus[0].fichiers) == (date(2027, 11, 21), 1)


def test_open_case_and_other_rules_are_never_to_destroy(depose, decide, demarche):
    jour = date(2040, 1, 1)
    demarche.regle.sort_final = SortFinal.CONSERVER
    demarche.regle.save()
    fins = list_fins(decide.collectivite, jour)
    assert (fins.a_eliminer, fins.verses, fins.a_trier) == ([], [], [])
    assert [e.dossier for e in fins.a_verser] == [decide]


def test_proposal_destroys_nothing_and_names_no_one(decide, archiviste):
    bordereau = propose(decide, archiviste)

    [ligne] = bordereau.lignes.order_by("pk")
    assert (ligne.reference, ligne.intitule) == (decide.reference, "Cantine scolaire (accepté)")
    assert "Orbellec" not in str(vars(ligne))
    assert execute(bordereau) == 0
    assert Dossier.objects.get(pk=decide.pk).reponses == decide.reponses
    assert list_fins(decide.collectivite, APRES.date()).a_eliminer == []


def test_nothing_is_destroyed_before_the_visa_even_by_the_task(decide, archiviste):
    bordereau = propose(decide, archiviste)
    eliminer(collectivite_id=decide.collectivite_id, bordereau_id=bordereau.pk)
    assert not Dossier.objects.get(pk=decide.pk).is_elimine


def test_case_whose_retention_runs_cannot_be_proposed(decide, archiviste):
    with pytest.raises(RienAEliminer):
        propose(decide, archiviste, MAINTENANT)


@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATEUR, Role.INSTRUCTEUR])
def test_only_the_archivist_proposes_and_records_a_visa(collectivite, decide, archiviste, role):
    autre = AdhesionFactory(collectivite=collectivite, role=role).compte
    with pytest.raises(AccesRefuse):
        propose(decide, autre)
    bordereau = propose(decide, archiviste)
    with pytest.raises(AccesRefuse):
        approve(bordereau, autre)
    with pytest.raises(AccesRefuse):
        services.refuse_elimination(bordereau=bordereau, motif="", agent=autre, maintenant=APRES)


@pytest.mark.parametrize(
    "faux",
    [
        {"par": " "},
        {"reference": ""},
        {"date_visa": APRES.date() - timedelta(days=1)},
        {"date_visa": APRES.date() + timedelta(days=1)},
    ],
)
def test_visa_says_who_when_and_its_reference(decide, archiviste, faux):
    bordereau = propose(decide, archiviste)
    with pytest.raises(VisaIncomplet):
        approve(bordereau, archiviste, **faux)


def test_destroyed_case_keeps_its_number_dates_and_outcome_only(decide, archiviste, usager):
    bordereau = approve(propose(decide, archiviste), archiviste)
    assert execute(bordereau) == 1

    reste = Dossier.objects.get(pk=decide.pk)
    assert reste.is_elimine
    assert (reste.reference, reste.etat, reste.decide_le, reste.depose_le) == (
        decide.reference, EtatDossier.ACCEPTE, decide.decide_le, decide.depose_le,
    )  # fmt: skip
    traces = [*Dossier.objects.filter(pk=decide.pk).values(), *Evenement.objects.values()]
    assert [nom for nom in NOMS if nom in str(traces)] == []
    assert reste.usager_id is None
    assert Message.objects.count() == 0
    assert Envoi.objects.count() == 0
    assert list(list_documents(decide.objet)) == []
    with personne(usager.pk):
        assert DossierDeLaPersonne.objects.count() == 0
    assert Evenement.objects.filter(dossier=reste).count() > 2
    bordereau.refresh_from_db()
    assert (bordereau.etat, bordereau.execute_le) == (EtatBordereau.EXECUTE, APRES)


def test_every_column_that_is_not_listed_as_kept_is_erased(decide, archiviste):
    """Une colonne ajoutée demain s’efface aussi : ce qui reste est une liste fermée."""
    execute(approve(propose(decide, archiviste), archiviste))
    reste = Dossier.objects.get(pk=decide.pk)
    for champ in Dossier._meta.concrete_fields:
        if champ.name not in services.GARDES:
            assert not getattr(reste, champ.attname), champ.name


def test_journal_tells_the_story_and_its_commitments_are_mute(decide, archiviste):
    bordereau = propose(decide, archiviste)
    execute(approve(bordereau, archiviste))

    du_bordereau = Entree.objects.filter(objet=bordereau.objet).order_by("pk")
    assert [e.action for e in du_bordereau] == [
        "bordereau.propose", "bordereau.vise", "bordereau.execute",
    ]  # fmt: skip
    derniere = Entree.objects.filter(objet=decide.objet).order_by("pk").last()
    assert (derniere.action, derniere.donnees["visa"]) == ("dossier.elimine", "2027-118")
    assert bytes(Dossier.objects.get(pk=decide.pk).sel) == b""


def test_counters_and_measures_survive(decide, archiviste):
    avant = list(Compteur.objects.order_by("pk").values())
    mesures = list(Mesure.objects.order_by("pk").values())
    assert execute(approve(propose(decide, archiviste), archiviste)) == 1
    assert list(Compteur.objects.order_by("pk").values()) == avant
    assert list(Mesure.objects.order_by("pk").values()) == mesures
    for code in (
        "deposes",
        "decides",
        "issue_accepte",
        "canal_en_ligne",
    ):  # du programme
        assert relevees[f"dossiers.{code}"].compute(APRES.date()) == 1, code


def test_task_may_run_twice(decide, archiviste):
    bordereau = approve(propose(decide, archiviste), archiviste)
    assert (execute(bordereau), execute(bordereau)) == (1, 0)
    assert Entree.objects.filter(action="dossier.elimine").count() == 1


def test_case_reopened_after_the_visa_is_spared(decide, archiviste):
    bordereau = approve(propose(decide, archiviste), archiviste)
    Dossier.objects.filter(pk=decide.pk).update(etat="en_instruction", decide_le=None)
    assert execute(bordereau) == 0
    assert not Dossier.objects.get(pk=decide.pk).is_elimine
    assert LigneDeBordereau.objects.get().ecartee == "Le dossier a été rouvert depuis."


def test_rule_changed_after_the_visa_spares_the_case(decide, archiviste, demarche):
    bordereau = approve(propose(decide, archiviste), archiviste)
    demarche.regle.duree_annees = 10
    demarche.regle.save()
    assert execute(bordereau) == 0
    assert LigneDeBordereau.objects.get().ecartee == "La durée de conservation a été allongée."


def test_refused_slip_destroys_nothing_and_cases_may_be_proposed_again(decide, archiviste):
    bordereau = propose(decide, archiviste)
    services.refuse_elimination(
        bordereau=bordereau, motif="À garder", agent=archiviste, maintenant=APRES
    )
    with pytest.raises(BordereauClos):
        approve(bordereau, archiviste)
    assert execute(bordereau) == 0
    assert propose(decide, archiviste).pk != bordereau.pk


def test_destroyed_case_cannot_be_reopened(decide, archiviste, agent):
    execute(approve(propose(decide, archiviste), archiviste))
    with pytest.raises((AccesRefuse, TransitionImpossible)):
        apply_transition(
            dossier=decide,
            transition=Transition.REPASSER_EN_INSTRUCTION,
            agent=agent,
            maintenant=APRES,
            motif="erreur",
        )


@pytest.fixture
def echu(decide):
    """Le même dossier, dont la durée est finie aujourd’hui pour la page."""
    il_y_a_longtemps = MAINTENANT - timedelta(days=3 * 366)
    Dossier.objects.filter(pk=decide.pk).update(
        depose_le=il_y_a_longtemps, decide_le=il_y_a_longtemps
    )
    return decide


def test_archivist_proposes_prints_and_records_the_visa(client, echu, archiviste):
    client.force_login(archiviste)
    soupe = BeautifulSoup(client.get(LISTE).text, "html.parser")
    [case] = soupe.select("input[name=numero]")
    adresse = client.post(LISTE, {"numero": case["value"]})["Location"]
    assert echu.reference in client.get(adresse).text

    jour = to_jour(timezone.now()).isoformat()
    visa = {"geste": "viser", "visa_par": "AD 92", "visa_reference": "2027-118", "visa_le": jour}
    assert client.post(adresse, visa).status_code == 422
    suite = client.post(adresse, visa | {"confirme": "on"}, follow=True)

    assert "AD 92, le" in suite.text
    assert Bordereau.objects.get().etat == EtatBordereau.VISE


def test_dpo_reads_and_does_nothing(client, collectivite, echu, archiviste):
    bordereau = propose(echu, archiviste)
    client.force_login(AdhesionFactory(collectivite=collectivite, role=Role.DPO).compte)
    assert client.get(LISTE).status_code == 200
    page = client.get(f"{LISTE}{bordereau.pk}/")
    assert "Noter le visa reçu" not in page.text
    refus = client.post(f"{LISTE}{bordereau.pk}/", {"geste": "refuser"})
    assert refus.status_code == 422
    assert Bordereau.objects.get().etat == EtatBordereau.PROPOSE


def test_agent_reads_that_the_case_is_gone(client, decide, archiviste, agent):
    execute(approve(propose(decide, archiviste), archiviste))
    client.force_login(agent)
    page = client.get(f"/c/clamart/agent/dossiers/{decide.numero}/").text
    assert "Ce dossier est éliminé" in page
    assert "Orbellec" not in page
