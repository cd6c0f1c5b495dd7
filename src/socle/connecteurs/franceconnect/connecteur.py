"""Profils FranceConnect et FranceConnect+ : réglages d’avance, identité pivot, messages."""

from typing import Any

from socle.fondations.commun.oidc.fournisseur import Fournisseur, Identite
from socle.fondations.comptes.enums import FormeInformations, GenreCompte
from socle.fondations.comptes.ports import Traits
from socle.fondations.comptes.services.essai import require_fournisseur

CHEMINS = {
    "autorisation": "/authorize",
    "jeton": "/token",
    "userinfo": "/userinfo",
    "jwks": "/jwks",
    "fin_session": "/session/end",
}
TRAITS_PIVOT = (
    "given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry",
)  # fmt: skip
SCOPES = "openid identite_pivot preferred_username email"
SCOPES_DONNEES = (
    "cnaf_quotient_familial cnaf_allocataires cnaf_enfants cnaf_adresse"
    " dgfip_annee_n_moins_1 dgfip_annee_n_moins_2 dgfip_rfr dgfip_nbpart dgfip_nbpac"
    " dgfip_sitfam dgfip_aft"
)
MESSAGES = {
    "access_denied": (
        "La connexion avec FranceConnect n’a pas abouti. Vous pouvez l’essayer de nouveau, avec le"
        " même compte ou un autre, ou choisir un autre moyen de connexion."
    ),
    "server_error": (
        "FranceConnect rencontre une difficulté technique. Essayez dans quelques minutes ou"
        " choisissez un autre moyen de connexion."
    ),
}
MAL_REGLE = (
    "FranceConnect est mal réglé pour ce site. L’administrateur est prévenu ; choisissez un autre"
    " moyen de connexion."
)
DE_NOTRE_FAIT = frozenset(
    {"invalid_request", "invalid_scope", "invalid_acr", "invalid_client", "invalid_idp_hint",
     "unauthorized_client", "invalid_client_metadata"}
)  # fmt: skip


class FranceConnect:
    """FranceConnect v2, niveau eIDAS faible."""

    code = "franceconnect"
    nom = "FranceConnect"
    genre = GenreCompte.USAGER
    bouton = "comptes/boutons/franceconnect.html"
    atteste_organisation = False
    acr_demandes = "eidas1"
    acr_acceptes = "eidas1 eidas2 eidas3"

    def build_reglages(self, base_url: str) -> dict[str, Any]:
        """`iss` est l’adresse de base ; chemins fixes (FC+ en production : pas de découverte)."""
        base = base_url.rstrip("/")
        return {nom: base + chemin for nom, chemin in CHEMINS.items()} | {
            "emetteur": base,
            "nom": self.nom,
            "genre": self.genre,
            "algorithme": "ES256",
            "scopes": SCOPES,
            "scopes_donnees": SCOPES_DONNEES,
            "acr_demandes": self.acr_demandes,
            "acr_acceptes": self.acr_acceptes,
            "pkce": False,
            "iss_exige": True,
            "informations": FormeInformations.SIGNEES,
        }

    def read_traits(self, identite: Identite) -> Traits:
        """Le nom d’usage sert à l’affichage ; l’identité pivot garde le nom de naissance."""
        lu = {nom: identite.read(nom) for nom in TRAITS_PIVOT}
        prenom = lu["given_name"].split(" ")[0]
        usage = identite.read("preferred_username")
        return Traits(
            prenom=prenom,
            nom=usage or lu["family_name"],
            courriel=identite.read("email"),
            pivot=lu | {"preferred_username": usage} if lu["family_name"] else {},
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


class FranceConnectPlus(FranceConnect):
    """FranceConnect+, niveau eIDAS substantiel ou élevé, réponses chiffrées pour nous."""

    code = "franceconnect_plus"
    nom = "FranceConnect+"
    bouton = "comptes/boutons/franceconnect_plus.html"
    acr_demandes = "eidas2"
    acr_acceptes = "eidas2 eidas3"

    def build_reglages(self, base_url: str) -> dict[str, Any]:
        return super().build_reglages(base_url) | {"chiffrement": "RSA-OAEP-256"}
