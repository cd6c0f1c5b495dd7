"""Les deux adresses du quotient familial : ordre des contrôles, quota, cache, masque."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from socle.simulateurs.api_particulier.erreurs import create_erreur
from socle.simulateurs.api_particulier.foyers import FOYERS
from socle.simulateurs.api_particulier.recherche import (
    check_presence,
    find_code,
    read_etat_civil,
)
from socle.simulateurs.commun.reponses import json_response
from socle.simulateurs.commun.siret import is_siret
from socle.simulateurs.configuration import JETON_API_PARTICULIER
from socle.simulateurs.contexte import Contexte
from socle.simulateurs.oidc.fournisseur import Fournisseur
from socle.simulateurs.oidc.informations import read_acces, read_bearer

PERIMETRES = ("cnaf_quotient_familial", "cnaf_allocataires", "cnaf_enfants", "cnaf_adresse")
JETONS: dict[str, tuple[str, ...]] = {
    JETON_API_PARTICULIER: PERIMETRES,
    "jeton-quotient-seul": ("cnaf_quotient_familial",),
    "jeton-sans-droit": (),
}
JETONS_REFUSES = {"jeton-expire": "00103", "jeton-liste-noire": "00105"}
DUREE_CACHE = 86_400
CACHE_MAX = 5_000
FENETRE = 60
PANNES = {"404": "35003", "409": "00015", "429": "00429", "502": "37999", "504": "37002"}


class ApiParticulier:
    """État d’API Particulier : cache de 24 heures, compteurs de requêtes, appels en cours."""

    def __init__(self, contexte: Contexte, franceconnect: Fournisseur) -> None:
        self.contexte = contexte
        self.franceconnect = franceconnect
        self._verrou = threading.Lock()
        self._cache: OrderedDict[str, float] = OrderedDict()
        self._compteurs: dict[str, tuple[int, int]] = {}
        self._en_cours: set[str] = set()

    def show_identite(self, requete: Request) -> Response:
        """`/v3/dss/quotient_familial/identite` : jeton d’habilitation et état civil.

        Raises:
            ErreurJson: avec les codes d’API Particulier.
        """
        jeton = read_bearer(requete)
        if jeton in JETONS_REFUSES:
            raise create_erreur(JETONS_REFUSES[jeton])
        if jeton not in JETONS:
            raise create_erreur("00101")
        entetes = self._count(jeton)
        self._check_droits(JETONS[jeton])
        self._check_recipient(requete)
        etat_civil = read_etat_civil(requete.args)
        cle = f"{jeton} {sorted(requete.args.items(multi=True))}"

        def find() -> tuple[str, str]:
            return find_code(etat_civil), etat_civil.panne

        return self._answer(requete, cle, find, JETONS[jeton], entetes)

    def show_france_connect(self, requete: Request) -> Response:
        """`/v3/dss/quotient_familial/france_connect` : le jeton d’accès FranceConnect suffit.

        Raises:
            ErreurJson: avec les codes d’API Particulier ; 401 si le jeton a plus de 60 s.
        """
        acces = read_acces(self.franceconnect, read_bearer(requete))
        if acces is None:
            raise create_erreur("00101")
        entetes = self._count("franceconnect")
        scopes = tuple(scope for scope in acces.scopes if scope in PERIMETRES)
        self._check_droits(scopes)
        self._check_recipient(requete)
        cle = f"fc {acces.sub} {sorted(scopes)} {sorted(requete.args.items(multi=True))}"

        def find() -> tuple[str, str]:
            return acces.identite, acces.particulier

        return self._answer(requete, cle, find, scopes, entetes)

    def _answer(
        self,
        requete: Request,
        cle: str,
        find: Callable[[], tuple[str, str]],
        scopes: tuple[str, ...],
        entetes: dict[str, str],
    ) -> Response:
        annee, mois = self._read_periode(requete)
        with self._verrou:
            if cle in self._en_cours:
                raise create_erreur("00015", entetes)
            self._en_cours.add(cle)
        try:
            code, panne = find()
            entetes = {**entetes, **self._read_cache(cle, requete)}
            speciale = self._play(panne, entetes)
            if speciale is not None:
                return speciale
            check_presence(code)
            self._write_cache(cle)
        finally:
            with self._verrou:
                self._en_cours.discard(cle)
        donnees = self._create_donnees(code, scopes, annee, mois)
        if panne == "incomplet":
            donnees.pop("quotient_familial", None)
        return json_response({"data": donnees, "links": {}, "meta": {}}, entetes=entetes)

    def _play(self, panne: str, entetes: dict[str, str]) -> Response | None:
        if panne in PANNES:
            attente = {"Retry-After": "30"} if panne == "429" else {}
            raise create_erreur(PANNES[panne], {**entetes, **attente})
        if panne == "lent":
            self.contexte.wait_slowly()
        if panne == "non_json":
            return Response("<html>Service en maintenance</html>", 200, entetes)
        return None

    def _create_donnees(
        self, code: str, scopes: tuple[str, ...], annee: int, mois: int
    ) -> dict[str, Any]:
        foyer = FOYERS[code]
        aujourdhui = datetime.fromtimestamp(self.contexte.horloge(), UTC)
        toutes: dict[str, Any] = {
            "cnaf_allocataires": [membre.as_dict() for membre in foyer.allocataires],
            "cnaf_enfants": [membre.as_dict() for membre in foyer.enfants],
            "cnaf_adresse": foyer.describe_adresse(),
            "cnaf_quotient_familial": {
                "fournisseur": foyer.fournisseur,
                "valeur": foyer.valeur,
                "annee": annee,
                "mois": mois,
                "annee_calcul": aujourdhui.year,
                "mois_calcul": aujourdhui.month,
            },
        }
        return {nom.removeprefix("cnaf_"): toutes[nom] for nom in PERIMETRES if nom in scopes}

    def _read_periode(self, requete: Request) -> tuple[int, int]:
        """Année et mois voulus : ceux d’aujourd’hui par défaut, deux ans d’historique au plus."""
        aujourdhui = datetime.fromtimestamp(self.contexte.horloge(), UTC)
        try:
            annee = int(requete.args.get("annee", aujourdhui.year))
            mois = int(requete.args.get("mois", aujourdhui.month))
        except ValueError as cause:
            raise create_erreur("00366") from cause
        recul = (aujourdhui.year - annee) * 12 + aujourdhui.month - mois
        if not (1 <= mois <= 12 and 0 <= recul <= 24):
            raise create_erreur("00366")
        return annee, mois

    @staticmethod
    def _check_droits(scopes: tuple[str, ...]) -> None:
        if not scopes:
            raise create_erreur("00100")

    @staticmethod
    def _check_recipient(requete: Request) -> None:
        recipient = requete.args.get("recipient", "")
        if not recipient:
            raise create_erreur("00203")
        if not is_siret(recipient):
            raise create_erreur("00210")

    def _count(self, jeton: str) -> dict[str, str]:
        """Compte la requête du jeton dans la minute ; en-têtes RateLimit de la réponse."""
        maintenant = int(self.contexte.horloge())
        fenetre = maintenant // FENETRE
        quota = self.contexte.configuration.quota
        with self._verrou:
            debut, nombre = self._compteurs.get(jeton, (fenetre, 0))
            nombre = nombre + 1 if debut == fenetre else 1
            self._compteurs[jeton] = (fenetre, nombre)
        entetes = {
            "RateLimit-Limit": str(quota),
            "RateLimit-Remaining": str(max(0, quota - nombre)),
            "RateLimit-Reset": str((fenetre + 1) * FENETRE),
        }
        if nombre > quota:
            attente = str((fenetre + 1) * FENETRE - maintenant)
            raise create_erreur("00429", {**entetes, "Retry-After": attente})
        return entetes

    def _read_cache(self, cle: str, requete: Request) -> dict[str, str]:
        maintenant = self.contexte.horloge()
        with self._verrou:
            echeance = self._cache.get(cle, 0.0)
        force = "no-cache" in requete.headers.get("Cache-Control", "")
        garde = echeance > maintenant and not force
        return {
            "X-Response-Cached": "true" if garde else "false",
            "X-Cache-Expires-in": str(int(echeance - maintenant)) if garde else "",
        }

    def _write_cache(self, cle: str) -> None:
        maintenant = self.contexte.horloge()
        with self._verrou:
            if self._cache.get(cle, 0.0) <= maintenant:
                self._cache.pop(cle, None)
                self._cache[cle] = maintenant + DUREE_CACHE
            while len(self._cache) > CACHE_MAX:
                self._cache.popitem(last=False)


def add_request_id(reponse: Response) -> Response:
    """Toute réponse d’API Particulier porte `X-Request-ID`, à garder dans la trace de l’appel."""
    reponse.headers["X-Request-ID"] = secrets.token_hex(16)
    return reponse
