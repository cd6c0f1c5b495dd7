"""Adhérer à un texte, à une version, le prouver ; signer de nouveau ; se retirer."""

import hashlib

import pytest

from socle.fondations.journal.models import Entree
from socle.metiers.adoption.enums import EtatConvention
from socle.metiers.adoption.errors import (
    ConventionFermee,
    DejaAdherente,
    PasAdherente,
    TexteIdentique,
    VersionDepassee,
)
from socle.metiers.adoption.models import Signature
from socle.metiers.adoption.queries import conventions as lire
from socle.metiers.adoption.services import conventions
from tests.metiers.adoption.fabrique import CLAMART, create_charte


@pytest.fixture
def charte(db):
    return create_charte()


def sign(charte, collectivite, maintenant, numero=1):
    return conventions.sign_convention(
        convention=charte, numero=numero, collectivite=collectivite, fonction="Maire",
        acteur="agent:7", maintenant=maintenant,
    )  # fmt: skip


def publish(charte, maintenant, texte="## 1. Objet\nEssayer mieux."):
    return conventions.publish_version(
        convention=charte, texte=texte, changement="Mieux dit.", acteur="agent:1",
        maintenant=maintenant,
    )  # fmt: skip


def test_signature_keeps_the_hash_of_the_text_and_its_proof(charte, collectivite, maintenant):
    signature = sign(charte, collectivite, maintenant)

    texte = charte.versions.get().texte
    assert signature.empreinte == hashlib.sha256(texte.encode()).hexdigest()
    entree = Entree.objects.get(pk=signature.preuve)
    assert (entree.collectivite_id, entree.action) == (collectivite.pk, "convention.signee")
    assert entree.donnees == {
        "version": 1, "empreinte": signature.empreinte, "autorite": CLAMART,
    }  # fmt: skip
    assert [s.nom for s in lire.list_adherentes(charte)] == ["Clamart"]


def test_same_version_is_signed_once(charte, collectivite, maintenant):
    sign(charte, collectivite, maintenant)

    with pytest.raises(DejaAdherente):
        sign(charte, collectivite, maintenant)


def test_new_version_asks_to_sign_again(charte, collectivite, maintenant):
    ancienne = sign(charte, collectivite, maintenant)
    publish(charte, maintenant)
    [ligne] = lire.list_pour_autorite(CLAMART)
    assert (ligne.is_a_jour, ligne.is_a_resigner) == (False, True)
    with pytest.raises(VersionDepassee):
        sign(charte, collectivite, maintenant, numero=1)

    sign(charte, collectivite, maintenant, numero=2)

    [ligne] = lire.list_pour_autorite(CLAMART)
    assert ligne.is_a_jour
    ancienne.refresh_from_db()
    assert ancienne.motif_retrait == "Version 2 signée."
    assert Signature.objects.filter(retiree_le=None).count() == 1


def test_withdrawal_is_kept_and_can_be_signed_again(charte, collectivite, maintenant):
    sign(charte, collectivite, maintenant)

    conventions.withdraw_signature(
        convention=charte, collectivite=collectivite, motif="Trop tôt.", acteur="agent:7",
        maintenant=maintenant,
    )  # fmt: skip

    assert list(lire.list_adherentes(charte)) == []
    assert [s.motif_retrait for s in lire.list_histoire(charte, CLAMART)] == ["Trop tôt."]
    with pytest.raises(PasAdherente):
        conventions.withdraw_signature(
            convention=charte, collectivite=collectivite, motif="", acteur="agent:7",
            maintenant=maintenant,
        )  # fmt: skip
    assert sign(charte, collectivite, maintenant).pk


@pytest.mark.parametrize("etat", [EtatConvention.BROUILLON, EtatConvention.CLOSE])
def test_closed_convention_takes_no_signature(charte, collectivite, maintenant, etat):
    conventions.set_etat(convention=charte, etat=etat, acteur="agent:1", maintenant=maintenant)

    with pytest.raises(ConventionFermee):
        sign(charte, collectivite, maintenant)


def test_same_text_is_not_a_new_version(charte, maintenant):
    with pytest.raises(TexteIdentique):
        publish(charte, maintenant, texte="## 1. Objet\r\nEssayer.  \n")


def test_draft_is_hidden_from_all_but_the_team(db):
    create_charte("cachee", ouverte=False)

    assert lire.find_convention("cachee") is None
    assert lire.find_convention("cachee", brouillons=True) is not None
    assert list(lire.list_publiees()) == []


def test_every_change_is_in_the_journal(charte, maintenant):
    from socle.fondations.commun.locataire import operateur

    conventions.update_convention(
        convention=charte, titre="Autre titre", acteur="agent:1", maintenant=maintenant
    )
    publish(charte, maintenant)
    conventions.set_etat(
        convention=charte, etat=EtatConvention.CLOSE, acteur="agent:1", maintenant=maintenant
    )

    with operateur():
        actions = list(
            Entree.objects.filter(objet=charte.cle).order_by("pk").values_list("action", flat=True)
        )
    assert sorted(actions) == [
        "convention.creee", "convention.etat_change", "convention.etat_change",
        "convention.modifiee", "convention.version_publiee", "convention.version_publiee",
    ]  # fmt: skip
