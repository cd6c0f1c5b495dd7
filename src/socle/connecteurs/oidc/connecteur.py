"""Profil générique : les revendications normalisées, rien de plus."""

from typing import Any

from socle.fondations.commun.oidc.decouverte import discover
from socle.fondations.commun.oidc.fournisseur import Identite
from socle.fondations.comptes.enums import FormeInformations, GenreCompte
from socle.fondations.comptes.ports import Traits

AMR_FORTS = frozenset({"mfa", "otp", "hwk"})
MESSAGES = {
    "access_denied": "La connexion n’a pas abouti : vous avez renoncé ou l’accès vous est refusé.",
    "server_error": "Le service de connexion rencontre une difficulté. Essayez plus tard.",
}


class Oidc:
    """Fournisseur générique ; les adresses viennent de sa découverte."""

    code = "oidc"
    nom = "Fournisseur OpenID Connect"
    genre = GenreCompte.AGENT
    bouton = "comptes/boutons/oidc.html"
    atteste_organisation = False

    def build_reglages(self, base_url: str) -> dict[str, Any]:
        """Lit les adresses chez le fournisseur (réseau).

        Raises:
            FournisseurMalRegle, SystemeIndisponible, ErreurConnecteur: découverte impossible.
        """
        adresses = discover(base_url)
        return {
            "emetteur": adresses.emetteur,
            "autorisation": adresses.autorisation,
            "jeton": adresses.jeton,
            "userinfo": adresses.userinfo,
            "jwks": adresses.jwks,
            "fin_session": adresses.fin_session,
            "nom": self.nom,
            "genre": self.genre,
            "algorithme": "RS256",
            "scopes": "openid profile email",
            "pkce": True,
            "iss_exige": adresses.iss_annonce,
            "informations": (
                FormeInformations.JSON if adresses.userinfo else FormeInformations.AUCUNE
            ),
            "mfa_exigee": True,
        }

    def read_traits(self, identite: Identite) -> Traits:
        return Traits(
            prenom=identite.read("given_name"),
            nom=identite.read("family_name"),
            courriel=identite.read("email"),
            mfa=bool(AMR_FORTS & set(identite.amr)),
        )

    def explain(self, erreur: str) -> str:
        return MESSAGES.get(erreur, MESSAGES["server_error"])
