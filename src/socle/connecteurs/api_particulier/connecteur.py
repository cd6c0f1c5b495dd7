"""Quotient familial : appel, trace, refus dits en français."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from socle.connecteurs.api_particulier.reponse import CAISSES, SYSTEME, Foyer, read_foyer
from socle.fondations.commun import http
from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible
from socle.fondations.commun.textes import MOIS
from socle.fondations.formulaires.ports import (
    ContexteAppel,
    DonneeProposee,
    ReponseSource,
    Trace,
)

CHEMIN = "/v3/dss/quotient_familial"
DELAI = 5.0  # secondes : délai conseillé par la notice, qui attend elle-même dix secondes
PRENOMS_MAX = 3
SEXES = {"male": "M", "female": "F"}
FRANCE = "99100"

Parametre = tuple[str, str | int | float | bool | None]


class AllocataireInconnu(ErreurConnecteur):
    """Ni la Caf ni la MSA ne connaissent la personne : un cas normal, pas une panne."""


class ConnexionExpiree(ErreurConnecteur):
    """Le jeton FranceConnect n’est plus valable : il faut repasser par FranceConnect."""


class Parametres(BaseModel):
    """Réglages du branchement d’une collectivité.

    Attributes:
        url: adresse d’API Particulier.
        jeton: jeton d’habilitation, pour le mode « identité » seulement.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: str = "https://particulier.api.gouv.fr"
    jeton: SecretStr = SecretStr("")


@dataclass(frozen=True, slots=True)
class Profil:
    """Une source proposée aux formulaires : ce qu’elle demande, et rien de plus.

    Attributes:
        scopes: périmètres demandés à FranceConnect ; API Particulier masque le reste.
    """

    code: str
    titre: str
    finalite: str
    donnees: tuple[DonneeProposee, ...]
    scopes: tuple[str, ...]


DONNEES_QUOTIENT = (
    DonneeProposee(
        code="quotient_familial",
        libelle="Quotient familial de la Caf ou de la MSA",
        type="nombre_entier",
    ),
    DonneeProposee(
        code="quotient_mois",
        libelle="Mois du quotient familial",
        type="texte_court",
        description="Le quotient est recalculé chaque mois.",
    ),
    DonneeProposee(code="quotient_caisse", libelle="Caisse qui le calcule", type="texte_court"),
)
QUOTIENT = Profil(
    code="cnaf_quotient",
    titre="Quotient familial de la Caf ou de la MSA",
    finalite="pour connaître votre quotient familial sans vous demander d’attestation",
    donnees=DONNEES_QUOTIENT,
    scopes=("cnaf_quotient_familial",),
)
FOYER = Profil(
    code="cnaf_foyer",
    titre="Quotient familial, enfants et adresse connus de la Caf ou de la MSA",
    finalite="pour connaître votre quotient familial et les enfants de votre foyer",
    donnees=(
        *DONNEES_QUOTIENT,
        DonneeProposee(
            code="nombre_enfants",
            libelle="Nombre d’enfants du foyer",
            type="nombre_entier",
            facultative=True,
        ),
        DonneeProposee(
            code="adresse",
            libelle="Adresse connue de la caisse",
            type="texte_long",
            facultative=True,
        ),
    ),
    scopes=("cnaf_quotient_familial", "cnaf_enfants", "cnaf_adresse"),
)


