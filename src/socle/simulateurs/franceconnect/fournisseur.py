"""Règles de FranceConnect v2 et de FranceConnect+ à l’entrée d’une connexion."""

import base64
import hashlib
import json
from typing import Any

from socle.simulateurs.commun.reponses import PageErreur, RetourErreur
from socle.simulateurs.configuration import Client
from socle.simulateurs.etat_civil import Personne
from socle.simulateurs.franceconnect.perimetres import (
    DONNEES,
    REVENDICATIONS,
    REVENDICATIONS_PLUS,
    list_claims,
)
from socle.simulateurs.oidc.autorisation import check_scopes
from socle.simulateurs.oidc.defaillances import ERREURS_DE_RETOUR
from socle.simulateurs.oidc.demande import Demande
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.personnes import AJOUTEES, FAMILLES, PERSONNES
from socle.simulateurs.publiques import GROUPES

ERREUR_TECHNIQUE = (
    "Une erreur technique est survenue, fermez l’onglet de votre navigateur et reconnectez-vous."
)
NONCE_MIN = 22
PERMIS = frozenset(
    {
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "acr_values",
        "prompt",
        "claims",
        "idp_hint",
        "ui_locales",
    }
)
REQUIS = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce")
PEUT_ETRE_VIDE = frozenset({"response_type", "scope", "acr_values", "claims"})
SECRET_SUB = "simulateurs"  # noqa: S105  (fixe : le même sub d’un démarrage à l’autre)


class FranceConnect(Fournisseur):
    """FranceConnect v2, niveau faible (eidas1)."""

    code = "franceconnect"
    nom = "FranceConnect"
    donnees = True
    acr_permis: tuple[str, ...] = ("eidas1",)
    table = REVENDICATIONS
    scopes = frozenset(REVENDICATIONS)
    prefixes_scopes = DONNEES
    claims = tuple(sorted({nom for noms in REVENDICATIONS.values() for nom in noms}))
    identites = PERSONNES
    requis: tuple[str, ...] = (*REQUIS, "acr_values")
    amr: tuple[str, ...] = ("pwd",)

    def check_parametres(self, parametres: dict[str, str]) -> None:
        """Liste blanche stricte : un paramètre de trop (PKCE compris) arrête tout sur une page."""
        inconnus = sorted(set(parametres) - PERMIS)
        if inconnus:
            raise self._refuse(f"paramètre non permis : {', '.join(inconnus)[:200]}")
        absents = [nom for nom in self.requis if nom not in parametres]
        vides = [
            nom for nom, valeur in parametres.items() if not valeur and nom not in PEUT_ETRE_VIDE
        ]
        if absents or vides:
            raise self._refuse(f"paramètre absent ou vide : {', '.join(absents + vides)[:200]}")
        if len(parametres["nonce"]) < NONCE_MIN:
            raise self._refuse(f"nonce de moins de {NONCE_MIN} caractères")
        if "prompt" in parametres and not self._is_prompt(parametres["prompt"]):
            raise self._refuse("prompt ne peut être que login ou consent")

    @staticmethod
    def _is_prompt(prompt: str) -> bool:
        return prompt in {"login", "consent", "login consent", "consent login"}

    @staticmethod
    def _refuse(raison: str) -> PageErreur:
        return PageErreur("Y000400", f"invalid_request ({raison}). {ERREUR_TECHNIQUE}")

    def refuse_client(self) -> PageErreur:
        return PageErreur("Y030106", "invalid_client", 500)

    def refuse_redirection(self) -> PageErreur:
        return PageErreur("Y030118", "invalid_redirect_uri", 500)

    def create_demande(self, parametres: dict[str, str], client: Client) -> Demande:
        check_response_type(parametres["response_type"])
        scopes = check_scopes(self, parametres["scope"], client)
        amr = "amr" in read_claims(parametres.get("claims", ""))
        if amr and not client.amr:
            raise RetourErreur("server_error", ERREURS_DE_RETOUR["server_error"])  # Y100009
        return Demande(
            client_id=client.client_id,
            redirect_uri=parametres["redirect_uri"],
            state=parametres["state"],
            nonce=parametres["nonce"],
            scopes=scopes,
            acr=self.read_acr(parametres.get("acr_values", "")),
            amr=amr,
            prompt=parametres.get("prompt", ""),
        )

    def read_acr(self, demande: str) -> tuple[str, ...]:
        """Une valeur inconnue vaut eidas1 ; eidas2 ou eidas3 seuls sont refusés."""
        valeurs = demande.split()
        if "eidas1" not in valeurs and {"eidas2", "eidas3"} & set(valeurs):
            raise self._refuse_acr(demande)
        return ("eidas1",)

    def _refuse_acr(self, demande: str) -> RetourErreur:
        return RetourErreur(
            "invalid_acr",
            "acr_value is not valid, should be equal one of these values, "
            f"expected {','.join(self.acr_permis)}, got {demande}",
        )

    def check_identite(self, identite: Personne, demande: Demande, client: Client) -> None:
        if identite.inconnue:
            raise RetourErreur("access_denied", "User auth aborted")
        if identite.manques:
            manques = ", ni ".join(identite.manques)
            raise PageErreur("Y600006", f"Votre compte ne contient pas {manques}.")

    def choose_acr(self, identite: Personne, demande: Demande) -> tuple[str, tuple[str, ...]]:
        return demande.acr[0], self.amr

    def lower_acr(self, acr: str) -> str:
        return {"eidas3": "eidas2", "eidas2": "eidas1"}.get(acr, "eidas0")

    def create_sub(self, identite: Personne, client: Client, variante: str = "") -> str:
        """64 chiffres hexadécimaux et « v1 », propres à l’entité du service et à l’état civil."""
        pivot = (
            f"{identite.prenoms}{identite.nom}{identite.naissance_complete}{identite.genre}"
            f"{identite.lieu_remis}{identite.pays}{variante}"
        )
        identity_hash = base64.b64encode(hashlib.sha256(pivot.encode()).digest()).decode()
        graine = f"{client.entite}{identity_hash}{SECRET_SUB}"
        return f"{hashlib.sha256(graine.encode()).hexdigest()}v1"

    def list_claims(self, identite: Personne, scopes: tuple[str, ...]) -> dict[str, Any]:
        return list_claims(identite, scopes, self.table)

    def describe(self, identite: Personne) -> tuple[str, str]:
        usage = f", usage {identite.usage}" if identite.usage else ""
        compte = f" (compte «\u00a0{identite.code}\u00a0»)" if identite.officielle else ""
        return f"{identite.nom_complet}{usage}", f"{identite.trait}{compte}"

    def list_groupes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        groupes = (
            ("Familles de la démonstration, inventées par Socle", FAMILLES),
            *(
                (f"Identités de test de FranceConnect\u00a0: {titre}", liste)
                for titre, liste in GROUPES
            ),
            ("Autres cas, inventés par Socle", AJOUTEES),
        )
        return tuple((titre, tuple(p.code for p in liste)) for titre, liste in groupes)


