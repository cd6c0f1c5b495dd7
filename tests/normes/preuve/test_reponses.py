"""Les réponses jointes sont celles que le journal a engagées en dernier, ou la vérification le dit.

Le faussaire le plus fort est celui qui tient la clé : il peut refaire le sommaire et le signer.
"""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socle.normes.preuve import engagements
from socle.normes.preuve.json_canonique import encode_json
from socle.normes.preuve.pieces import (
    ENGAGEMENT_REPONSES,
    REPONSES,
    REPONSES_AU_DEPOT,
    ContenuPreuve,
    DocumentProuve,
)
from socle.normes.preuve.rapport import Etat
from socle.normes.preuve.verification import verify_dossier_de_preuve
from tests.normes.preuve.fabrique import SEL, build_journal

DEPOSEES = {"prenom": "Yanis", "revenu": "21600", "parts": "1.5"}
DECIDEES = DEPOSEES | {"revenu": "12000"}
SEL_REPONSES = engagements.derive_sel(SEL, ENGAGEMENT_REPONSES)


def engage(reponses: dict[str, str]) -> dict[str, str]:
    octets = encode_json(reponses)
    return {ENGAGEMENT_REPONSES: engagements.engage(SEL, ENGAGEMENT_REPONSES, octets)}


def build_corrige():
    """Déposé, corrigé, corrigé sans rien changer : trois engagements, deux réponses."""
    journal, rangs = build_journal()
    for reponses in (DEPOSEES, DECIDEES, DECIDEES):
        rangs.append(journal.record("dossier:44171", "dossier.reponses", {}, engage(reponses)))
    journal.seal()
    return journal, rangs


JOURNAL, RANGS = build_corrige()
AU_DEPOT, CORRIGEE, REDITE = 5, 6, 7  # place des trois entrées dans le dossier de preuve


def attach(nom: str, reponses: dict[str, str], entree: int | None) -> DocumentProuve:
    octets = encode_json(reponses)
    if entree is None:
        return DocumentProuve(nom, octets)
    return DocumentProuve(nom, octets, entree, ENGAGEMENT_REPONSES, SEL_REPONSES)


def verify(*documents: DocumentProuve, en_attente: int = 0):
    contenu: ContenuPreuve = JOURNAL.build_contenu(RANGS, documents)
    octets = JOURNAL.build(dataclasses.replace(contenu, en_attente=en_attente))
    rapport = verify_dossier_de_preuve(octets, [JOURNAL.signataire.cle_publique])
    [etape] = [etape for etape in rapport.etapes if etape.nom == "Documents"]
    return etape


@pytest.mark.parametrize("entree", [CORRIGEE, REDITE])
def test_last_reponses_open_their_engagement(entree):
    etape = verify(
        attach(REPONSES, DECIDEES, entree), attach(REPONSES_AU_DEPOT, DEPOSEES, AU_DEPOT)
    )
    assert (etape.etat, etape.message) == (
        Etat.CONFORME,
        "2 document(s), tous rattachés au journal.",
    )


@settings(max_examples=60, deadline=None)
@given(
    champ=st.sampled_from(sorted(DECIDEES)),
    valeur=st.text(max_size=12),
    entree=st.sampled_from([None, AU_DEPOT, CORRIGEE, REDITE]),
)
def test_any_changed_answer_is_detected_even_signed_again(champ, valeur, entree):
    fausses = DECIDEES | {champ: valeur}
    etape = verify(attach(REPONSES, fausses, entree))
    assert etape.etat is (Etat.CONFORME if fausses == DECIDEES and entree in (CORRIGEE, REDITE)
                          else Etat.FAUTE)  # fmt: skip


def test_answers_of_before_the_correction_do_not_pass_for_the_last():
    etape = verify(attach(REPONSES, DEPOSEES, AU_DEPOT))
    assert etape.etat is Etat.FAUTE
    assert "n’est pas la dernière version" in etape.message


def test_answers_whose_entry_waits_for_its_seal_are_a_reserve():
    etape = verify(attach(REPONSES, DECIDEES | {"parts": "2"}, None), en_attente=1)
    assert etape.etat is Etat.RESERVE
    assert REPONSES in etape.message
