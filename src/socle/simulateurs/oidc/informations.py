"""`/userinfo` et `/checktoken` : ce qu’un jeton d’accès permet d’apprendre."""

from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import ErreurJson, ErreurOAuth, json_response
from socle.simulateurs.commun.sceaux import SceauInvalide
from socle.simulateurs.configuration import Client
from socle.simulateurs.oidc.clients import encrypt_for
from socle.simulateurs.oidc.echange import is_revoked
from socle.simulateurs.oidc.fournisseur import Fournisseur

SUB_ETRANGER = "f" * 64 + "v1"


@dataclass(frozen=True)
class Acces:
    """Jeton d’accès relu : pour qui, vers quoi, et quelles pannes jouer ensuite."""

    identite: str
    client_id: str
    sub: str
    scopes: tuple[str, ...]
    acr: str
    emis: int
    echeance: int
    jti: str
    defaillance: str
    particulier: str
    impot: str


def read_acces(fournisseur: Fournisseur, jeton: str) -> Acces | None:
    """Relit un jeton d’accès ; `None` s’il est faux, périmé ou révoqué."""
    try:
        contenu = fournisseur.contexte.sceaux.read(f"acces {fournisseur.code}", jeton)
    except SceauInvalide:
        return None
    if is_revoked(fournisseur, contenu["g"]):
        return None
    return Acces(
        identite=contenu["i"],
        client_id=contenu["c"],
        sub=contenu["sub"],
        scopes=tuple(contenu["s"].split()),
        acr=contenu["acr"],
        emis=contenu["iat"],
        echeance=contenu["exp"],
        jti=contenu["jti"],
        defaillance=contenu["x"],
        particulier=contenu["xp"],
        impot=contenu["xi"],
    )


def read_bearer(requete: Request) -> str:
    """Jeton de l’en-tête `Authorization: Bearer …`, vide s’il n’y en a pas."""
    genre, _, jeton = requete.headers.get("Authorization", "").partition(" ")
    return jeton.strip() if genre.lower() == "bearer" else ""


def show_userinfo(fournisseur: Fournisseur, requete: Request) -> Response:
    """Identité permise par les périmètres, en JWT signé (et chiffré si le service le veut).

    Raises:
        ErreurJson: 401 si le jeton ne vaut rien, 500 si la défaillance le demande.
    """
    acces = read_acces(fournisseur, read_bearer(requete))
    client = fournisseur.get_client(acces.client_id) if acces else None
    if acces is None or client is None:
        raise ErreurJson(
            401,
            {"error": "invalid_token", "error_description": "invalid token provided"},
            {
                "WWW-Authenticate": f'Bearer realm="{fournisseur.issuer}", error="invalid_token", '
                'error_description="invalid token provided"'
            },
        )
    if acces.defaillance == "userinfo_500":
        raise ErreurOAuth(500, "server_error", "oops! something went wrong")
    if acces.defaillance == "userinfo_lent":
        fournisseur.contexte.wait_slowly()
    return _answer(fournisseur, client, acces)


def _answer(fournisseur: Fournisseur, client: Client, acces: Acces) -> Response:
    maintenant = int(fournisseur.contexte.horloge())
    identite = fournisseur.identites[acces.identite]
    revendications = {
        **fournisseur.list_claims(identite, acces.scopes),
        "sub": SUB_ETRANGER if acces.defaillance == "userinfo_sub" else acces.sub,
    }
    if acces.defaillance == "userinfo_non_signe":
        return json_response(revendications)
    revendications |= {
        "aud": client.client_id,
        "exp": maintenant + fournisseur.duree_id,
        "iat": maintenant,
        "iss": fournisseur.issuer,
    }
    trousseau = fournisseur.contexte.trousseau
    if acces.defaillance == "userinfo_signature":
        jeton = trousseau.sign_wrongly(fournisseur.code, client.algorithme, revendications)
    else:
        jeton = trousseau.sign(fournisseur.code, client.algorithme, revendications, "JWT")
    corps = encrypt_for(fournisseur, client, jeton)
    return Response(corps, 200, {"Cache-Control": "no-store"}, content_type="application/jwt")


def introspect(fournisseur: Fournisseur, jeton: str, prefixes: tuple[str, ...]) -> dict[str, Any]:
    """Contenu `token_introspection` remis à un fournisseur de données.

    Args:
        prefixes: débuts des périmètres que ce fournisseur de données a le droit de voir.
    """
    acces = read_acces(fournisseur, jeton)
    if acces is None:
        return {"active": False}
    identite = fournisseur.list_claims(
        fournisseur.identites[acces.identite], ("identite_pivot", "openid")
    )
    return {
        **identite,
        "active": True,
        "aud": acces.client_id,
        "sub": acces.sub,
        "iat": acces.emis,
        "exp": acces.echeance,
        "acr": acces.acr,
        "jti": acces.jti,
        "scope": " ".join(scope for scope in acces.scopes if scope.startswith(prefixes)),
    }
