"""`/token` : échange du code, jeton d’accès, jeton d’identité, reprise, révocation."""

import base64
import hashlib
import json
import secrets
from typing import Any

from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import ErreurOAuth, json_response
from socle.simulateurs.commun.sceaux import SceauInvalide
from socle.simulateurs.configuration import Client
from socle.simulateurs.oidc.clients import authenticate_client, encrypt_for
from socle.simulateurs.oidc.demande import Demande
from socle.simulateurs.oidc.fournisseur import Fournisseur

DUREE_REPRISE = 7200
REVOQUE = 86_400
AUTRE_SERVICE = "un-autre-service"


def refuse_grant() -> ErreurOAuth:
    return ErreurOAuth(400, "invalid_grant", "grant request is invalid")


def exchange(fournisseur: Fournisseur, requete: Request) -> Response:
    """Remet les jetons contre un code à usage unique, ou contre un jeton de reprise.

    Raises:
        ErreurOAuth: service inconnu, code faux, périmé, rejoué ou d’un autre service.
    """
    client = authenticate_client(fournisseur, requete)
    genre = requete.form.get("grant_type", "")
    if genre == "authorization_code":
        accord = _consume_code(fournisseur, requete, client)
    elif genre == "refresh_token" and fournisseur.alterne:
        accord = _consume_reprise(fournisseur, requete.form.get("refresh_token", ""), client)
    else:
        raise ErreurOAuth(400, "unsupported_grant_type", "unsupported grant_type requested")
    if accord["x"] == "token_500":
        raise ErreurOAuth(500, "server_error", "oops! something went wrong")
    if accord["x"] == "token_lent":
        fournisseur.contexte.wait_slowly()
    return json_response(
        _create_reponse(fournisseur, accord, client), entetes={"Pragma": "no-cache"}
    )


def revoke(fournisseur: Fournisseur, requete: Request) -> Response:
    """`/token/revocation` : le jeton et tout ce qui vient du même accord ne valent plus rien."""
    client = authenticate_client(fournisseur, requete)
    jeton = requete.form.get("token", "")
    for nature in ("acces", "reprise"):
        try:
            contenu = fournisseur.contexte.sceaux.read(f"{nature} {fournisseur.code}", jeton)
        except SceauInvalide:
            continue
        if contenu["c"] == client.client_id:
            _revoke_accord(fournisseur, contenu["g"])
    return Response("", 200)


def is_revoked(fournisseur: Fournisseur, accord: str) -> bool:
    return f"{fournisseur.code} {accord}" in fournisseur.contexte.revocations


def _revoke_accord(fournisseur: Fournisseur, accord: str) -> None:
    contexte = fournisseur.contexte
    contexte.revocations.consume(f"{fournisseur.code} {accord}", contexte.horloge() + REVOQUE)


def _consume_code(fournisseur: Fournisseur, requete: Request, client: Client) -> dict[str, Any]:
    contexte = fournisseur.contexte
    try:
        code = contexte.sceaux.read(f"code {fournisseur.code}", requete.form.get("code", ""))
    except SceauInvalide as cause:
        raise refuse_grant() from cause
    demande = Demande.from_dict(code["d"])
    if demande.client_id != client.client_id:
        raise refuse_grant()
    if not contexte.usages.consume(f"code {code['jti']}", code["exp"]):
        _revoke_accord(fournisseur, code["g"])  # rejeu : les jetons du premier usage tombent aussi
        raise refuse_grant()
    if demande.redirect_uri != requete.form.get("redirect_uri", ""):
        raise refuse_grant()
    _check_pkce(demande.defi, requete.form.get("code_verifier", ""))
    return code


def _check_pkce(defi: str, verificateur: str) -> None:
    if not defi and not verificateur:
        return
    empreinte = hashlib.sha256(verificateur.encode()).digest()
    calcule = base64.urlsafe_b64encode(empreinte).rstrip(b"=").decode()
    if not secrets.compare_digest(calcule, defi):
        raise refuse_grant()


def _consume_reprise(fournisseur: Fournisseur, jeton: str, client: Client) -> dict[str, Any]:
    contexte = fournisseur.contexte
    try:
        reprise = contexte.sceaux.read(f"reprise {fournisseur.code}", jeton)
    except SceauInvalide as cause:
        raise refuse_grant() from cause
    if reprise["c"] != client.client_id or is_revoked(fournisseur, reprise["g"]):
        raise refuse_grant()
    if not contexte.usages.consume(f"reprise {reprise['jti']}", reprise["exp"]):
        _revoke_accord(fournisseur, reprise["g"])
        raise refuse_grant()
    return reprise