class SourceQuotient:
    """Source de données « quotient familial », dans les deux modes d’API Particulier.

    Args:
        parametres: réglages pris par défaut ; ceux de `ContexteAppel.parametres` l’emportent.
    """

    systeme = "API Particulier"
    organisme = "Caisse nationale des allocations familiales et Mutualité sociale agricole"
    remede = (
        "Vérifiez dans le branchement l’adresse et le jeton d’habilitation, qui vaut dix-huit mois."
    )

    def __init__(
        self, profil: Profil = QUOTIENT, parametres: Mapping[str, Any] | None = None
    ) -> None:
        self.profil = profil
        self.code = profil.code
        self.titre = profil.titre
        self.finalite = profil.finalite
        self.donnees = profil.donnees
        self.scopes = profil.scopes
        self._parametres = dict(parametres or {})
        self._silence: dict[str, datetime] = {}

    def fetch(self, contexte: ContexteAppel) -> ReponseSource:
        """Demande le quotient du mois en cours.

        Raises:
            AllocataireInconnu, ConnexionExpiree, ErreurConnecteur: à montrer à la personne.
            SystemeIndisponible: à relancer plus tard (panne, délai, trop de demandes).
        """
        parametres = self.read_parametres(contexte.parametres)
        chemin, jeton, recherche = build_appel(contexte, parametres)
        self._respect_silence(parametres.url, contexte.maintenant)
        reponse: httpx.Response | None = None
        try:
            with (
                http.translate_errors(SYSTEME),
                http.client(parametres.url, jeton=jeton, delai=DELAI) as client,
            ):
                reponse = client.get(chemin, params=httpx.QueryParams(recherche))
                self._check_statut(reponse, parametres.url, contexte.maintenant)
                foyer = read_foyer(http.read_objet(reponse))
        except ErreurConnecteur as erreur:
            erreur.trace = build_trace(chemin, reponse)
            raise
        return self._build_reponse(foyer, build_trace(chemin, reponse))

    def check(self, parametres: Mapping[str, Any] | None = None) -> str:
        """Vérifie que le service répond, sans donnée de personne : un refus 401 suffit.

        Avec un jeton d’habilitation, une demande sans état civil dit en plus s’il est reconnu.

        Raises:
            SystemeIndisponible, ErreurConnecteur: le service ne répond pas comme prévu.
        """
        lus = self.read_parametres(parametres or {})
        statut = _ask_statut(lus.url, "france_connect")
        if statut != httpx.codes.UNAUTHORIZED:
            raise ErreurConnecteur(f"{SYSTEME} répond {statut} au lieu de 401.")
        jeton = lus.jeton.get_secret_value()
        if jeton:
            _check_jeton(_ask_statut(lus.url, "identite", jeton))
            return "API Particulier répond et reconnaît le jeton d’habilitation."
        return "API Particulier répond."

    def read_parametres(self, parametres: Mapping[str, Any]) -> Parametres:
        """Réunit les réglages : bac à sable, constructeur, puis branchement.

        Raises:
            ErreurConnecteur: réglages mal formés.
        """
        bac = {}
        if settings.BAC_A_SABLE and settings.SIMULATEURS_URL:
            bac = {
                "url": f"{settings.SIMULATEURS_URL.rstrip('/')}/api-particulier",
                "jeton": "jeton-de-demonstration",
            }
        try:
            return Parametres(**{**bac, **self._parametres, **parametres})
        except ValidationError as cause:
            raise ErreurConnecteur(
                "Le branchement à API Particulier est mal réglé. L’administrateur de votre "
                "collectivité doit le corriger."
            ) from cause

    def _respect_silence(self, url: str, maintenant: datetime) -> None:
        """Se tait après un 429, le temps demandé : insister vaut douze heures de bannissement."""
        if maintenant < self._silence.get(url, maintenant):
            raise SystemeIndisponible(f"{SYSTEME} reçoit trop de demandes.")

    def _check_statut(self, reponse: httpx.Response, url: str, maintenant: datetime) -> None:
        statut = reponse.status_code
        if statut == httpx.codes.TOO_MANY_REQUESTS:
            attente = reponse.headers.get("Retry-After", "60")
            secondes = min(int(attente), 3600) if attente.isdecimal() else 60
            self._silence[url] = maintenant + timedelta(seconds=secondes)
            raise SystemeIndisponible(f"{SYSTEME} reçoit trop de demandes.")
        if statut == httpx.codes.CONFLICT:
            raise SystemeIndisponible(f"{SYSTEME} traite déjà cette demande.")
        refus = {
            httpx.codes.NOT_FOUND: AllocataireInconnu(
                "Ni la Caf ni la MSA n’ont trouvé de dossier à votre nom."
            ),
            httpx.codes.UNAUTHORIZED: ConnexionExpiree(
                "Votre connexion avec FranceConnect n’est plus valable pour cette demande."
            ),
            httpx.codes.FORBIDDEN: ErreurConnecteur(
                "Votre collectivité n’est pas habilitée à demander cette donnée."
            ),
            httpx.codes.UNPROCESSABLE_ENTITY: ErreurConnecteur(
                f"{SYSTEME} n’accepte pas l’état civil ou le SIRET envoyés."
            ),
        }
        if statut in refus:
            raise refus[httpx.codes(statut)]

    def _build_reponse(self, foyer: Foyer, trace: Trace) -> ReponseSource:
        quotient = foyer.quotient
        mois = f"{MOIS[quotient.mois - 1]} {quotient.annee}"
        caisse = CAISSES[quotient.fournisseur]
        valeurs = {
            "quotient_familial": quotient.valeur,
            "quotient_mois": mois,
            "quotient_caisse": caisse,
            "nombre_enfants": foyer.nombre_enfants,
            "adresse": foyer.adresse,
        }
        connus = {donnee.code for donnee in self.donnees}
        return ReponseSource(
            valeurs={
                code: valeur
                for code, valeur in valeurs.items()
                if code in connus and valeur is not None
            },
            date_donnee=date(quotient.annee, quotient.mois, 1),
            libelle_source=f"{caisse}, quotient de {mois}",
            trace=trace,
        )


