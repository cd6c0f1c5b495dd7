"""Liste d’attaques, « RP – aller et retour du navigateur » : state, iss, code, onglets."""

import time

import pytest

from socle.fondations.commun.oidc.deconnexion import close_deconnexion, open_deconnexion
from socle.fondations.commun.oidc.depart import CLE_SESSION, DUREE, ONGLETS_MAX, open_parcours
from socle.fondations.commun.oidc.errors import (
    FournisseurMalRegle,
    ParcoursInconnu,
    RefusDuFournisseur,
    RetourInvalide,
)
from socle.fondations.commun.oidc.retour import redeem_code, take_parcours
from tests.oidc_faux import CLIENT, SUB, read_parametres

MAINTENANT = 1_795_000_000.0


def start(idp, session, **reglages):
    fournisseur = idp.fournisseur(**reglages)
    return read_parametres(open_parcours(session, fournisseur, maintenant=MAINTENANT))


def come_back(idp, session, maintenant=MAINTENANT, fournisseur=None, **parametres):
    """Retour ; `parametres` change, ôte (None) ou répète (liste) ce que le fournisseur envoie."""
    valeurs = {"code": "un-code", "iss": idp.origine} | parametres
    liste = {n: v if isinstance(v, list) else [v] for n, v in valeurs.items() if v is not None}
    return take_parcours(session, fournisseur or idp.fournisseur(), liste, maintenant=maintenant)


# Départ -------------------------------------------------------------------------------------------
def test_depart_asks_only_what_franceconnect_allows(idp):
    demande = start(idp, {}, scopes=("openid", "identite_pivot"))

    assert set(demande) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values",
    }  # fmt: skip
    assert demande["scope"] == "openid identite_pivot"
    assert demande["acr_values"] == "eidas1"


def test_state_and_nonce_are_long_and_never_the_same(idp):
    departs = [start(idp, {}) for _ in range(20)]

    valeurs = {depart[nom] for depart in departs for nom in ("state", "nonce")}
    assert len(valeurs) == 40
    assert min(map(len, valeurs)) >= 43


def test_pkce_s256_verifier_follows_to_the_exchange(idp):
    import base64
    import hashlib

    session, maintenant = {}, time.time()
    fournisseur = idp.fournisseur(pkce=True)
    depart = read_parametres(open_parcours(session, fournisseur, maintenant=maintenant))
    idp.nonce = depart["nonce"]
    parcours, code = come_back(idp, session, maintenant, state=depart["state"])
    redeem_code(fournisseur, parcours, code, maintenant=maintenant)

    verificateur = idp.demandes[0][1]["code_verifier"]
    attendu = base64.urlsafe_b64encode(hashlib.sha256(verificateur.encode()).digest())
    assert depart["code_challenge"] == attendu.decode().rstrip("=")
    assert (depart["code_challenge_method"], len(verificateur)) == ("S256", 64)


def test_scopes_de_donnees_are_added_once(idp):
    adresse = open_parcours(
        {}, idp.fournisseur(), maintenant=MAINTENANT, scopes=("cnaf_quotient_familial", "openid")
    )
    assert read_parametres(adresse)["scope"] == "openid cnaf_quotient_familial"


# Retour -------------------------------------------------------------------------------------------
def test_retour_gives_back_the_parcours(idp):
    session = {}
    adresse = open_parcours(
        session, idp.fournisseur(), maintenant=MAINTENANT, suite="/demarches/", intention="sources",
        scopes=("cnaf_quotient_familial",),
    )  # fmt: skip
    depart = read_parametres(adresse)

    parcours, code = come_back(idp, session, state=depart["state"])

    assert (parcours.suite, parcours.intention, code) == ("/demarches/", "sources", "un-code")
    assert parcours.scopes == ("cnaf_quotient_familial",)
    assert parcours.nonce == depart["nonce"]


def test_state_absent_wrong_or_from_another_session(idp):
    session, autre = {}, {}
    etat = start(idp, session)["state"]
    start(idp, autre)

    for faux in (None, "", "faux", etat[:-1]):
        with pytest.raises(ParcoursInconnu):
            come_back(idp, session, state=faux)
    with pytest.raises(ParcoursInconnu):
        come_back(idp, autre, state=etat)


def test_state_serves_once(idp):
    session = {}
    etat = start(idp, session)["state"]
    come_back(idp, session, state=etat)

    with pytest.raises(ParcoursInconnu):
        come_back(idp, session, state=etat)


def test_state_is_burnt_even_by_a_refused_retour(idp):
    session = {}
    etat = start(idp, session)["state"]
    with pytest.raises(RetourInvalide):
        come_back(idp, session, state=etat, iss="https://mechant.example")

    with pytest.raises(ParcoursInconnu):
        come_back(idp, session, state=etat)


