"""La seule porte vers le réseau : temps borné, taille bornée, aucune redirection, garde SSRF.

Une adresse saisie par un administrateur ne doit pas faire parler Socle à sa propre machine ni au
réseau interne. Le nom est donc résolu ici, chaque adresse obtenue est vérifiée, et la connexion se
fait à l’adresse vérifiée : un nom qui change de réponse entre les deux ne trompe personne.
Seule exception : les simulateurs du bac à sable (`settings.SIMULATEURS_URL`).
"""

import ipaddress
import logging
import socket
import ssl
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from socle.fondations.commun.errors import ErreurConnecteur, SystemeIndisponible

# Sans la ligne de commande de httpx (rich, click) : 7 Mo et la moitié du chargement en moins.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
import httpcore  # noqa: E402
import httpx  # noqa: E402

DELAI = 8.0  # secondes, pour l’échange entier : connexion, envoi, réponse
TAILLE_MAX = 4 * 1024 * 1024  # octets d’une réponse
NAT64 = ipaddress.ip_network("64:ff9b::/96")
trace = logging.getLogger("socle.http")


class AdresseRefusee(ErreurConnecteur):
    """L’adresse mène au réseau interne, ou n’est pas une adresse de service."""


class ReponseTropGrande(ErreurConnecteur):
    """La réponse dépasse la taille permise."""


def client(
    base_url: str,
    *,
    jeton: str = "",
    delai: float = DELAI,
    taille_max: int = TAILLE_MAX,
    entetes: dict[str, str] | None = None,
) -> httpx.Client:
    """Ouvre un client HTTP borné, à employer dans un `with` et dans un seul fil.

    Args:
        base_url: « https://… » ; « http:// » seulement sans jeton, ou vers les simulateurs.
        jeton: porté en `Authorization: Bearer`, jamais écrit dans un journal.
        delai: secondes permises à chaque échange, du premier octet envoyé au dernier reçu.
        taille_max: octets permis à chaque réponse.

    Raises:
        AdresseRefusee: adresse interne, en clair avec un jeton, ou mal formée (à l’ouverture ou à
            l’envoi).
        ReponseTropGrande: à la lecture.
        httpx.TransportError: panne ou délai dépassé ; voir `translate_errors`.
    """
    check_adresse(base_url, secret=bool(jeton))
    defauts = {
        "User-Agent": f"Socle/{settings.VERSION} (+{settings.ADRESSE})",
        "Accept-Encoding": "identity",  # rien à décompresser : la taille lue est la vraie taille
    }
    if jeton:
        defauts["Authorization"] = f"Bearer {jeton}"
    return httpx.Client(
        base_url=base_url,
        headers=defauts | (entetes or {}),
        timeout=delai,
        follow_redirects=False,
        transport=TransportGarde(
            delai=delai, taille_max=taille_max, origine=_read_origine(base_url) if jeton else None
        ),
    )


@contextmanager
def translate_errors(systeme: str) -> Iterator[None]:
    """Traduit les pannes d’un échange. `systeme` commence la phrase : « L’API Géo ».

    Raises:
        SystemeIndisponible: pas de réponse, délai dépassé, 5xx, 429 : à relancer.
        ErreurConnecteur: autre statut d’erreur (après `raise_for_status`) ou corps illisible.
    """
    try:
        yield
    except httpx.HTTPStatusError as cause:
        statut = cause.response.status_code
        if statut == httpx.codes.TOO_MANY_REQUESTS:
            raise SystemeIndisponible(f"{systeme} reçoit trop de demandes.") from cause
        if statut >= 500:  # le code est à la trace « appel_sortant », pas dans la phrase
            raise SystemeIndisponible(f"{systeme} ne répond pas en ce moment.") from cause
        raise ErreurConnecteur(f"{systeme} refuse la demande ({statut}).") from cause
    except httpx.TransportError as cause:
        raise SystemeIndisponible(f"{systeme} ne répond pas.") from cause
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as cause:
        raise ErreurConnecteur(f"{systeme} a donné une réponse illisible.") from cause


