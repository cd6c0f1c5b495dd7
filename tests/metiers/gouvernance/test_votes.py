"""La règle : rien n’est pris sans l’accord des deux collèges sur le même texte."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from socle.fondations.commun.locataire import operateur
from socle.fondations.journal.models import Entree
from socle.metiers.gouvernance.enums import (
    College,
    EtatDecision,
    Presence,
    RegleDeVote,
    Resultat,
    Sens,
)
from socle.metiers.gouvernance.errors import (
    DecisionFermee,
    DelegationRefusee,
    SaisieRefusee,
    TexteChange,
    VoteDejaExprime,
    VoteRefuse,
)
from socle.metiers.gouvernance.models import Decision, Validation, VersionDeDecision, Vote
from socle.metiers.gouvernance.queries.votes import Depouillement
from socle.metiers.gouvernance.services import decisions, delegations, instances, reunions, votes
from tests.metiers.gouvernance.conftest import (
    SYSTEME,
    create_agent,
    create_reunion,
    create_siege,
    vote,
    vote_all,
)

pytestmark = pytest.mark.django_db


def list_actions(objet):
    with operateur():
        return list(
            Entree.objects.filter(collectivite_id=0, objet=objet)
            .order_by("survenu_le", "id")
            .values_list("action", flat=True)
        )


def test_decision_is_taken_only_after_both_colleges(decision, sieges, maintenant):
    decision = vote_all(decision, sieges, maintenant, ["collectivites"])
    assert decision.etat == EtatDecision.EN_VALIDATION
    assert [v.college for v in Validation.objects.order_by("pk")] == ["collectivites"]

    plus_tard = maintenant + timedelta(days=2)
    decision = vote_all(decision, sieges, plus_tard, ["etat"])

    assert (decision.etat, decision.prise_le) == (EtatDecision.PRISE, plus_tard)
    version = decisions.get_version(decision)
    assert {v.empreinte for v in Validation.objects.order_by("pk")} == {version.empreinte}


def test_each_vote_and_each_validation_is_in_the_journal(decision, sieges, maintenant):
    vote_all(decision, sieges, maintenant)

    assert list_actions(decision.cle) == [
        "decision.proposee", "decision.figee",
        "decision.vote", "decision.vote", "decision.college_valide",
        "decision.vote", "decision.vote", "decision.college_valide", "decision.prise",
    ]  # fmt: skip


def test_one_refusing_college_is_enough(decision, sieges, maintenant):
    vote_all(decision, sieges, maintenant, ["collectivites"])
    for siege in sieges.etat:
        decision = vote(decision, siege, maintenant, Sens.CONTRE)

    assert decision.etat == EtatDecision.REFUSEE
    with pytest.raises(DecisionFermee):
        decisions.amend_decision(
            decision=decision, texte="Autre", motif="x", acteur=SYSTEME, maintenant=maintenant
        )


@pytest.mark.parametrize(
    ("voix", "clos", "attendu"),
    [
        ((2, 0, 0), False, Resultat.VALIDEE),  # acquis : 2 sur 3, quoi que fasse le troisième
        ((1, 0, 0), False, None),
        ((1, 0, 0), True, None),  # un présent sur trois : sans quorum
        ((1, 1, 0), False, None),
        ((1, 1, 0), True, Resultat.REFUSEE),  # pas plus de la moitié des présents
        ((1, 0, 1), True, Resultat.REFUSEE),
        ((0, 0, 3), False, Resultat.REFUSEE),
    ],
)
def test_majority_counts_present_seats(voix, clos, attendu):
    pour, contre, abstentions = voix
    compte = Depouillement(
        college=College.ETAT, sieges=3, presents=sum(voix), pour=pour, contre=contre,
        abstentions=abstentions, quorum=50, regle=RegleDeVote.MAJORITE,
    )  # fmt: skip

    assert compte.conclude(clos=clos) == attendu


def test_present_seats_that_say_nothing_weigh_in_the_majority():
    compte = Depouillement(
        college=College.ETAT, sieges=5, presents=4, pour=2, contre=0, abstentions=0,
        quorum=50, regle=RegleDeVote.MAJORITE,
    )  # fmt: skip
    assert compte.conclude(clos=True) == Resultat.REFUSEE
    assert replace(compte, pour=3).conclude(clos=True) == Resultat.VALIDEE


def test_unanimity_fails_with_one_vote_against():
    compte = Depouillement(
        college=College.ETAT, sieges=3, presents=3, pour=2, contre=0, abstentions=1,
        quorum=50, regle=RegleDeVote.UNANIMITE,
    )  # fmt: skip
    assert compte.conclude(clos=False) == Resultat.VALIDEE
    assert replace(compte, contre=1, abstentions=0).conclude(clos=True) == Resultat.REFUSEE


def test_college_without_seat_never_validates():
    compte = Depouillement(
        college=College.ETAT, sieges=0, presents=0, pour=0, contre=0, abstentions=0,
        quorum=0, regle=RegleDeVote.MAJORITE,
    )  # fmt: skip
    assert compte.conclude(clos=True) is None


def test_seat_has_one_voice_that_may_change_until_its_college_concludes(
    decision, sieges, maintenant
):
    siege = sieges.etat[0]
    vote(decision, siege, maintenant, Sens.CONTRE)
    vote(decision, siege, maintenant, Sens.POUR)
    assert Vote.objects.filter(siege=siege).count() == 1

    vote(decision, sieges.etat[1], maintenant)
    with pytest.raises(VoteRefuse, match="déjà conclu"):
        vote(decision, siege, maintenant, Sens.CONTRE)


def test_text_read_must_be_the_text_voted(decision, sieges, maintenant):
    empreinte = decisions.get_version(decision).empreinte
    decisions.amend_decision(
        decision=decision, texte="Chaque trimestre.", motif="Moins lourd", acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    with pytest.raises(TexteChange):
        votes.cast_vote(
            decision=decision, siege=sieges.etat[0], compte=sieges.etat[0].titulaire,
            sens=Sens.POUR, empreinte=empreinte, maintenant=maintenant,
        )  # fmt: skip


def test_amendment_restarts_both_validations(decision, sieges, maintenant):
    vote_all(decision, sieges, maintenant, ["collectivites"])
    decisions.amend_decision(
        decision=decision, texte="Chaque trimestre.", motif="Moins lourd", acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    decision.refresh_from_db()
    decision = vote_all(decision, sieges, maintenant, ["etat"])
    assert decision.etat == EtatDecision.EN_VALIDATION

    assert vote_all(decision, sieges, maintenant, ["collectivites"]).etat == EtatDecision.PRISE


def test_strangers_other_colleges_and_ended_seats_do_not_vote(decision, cos, sieges, maintenant):
    autre = create_siege(maintenant, cos, College.AUTRES, "CNIL")
    with pytest.raises(VoteRefuse):
        vote(decision, autre, maintenant)
    with pytest.raises(VoteRefuse):
        vote(decision, sieges.etat[0], maintenant, compte=create_agent())
    instances.close_siege(
        siege=sieges.etat[0], au=maintenant.date() - timedelta(days=1), acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    with pytest.raises(VoteRefuse, match="ne vote pas"):
        vote(decision, sieges.etat[0], maintenant)


def test_vote_closes_at_its_date(decision, sieges, maintenant):
    tard = maintenant + timedelta(days=11)
    with pytest.raises(DecisionFermee, match="clos"):
        vote(decision, sieges.etat[0], tard)


def test_closing_without_quorum_decides_nothing_and_can_be_extended(decision, sieges, maintenant):
    vote_all(decision, sieges, maintenant, ["collectivites"])
    vote(decision, sieges.etat[0], maintenant)
    tard = maintenant + timedelta(days=11)

    assert votes.close_votes_echus(maintenant=tard) == 1
    assert votes.close_votes_echus(maintenant=tard) == 0
    decision.refresh_from_db()
    assert decision.etat == EtatDecision.SANS_QUORUM

    decision = decisions.extend_vote(
        decision=decision, cloture_le=tard + timedelta(days=5), motif="Congés", acteur=SYSTEME,
        maintenant=tard,
    )  # fmt: skip
    assert vote(decision, sieges.etat[1], tard).etat == EtatDecision.PRISE


# Délégations ------------------------------------------------------------------------------------
def delegate(siege, beneficiaire, maintenant, jours=5):
    return delegations.delegate(
        siege=siege, beneficiaire=beneficiaire, par=siege.titulaire, maintenant=maintenant,
        du=maintenant.date(), au=maintenant.date() + timedelta(days=jours),
    )  # fmt: skip


def test_delegate_votes_and_the_holder_is_told_of_the_conflict(decision, sieges, maintenant):
    absent, mandataire = sieges.etat[:2]
    delegate(absent, mandataire, maintenant)

    with pytest.raises(VoteRefuse, match="confiée à État 1"):
        vote(decision, absent, maintenant)
    vote(decision, absent, maintenant, compte=mandataire.titulaire)
    decision = vote(decision, mandataire, maintenant)

    assert Validation.objects.get(college="etat").pour == 2


def test_voice_goes_only_to_the_same_college(sieges, maintenant):
    with pytest.raises(DelegationRefusee, match="dans son collège"):
        delegate(sieges.etat[0], sieges.collectivites[0], maintenant)


def test_voice_is_neither_given_twice_nor_passed_on(sieges, maintenant):
    un, deux, trois = sieges.etat
    delegate(un, deux, maintenant)
    with pytest.raises(DelegationRefusee, match="déjà confiée"):
        delegate(un, trois, maintenant)
    with pytest.raises(DelegationRefusee, match="vous ne pouvez pas déléguer"):
        delegate(deux, trois, maintenant)
    with pytest.raises(DelegationRefusee, match="ne se transmet pas"):
        delegate(trois, un, maintenant)


def test_voice_taken_back_can_change_the_vote(decision, sieges, maintenant):
    absent, mandataire = sieges.etat[:2]
    delegation = delegate(absent, mandataire, maintenant)
    vote(decision, absent, maintenant, Sens.CONTRE, compte=mandataire.titulaire)
    delegations.take_back(delegation=delegation, par=absent.titulaire, maintenant=maintenant)

    vote(decision, absent, maintenant, Sens.POUR)
    assert Vote.objects.get(siege=absent).sens == Sens.POUR
    with pytest.raises(VoteRefuse):
        vote(decision, absent, maintenant, compte=mandataire.titulaire)


def test_substitute_does_not_vote_after_the_holder(decision, sieges, maintenant):
    siege, suppleant = sieges.etat[0], create_agent()
    instances.assign_siege(
        siege=siege, titulaire=siege.titulaire, suppleant=suppleant, acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    vote(decision, siege, maintenant)
    with pytest.raises(VoteDejaExprime):
        vote(decision, siege, maintenant, compte=suppleant)


# En séance --------------------------------------------------------------------------------------
@pytest.fixture
def seance(cos, sieges, maintenant):
    """Réunion tenue : chaque collège a deux présents et un siège représenté par le premier."""
    reunion = create_reunion(cos, maintenant, jours=10)
    reunions.convene(reunion=reunion, acteur=SYSTEME, maintenant=maintenant)
    for college in (sieges.etat, sieges.collectivites):
        delegations.delegate(
            siege=college[2], beneficiaire=college[0], par=college[2].titulaire,
            reunion=reunion, maintenant=maintenant,
        )  # fmt: skip
    representes = {college[2].pk for college in (sieges.etat, sieges.collectivites)}
    pendant = maintenant + timedelta(days=10, hours=1)
    reunions.record_presences(
        reunion=reunion, acteur=SYSTEME, maintenant=pendant,
        presences={
            c.pk: Presence.REPRESENTE if c.siege_id in representes else Presence.PRESENT
            for c in reunion.convocations.order_by("pk")
        },
    )  # fmt: skip
    return reunion, pendant


def test_secretary_records_a_decision_taken_in_session(cos, sieges, seance, maintenant):
    reunion, pendant = seance
    decision = decisions.propose_decision(
        instance=cos, titre="En séance", texte="Texte.", reunion=reunion, acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    decision = decisions.freeze_decision(decision=decision, acteur=SYSTEME, maintenant=maintenant)
    with pytest.raises(DecisionFermee, match="en séance"):
        vote(decision, sieges.etat[0], maintenant)
    voix = {s.pk: Sens.POUR for s in (*sieges.etat, *sieges.collectivites)}

    decision = votes.record_seance(
        decision=decision, voix=voix, acteur="agent:1", maintenant=pendant
    )

    assert decision.etat == EtatDecision.PRISE
    represente = Vote.objects.get(siege=sieges.etat[2])
    assert (represente.a_titre, represente.canal) == ("delegation", "en_seance")
    assert represente.compte == sieges.etat[0].titulaire


def test_absent_seat_does_not_vote_in_session(cos, sieges, seance, maintenant):
    reunion, pendant = seance
    decision = decisions.propose_decision(
        instance=cos, titre="En séance", texte="Texte.", reunion=reunion, acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    decision = decisions.freeze_decision(decision=decision, acteur=SYSTEME, maintenant=maintenant)
    absent = create_siege(maintenant, cos, College.ETAT, "Arrivé après")
    with pytest.raises(SaisieRefusee, match="ni présent ni représenté"):
        votes.record_seance(
            decision=decision, voix={absent.pk: Sens.POUR}, acteur="agent:1",
            maintenant=pendant,
        )  # fmt: skip


def test_vote_online_is_not_doubled_in_session(cos, sieges, seance, maintenant):
    reunion, pendant = seance
    decision = decisions.propose_decision(
        instance=cos, titre="Mixte", texte="Texte.", reunion=reunion, acteur=SYSTEME,
        maintenant=maintenant,
    )  # fmt: skip
    decision = decisions.freeze_decision(
        decision=decision, acteur=SYSTEME, maintenant=maintenant,
        cloture_le=pendant + timedelta(days=1),
    )  # fmt: skip
    vote(decision, sieges.etat[1], maintenant)
    with pytest.raises(VoteDejaExprime, match="déjà voté en ligne"):
        votes.record_seance(
            decision=decision, voix={sieges.etat[1].pk: Sens.CONTRE}, acteur="agent:1",
            maintenant=pendant,
        )  # fmt: skip


# La base elle-même ------------------------------------------------------------------------------
def assert_base_refuse(geste):
    with pytest.raises(IntegrityError), transaction.atomic():
        geste()


def test_base_refuses_a_decision_taken_without_both_colleges(decision, sieges, maintenant):
    vote_all(decision, sieges, maintenant, ["etat"])
    assert_base_refuse(
        lambda: Decision.objects.filter(pk=decision.pk).update(etat="prise", prise_le=maintenant)
    )


def test_base_refuses_to_rewrite_a_frozen_text_a_validation_or_a_taken_decision(
    decision, sieges, maintenant
):
    vote_all(decision, sieges, maintenant)
    assert_base_refuse(lambda: VersionDeDecision.objects.update(texte="Autre chose"))
    assert_base_refuse(lambda: Validation.objects.update(pour=F("pour") + 1))
    assert_base_refuse(lambda: Decision.objects.update(titre="Autre titre"))
    assert_base_refuse(lambda: Decision.objects.filter(pk=decision.pk).delete())