def test_state_of_another_provider(idp):
    session = {}
    etat = start(idp, session)["state"]

    with pytest.raises(ParcoursInconnu):
        come_back(idp, session, state=etat, fournisseur=idp.fournisseur(cle="1:proconnect"))


@pytest.mark.parametrize("ecart", [DUREE + 1, -1])
def test_state_expired_or_from_the_future(idp, ecart):
    session = {}
    etat = start(idp, session)["state"]

    with pytest.raises(ParcoursInconnu):
        come_back(idp, session, MAINTENANT + ecart, state=etat)


@pytest.mark.parametrize("iss", [None, "", "https://mechant.example"])
def test_iss_absent_or_foreign(idp, iss):
    session = {}
    etat = start(idp, session)["state"]

    with pytest.raises(RetourInvalide):
        come_back(idp, session, state=etat, iss=iss)


def test_iss_absent_is_allowed_only_when_set_so_and_foreign_never(idp):
    session, ancien = {}, idp.fournisseur(iss_exige=False)
    etat = start(idp, session)["state"]
    come_back(idp, session, state=etat, iss=None, fournisseur=ancien)

    etat = start(idp, session)["state"]
    with pytest.raises(RetourInvalide):
        come_back(idp, session, state=etat, iss="https://mechant.example", fournisseur=ancien)


@pytest.mark.parametrize("code", [None, "", "un-code"])
def test_error_wins_over_a_code(idp, code):
    session = {}
    etat = start(idp, session)["state"]

    with pytest.raises(RefusDuFournisseur) as refus:
        come_back(idp, session, state=etat, code=code, error="access_denied")
    assert refus.value.erreur == "access_denied"


def test_code_absent(idp):
    session = {}
    etat = start(idp, session)["state"]
    with pytest.raises(RetourInvalide):
        come_back(idp, session, state=etat, code=None)


@pytest.mark.parametrize("nom", ["state", "iss", "code"])
def test_parameter_twice(idp, nom):
    session = {}
    etat = start(idp, session)["state"]
    valeurs = {"state": etat, "iss": idp.origine, "code": "un-code"}
    with pytest.raises(RetourInvalide):
        come_back(idp, session, **valeurs | {nom: [valeurs[nom], valeurs[nom]]})


def test_two_tabs_come_back_in_any_order(idp):
    session = {}
    premier, second = start(idp, session)["state"], start(idp, session)["state"]

    come_back(idp, session, state=second)
    come_back(idp, session, state=premier)


def test_session_keeps_ten_tabs_at_most(idp):
    session = {}
    etats = [start(idp, session)["state"] for _ in range(ONGLETS_MAX + 3)]

    assert len(session[CLE_SESSION]) == ONGLETS_MAX
    with pytest.raises(ParcoursInconnu):
        come_back(idp, session, state=etats[2])
    come_back(idp, session, state=etats[-1])


# Réglages dangereux -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "reglages",
    [
        {"algorithme": "HS256"},
        {"algorithme": "none"},
        {"secret": ""},
        {"authentification": "private_key_jwt"},
        {"chiffrement": "RSA1_5", "cles_chiffrement": ({},)},
        {"chiffrement": "RSA-OAEP"},
        {"userinfo": ""},
        {"jeton": "http://fournisseur.example/token"},
        {"jwks": "https://10.0.0.1/jwks"},
        {"autorisation": "javascript:alert(1)"},
        {"emetteur": "ldap://x"},
    ],
)
def test_dangerous_settings_are_refused_at_once(idp, reglages):
    with pytest.raises(FournisseurMalRegle):
        idp.fournisseur(**reglages)


# Déconnexion --------------------------------------------------------------------------------------
def test_deconnexion_asks_with_the_id_token_and_checks_the_return(idp):
    session = {}
    adresse = open_deconnexion(
        session, idp.fournisseur(), id_token="a.b.c", retour="https://socle.example/au-revoir/"
    )
    demande = read_parametres(adresse)

    assert adresse.startswith(f"{idp.origine}/session/end?")
    assert demande["id_token_hint"] == "a.b.c"
    assert demande["post_logout_redirect_uri"] == "https://socle.example/au-revoir/"
    with pytest.raises(ParcoursInconnu):
        close_deconnexion(dict(session), "faux")
    close_deconnexion(session, demande["state"])
    with pytest.raises(ParcoursInconnu):
        close_deconnexion(session, demande["state"])


def test_deconnexion_without_endpoint_or_token_stays_local(idp):
    sans = idp.fournisseur(fin_session="")
    assert open_deconnexion({}, sans, id_token="a.b.c", retour="https://x/") == ""
    assert open_deconnexion({}, idp.fournisseur(), id_token="", retour="https://x/") == ""


def test_client_and_sub_are_those_of_the_fake(idp):
    """Garde-fou : ces essais parlent bien au fournisseur d’essai."""
    assert (idp.fournisseur().client_id, idp.infos()["sub"]) == (CLIENT, SUB)
