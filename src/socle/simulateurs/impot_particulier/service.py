"""Jeton d’habilitation, puis situation d’impôt sur le revenu d’une année."""

import base64
import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from socle.simulateurs.commun.reponses import ErreurJson, ErreurOAuth, json_response
from socle.simulateurs.commun.sceaux import SceauInvalide
from socle.simulateurs.configuration import SECRET_DEMO
from socle.simulateurs.contexte import Contexte
from socle.simulateurs.impot_particulier.foyers import FOYERS, SPI, FoyerFiscal
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.oidc.informations import read_acces, read_bearer
from socle.simulateurs.personnes import PERSONNES

CLIENTS = {"socle-demo": SECRET_DEMO}
TELESERVICE = "demo-quotient-familial"
DUREE_JETON = 3600
MOIS_DES_AVIS = 8
PERIMETRES = ("dgfip_rfr", "dgfip_nbpart", "dgfip_sitfam", "dgfip_aft", "dgfip_pac_nbPac")
ETAT_CIVIL = ("dgfip_nmNaiDec1", "dgfip_prnmDec1", "dgfip_dateNaisDec1")


def create_erreur(statut: int, code: str, message: str) -> ErreurJson:
    """Erreur à la forme observée, `{"erreur": {code, message}}` ; les codes sont les nôtres."""
    return ErreurJson(statut, {"erreur": {"code": code, "message": message}})


class ApiImpotParticulier:
    """API Impôt particulier."""

    def __init__(self, contexte: Contexte, franceconnect: Fournisseur) -> None:
        self.contexte = contexte
        self.franceconnect = franceconnect

    def create_token(self, requete: Request) -> Response:
        """`/token` : identifiants du téléservice en Basic, `grant_type=client_credentials`.

        Raises:
            ErreurOAuth: identifiants faux ou demande mal formée.
        """
        client_id, secret = _read_basic(requete)
        attendu = CLIENTS.get(client_id, "")
        if not attendu or not secrets.compare_digest(attendu.encode(), secret.encode()):
            raise ErreurOAuth(401, "invalid_client", "Client Authentication failed.")
        if requete.form.get("grant_type") != "client_credentials":
            raise ErreurOAuth(400, "unsupported_grant_type", "Unsupported grant_type value")
        portee = requete.form.get("scope", "RessourceIR")
        if "RessourceIR" not in portee.split():
            raise ErreurOAuth(400, "invalid_scope", "Unknown scope")
        jeton = self.contexte.sceaux.seal("dgfip", {"c": client_id}, DUREE_JETON)
        return json_response(
            {
                "access_token": jeton,
                "scope": portee,
                "token_type": "Bearer",
                "expires_in": DUREE_JETON,
            }
        )

    def show_situation(self, requete: Request, annee: str, spi: str = "") -> Response:
        """Situation de l’année de revenus `annee` ; l’avis de cette année paraît l’été suivant.

        Raises:
            ErreurJson: 400 en-tête absent, 401 jeton refusé, 404 personne ou année inconnue.
        """
        self._check_entetes(requete)
        code, scopes, panne = self._identify(requete, spi)
        if panne == "401":
            raise create_erreur(401, "40101", "Le token ne vous permet pas d'accéder à l'API")
        if panne == "503":
            raise create_erreur(503, "50301", "Service momentanément indisponible")
        if panne == "lent":
            self.contexte.wait_slowly()
        if panne == "non_json":
            return Response("<html>Service en maintenance</html>", 200)
        foyer = self._find_foyer("" if panne == "404" else code, annee, panne)
        situation = _describe(code, foyer, scopes)
        if panne == "incomplet":
            situation.pop("rfr", None)
        entetes = {"X-Correlation-ID": requete.headers["X-Correlation-ID"]}
        return json_response(situation, entetes=entetes)

    def _check_entetes(self, requete: Request) -> None:
        try:
            self.contexte.sceaux.read("dgfip", read_bearer(requete))
        except SceauInvalide as cause:
            raise create_erreur(401, "40101", "Jeton d'accès absent, faux ou expiré") from cause
        try:
            uuid.UUID(requete.headers.get("X-Correlation-ID", ""))
        except ValueError as cause:
            raise create_erreur(400, "40001", "En-tête X-Correlation-ID absent ou faux") from cause
        if not requete.headers.get("ID_Teleservice"):
            raise create_erreur(400, "40002", "En-tête ID_Teleservice absent")
        if requete.headers["ID_Teleservice"] != TELESERVICE:
            raise create_erreur(403, "40301", "Téléservice non habilité")

    def _identify(self, requete: Request, spi: str) -> tuple[str, tuple[str, ...], str]:
        """Personne, périmètres et panne à jouer, selon le mode d’appel."""
        if spi:
            return SPI.get(spi, ""), (*PERIMETRES, *ETAT_CIVIL), ""
        jeton = requete.headers.get("X-FranceConnect-OAuth", "")
        if not jeton:
            raise create_erreur(400, "40003", "En-tête X-FranceConnect-OAuth absent")
        acces = read_acces(self.franceconnect, jeton)
        if acces is None:
            raise create_erreur(401, "40102", "Jeton FranceConnect faux ou expiré")
        scopes = tuple(scope for scope in acces.scopes if scope.startswith("dgfip_"))
        if not scopes:
            raise create_erreur(403, "40302", "Aucun périmètre de la DGFiP n'a été accordé")
        return acces.identite, scopes, acces.impot

    def _find_foyer(self, code: str, annee: str, panne: str) -> FoyerFiscal:
        foyer = FOYERS.get(code)
        if foyer is None:
            raise create_erreur(404, "40401", "Usager inconnu")
        recul = self.last_annee() - int(annee)
        absentes = {0} if panne == "annee" else set()
        if recul not in set(foyer.annees) - absentes:
            raise create_erreur(404, "40402", "Aucun avis pour l'année de revenus demandée")
        return foyer

    def last_annee(self) -> int:
        """Dernière année de revenus connue : l’an passé à partir d’août, sinon l’année d’avant."""
        aujourdhui = datetime.fromtimestamp(self.contexte.horloge(), UTC)
        return aujourdhui.year - (1 if aujourdhui.month >= MOIS_DES_AVIS else 2)


