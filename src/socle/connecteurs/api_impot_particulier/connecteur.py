"""Revenu fiscal et parts : jeton d’habilitation, année, lecture, trace."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur
from socle.fondations.commun.fuseau import PARIS
from socle.fondations.formulaires.ports import (
    ContexteAppel,
    DonneeProposee,
    ReponseSource,
    Trace,
)

SYSTEME = "Le service des impôts"
CHEMIN = "/impotparticulier/1.0/situations/ir/assiettes/annrev"
PORTEE = "RessourceIR"
DELAI = 5.0  # secondes, pour chacun des deux ou trois échanges
RFR_MAX = 1_000_000_000
PARTS_MAX = 99
CHAMPS = {"revenu_fiscal_reference": "rfr", "nombre_parts": "nbPart"}


class ContribuableInconnu(ErreurConnecteur):
    """Les impôts n’ont pas d’avis pour cette personne : un cas normal, pas une panne."""


class ConnexionExpiree(ErreurConnecteur):
    """Le jeton FranceConnect n’est plus valable : il faut repasser par FranceConnect."""


class Parametres(BaseModel):
    """Réglages du branchement d’une collectivité.

    Attributes:
        client_id, secret: identifiants donnés par la DGFiP au téléservice.
        id_teleservice: identifiant de l’habilitation.
        fondement: texte qui lève le secret fiscal, gardé avec le branchement.
        annee: année de revenus voulue ; absente : l’an passé, puis l’année d’avant.
        champs: noms des champs de la réponse, s’ils changent.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: str = ""
    client_id: str = ""
    secret: SecretStr = SecretStr("")
    id_teleservice: str = ""
    fondement: str = ""
    annee: int | None = Field(default=None, ge=2000, le=2100)
    champs: dict[str, str] = CHAMPS


@dataclass(frozen=True, slots=True)
class Situation:
    """Situation d’un foyer fiscal.

    Attributes:
        annee: année des revenus (l’avis porte l’année suivante).
        revenu: revenu fiscal de référence, en euros entiers.
        parts: nombre de parts.
    """

    annee: int
    revenu: int
    parts: Decimal


