"""`/checktoken` : un fournisseur de données fait lire le jeton qu’un service lui présente."""

from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import ErreurOAuth
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.oidc.informations import introspect

FOURNISSEURS_DE_DONNEES = {
    "api-particulier": ("secret-api-particulier", ("cnaf_", "allocation_", "prime_activite")),
    "dgfip": ("secret-dgfip", ("dgfip_",)),
}


def check_token(fournisseur: Fournisseur, requete: Request) -> Response:
    """Remet un JWT `token_introspection`, limité aux périmètres du fournisseur de données.

    Raises:
        ErreurOAuth: 400 s’il manque un paramètre, 401 si le secret est faux.
    """
    identifiant = requete.form.get("client_id", "")
    secret = requete.form.get("client_secret", "")
    jeton = requete.form.get("token", "") or requete.form.get("access_token", "")
    if not (identifiant and secret and jeton):
        raise ErreurOAuth(400, "invalid_request", "Required parameter missing or invalid.")
    attendu, prefixes = FOURNISSEURS_DE_DONNEES.get(identifiant, ("", ()))
    if not attendu or secret != attendu:
        raise ErreurOAuth(401, "invalid_client", "Client authentication failed.")
    contenu = {
        "iss": fournisseur.issuer,
        "aud": identifiant,
        "iat": int(fournisseur.contexte.horloge()),
        "token_introspection": introspect(fournisseur, jeton, prefixes),
    }
    jwt = fournisseur.contexte.trousseau.sign(
        fournisseur.code, "ES256", contenu, "token-introspection+jwt"
    )
    return Response(jwt, 200, content_type="application/token-introspection+jwt")
