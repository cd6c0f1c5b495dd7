"""Chaque transition légale, et elle seule, d’après une table écrite à la main.

La table suit « dossier.rb » de Démarches Simplifiées, pour ce que Socle fait : les transitions
automatiques (démarche déclarative, silence vaut accord) n’y sont pas, aucune tâche n’en joue.
"""

from collections.abc import Callable

import pytest
from django.db import transaction

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.journal.models import Entree
from socle.metiers.dossiers.enums import EtatDossier, Fait, Transition
from socle.metiers.dossiers.errors import CorrectionEnAttente
from socle.metiers.dossiers.models import Dossier, Evenement
from socle.metiers.dossiers.permissions import Acces
from socle.metiers.dossiers.services import correction, depot, instruction
from tests.metiers.conftest import MAINTENANT, REPONSES

# geste → {état de départ: état d’arrivée} ; le reste est interdit.
DE_L_USAGER = {
    "deposer": {"brouillon": "en_construction"},
    "deposer_correction": {"en_construction": "en_construction"},
}
DE_L_AGENT = {
    "passer_en_instruction": {"en_construction": "en_instruction"},
    "repasser_en_construction": {"en_instruction": "en_construction"},
    "accepter": {"en_instruction": "accepte"},
    "refuser": {"en_instruction": "refuse"},
    "classer_sans_suite": {"en_instruction": "sans_suite"},
    "repasser_en_instruction": {
        "accepte": "en_instruction",
        "refuse": "en_instruction",
        "sans_suite": "en_instruction",
    },
}
CORRIGER = {"en_construction": "en_construction", "en_instruction": "en_construction"}
LEGALES = DE_L_USAGER | DE_L_AGENT | {"demander_correction": CORRIGER}
# Comment un dossier arrive dans chaque état, depuis le brouillon.
CHEMINS = {
    "brouillon": (),
    "en_construction": ("deposer",),
    "en_instruction": ("deposer", "passer_en_instruction"),
    "accepte": ("deposer", "passer_en_instruction", "accepter"),
    "refuse": ("deposer", "passer_en_instruction", "refuser"),
    "sans_suite": ("deposer", "passer_en_instruction", "classer_sans_suite"),
}
HISTOIRE = {
    "deposer": "depose",
    "deposer_correction": "depose_correction_usager",
    "passer_en_instruction": "passe_en_instruction",
    "repasser_en_construction": "repasse_en_construction",
    "accepter": "accepte",
    "refuser": "refuse",
    "classer_sans_suite": "classe_sans_suite",
    "repasser_en_instruction": "repasse_en_instruction",
    "demander_correction": "correction_demandee",
}
Jouer = Callable[..., None]


@pytest.fixture
def jouer(brouillon, usager, agent) -> Jouer:
    """Joue un geste sur le dossier, tel qu’il est en base, par la personne qui en a le droit."""

    def jouer(geste: str, *, par=agent) -> None:
        dossier = Dossier.objects.get(pk=brouillon.pk)
        commun = {"dossier": dossier, "agent": par, "maintenant": MAINTENANT}
        depose = {
            "numero": dossier.numero, "acces": Acces(compte=usager), "maintenant": MAINTENANT
        }  # fmt: skip
        if geste == "deposer":
            depot.file_dossier(**depose)
        elif geste == "deposer_correction":
            correction.save_correction(
                dossier=dossier, reponses=REPONSES, revision=dossier.revision
            )
            correction.submit_correction(**depose)
        elif geste == "demander_correction":
            correction.request_correction(**commun, texte="Votre revenu ?")
        else:
            instruction.apply_transition(**commun, transition=Transition(geste), motif="Motif")

    return jouer


def read(dossier: Dossier) -> tuple:
    """Tout ce qu’un geste refusé doit laisser tel quel."""
    lu = Dossier.objects.values_list("etat", "revision", "decide_le", "motif").get(pk=dossier.pk)
    entrees = Entree.objects.filter(objet=dossier.objet).count()
    return (*lu, Evenement.objects.filter(dossier_id=dossier.pk).count(), entrees)


@pytest.mark.parametrize("etat", CHEMINS)
def test_every_move_follows_the_table(brouillon, jouer, etat):
    """Tous les gestes depuis un état, chacun défait avant le suivant."""
    for geste in CHEMINS[etat]:
        jouer(geste)
    avant = read(brouillon)
    assert avant[0] == etat

    ecarts = []
    for geste, arrivees in LEGALES.items():
        with transaction.atomic():
            try:
                with transaction.atomic():
                    jouer(geste)
            except ErreurMetier as refus:
                resultat = f"refusé ({type(refus).__name__})"
            else:
                resultat = read(brouillon)[0] if read(brouillon) != avant else "sans effet"
            faits = Evenement.objects.filter(dossier_id=brouillon.pk).order_by("-pk")
            attendu = arrivees.get(etat, "")
            if attendu and (resultat, faits[0].fait) != (attendu, HISTOIRE[geste]):
                ecarts.append((geste, resultat, "légal"))
            if not attendu and (resultat in EtatDossier or read(brouillon) != avant):
                ecarts.append((geste, resultat, "interdit"))
            transaction.set_rollback(True)
    assert ecarts == []


def test_table_holds_every_move_of_the_product():
    assert {transition.value for transition in Transition} == set(DE_L_AGENT)
    assert {etat.value for etat in EtatDossier} == set(CHEMINS)
    assert not [fait for fait in Fait if fait.value.endswith("automatiquement")]


def test_who_asks_cannot_play_the_agent_and_a_pending_correction_blocks(brouillon, jouer, usager):
    jouer("deposer")
    avant = read(brouillon)
    for geste in (*DE_L_AGENT, "demander_correction"):
        with pytest.raises(AccesRefuse):
            jouer(geste, par=usager)
    assert read(brouillon) == avant

    jouer("demander_correction")
    with pytest.raises(CorrectionEnAttente):
        jouer("passer_en_instruction")
    jouer("deposer_correction")
    jouer("passer_en_instruction")
    assert read(brouillon)[0] == "en_instruction"