class SourceImpots:
    """Source de données « revenu fiscal de référence et nombre de parts ».

    Args:
        parametres: réglages pris par défaut ; ceux de `ContexteAppel.parametres` l’emportent.
    """

    code = "impots_revenu"
    systeme = "API Impôt particulier"
    remede = (
        "Vérifiez dans le branchement l’adresse, l’identifiant et le secret donnés par la DGFiP."
    )
    titre = "Revenu fiscal de référence et nombre de parts"
    organisme = "Direction générale des finances publiques"
    finalite = "pour calculer votre tarif sans vous demander votre avis d’impôt"
    donnees: tuple[DonneeProposee, ...] = (
        DonneeProposee(
            code="revenu_fiscal_reference",
            libelle="Revenu fiscal de référence",
            type="nombre_entier",
            description="En euros, pour tout le foyer fiscal.",
        ),
        DonneeProposee(
            code="nombre_parts",
            libelle="Nombre de parts du foyer fiscal",
            type="nombre_decimal",
        ),
        DonneeProposee(code="annee_revenus", libelle="Année de ces revenus", type="nombre_entier"),
    )
    scopes: tuple[str, ...] = ("dgfip_rfr", "dgfip_nbpart")
    branchement_requis = True

    def __init__(self, parametres: Mapping[str, Any] | None = None) -> None:
        self._parametres = dict(parametres or {})

    def fetch(self, contexte: ContexteAppel) -> ReponseSource:
        """Demande le dernier avis connu ; l’année d’avant si le dernier n’est pas paru.

        Raises:
            ContribuableInconnu, ConnexionExpiree, ErreurConnecteur: à montrer à la personne.
            SystemeIndisponible: à relancer plus tard.
        """
        parametres = self.read_parametres(contexte.parametres)
        if not contexte.jeton_franceconnect:
            raise ConnexionExpiree("Connectez-vous avec FranceConnect pour récupérer cette donnée.")
        appel = Appel(parametres, contexte.jeton_franceconnect)
        try:
            situation = appel.find_situation(list_annees(contexte, parametres))
        except ErreurConnecteur as erreur:
            erreur.trace = appel.trace
            raise
        return ReponseSource(
            valeurs={
                "revenu_fiscal_reference": situation.revenu,
                "nombre_parts": situation.parts,
                "annee_revenus": situation.annee,
            },
            date_donnee=date(situation.annee, 12, 31),
            libelle_source=(
                f"{self.organisme}, avis d’impôt {situation.annee + 1} "
                f"sur les revenus {situation.annee}"
            ),
            trace=appel.trace,
        )

    def check(self, parametres: Mapping[str, Any] | None = None) -> str:
        """Demande un jeton d’habilitation : aucune donnée de personne n’est lue.

        Raises:
            SystemeIndisponible, ErreurConnecteur: identifiants refusés ou service muet.
        """
        Appel(self.read_parametres(parametres or {}), "").create_jeton()
        return "API Impôt particulier répond et reconnaît le téléservice."

    def read_parametres(self, parametres: Mapping[str, Any]) -> Parametres:
        """Réunit les réglages : bac à sable, constructeur, puis branchement.

        Raises:
            ErreurConnecteur: réglages absents ou mal formés.
        """
        bac = {}
        if settings.BAC_A_SABLE and settings.SIMULATEURS_URL:
            bac = {
                "url": f"{settings.SIMULATEURS_URL.rstrip('/')}/impot-particulier",
                "client_id": "socle-demo",
                "secret": "secret-de-demonstration",
                "id_teleservice": "demo-quotient-familial",
            }
        try:
            lus = Parametres(**{**bac, **self._parametres, **parametres})
        except ValidationError as cause:
            raise _refuse_reglages() from cause
        if not (lus.url and lus.client_id and lus.id_teleservice):
            raise _refuse_reglages()
        return lus


class Appel:
    """Un échange avec l’API : deux requêtes, trois si l’année la plus récente manque.

    Attributes:
        trace: trace du dernier échange, juste à tout moment, y compris après un échec.
    """

    def __init__(self, parametres: Parametres, jeton_franceconnect: str) -> None:
        self.parametres = parametres
        self.correlation = str(uuid.uuid4())
        self.trace = Trace(endpoint="/token", statut_http=0, identifiant_requete=self.correlation)
        self._jeton_franceconnect = jeton_franceconnect

    def create_jeton(self) -> str:
        """Jeton d’habilitation ; gardé le temps de l’appel seulement.

        Raises:
            SystemeIndisponible, ErreurConnecteur: identifiants refusés ou service muet.
        """
        parametres = self.parametres
        secret = parametres.secret.get_secret_value()
        with (
            http.translate_errors(SYSTEME),
            http.client(parametres.url, delai=DELAI) as client,
        ):
            reponse = client.post(
                "/token",
                data={"grant_type": "client_credentials", "scope": PORTEE},
                auth=(parametres.client_id, secret),
            )
            self._note("/token", reponse)
            if reponse.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
                raise ErreurConnecteur(
                    f"{SYSTEME} ne reconnaît pas votre collectivité. Son administrateur doit "
                    "vérifier les identifiants du téléservice."
                )
            jeton = http.read_objet(reponse).get("access_token")
        if not isinstance(jeton, str) or not jeton:
            raise _refuse_reponse()
        return jeton

    def find_situation(self, annees: tuple[int, ...]) -> Situation:
        """Situation de la première année connue.

        Raises:
            ContribuableInconnu: aucun avis pour ces années.
            SystemeIndisponible, ErreurConnecteur: panne, refus, réponse inattendue.
        """
        jeton = self.create_jeton()
        for annee in annees:
            situation = self._get_situation(annee, jeton)
            if situation is not None:
                return situation
        raise ContribuableInconnu("Les impôts n’ont pas trouvé d’avis d’impôt à votre nom.")

    def _get_situation(self, annee: int, jeton: str) -> Situation | None:
        chemin = f"{CHEMIN}/{annee}"
        self.trace = Trace(endpoint=chemin, statut_http=0, identifiant_requete=self.correlation)
        entetes = {
            "Accept": "application/json",
            "X-FranceConnect-OAuth": self._jeton_franceconnect,
            "X-Correlation-ID": self.correlation,
            "ID_Teleservice": self.parametres.id_teleservice,
        }
        with (
            http.translate_errors(SYSTEME),
            http.client(self.parametres.url, jeton=jeton, delai=DELAI, entetes=entetes) as client,
        ):
            reponse = client.get(chemin)
            self._note(chemin, reponse)
            if reponse.status_code == httpx.codes.NOT_FOUND:
                return None
            _check_statut(reponse.status_code)
            return read_situation(http.read_objet(reponse), annee, self.parametres.champs)

    def _note(self, chemin: str, reponse: httpx.Response) -> None:
        self.trace = Trace(
            endpoint=chemin,
            statut_http=reponse.status_code,
            identifiant_requete=self.correlation,
        )


