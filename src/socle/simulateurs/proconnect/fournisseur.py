"""Règles de ProConnect à l’entrée d’une connexion, niveaux de garantie, revendications."""

import re
import uuid
from typing import Any

from socle.simulateurs.commun.reponses import PageErreur, RetourErreur
from socle.simulateurs.configuration import Client
from socle.simulateurs.franceconnect.fournisseur import check_response_type, read_claims
from socle.simulateurs.oidc.autorisation import check_scopes
from socle.simulateurs.oidc.demande import Demande
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.proconnect.agents import (
    AGENTS,
    AGENTS_A_REFUSER,
    AGENTS_COMMUNE,
    AGENTS_EPCI,
    AGENTS_PROGRAMME,
    Agent,
)

ERREUR = "Une erreur s’est produite, veuillez réessayer ultérieurement."
PERMIS = frozenset(
    {
        "client_id",
        "response_type",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "acr_values",
        "claims",
        "response_mode",
        "login_hint",
        "siret_hint",
        "idp_hint",
        "prompt",
        "code_challenge",
        "code_challenge_method",
    }
)
REQUIS = ("client_id", "redirect_uri", "response_type", "scope", "state")
NONCE_MAX = 512
PROMPTS = frozenset({"login", "consent", "none"})
COURRIEL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
DEFI = re.compile(r"[A-Za-z0-9\-._~]+")
DEFI_MIN = 43
CHAMPS = (
    "given_name",
    "usual_name",
    "email",
    "uid",
    "siret",
    "siren",
    "idp_id",
    "roles",
    "organization_label",
    "phone",
    "custom",
    "organizational_unit",
    "belonging_population",
    "chorusdt",
)
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": (),
    **{nom: (nom,) for nom in CHAMPS},
}
ACR = (
    "eidas0",
    "eidas0-mfa",
    "eidas1",
    "eidas1-mfa",
    "eidas2",
    "eidas3",
    "https://proconnect.gouv.fr/assurance/certification-dirigeant",
)
ESPACE_SUB = uuid.UUID("5d3b1a0e-7c1f-4a52-9a33-0a6d0c0f2b11")


