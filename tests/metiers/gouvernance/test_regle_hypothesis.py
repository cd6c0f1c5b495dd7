"""Aucune suite de gestes ne prend une décision sans les deux collèges, sur le même texte."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socle.fondations.commun.errors import ErreurMetier
from socle.metiers.gouvernance.enums import College, EtatDecision, Sens
from socle.metiers.gouvernance.models import Delegation, Siege, Validation
from socle.metiers.gouvernance.services import decisions, delegations, instances, votes
from tests.metiers.gouvernance.conftest import SYSTEME, create_agent

RANG = st.integers(0, 5)  # 0 à 2 : État ; 3 à 5 : collectivités
GESTES = st.one_of(
    st.tuples(st.just("voter"), RANG, st.integers(0, 6), st.sampled_from(Sens)),
    st.tuples(st.just("voter"), RANG, st.none(), st.just(Sens.POUR)),  # None : le bon votant
    st.tuples(st.just("voter"), RANG, st.none(), st.just(Sens.POUR)),
    st.tuples(st.just("voter_ancien"), RANG),
    st.tuples(st.just("deleguer"), RANG, RANG),
    st.tuples(st.just("reprendre"), RANG),
    st.tuples(st.just("amender")),
    st.tuples(st.just("retirer")),
    st.tuples(st.just("clore")),
    st.tuples(st.just("prolonger")),
    st.tuples(st.just("finir_siege"), RANG),
    st.tuples(st.just("attendre"), st.integers(1, 6)),
)


class Registre:
    """Ce que l’essai retient lui-même des voix, sans lire la table des votes."""

    def __init__(self, decision, sieges, personnes, instant) -> None:
        self.decision, self.sieges, self.personnes = decision, sieges, personnes
        self.instant = instant
        self.voix: dict[tuple[str, int], Sens] = {}
        self.empreintes = [decisions.get_version(decision).empreinte]
        self.vues: set[int] = set()

    def play(self, geste) -> None:
        nom, *arguments = geste
        try:
            with transaction.atomic():
                getattr(self, f"play_{nom}")(*arguments)
        except ErreurMetier:
            return
        finally:
            self.decision.refresh_from_db()

    def play_voter(self, rang, personne, sens) -> None:
        siege = self.read(rang)
        courante = Delegation.objects.at(self.instant.date()).filter(siege=siege).first()
        bon = courante.beneficiaire.titulaire if courante else siege.titulaire
        compte = bon if personne is None else self.personnes[personne]
        empreinte = self.empreintes[-1]
        votes.cast_vote(
            decision=self.decision, siege=siege, compte=compte, sens=sens,
            empreinte=empreinte, maintenant=self.instant,
        )  # fmt: skip
        assert compte == bon, "seul le titulaire, ou son mandataire, a pu voter"
        self.voix[empreinte, siege.pk] = sens

    def play_voter_ancien(self, rang) -> None:
        siege = self.read(rang)
        votes.cast_vote(
            decision=self.decision, siege=siege, compte=siege.titulaire, sens=Sens.POUR,
            empreinte=self.empreintes[0], maintenant=self.instant,
        )  # fmt: skip
        assert len(self.empreintes) == 1, "un vote sur un texte remplacé a été admis"
        self.voix[self.empreintes[0], siege.pk] = Sens.POUR

    def play_deleguer(self, de, vers) -> None:
        siege = self.read(de)
        delegations.delegate(
            siege=siege, beneficiaire=self.read(vers), par=siege.titulaire,
            maintenant=self.instant, du=self.instant.date(),
            au=self.instant.date() + timedelta(days=8),
        )  # fmt: skip

    def play_reprendre(self, rang) -> None:
        siege = self.read(rang)
        delegation = siege.delegations.filter(reprise_le=None).order_by("pk").first()
        if delegation:
            delegations.take_back(
                delegation=delegation, par=siege.titulaire, maintenant=self.instant
            )

    def play_amender(self) -> None:
        version = decisions.amend_decision(
            decision=self.decision, texte=f"Texte {len(self.empreintes)}", motif="Mieux",
            acteur=SYSTEME, maintenant=self.instant, cloture_le=self.instant + timedelta(days=9),
        )  # fmt: skip
        self.empreintes.append(version.empreinte)

    def play_retirer(self) -> None:
        decisions.withdraw_decision(
            decision=self.decision, motif="x", acteur=SYSTEME, maintenant=self.instant
        )

    def play_clore(self) -> None:
        votes.close_vote(decision=self.decision, acteur=SYSTEME, maintenant=self.instant)

    def play_prolonger(self) -> None:
        decisions.extend_vote(
            decision=self.decision, cloture_le=self.instant + timedelta(days=20), motif="x",
            acteur=SYSTEME, maintenant=self.instant,
        )  # fmt: skip

    def play_finir_siege(self, rang) -> None:
        instances.close_siege(
            siege=self.read(rang), au=self.instant.date() - timedelta(days=1), acteur=SYSTEME,
            maintenant=self.instant,
        )  # fmt: skip

    def play_attendre(self, jours) -> None:
        self.instant += timedelta(days=jours)

    def read(self, rang):
        return Siege.objects.select_related("titulaire").get(pk=self.sieges[rang])

    def check(self) -> None:
        """Chaque accord nouveau se recompte ; « prise » demande les deux, sur le même texte."""
        version = decisions.get_version(self.decision)
        accords = list(Validation.objects.filter(version__decision=self.decision).order_by("pk"))
        for accord in accords:
            if accord.pk not in self.vues:
                self.vues.add(accord.pk)
                self.check_accord(accord)
        if self.decision.etat == EtatDecision.PRISE:
            colleges = {
                a.college for a in accords
                if a.resultat == "validee" and a.empreinte == version.empreinte
            }  # fmt: skip
            assert colleges == {"etat", "collectivites"}
            assert sha256(decisions.build_texte_fige(version)).hexdigest() == version.empreinte

    def check_accord(self, accord) -> None:
        actifs = Siege.objects.at(self.instant.date()).filter(
            pk__in=self.sieges, college=accord.college
        )
        siens = set(actifs.order_by("pk").values_list("pk", flat=True))
        voix = [s for (e, pk), s in self.voix.items() if e == accord.empreinte and pk in siens]
        pour = voix.count(Sens.POUR)
        assert accord.empreinte == self.empreintes[-1]
        assert len(voix) * 2 >= len(siens), "quorum de la moitié des sièges"
        assert (accord.resultat == "validee") == (pour * 2 > len(voix))


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(gestes=st.lists(GESTES, max_size=16))
def test_no_sequence_takes_a_decision_without_both_colleges(cos, maintenant, gestes):
    with transaction.atomic():
        registre = open_registre(cos, maintenant)
        for geste in gestes:
            registre.play(geste)
            registre.check()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_plain_sequence_does_take_it(cos, maintenant):
    """Sans quoi l’essai d’avant ne prouverait rien."""
    registre = open_registre(cos, maintenant)
    for rang in (0, 1, 3, 4):
        registre.play(("voter", rang, None, Sens.POUR))
        registre.check()
    assert registre.decision.etat == EtatDecision.PRISE
    assert len(registre.vues) == 2


def open_registre(cos, maintenant):
    personnes = [create_agent() for _ in range(7)]  # la dernière ne siège pas
    sieges = [
        instances.create_siege(
            instance=cos, college=college, organisation=f"Siège {rang}",
            titulaire=personnes[rang], du=maintenant.date() - timedelta(days=30),
            acteur=SYSTEME, maintenant=maintenant,
        ).pk
        for rang, college in enumerate([College.ETAT] * 3 + [College.COLLECTIVITES] * 3)
    ]  # fmt: skip
    decision = decisions.propose_decision(
        instance=cos, titre="Objet", texte="Texte 0", acteur=SYSTEME, maintenant=maintenant
    )
    decision = decisions.freeze_decision(
        decision=decision, acteur=SYSTEME, maintenant=maintenant,
        cloture_le=maintenant + timedelta(days=9),
    )  # fmt: skip
    return Registre(decision, sieges, personnes, maintenant)