def read_objet(reponse: httpx.Response) -> dict[str, Any]:
    """Rend l’objet JSON d’une réponse 2xx ; à appeler sous `translate_errors`.

    Raises:
        httpx.HTTPStatusError: la réponse n’est pas 2xx (une redirection est une erreur).
        ValueError: le corps n’est pas un objet JSON.
    """
    objet = reponse.raise_for_status().json()
    if not isinstance(objet, dict):
        raise ValueError("objet JSON attendu")
    return objet


def check_adresse(adresse: str, *, secret: bool = False) -> None:
    """Vérifie la forme d’une adresse de service (le nom n’est résolu qu’à la connexion).

    Raises:
        AdresseRefusee: ni http ni https, identifiants dans l’adresse, hôte absent ou interne ;
            ou en clair alors qu’un secret doit y passer.
    """
    try:
        lue = urlsplit(adresse)
        hote, _ = lue.hostname, lue.port
    except ValueError as cause:
        raise AdresseRefusee("Cette adresse est mal formée.") from cause
    if lue.scheme not in {"http", "https"} or not hote or "@" in lue.netloc:
        raise AdresseRefusee("Une adresse de service commence par https:// et nomme un hôte.")
    if is_simulateur(adresse):
        return
    if secret and lue.scheme != "https":
        raise AdresseRefusee("Un secret ne passe jamais en clair : l’adresse doit être en https.")
    if _is_adresse_ip(hote) and not is_publique(hote):
        raise AdresseRefusee("Cette adresse mène au réseau interne.")


def is_simulateur(adresse: str) -> bool:
    """Vrai si l’adresse est celle d’un simulateur, et que le bac à sable est ouvert."""
    racine = settings.SIMULATEURS_URL.rstrip("/")
    if not (settings.BAC_A_SABLE and racine):
        return False
    lue, prefixe = urlsplit(adresse), urlsplit(racine)
    if (lue.scheme, lue.netloc) != (prefixe.scheme, prefixe.netloc):
        return False
    segments = lue.path.lower().replace("%2e", ".").split("/")
    return ".." not in segments and f"{lue.path}/".startswith(f"{prefixe.path}/")


