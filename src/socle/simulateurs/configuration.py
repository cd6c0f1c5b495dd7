"""Réglages des simulateurs : adresse publique, clients connus, lenteur, quotas."""

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOURNISSEURS = ("franceconnect", "franceconnect-plus", "proconnect")
SECRET_DEMO = "secret-de-demonstration"  # noqa: S105  (public : il n’ouvre que le bac à sable)
JETON_API_PARTICULIER = "jeton-de-demonstration"


class ConfigurationInvalide(Exception):
    """Le fichier de configuration est illisible ou nomme un réglage inconnu."""


@dataclass(frozen=True)
class Client:
    """Un service inscrit auprès d’un fournisseur d’identité simulé.

    Attributes:
        redirections: adresses de retour exactes, comme chez le vrai fournisseur.
        prefixes: débuts d’adresses acceptés en plus (démonstration seulement).
        deconnexions: adresses de retour après déconnexion, exactes ; les préfixes valent aussi.
        algorithme: signature de l’`id_token` et du `userinfo` (ES256 ou RS256).
        entite: `entityId` de FranceConnect ; deux clients de la même entité reçoivent le même sub.
        jwks, jwks_uri: clés publiques du service (chiffrement, `private_key_jwt`).
        chiffrement: RSA-OAEP, RSA-OAEP-256 ou ECDH-ES ; vide = réponses signées seulement.
        scopes: périmètres permis ; vide = tous.
        amr: habilité à demander `amr` à FranceConnect.
        secteur_public: ProConnect n’y laisse entrer que des agents publics.
    """

    client_id: str
    secret: str = ""
    nom: str = "Service de démonstration"
    redirections: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    deconnexions: tuple[str, ...] = ()
    algorithme: str = "ES256"
    entite: str = "socle-demo"
    jwks: dict[str, Any] | None = None
    jwks_uri: str = ""
    chiffrement: str = ""
    scopes: tuple[str, ...] = ()
    amr: bool = True
    secteur_public: bool = False

    def accepts_return(self, adresse: str) -> bool:
        """Vrai si l’adresse est inscrite, au caractère près, ou sous un préfixe permis."""
        return adresse in self.redirections or self._is_under_prefix(adresse)

    def accepts_logout(self, adresse: str) -> bool:
        """Vrai si l’adresse de retour après déconnexion est inscrite ou sous un préfixe permis."""
        return adresse in self.deconnexions or self._is_under_prefix(adresse)

    def _is_under_prefix(self, adresse: str) -> bool:
        lue = urlsplit(adresse)
        if lue.scheme not in {"http", "https"} or lue.fragment or "@" in lue.netloc:
            return False
        if "\\" in adresse or "/../" in f"{lue.path}/" or not adresse.isprintable():
            return False
        return any(self._matches(lue, urlsplit(prefixe)) for prefixe in self.prefixes)

    @staticmethod
    def _matches(lue: Any, prefixe: Any) -> bool:
        memes = (lue.scheme, lue.netloc) == (prefixe.scheme, prefixe.netloc)
        chemin = prefixe.path if prefixe.path.endswith("/") else f"{prefixe.path}/"
        return bool(memes and lue.path.startswith(chemin))


@dataclass(frozen=True)
class Configuration:
    """Tout ce qui règle les simulateurs.

    Attributes:
        base_url: adresse publique sans barre finale, par exemple http://localhost:8000/simulateurs.
        clients: par fournisseur d’identité, les services inscrits, clés = `client_id`.
        lenteur: secondes d’attente des défaillances « lent » (au-delà des 5 s des connecteurs).
        quota: requêtes par minute et par jeton avant le 429 d’API Particulier.
        organisations: SIRET et nom des deux collectivités de la démonstration.
    """

    base_url: str
    clients: dict[str, dict[str, Client]] = field(default_factory=dict)
    lenteur: float = 8.0
    quota: int = 1000
    organisations: dict[str, dict[str, str]] = field(default_factory=dict)

    def get_client(self, fournisseur: str, client_id: str) -> Client | None:
        return self.clients.get(fournisseur, {}).get(client_id)


ORGANISATIONS_DEMO = {
    "commune": {"siret": "21920023500014", "nom": "Commune de Clamart"},
    "epci": {"siret": "20005796600018", "nom": "Vallée Sud – Grand Paris"},
}


def create_configuration(
    base_url: str,
    *,
    fichier: Path | None = None,
    prefixes: tuple[str, ...] = (),
    lenteur: float = 8.0,
) -> Configuration:
    """Réglages par défaut, complétés par un fichier JSON.

    Le client `socle-demo` accepte toute adresse de retour sous l’origine de `base_url` et sous
    `prefixes`. Le fichier peut donner `lenteur`, `quota`, `organisations` et `clients`
    (`{"proconnect": [{"client_id": …}]}`) ; un client de même identifiant remplace celui d’avance.

    Raises:
        ConfigurationInvalide: fichier illisible, réglage ou fournisseur inconnu.
    """
    base_url = base_url.rstrip("/")
    lue = urlsplit(base_url)
    if lue.scheme not in {"http", "https"} or not lue.netloc:
        raise ConfigurationInvalide("L’adresse publique doit commencer par http:// ou https://.")
    demo = Client(
        client_id="socle-demo",
        secret=SECRET_DEMO,
        prefixes=(f"{lue.scheme}://{lue.netloc}/", *prefixes),
    )
    clients = {fournisseur: {demo.client_id: demo} for fournisseur in FOURNISSEURS}
    donnees = _read(fichier)
    for fournisseur, liste in donnees.pop("clients", {}).items():
        if fournisseur not in FOURNISSEURS:
            raise ConfigurationInvalide(f"Fournisseur inconnu : « {fournisseur} ».")
        clients[fournisseur].update(_read_clients(liste))
    inconnus = set(donnees) - {"lenteur", "quota", "organisations"}
    if inconnus:
        raise ConfigurationInvalide(f"Réglages inconnus : {', '.join(sorted(inconnus))}.")
    organisations = {**ORGANISATIONS_DEMO, **donnees.pop("organisations", {})}
    return Configuration(
        base_url=base_url,
        clients=clients,
        organisations=organisations,
        **{"lenteur": lenteur, **donnees},
    )


def _read(fichier: Path | None) -> dict[str, Any]:
    if fichier is None:
        return {}
    try:
        donnees = json.loads(fichier.read_text("utf-8"))
    except (OSError, ValueError) as cause:
        raise ConfigurationInvalide(f"Configuration illisible : {fichier}.") from cause
    if not isinstance(donnees, dict):
        raise ConfigurationInvalide("La configuration doit être un objet JSON.")
    return donnees


def _read_clients(liste: list[dict[str, Any]]) -> dict[str, Client]:
    connus = {champ.name for champ in fields(Client)}
    lus = {}
    for donnees in liste:
        inconnus = set(donnees) - connus
        if inconnus or not donnees.get("client_id"):
            raise ConfigurationInvalide(
                f"Client mal décrit : {', '.join(sorted(inconnus)) or 'client_id absent'}."
            )
        valeurs: dict[str, Any] = {
            nom: tuple(valeur) if isinstance(valeur, list) else valeur
            for nom, valeur in donnees.items()
        }
        client = Client(**valeurs)
        lus[client.client_id] = client
    return lus