def list_annees(contexte: ContexteAppel, parametres: Parametres) -> tuple[int, ...]:
    """Années de revenus à demander, dans l’ordre : celle voulue, ou l’an passé puis l’avant."""
    if parametres.annee is not None:
        return (parametres.annee,)
    derniere = contexte.maintenant.astimezone(PARIS).year - 1
    return (derniere, derniere - 1)


def read_situation(corps: dict[str, Any], annee: int, champs: Mapping[str, str]) -> Situation:
    """Lit la réponse ; le revenu et les parts viennent en nombre ou en texte.

    Raises:
        ErreurConnecteur: champ absent, illisible ou hors bornes.
    """
    noms = {**CHAMPS, **champs}
    try:
        revenu = read_nombre(corps[noms["revenu_fiscal_reference"]])
        parts = read_nombre(corps[noms["nombre_parts"]])
    except (KeyError, InvalidOperation) as cause:
        raise _refuse_reponse() from cause
    if revenu != revenu.to_integral_value() or not 0 <= revenu <= RFR_MAX:
        raise _refuse_reponse()
    if not 0 < parts <= PARTS_MAX:
        raise _refuse_reponse()
    return Situation(annee, int(revenu), parts.normalize() + 0)


def read_nombre(valeur: object) -> Decimal:
    """Nombre exact depuis un nombre JSON ou un texte (« 36 705 », « 2,50 »).

    Raises:
        InvalidOperation: ce n’est pas un nombre fini.
    """
    if isinstance(valeur, bool) or not isinstance(valeur, int | float | str):
        raise InvalidOperation
    texte = str(valeur).replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if len(texte) > 20:
        raise InvalidOperation
    nombre = Decimal(texte.replace(",", "."))
    if not nombre.is_finite():
        raise InvalidOperation
    return nombre


def _check_statut(statut: int) -> None:
    if statut == httpx.codes.UNAUTHORIZED:
        raise ConnexionExpiree(
            "Votre connexion avec FranceConnect n’est plus valable pour cette demande."
        )
    if statut == httpx.codes.FORBIDDEN:
        raise ErreurConnecteur("Votre collectivité n’est pas habilitée à demander cette donnée.")
    if statut == httpx.codes.BAD_REQUEST:
        raise ErreurConnecteur(f"{SYSTEME} n’accepte pas cette demande.")


def _refuse_reponse() -> ErreurConnecteur:
    return ErreurConnecteur(f"{SYSTEME} a donné une réponse inattendue.")


def _refuse_reglages() -> ErreurConnecteur:
    return ErreurConnecteur(
        "Le branchement à API Impôt particulier n’est pas réglé. L’administrateur de votre "
        "collectivité doit le compléter."
    )