class FranceConnectPlus(FranceConnect):
    """FranceConnect+ : niveaux substantiel et élevé, réponses signées puis chiffrées."""

    code = "franceconnect-plus"
    nom = "FranceConnect+"
    duree_session = 0
    chiffre = True
    donnees = False
    acr_permis = ("eidas2", "eidas3")
    table = REVENDICATIONS_PLUS
    scopes = frozenset(REVENDICATIONS_PLUS)
    claims = tuple(sorted({nom for noms in REVENDICATIONS_PLUS.values() for nom in noms}))
    requis = REQUIS
    amr = ("pop", "pin", "mfa")

    def read_acr(self, demande: str) -> tuple[str, ...]:
        """Sans demande, le plus haut niveau ; eidas1 est refusé."""
        permis = tuple(valeur for valeur in demande.split() if valeur in self.acr_permis)
        if permis:
            return permis
        if demande:
            raise self._refuse_acr(demande)
        return ("eidas3",)


def check_response_type(response_type: str) -> None:
    """Seul `code` est permis ; l’erreur revient en fragment si le service attendait des jetons.

    Raises:
        RetourErreur: absent ou non géré.
    """
    if response_type == "code":
        return
    if not response_type:
        raise RetourErreur("invalid_request", "missing required parameter 'response_type'")
    fragment = bool({"token", "id_token"} & set(response_type.split()))
    raise RetourErreur(
        "unsupported_response_type", "unsupported response_type requested", fragment=fragment
    )


def read_claims(claims: str) -> dict[str, Any]:
    """Partie `id_token` du paramètre `claims`.

    Raises:
        RetourErreur: le paramètre n’est pas un objet JSON.
    """
    if not claims:
        return {}
    try:
        donnees = json.loads(claims)
    except ValueError as cause:
        raise RetourErreur(
            "invalid_request", "could not parse the claims parameter JSON"
        ) from cause
    if not isinstance(donnees, dict) or not isinstance(donnees.get("id_token") or {}, dict):
        raise RetourErreur("invalid_request", "claims parameter should be a JSON object")
    return donnees.get("id_token") or {}