def _ask_statut(url: str, mode: str, jeton: str = "") -> int:
    """Statut d’une demande sans personne.

    Raises:
        SystemeIndisponible: pas de réponse, panne ou trop de demandes.
        ErreurConnecteur: adresse refusée.
    """
    with http.translate_errors(SYSTEME), http.client(url, jeton=jeton, delai=DELAI) as client:
        reponse = client.get(f"{CHEMIN}/{mode}")
        if reponse.is_server_error or reponse.status_code == httpx.codes.TOO_MANY_REQUESTS:
            reponse.raise_for_status()
        return reponse.status_code


def _check_jeton(statut: int) -> None:
    """Le jeton est jugé avant les paramètres, ici absents : seuls 401 et 403 l’accusent."""
    if statut == httpx.codes.UNAUTHORIZED:
        raise ErreurConnecteur(f"{SYSTEME} refuse le jeton d’habilitation : faux ou périmé.")
    if statut == httpx.codes.FORBIDDEN:
        raise ErreurConnecteur("Le jeton d’habilitation ne donne pas droit au quotient familial.")


def build_appel(
    contexte: ContexteAppel, parametres: Parametres
) -> tuple[str, str, list[Parametre]]:
    """Chemin, jeton et paramètres de l’appel, selon le mode possible.

    Raises:
        ConnexionExpiree: ni jeton FranceConnect, ni jeton d’habilitation.
        ErreurConnecteur: état civil insuffisant pour le mode « identité ».
    """
    recherche: list[Parametre] = [("recipient", contexte.siret_destinataire)]
    if contexte.jeton_franceconnect:
        return f"{CHEMIN}/france_connect", contexte.jeton_franceconnect, recherche
    jeton = parametres.jeton.get_secret_value()
    if not jeton:
        raise ConnexionExpiree("Connectez-vous avec FranceConnect pour récupérer cette donnée.")
    return f"{CHEMIN}/identite", jeton, recherche + build_etat_civil(contexte.identite)


def build_etat_civil(identite: Mapping[str, Any]) -> list[Parametre]:
    """Paramètres d’état civil, depuis une identité aux clés de FranceConnect.

    Raises:
        ErreurConnecteur: nom, prénom, sexe ou lieu de naissance manquant.
    """
    nom = str(identite.get("family_name") or "").strip()
    prenoms = str(identite.get("given_name") or "").split()[:PRENOMS_MAX]
    sexe = SEXES.get(str(identite.get("gender") or ""), "")
    pays = str(identite.get("birthcountry") or "")
    commune = str(identite.get("birthplace") or "")
    if not (nom and prenoms and sexe and pays) or (pays == FRANCE and not commune):
        raise ErreurConnecteur(
            "Il faut le nom, les prénoms, le sexe, la date et le lieu de naissance complets "
            "pour demander cette donnée."
        )
    parametres: list[Parametre] = [("nomNaissance", nom), ("sexeEtatCivil", sexe)]
    parametres += [("prenoms[]", prenom) for prenom in prenoms]
    parametres += [("codeCogInseePaysNaissance", pays)]
    if pays == FRANCE:
        parametres += [("codeCogInseeCommuneNaissance", commune)]
    usage = str(identite.get("preferred_username") or "").strip()
    if usage and usage != nom:
        parametres += [("nomUsage", usage)]
    return parametres + build_naissance(str(identite.get("birthdate") or ""))


def build_naissance(birthdate: str) -> list[Parametre]:
    """Année, mois et jour de « AAAA-MM-JJ » ; un mois ou un jour « 00 » n’est pas envoyé."""
    noms = ("anneeDateNaissance", "moisDateNaissance", "jourDateNaissance")
    morceaux: list[Parametre] = []
    for nom, morceau in zip(noms, birthdate.split("-"), strict=False):
        if not morceau.isdecimal() or int(morceau) == 0:
            break
        morceaux.append((nom, str(int(morceau))))
    return morceaux


def build_trace(chemin: str, reponse: httpx.Response | None) -> Trace:
    if reponse is None:
        return Trace(endpoint=chemin, statut_http=0, identifiant_requete="")
    return Trace(
        endpoint=chemin,
        statut_http=reponse.status_code,
        identifiant_requete=reponse.headers.get("X-Request-ID", "")[:100],
        depuis_cache=reponse.headers.get("X-Response-Cached", "") == "true",
    )