def _create_reponse(
    fournisseur: Fournisseur, accord: dict[str, Any], client: Client
) -> dict[str, Any]:
    demande = Demande.from_dict(accord["d"])
    identite = fournisseur.identites[accord["i"]]
    variante = "corrige" if accord["x"] == "sub_change" else ""
    suite = {nom: accord[nom] for nom in ("d", "i", "x", "xp", "xi", "g")}
    suite |= {"c": client.client_id, "sub": fournisseur.create_sub(identite, client, variante)}
    sceaux = fournisseur.contexte.sceaux
    acces = sceaux.seal(
        f"acces {fournisseur.code}",
        {
            **{nom: valeur for nom, valeur in suite.items() if nom != "d"},
            "s": " ".join(demande.scopes),
            "acr": fournisseur.choose_acr(identite, demande)[0],
        },
        fournisseur.duree_acces,
    )
    reponse = {
        "access_token": acces,
        "expires_in": fournisseur.duree_acces,
        "scope": " ".join(demande.scopes),
        "token_type": "Bearer",
    }
    if accord["x"] != "id_absent":
        reponse["id_token"] = create_id_token(fournisseur, demande, suite, client, acces)
    if fournisseur.alterne:
        reponse["refresh_token"] = sceaux.seal(f"reprise {fournisseur.code}", suite, DUREE_REPRISE)
    return reponse


def create_id_token(
    fournisseur: Fournisseur,
    demande: Demande,
    accord: dict[str, Any],
    client: Client,
    acces: str,
) -> str:
    """Jeton d’identité signé, et chiffré si le service l’a demandé à son inscription."""
    maintenant = int(fournisseur.contexte.horloge())
    acr, amr = fournisseur.choose_acr(fournisseur.identites[accord["i"]], demande)
    revendications = {
        "sub": accord["sub"],
        "aud": client.client_id,
        "exp": maintenant + fournisseur.duree_id,
        "iat": maintenant,
        "iss": fournisseur.issuer,
        "acr": acr,
        "at_hash": hash_acces(acces),
        **({"nonce": demande.nonce} if demande.nonce else {}),
        **({"amr": list(amr)} if demande.amr else {}),
    }
    altere = _alter_id_token(fournisseur, revendications, accord["x"])
    jeton = _sign(fournisseur, client, altere, accord["x"])
    return encrypt_for(fournisseur, client, jeton)


def hash_acces(acces: str) -> str:
    """`at_hash` : moitié gauche du SHA-256 du jeton d’accès (OpenID Connect Core, § 3.1.3.6)."""
    moitie = hashlib.sha256(acces.encode()).digest()[:16]
    return base64.urlsafe_b64encode(moitie).rstrip(b"=").decode()


def _alter_id_token(
    fournisseur: Fournisseur, revendications: dict[str, Any], defaillance: str
) -> dict[str, Any]:
    passe = {"iat": revendications["iat"] - 3600, "exp": revendications["exp"] - 3600}
    alterations: dict[str, dict[str, Any]] = {
        "id_nonce": {"nonce": secrets.token_urlsafe(32)},
        "id_expire": passe,
        "id_acr_bas": {"acr": fournisseur.lower_acr(revendications["acr"])},
        "id_iss": {"iss": "https://fournisseur-etranger.example/api/v2"},
        "id_aud": {"aud": AUTRE_SERVICE},
    }
    return {**revendications, **alterations.get(defaillance, {})}


def _sign(
    fournisseur: Fournisseur, client: Client, revendications: dict[str, Any], defaillance: str
) -> str:
    trousseau = fournisseur.contexte.trousseau
    if defaillance == "id_signature":
        return trousseau.sign_wrongly(fournisseur.code, client.algorithme, revendications)
    if defaillance == "id_alg_none":
        return f"{_encode({'alg': 'none', 'typ': 'JWT'})}.{_encode(revendications)}."
    return trousseau.sign(fournisseur.code, client.algorithme, revendications, "JWT")


def _encode(contenu: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(contenu).encode()).rstrip(b"=").decode()