def _read_basic(requete: Request) -> tuple[str, str]:
    genre, _, valeur = requete.headers.get("Authorization", "").partition(" ")
    if genre.lower() != "basic":
        raise ErreurOAuth(401, "invalid_client", "Unsupported Client Authentication Method!")
    try:
        identifiant, _, secret = base64.b64decode(valeur, validate=True).decode().partition(":")
    except ValueError as cause:
        raise ErreurOAuth(401, "invalid_client", "Client Authentication failed.") from cause
    return identifiant, secret


def _describe(code: str, foyer: FoyerFiscal, scopes: tuple[str, ...]) -> dict[str, Any]:
    """Champs permis par les périmètres. Revenu et parts en texte pour les foyers `texte`."""
    personne = PERSONNES[code]
    voie, ville = foyer.adresse
    rfr: object = str(foyer.rfr) if foyer.texte else foyer.rfr
    parts: object = f"{foyer.parts:.2f}" if foyer.texte else foyer.parts
    champs: dict[str, dict[str, Any]] = {
        "dgfip_rfr": {"rfr": rfr},
        "dgfip_nbpart": {"nbPart": parts},
        "dgfip_sitfam": {"sitFam": foyer.situation},
        "dgfip_pac_nbPac": {"nbPac": foyer.charges},
        "dgfip_aft": {
            "aft": f"{voie} {ville}",
            "aftDetail": {
                "complementAdresse": None,
                "voie": voie,
                "commune": None,
                "codePostal": ville,
            },
        },
        "dgfip_nmNaiDec1": {"nmNaiDec1": personne.nom},
        "dgfip_prnmDec1": {"prnmDec1": personne.prenoms},
        "dgfip_dateNaisDec1": {"dateNaisDec1": personne.naissance_complete},
    }
    return {nom: valeur for scope in scopes for nom, valeur in champs.get(scope, {}).items()}