class ProConnect(Fournisseur):
    """ProConnect, vu d’un service (« fournisseur de service »)."""

    code = "proconnect"
    nom = "ProConnect"
    duree_code = 60
    duree_acces = 3600
    duree_session = 43_200
    alterne = True
    indice_exige = False
    acr_permis = ACR
    scopes = frozenset(SCOPES)
    claims = tuple(sorted({nom for noms in SCOPES.values() for nom in noms}))
    identites = AGENTS

    def check_parametres(self, parametres: dict[str, str]) -> None:
        inconnus = sorted(set(parametres) - PERMIS)
        if inconnus:
            raise self._refuse(f"paramètre non permis : {', '.join(inconnus)[:200]}")
        absents = [nom for nom in REQUIS if nom not in parametres]
        if absents or not (parametres["client_id"] and parametres["redirect_uri"]):
            raise self._refuse(f"paramètre absent ou vide : {', '.join(absents)}")
        nonce = parametres.get("nonce", "")
        if len(nonce) > NONCE_MAX or not nonce.isascii():
            raise self._refuse(f"nonce de plus de {NONCE_MAX} caractères ASCII")
        if not set(parametres.get("prompt", "").split()) <= PROMPTS:
            raise self._refuse("prompt inconnu")
        self._check_indices(parametres)

    def _check_indices(self, parametres: dict[str, str]) -> None:
        courriel = parametres.get("login_hint", "")
        if courriel and not COURRIEL.fullmatch(courriel):
            raise self._refuse("login_hint n’est pas une adresse de courriel")
        siret = parametres.get("siret_hint", "")
        if siret and not (siret.isascii() and siret.isdigit() and len(siret) == 14):
            raise self._refuse("siret_hint n’a pas 14 chiffres")
        if not parametres["redirect_uri"].startswith(("http://", "https://")):
            raise self._refuse("redirect_uri n’est pas une adresse")

    @staticmethod
    def _refuse(raison: str) -> PageErreur:
        return PageErreur("Y000400", f"invalid_request ({raison}). {ERREUR}")

    def refuse_client(self) -> PageErreur:
        return PageErreur("InvalidClient", "Client non trouvé (client_id invalide)")

    def refuse_redirection(self) -> PageErreur:
        return PageErreur("Y030031", "L’URL de callback n’est pas valide")

    def create_demande(self, parametres: dict[str, str], client: Client) -> Demande:
        check_response_type(parametres["response_type"])
        scopes = check_scopes(self, parametres["scope"], client)
        prompt = parametres.get("prompt", "")
        if "none" in prompt.split() and prompt != "none":
            raise RetourErreur("invalid_request", "prompt none must only be used alone")
        claims = read_claims(parametres.get("claims", ""))
        acr, exige = _read_acr(parametres.get("acr_values", ""), claims.get("acr"))
        return Demande(
            client_id=client.client_id,
            redirect_uri=parametres["redirect_uri"],
            state=parametres["state"],
            nonce=parametres.get("nonce", ""),
            scopes=scopes,
            acr=acr,
            acr_exige=exige,
            amr="amr" in claims,
            prompt=prompt,
            defi=_read_defi(parametres),
            login_hint=parametres.get("login_hint", ""),
            siret_hint=parametres.get("siret_hint", ""),
        )

    def check_identite(self, identite: Agent, demande: Demande, client: Client) -> None:
        if client.secteur_public and not identite.public:
            raise PageErreur(
                "Y500015", "Ce service n’est ouvert qu’aux agents du secteur public.", 400
            )
        if demande.acr_exige and identite.acr not in demande.acr:
            raise RetourErreur("access_denied", "None of the requested ACRs could be obtained.")

    def choose_acr(self, identite: Agent, demande: Demande) -> tuple[str, tuple[str, ...]]:
        """Exactement le niveau atteint, jamais celui que le service espérait."""
        return identite.acr, identite.amr

    def lower_acr(self, acr: str) -> str:
        return "eidas0" if acr == "eidas1" else "eidas1"

    def create_sub(self, identite: Agent, client: Client, variante: str = "") -> str:
        """Propre au fournisseur d’identité de l’agent : le même courriel ailleurs en a un autre."""
        return str(uuid.uuid5(ESPACE_SUB, f"{identite.fi} {identite.courriel} {variante}"))

    def list_claims(self, identite: Agent, scopes: tuple[str, ...]) -> dict[str, Any]:
        configuration = self.contexte.configuration
        siret = identite.get_siret(configuration)
        valeurs: dict[str, Any] = {
            "given_name": identite.prenom,
            "usual_name": identite.nom,
            "email": identite.courriel,
            "uid": f"uid-{identite.code}",
            "siret": siret,
            "siren": siret[:9],
            "idp_id": identite.fi,
            "roles": list(identite.roles),
            "organization_label": identite.get_organisation(configuration),
            "phone": "+33100000000",
            "organizational_unit": identite.fonction,
            "belonging_population": "agent" if identite.public else "prestataire",
            "chorusdt": "",
            "custom": {},
        }
        noms = {nom for scope in scopes for nom in SCOPES.get(scope, ())}
        return {nom: valeurs[nom] for nom in sorted(noms)}

    def describe(self, identite: Agent) -> tuple[str, str]:
        organisation = identite.get_organisation(self.contexte.configuration)
        return (
            f"{identite.prenom} {identite.nom}",
            f"{identite.fonction}, {organisation}. {identite.trait}.",
        )

    def list_groupes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        organisations = self.contexte.configuration.organisations
        return (
            (organisations["commune"]["nom"], tuple(agent.code for agent in AGENTS_COMMUNE)),
            (organisations["epci"]["nom"], tuple(agent.code for agent in AGENTS_EPCI)),
            ("Programme commun", tuple(agent.code for agent in AGENTS_PROGRAMME)),
            ("Connexions à refuser", tuple(agent.code for agent in AGENTS_A_REFUSER)),
        )


def _read_acr(acr_values: str, claim: Any) -> tuple[tuple[str, ...], bool]:
    """Niveaux demandés, et s’ils sont exigés.

    Avec un `claims` exigeant, `acr_values` est ajouté à la liste exigée (comportement observé).
    """
    voulus = tuple(valeur for valeur in acr_values.split() if valeur in ACR)
    if not isinstance(claim, dict) or not claim.get("essential"):
        return voulus, False
    valeurs = claim.get("values") or ([claim["value"]] if claim.get("value") else [])
    exiges = tuple(str(valeur) for valeur in valeurs)
    return (exiges + voulus, True) if exiges else (voulus, False)


def _read_defi(parametres: dict[str, str]) -> str:
    """`code_challenge` S256, ou l’erreur que rend le vrai moteur."""
    defi = parametres.get("code_challenge", "")
    methode = parametres.get("code_challenge_method", "")
    if not defi and not methode:
        return ""
    if not defi:
        raise _refuse_defi("code_challenge must be provided with code_challenge_method")
    if not methode:
        raise _refuse_defi(
            "plain code_challenge_method fallback disabled, code_challenge_method must be provided"
        )
    if methode != "S256":
        raise _refuse_defi("not supported value of code_challenge_method")
    if len(defi) < DEFI_MIN:
        raise _refuse_defi("code_challenge must be a string with a minimum length of 43 characters")
    if not DEFI.fullmatch(defi):
        raise _refuse_defi("code_challenge contains invalid characters")
    return defi


def _refuse_defi(description: str) -> RetourErreur:
    return RetourErreur("invalid_request", description)
