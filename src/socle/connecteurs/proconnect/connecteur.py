"""Profil ProConnect : second facteur exigé et vérifié, organisation, secteur public."""

from typing import Any

from stdnum.fr import siret as numeros_siret

from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite
from socle.fondations.comptes.enums import FormeInformations, GenreCompte
from socle.fondations.comptes.ports import Traits
from socle.fondations.comptes.services.essai import require_fournisseur

ACR_AVEC_MFA = ("eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3")
SCOPES = "openid given_name usual_name email siret idp_id roles organization_label"
MESSAGES = {
    "access_denied": (
        "ProConnect n’a pas pu vous connecter : soit vous avez renoncé, soit votre organisation"
        " n’atteste pas la double authentification que ce service exige."
    ),
    "login_required": "Votre session ProConnect est fermée : identifiez-vous de nouveau.",
    "server_error": (
        "ProConnect rencontre une difficulté technique. Essayez dans quelques minutes ou"
        " connectez-vous avec votre mot de passe."
    ),
}
MAL_REGLE = (
    "ProConnect est mal réglé pour ce site. Prévenez l’administrateur de votre collectivité ;"
    " vous pouvez vous connecter avec votre mot de passe."
)
DE_NOTRE_FAIT = frozenset(
    {"invalid_request", "invalid_scope", "invalid_client", "unauthorized_client"}
)


class ProConnect:
    """ProConnect, vu d’un service."""

    code = "proconnect"
    nom = "ProConnect"
    genre = GenreCompte.AGENT
    bouton = "comptes/boutons/proconnect.html"
    atteste_organisation = True

    def build_reglages(self, base_url: str) -> dict[str, Any]:
        """Demande un niveau avec second facteur ; le niveau rendu est vérifié au retour."""
        base = base_url.rstrip("/")
        return {
            "emetteur": base,
            "autorisation": f"{base}/authorize",
            "jeton": f"{base}/token",
            "userinfo": f"{base}/userinfo",
            "jwks": f"{base}/jwks",
            "fin_session": f"{base}/session/end",
            "nom": self.nom,
            "genre": self.genre,
            "algorithme": "ES256",
            "scopes": SCOPES,
            "acr_acceptes": " ".join(ACR_AVEC_MFA),
            "claims": {
                "id_token": {
                    "acr": {"essential": True, "values": list(ACR_AVEC_MFA)},
                    "amr": {"essential": True},
                }
            },
            "pkce": True,
            "iss_exige": True,
            "informations": FormeInformations.SIGNEES,
            "mfa_exigee": True,
        }

    def read_traits(self, identite: Identite) -> Traits:
        siret = identite.read("siret").replace(" ", "")
        roles = identite.claims.get("roles")
        return Traits(
            prenom=identite.read("given_name").split(" ")[0],
            nom=identite.read("usual_name"),
            courriel=identite.read("email"),
            siret=siret if is_siret(siret) else "",
            fournisseur_amont=identite.read("idp_id"),
            public=any(str(role).startswith("agent_public") for role in roles)
            if isinstance(roles, list)
            else None,
            mfa=identite.acr in ACR_AVEC_MFA,
        )

    def explain(self, erreur: str) -> str:
        if erreur in DE_NOTRE_FAIT:
            return MAL_REGLE
        return MESSAGES.get(erreur, MESSAGES["server_error"])

    def check(self, fournisseur: Fournisseur) -> str:
        """Lit les clés, fait la demande de connexion, présente le secret ; personne n’entre.

        Raises:
            SystemeIndisponible, ErreurConnecteur: la première faute.
        """
        require_fournisseur(fournisseur)
        return f"{self.nom} répond et reconnaît ce site."


def is_siret(valeur: str) -> bool:
    """Vrai pour 14 chiffres à clé juste ; La Poste suit sa propre règle (avis Insee)."""
    return bool(numeros_siret.is_valid(valeur))
