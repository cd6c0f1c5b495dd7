"""Document de découverte, clés publiques et déconnexion."""

import json
import secrets

from joserfc import jws
from joserfc.errors import JoseError
from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import PageErreur, json_response, page_response, redirect
from socle.simulateurs.configuration import Client
from socle.simulateurs.oidc.clients import CHIFFREMENTS, CONTENU_CHIFFRE
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.pages.rendu import render


def show_configuration(fournisseur: Fournisseur) -> Response:
    """`/.well-known/openid-configuration`."""
    base = fournisseur.issuer
    algorithmes = ["ES256", "RS256"] if not fournisseur.chiffre else ["ES256"]
    document = {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/jwks",
        "end_session_endpoint": f"{base}/session/end",
        "revocation_endpoint": f"{base}/token/revocation",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"]
        + (["refresh_token"] if fournisseur.alterne else []),
        "subject_types_supported": ["pairwise"],
        "scopes_supported": sorted(fournisseur.scopes),
        "claims_supported": ["sub", *fournisseur.claims, "acr", "amr", "iss", "nonce"],
        "claims_parameter_supported": True,
        "acr_values_supported": list(fournisseur.acr_permis),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "id_token_signing_alg_values_supported": algorithmes,
        "userinfo_signing_alg_values_supported": algorithmes,
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
    if fournisseur.chiffre:
        for nature in ("id_token", "userinfo"):
            document[f"{nature}_encryption_alg_values_supported"] = list(CHIFFREMENTS)
            document[f"{nature}_encryption_enc_values_supported"] = [CONTENU_CHIFFRE]
    if fournisseur.alterne:
        document["code_challenge_methods_supported"] = ["S256"]
    return json_response(document)


def show_jwks(fournisseur: Fournisseur) -> Response:
    """Clés publiques de signature, la courante d’abord, les anciennes ensuite."""
    cles = fournisseur.contexte.trousseau.public_keys(fournisseur.code)
    return json_response(
        cles.as_dict(private=False), entetes={"Cache-Control": "public, max-age=300"}
    )


def end_session(fournisseur: Fournisseur, requete: Request) -> Response:
    """Ferme la session du fournisseur puis revient au service, si son adresse est inscrite.

    Raises:
        PageErreur: indice absent ou faux, adresse de retour non inscrite.
    """
    valeurs = requete.form if requete.method == "POST" else requete.args
    client = _find_client(
        fournisseur, valeurs.get("id_token_hint", ""), valeurs.get("client_id", "")
    )
    retour = valeurs.get("post_logout_redirect_uri", "")
    if retour and (client is None or not client.accepts_logout(retour)):
        raise PageErreur("Y030111", "invalid_request : post_logout_redirect_uri not registered")
    if retour:
        state = valeurs.get("state", "")
        reponse = redirect(retour, {"state": state} if state else {})
    else:
        page = render("deconnecte.html", fournisseur.contexte, nom=fournisseur.nom)
        reponse = page_response(page)
    reponse.delete_cookie(
        fournisseur.cookie, path=fournisseur.contexte.link(f"{fournisseur.code}/"), httponly=True
    )
    return reponse


def _find_client(fournisseur: Fournisseur, indice: str, client_id: str) -> Client | None:
    if not indice and fournisseur.indice_exige:
        raise PageErreur("Y000400", "invalid_request : id_token_hint is missing")
    if not indice:
        return fournisseur.get_client(client_id)
    try:
        lu = jws.deserialize_compact(
            indice,
            fournisseur.contexte.trousseau.public_keys(fournisseur.code),
            algorithms=["ES256", "RS256"],
        )
        contenu = json.loads(lu.payload)
        conforme = isinstance(contenu, dict) and secrets.compare_digest(
            str(contenu.get("iss", "")).encode(), fournisseur.issuer.encode()
        )
    except (JoseError, ValueError) as cause:
        raise PageErreur("Y000400", "invalid_request : could not validate id_token_hint") from cause
    if not conforme or "at_hash" not in contenu:
        raise PageErreur("Y100019", "invalid_request : CoreMissingAtHashException")
    return fournisseur.get_client(str(contenu.get("aud", "")))
