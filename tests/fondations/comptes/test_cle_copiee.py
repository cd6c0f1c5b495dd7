"""Une clé de sécurité dont le compteur recule n’ouvre plus rien (WebAuthn, § 7.2)."""

import pytest
from allauth.mfa.models import Authenticator

from tests.cle_de_securite import CleDeSecurite
from tests.fondations.comptes.test_second_facteur import (
    EPREUVE,
    FACTEUR,
    _validations,
    add_cle,
    enter,
    read_options,
    securise,
)

__all__ = ["_validations", "securise"]
pytestmark = pytest.mark.django_db
PASSKEY = "/c/clamart/connexion/passkey/"
ESPACE = "/c/clamart/agent/"


def open_autre(securise):
    return type(securise)(**{"wsgi.url_scheme": "https"})


def present(securise, cle: CleDeSecurite, compteur: int):
    """Présente la clé après le mot de passe, avec ce compteur ; rend (client, réponse)."""
    autre = open_autre(securise)
    enter(autre)
    options = read_options(autre.get(EPREUVE), "request_options")
    cle.compteur = compteur - 1
    return autre, autre.post(EPREUVE, {"credential": cle.get(options)})


def test_key_whose_counter_goes_back_is_refused_everywhere(securise, agent):
    cle = CleDeSecurite()
    add_cle(securise, cle)
    assert present(securise, cle, 7)[1]["Location"] == ESPACE

    for recul in (7, 1):
        autre, refus = present(securise, cle, recul)
        assert (refus.status_code, "peut-être été copiée" in refus.text) == (200, True), recul
        assert "_auth_user_id" not in autre.session

    sans_mot_de_passe = open_autre(securise)
    options = sans_mot_de_passe.get(PASSKEY, headers={"Accept": "application/json"})
    cle.compteur = 5
    credential = cle.get(options.json()["request_options"])
    sans_mot_de_passe.post(PASSKEY, {"credential": credential})
    assert "_auth_user_id" not in sans_mot_de_passe.session

    geste = securise.get(f"{FACTEUR}cles/confirmer/", {"next": f"{FACTEUR}codes/"})
    cle.compteur = 5
    credential = cle.get(read_options(geste, "request_options"))
    page = securise.post(f"{FACTEUR}cles/confirmer/", {"credential": credential})
    assert "peut-être été copiée" in page.text

    assert present(securise, cle, 8)[1]["Location"] == ESPACE  # la vraie clé, elle, a avancé
    assert Authenticator.objects.get(type="webauthn").data["compteur"] == 8


def test_key_is_compared_with_its_first_counter_and_a_key_without_counter_is_accepted(
    securise, agent
):
    """À l’ajout le compteur vaut déjà ; un trousseau de téléphone donne toujours zéro."""
    cle = CleDeSecurite()
    cle.compteur = 40
    add_cle(securise, cle)  # 41
    assert "peut-être été copiée" in present(securise, cle, 41)[1].text
    Authenticator.objects.filter(type="webauthn").delete()

    trousseau = CleDeSecurite()
    trousseau.compteur = -1
    add_cle(securise, trousseau)
    for _ in range(2):
        assert present(securise, trousseau, 0)[1]["Location"] == ESPACE