def is_publique(adresse: str) -> bool:
    """Vrai si l’adresse IP est sur l’Internet public (ni privée, ni locale, ni multidiffusion)."""
    ip = ipaddress.ip_address(adresse.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        cachee = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            cachee = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if cachee:
            return is_publique(str(cachee))
    return ip.is_global and not ip.is_multicast


class TransportGarde(httpx.BaseTransport):
    """Transport qui résout, vérifie et épingle l’adresse, et borne temps et taille."""

    def __init__(
        self, *, delai: float, taille_max: int, origine: tuple[str, str] | None = None
    ) -> None:
        self.delai, self.taille_max, self.origine = delai, taille_max, origine
        self.echeance = Echeance()
        self.garde = _PileTransport(ReseauGarde(self.echeance, libre=False))
        self.libre = _PileTransport(ReseauGarde(self.echeance, libre=True))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        adresse = str(request.url)
        check_adresse(adresse, secret="Authorization" in request.headers)
        if self.origine not in {None, _read_origine(adresse)}:
            raise AdresseRefusee("Le jeton d’un service ne part jamais vers un autre.")
        debut = time.monotonic()
        self.echeance.fin = debut + self.delai
        statut = 0
        try:
            pile = self.libre if is_simulateur(adresse) else self.garde
            reponse = pile.handle_request(request)
            statut = reponse.status_code
        finally:  # ni chemin, ni paramètres : ils peuvent nommer une personne
            trace.info(
                "appel_sortant",
                extra={
                    "hote": request.url.host,
                    "methode": request.method,
                    "statut": statut,
                    "ms": round((time.monotonic() - debut) * 1000, 1),
                },
            )
        return self.bound(reponse)

    def bound(self, reponse: httpx.Response) -> httpx.Response:
        """Refuse une réponse compressée (bombe) ou annoncée trop grande ; borne la lecture."""
        annonce = reponse.headers.get("Content-Length", "")
        codage = reponse.headers.get("Content-Encoding", "identity").strip().lower()
        if codage != "identity":
            reponse.close()
            raise ErreurConnecteur("Le système distant répond sous une forme non demandée.")
        if annonce.isdecimal() and int(annonce) > self.taille_max:
            reponse.close()
            raise ReponseTropGrande("La réponse du système distant est trop grande.")
        reponse.stream = FluxBorne(reponse.stream, self.taille_max)  # type: ignore[arg-type]
        return reponse

    def close(self) -> None:
        self.garde.close()
        self.libre.close()


class FluxBorne(httpx.SyncByteStream):
    """Corps d’une réponse, coupé dès qu’il dépasse la taille permise."""

    def __init__(self, flux: httpx.SyncByteStream, taille_max: int) -> None:
        self.flux, self.taille_max = flux, taille_max

    def __iter__(self) -> Iterator[bytes]:
        lus = 0
        for morceau in self.flux:
            lus += len(morceau)
            if lus > self.taille_max:
                raise ReponseTropGrande("La réponse du système distant est trop grande.")
            yield morceau

    def close(self) -> None:
        self.flux.close()


class Echeance:
    """Instant (horloge monotone) où l’échange en cours doit être fini."""

    fin = 0.0

    def bound(self, delai: float | None, erreur: type[Exception]) -> float:
        reste = self.fin - time.monotonic()
        if reste <= 0:
            raise erreur("délai dépassé")
        return reste if delai is None else min(delai, reste)


class ReseauGarde(httpcore.NetworkBackend):
    """Ouvre les connexions : une seule résolution, vérifiée, puis l’adresse obtenue."""

    def __init__(self, echeance: Echeance, *, libre: bool) -> None:
        self.echeance, self.libre = echeance, libre
        self.reseau = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        panne: Exception = httpcore.ConnectError("aucune adresse")
        for adresse in self.resolve(host, port):
            delai = self.echeance.bound(timeout, httpcore.ConnectTimeout)
            try:
                flux = self.reseau.connect_tcp(adresse, port, delai, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as cause:
                panne = cause
            else:
                return FluxReseau(flux, self.echeance)
        raise panne

    def resolve(self, hote: str, port: int) -> list[str]:
        """Rend les adresses du nom, IPv4 d’abord ; une seule adresse interne fait tout refuser."""
        try:
            reponses = socket.getaddrinfo(hote, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as cause:
            raise httpcore.ConnectError("nom inconnu") from cause
        reponses.sort(key=lambda reponse: reponse[0] != socket.AF_INET)
        adresses = list(dict.fromkeys(str(reponse[4][0]) for reponse in reponses))
        if not self.libre and not all(is_publique(adresse) for adresse in adresses):
            raise AdresseRefusee("Cette adresse mène au réseau interne.")
        return adresses


class FluxReseau(httpcore.NetworkStream):
    """Connexion dont chaque attente s’arrête à l’échéance : un goutte-à-goutte ne dure pas."""

    def __init__(self, flux: httpcore.NetworkStream, echeance: Echeance) -> None:
        self.flux, self.echeance = flux, echeance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.flux.read(max_bytes, self.echeance.bound(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.flux.write(buffer, self.echeance.bound(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.flux.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        delai = self.echeance.bound(timeout, httpcore.ConnectTimeout)
        return FluxReseau(self.flux.start_tls(ssl_context, server_hostname, delai), self.echeance)

    def get_extra_info(self, info: str) -> Any:
        return self.flux.get_extra_info(info)


class _PileTransport(httpx.HTTPTransport):
    """Transport de httpx posé sur notre réseau."""

    def __init__(self, reseau: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_create_contexte_tls(),
            max_connections=4,
            network_backend=reseau,
        )


@cache
def _create_contexte_tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _read_origine(adresse: str) -> tuple[str, str]:
    lue = urlsplit(adresse)
    return lue.scheme.lower(), lue.netloc.lower()


def _is_adresse_ip(hote: str) -> bool:
    try:
        ipaddress.ip_address(hote.split("%", 1)[0])
    except ValueError:
        return False
    return True
