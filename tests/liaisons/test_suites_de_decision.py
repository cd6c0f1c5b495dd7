"""Les actions et les dates suivent les décisions : appliquées d’office, une fois, ou expliquées."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from socle.fondations.commun.locataire import operateur
from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.fondations.journal.models import Entree
from socle.metiers.echeancier.models import Obligation
from socle.metiers.gouvernance.enums import College, EtatEffet, NatureEffet, NatureInstance
from socle.metiers.gouvernance.forms.equipe import _read_suite
from socle.metiers.gouvernance.models import Decision, FeuilleDeRoute, LigneDeFeuille
from socle.metiers.gouvernance.services import application, decisions, effets, feuilles
from socle.metiers.gouvernance.tasks import appliquer_effet
from socle.metiers.pilotage.enums import EtatAction
from socle.metiers.pilotage.models import Action, Axe, Modification, Preuve, Programme
from tests.metiers.echeancier.fabrique import create as create_obligation
from tests.metiers.gouvernance.conftest import (
    create_agent,
    create_instance,
    create_siege,
    vote,
)
from tests.taches import run_taches

pytestmark = pytest.mark.django_db
SUITES = (
    "action:2018-2020-1-1 | L’action démarre | en cours",
    "action:2018-2020-1-1 | Première étape livrée | 2027-03-01",
    "axe:2018-2020-1 | Ouvrir un guichet commun | 2027-06-01",
    "echeance:seuil-demo | Le seuil attend un an de plus | 2029-02-28",
    "feuille:2027-1 | Préparer le guichet commun | 2027-05-01",
    "Remercier les territoires pilotes",
)


@pytest.fixture
def action(db):
    """Une action à démarrer, seule de son axe."""
    programme = Programme.objects.create(
        code="2018-2020", titre="P", date_debut=date(2018, 1, 1), date_fin=date(2020, 12, 31)
    )
    axe = Axe.objects.create(programme=programme, numero=1, code="2018-2020-1", titre="Axe")
    return Action.objects.create(axe=axe, numero=1, code="2018-2020-1-1", titre="Première")


@pytest.fixture
def obligation(action):
    return create_obligation(slug="seuil-demo", titre="Un seuil change", jour=date(2028, 2, 28))


@pytest.fixture
def sieges(maintenant, obligation):
    cos = create_instance(maintenant, "cos", NatureInstance.POLITIQUE)
    return [
        create_siege(maintenant, cos, college, college.label)
        for college in (College.ETAT, College.COLLECTIVITES)
    ]


def take(sieges, maintenant, *suites):
    """Fait prendre une décision qui a ces suites, écrites comme l’équipe les écrit."""
    signe = {"acteur": "systeme", "maintenant": maintenant}
    decision = decisions.propose_decision(
        instance=sieges[0].instance, titre="Objet", texte="Texte.",
        effets=[_read_suite(suite) for suite in suites], **signe,
    )  # fmt: skip
    cloture = maintenant + timedelta(days=5)
    decision = decisions.freeze_decision(decision=decision, cloture_le=cloture, **signe)
    for siege in sieges:
        decision = vote(decision, siege, maintenant)
    return decision


def list_journal(action=""):
    """Objets des lignes du journal de l’installation, ou de celles d’une action."""
    with operateur():
        lignes = Entree.objects.order_by("pk")
        if action:
            lignes = lignes.filter(action=action)
        return list(lignes.values_list("objet", flat=True))


def read(decision):
    return list(decision.effets.order_by("pk"))


def test_taken_decision_applies_its_effects_in_the_other_trades(
    client, sieges, action, obligation, maintenant
):
    decision = take(sieges, maintenant, *SUITES)
    action.refresh_from_db()
    assert action.etat == EtatAction.A_DEMARRER  # pas encore : une tâche chacune
    run_taches("gouvernance.")

    suites = read(decision)
    assert [suite.etat for suite in suites] == [EtatEffet.APPLIQUE] * 5 + [EtatEffet.A_APPLIQUER]
    action.refresh_from_db()
    assert action.etat == EtatAction.EN_COURS
    assert "1er" in action.calendrier
    assert "Première étape livrée (décision n° 1)" in action.calendrier
    preuve = Preuve.objects.get(cible=action.cle)
    assert (preuve.lien, preuve.par_nom) == (decision.cle, "Décision n° 1")

    neuve = Action.objects.exclude(pk=action.pk).get()
    assert (neuve.code, neuve.titre) == ("2018-2020-1-2", "Ouvrir un guichet commun")
    assert (neuve.liens, suites[2].resultat) == ([decision.cle], neuve.cle)

    obligation = Obligation.objects.get(pk=obligation.pk)
    assert (obligation.jour, obligation.ancien_jour) == (date(2029, 2, 28), date(2028, 2, 28))
    motif = obligation.dates.get(rang=2).motif
    assert motif == "Décision n° 1 : Le seuil attend un an de plus"

    ligne = LigneDeFeuille.objects.get(titre="Préparer le guichet commun")
    assert (ligne.feuille.cle, ligne.motif) == ("feuille:2027-1", "Décision n° 1")
    assert (ligne.date_prevue, ligne.liens) == (date(2027, 5, 1), [decision.cle])

    decision.refresh_from_db()  # le lien, dans l’autre sens
    assert {action.cle, neuve.cle, "echeance:seuil-demo", "feuille:2027-1"} <= set(decision.liens)
    assert list_journal("decision.effet_applique") == [decision.cle] * 5
    assert {action.cle, neuve.cle, f"obligation:{obligation.pk}"} <= set(list_journal())

    page = client.get(reverse("gouvernance:decision", args=[decision.numero])).text
    assert page.count("Appliqué") == 5
    assert reverse("pilotage:action", args=[neuve.code]) in page
    assert "Objet" in client.get(reverse("echeancier:fiche", args=["seuil-demo"])).text


def test_replayed_effect_changes_nothing_twice(sieges, action, maintenant):
    decision = take(sieges, maintenant, SUITES[2], SUITES[4])
    for _ in range(3):
        for suite in read(decision):
            appliquer_effet(effet_id=suite.pk)

    assert Action.objects.count() == 2
    assert LigneDeFeuille.objects.count() == 1
    assert len(list_journal("decision.effet_applique")) == 2


def test_object_changed_since_is_left_to_the_team_with_the_reason(
    client, sieges, action, obligation, maintenant
):
    decision = take(sieges, maintenant, SUITES[0], SUITES[3])
    Action.objects.filter(pk=action.pk).update(etat=EtatAction.ABANDONNEE)
    Obligation.objects.filter(pk=obligation.pk).update(jour=date(2030, 1, 1))
    run_taches("gouvernance.")

    suites = read(decision)
    assert {suite.etat for suite in suites} == {EtatEffet.A_APPLIQUER}
    assert "« À démarrer » alors, « Abandonnée » aujourd’hui" in suites[0].blocage
    assert "1er\u00a0janvier 2030" in suites[1].blocage
    assert not Preuve.objects.exists()
    assert len(list_journal("decision.effet_bloque")) == 2

    equipier = create_agent()
    MembreProgramme.objects.create(compte=equipier, role=RoleProgramme.EQUIPE)
    client.force_login(equipier)
    assert "« Abandonnée » aujourd’hui" in client.get(reverse("gouvernance:equipe")).text
    page = client.get(reverse("gouvernance:equipe_decision", args=[decision.numero])).text
    assert page.count("Appliquer quand même") == 2
    client.post(reverse("gouvernance:equipe_effet", args=[suites[0].pk]), {"geste": "executer"})
    action.refresh_from_db()
    assert action.etat == EtatAction.EN_COURS
    assert read(decision)[0].fait_par == equipier.nom_affiche


def test_effect_already_reached_is_said_so(sieges, action, maintenant):
    decision = take(sieges, maintenant, SUITES[0])
    Action.objects.filter(pk=action.pk).update(etat=EtatAction.EN_COURS)
    run_taches("gouvernance.")

    suite = decision.effets.get()
    assert (suite.etat, suite.note) == (EtatEffet.APPLIQUE, "C’était déjà fait.")
    assert not Modification.objects.exists()


@pytest.mark.parametrize(
    ("suite", "dit"),
    [
        ("action:2018-2020-9-9 | x | en cours", "n’est pas au programme"),
        ("action:2018-2020-1-1 | x | demain", "n’est pas un état"),
        ("axe:2018-2020-9 | x", "n’est pas au programme"),
        ("echeance:absente | x | 2027-01-01", "n’est pas dans l’échéancier"),
        ("feuille:bientot | x", "n’est pas un semestre"),
    ],
)
def test_effect_that_names_nothing_says_why(sieges, maintenant, suite, dit):
    decision = take(sieges, maintenant, suite)
    effet = decision.effets.get()
    assert dit in application.preview_effet(effet, decision).obstacle
    run_taches("gouvernance.")
    effet.refresh_from_db()
    assert (effet.etat, dit in effet.blocage) == (EtatEffet.A_APPLIQUER, True)


def test_roadmap_waiting_for_its_vote_is_not_touched(sieges, maintenant):
    signe = {"acteur": "systeme", "maintenant": maintenant}
    feuille = feuilles.open_feuille(semestre="2027-1", **signe)
    feuilles.save_ligne(feuille=feuille, titre="Ligne", motif="Première feuille", **signe)
    feuilles.freeze_feuille(feuille=feuille, instance=sieges[0].instance, **signe)
    decision = take(sieges, maintenant, SUITES[4])
    run_taches("gouvernance.")

    assert "figée et attend son vote" in decision.effets.get().blocage
    assert LigneDeFeuille.objects.count() == 1
    assert FeuilleDeRoute.objects.count() == 1


def test_line_of_a_validated_roadmap_waits_in_a_new_version(client, sieges, maintenant):
    signe = {"acteur": "systeme", "maintenant": maintenant}
    feuille = feuilles.open_feuille(semestre="2027-1", **signe)
    feuilles.save_ligne(feuille=feuille, titre="Ligne", motif="Première feuille", **signe)
    decision = feuilles.freeze_feuille(feuille=feuille, instance=sieges[0].instance, **signe)
    decision = decisions.freeze_decision(
        decision=decision, cloture_le=maintenant + timedelta(days=5), **signe
    )
    for siege in sieges:
        decision = vote(decision, siege, maintenant)
    take(sieges, maintenant, SUITES[4])
    run_taches("gouvernance.")

    brouillon = FeuilleDeRoute.objects.get(rang=2)
    titres = set(brouillon.lignes.values_list("titre", flat=True))
    assert titres == {"Ligne", "Préparer le guichet commun"}
    page = client.get(reverse("gouvernance:feuille", args=["2027-1"])).text
    assert "Validée" in page
    assert "Préparer le guichet commun" not in page  # le public lit toujours la version validée


def test_effect_of_a_decision_not_taken_is_never_applied(sieges, action, maintenant):
    signe = {"acteur": "systeme", "maintenant": maintenant}
    decision = decisions.propose_decision(
        instance=sieges[0].instance, titre="Objet", texte="Texte.",
        effets=[_read_suite(SUITES[0])], **signe,
    )  # fmt: skip
    effet = decision.effets.get()
    appliquer_effet(effet_id=effet.pk)
    with pytest.raises(effets.SaisieRefusee):
        effets.force_effet(pk=effet.pk, nom="Claire", **signe)
    effet.refresh_from_db()
    action.refresh_from_db()
    assert (effet.etat, action.etat) == (EtatEffet.A_APPLIQUER, EtatAction.A_DEMARRER)
    assert Decision.objects.get().liens == []


def test_written_effect_has_the_nature_of_what_it_changes():
    natures = [_read_suite(suite).nature for suite in SUITES]
    assert natures == [
        NatureEffet.ETAT, NatureEffet.DATE, NatureEffet.ACTION, NatureEffet.DATE,
        NatureEffet.FEUILLE, NatureEffet.AUTRE,
    ]  # fmt: skip
