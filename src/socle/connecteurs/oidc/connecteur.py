"""Profil générique : les revendications normalisées, rien de plus."""

from typing import Any

from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.oidc.decouverte import Adresses, discover
from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite
from socle.fondations.comptes.enums import FormeInformations, GenreCompte
from socle.fondations.comptes.ports import Traits
from socle.fondations.comptes.services.essai import require_fournisseur

AMR_FORTS = frozenset({"mfa", "otp", "hwk"})
SANS_DECOUVERTE = Adresses("", "", "", "", "", "", iss_annonce=False)
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
        """Lit les adresses chez le fournisseur (réseau) ; aucune sans `base_url`.

        Raises:
            FournisseurMalRegle, SystemeIndisponible, ErreurConnecteur: découverte impossible.
        """
        adresses = discover(base_url) if base_url else SANS_DECOUVERTE
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
                FormeInformations.JSON
                if adresses.userinfo or not base_url
                else FormeInformations.AUCUNE
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

    def check(self, fournisseur: Fournisseur) -> str:
        """Relit la découverte, s’il y en a une, puis essaie clés, demande et secret.

        Raises:
            SystemeIndisponible, ErreurConnecteur: la première faute.
        """
        annoncees = _read_annonce(fournisseur)
        if annoncees is not None:
            for nom in ("autorisation", "jeton", "jwks"):
                if getattr(annoncees, nom) != getattr(fournisseur, nom):
                    raise ErreurConnecteur("Le fournisseur annonce maintenant d’autres adresses.")
        require_fournisseur(fournisseur)
        return "Le fournisseur répond et reconnaît ce site."


def _read_annonce(fournisseur: Fournisseur) -> Adresses | None:
    """Découverte du fournisseur ; None s’il n’en publie pas (adresses réglées une par une)."""
    try:
        return discover(fournisseur.emetteur, delai=fournisseur.delai)
    except SystemeIndisponible:
        raise
    except ErreurConnecteur:
        return None
