"""Un COS à trois sièges par collège, une INP, un groupe de travail, et leurs membres."""

from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from socle.fondations.comptes.enums import RoleProgramme
from socle.fondations.comptes.models import MembreProgramme
from socle.metiers.gouvernance.enums import College, NatureInstance, Sens
from socle.metiers.gouvernance.models import Siege
from socle.metiers.gouvernance.services import decisions, instances, reunions, votes
from tests.factories import CompteFactory

DU = date(2026, 1, 1)
SYSTEME = "systeme"
rangs = count(1)


def create_agent(nom="Maury"):
    rang = next(rangs)
    return CompteFactory(agent=True, nom=f"{nom} {rang}", courriel=f"membre{rang}@exemple.fr")


def create_instance(maintenant, slug, nature, **champs):
    return instances.create_instance(
        slug=slug, sigle=slug.upper(), nom=f"Instance {slug}", nature=nature,
        acteur=SYSTEME, maintenant=maintenant, **champs,
    )  # fmt: skip


def create_siege(maintenant, instance, college, organisation, **champs):
    champs.setdefault("titulaire", create_agent())
    return instances.create_siege(
        instance=instance, college=college, organisation=organisation, du=DU,
        acteur=SYSTEME, maintenant=maintenant, **champs,
    )  # fmt: skip


@pytest.fixture
def cos(db, maintenant):
    return create_instance(maintenant, "cos", NatureInstance.POLITIQUE)


@pytest.fixture
def inp(db, maintenant):
    return create_instance(maintenant, "inp", NatureInstance.TRAVAIL)


@pytest.fixture
def gt(db, maintenant):
    return create_instance(maintenant, "gt-dln1f", NatureInstance.CONCERTATION)


@pytest.fixture
def sieges(cos, maintenant):
    """`sieges.etat` et `sieges.collectivites` : trois sièges pourvus chacun."""
    return SimpleNamespace(
        **{
            college.value: [
                create_siege(maintenant, cos, college, f"{college.label} {rang}")
                for rang in range(3)
            ]
            for college in (College.ETAT, College.COLLECTIVITES)
        }
    )


@pytest.fixture
def equipe(db):
    compte = create_agent("Delmas")
    MembreProgramme.objects.create(compte=compte, role=RoleProgramme.EQUIPE)
    return compte


@pytest.fixture
def decision(cos, inp, sieges, maintenant):
    """Décision figée, vote en ligne ouvert dix jours."""
    proposee = decisions.propose_decision(
        instance=cos, proposee_par=inp, titre="Publier le rapport chaque mois",
        texte="Le rapport est publié le premier de chaque mois.", acteur=SYSTEME,
        maintenant=maintenant, liens=["action:2018-2020-2-1"],
    )  # fmt: skip
    return decisions.freeze_decision(
        decision=proposee, acteur=SYSTEME, maintenant=maintenant,
        cloture_le=maintenant + timedelta(days=10),
    )  # fmt: skip


def vote(decision, siege, maintenant, sens=Sens.POUR, compte=None):
    siege = Siege.objects.select_related("titulaire").get(pk=siege.pk)
    empreinte = decisions.get_version(decision).empreinte
    return votes.cast_vote(
        decision=decision, siege=siege, compte=compte or siege.titulaire, sens=sens,
        empreinte=empreinte, maintenant=maintenant,
    )  # fmt: skip


def vote_all(decision, sieges, maintenant, colleges=("etat", "collectivites"), sens=Sens.POUR):
    """Deux voix sur trois suffisent à un collège."""
    for college in colleges:
        for siege in getattr(sieges, college)[:2]:
            decision = vote(decision, siege, maintenant, sens)
    return decision


def create_reunion(instance, maintenant, jours=20, **champs):
    debut = maintenant + timedelta(days=jours)
    champs.setdefault("titre", "Réunion d’essai")
    return reunions.create_reunion(
        instance=instance, debut=debut, fin=debut + timedelta(hours=2),
        acteur=SYSTEME, maintenant=maintenant, **champs,
    )  # fmt: skip
