"""Ce que le moteur attend du dehors : les données que l’État détient, l’annuaire des SIRET.

Un connecteur remplit ces ports et s’inscrit dans le registre depuis `apps.ready()`. Le moteur
n’appelle jamais le réseau lui-même : la vue appelle la source, hors transaction, puis donne la
réponse à `moteur.FormulaireCompile.apply_source`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from socle.fondations.commun.registre import Registre


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneeProposee:
    """Une donnée qu’une source sait fournir.

    Attributes:
        code: nom stable, clé de `ReponseSource.valeurs` (« revenu_fiscal_reference »).
        libelle: nom montré à la personne avant l’appel, et à l’agent qui construit le formulaire.
        type: code du type de champ qui peut la recevoir (« nombre_entier », « date »…).
        description: précision facultative, une phrase.
        facultative: vrai si la source peut répondre sans cette donnée.
    """

    code: str
    libelle: str
    type: str
    description: str = ""
    facultative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContexteAppel:
    """Ce qu’il faut pour interroger une source. Ne vit que le temps de l’appel.

    Attributes:
        identite: identité pivot ou identité saisie, aux clés de FranceConnect (`given_name`,
            `family_name`, `birthdate`, `gender`, `birthplace`, `birthcountry`, `sub`…).
        jeton_franceconnect: jeton d’accès de 60 secondes, jamais stocké ; vide sans FranceConnect.
        siret_destinataire: SIRET de la collectivité qui demande (« recipient »), 14 chiffres.
        reference: référence du dossier ou du brouillon, pour la trace de l’échange.
        parametres: réglages de la démarche pour cette source (année, identifiant de téléservice).
        maintenant: instant de l’appel, avec fuseau.
    """

    identite: Mapping[str, Any]
    jeton_franceconnect: str = field(default="", repr=False)
    siret_destinataire: str
    reference: str
    parametres: Mapping[str, Any] = field(default_factory=dict)
    maintenant: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Ce que l’on garde d’un appel, pour la personne et pour le contrôle, sans sa réponse.

    Attributes:
        endpoint: chemin appelé avec sa version (« /v3/dss/quotient_familial/france_connect »).
        statut_http: code de la réponse ; 0 si aucune réponse n’est venue.
        identifiant_requete: identifiant donné par le fournisseur (`X-Request-ID`) ou par nous.
        depuis_cache: vrai si le fournisseur a servi une réponse déjà calculée.

    Source: code des relations entre le public et l’administration, art. R. 114-9-7 (36 mois).
    """

    endpoint: str
    statut_http: int
    identifiant_requete: str
    depuis_cache: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseSource:
    """Réponse d’une source, déjà lue et typée.

    Attributes:
        valeurs: code de `DonneeProposee` → valeur Python simple (str, int, Decimal, date, bool,
            ou la forme JSON du type de champ). Une donnée absente n’a pas de clé.
        date_donnee: jour ou période que la donnée décrit, None si la source ne le dit pas.
        libelle_source: « Direction générale des finances publiques, avis d’impôt 2025 ».
        trace: trace de l’appel.
    """

    valeurs: Mapping[str, Any]
    date_donnee: date | None
    libelle_source: str
    trace: Trace


@runtime_checkable
class SourceDonnees(Protocol):
    """Un service de l’État (ou d’un autre organisme) qui répond à la place de la personne.

    `fetch` lève `SystemeIndisponible` (à relancer) ou `ErreurConnecteur` (à montrer, la phrase
    est en français et lisible par la personne). L’attribut facultatif `trace` de l’exception
    porte la `Trace` de l’échec quand un appel a eu lieu.

    Attributes:
        code: clé du registre (« impots_revenu », « cnaf_quotient »).
        titre: « Revenu fiscal et nombre de parts ».
        organisme: « Direction générale des finances publiques ».
        finalite: pourquoi, montré avant l’appel, sans point final.
        donnees: ce que la source peut fournir.
        scopes: portées FranceConnect à demander pour avoir un jeton utile ; vide sans
            FranceConnect.
    """

    code: str
    titre: str
    organisme: str
    finalite: str
    donnees: tuple[DonneeProposee, ...]
    scopes: tuple[str, ...]

    def fetch(self, contexte: ContexteAppel) -> ReponseSource: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Etablissement:
    """Établissement trouvé par son SIRET. Les champs inconnus sont vides."""

    siret: str
    nom: str
    adresse: str = ""
    code_commune: str = ""
    actif: bool = True
    libelle_source: str = ""


@runtime_checkable
class AnnuaireEtablissements(Protocol):
    """Recherche d’un établissement par SIRET.

    `find_etablissement` rend None quand le SIRET n’existe pas, lève `SystemeIndisponible` ou
    `ErreurConnecteur` quand l’annuaire ne répond pas.
    """

    def find_etablissement(self, siret: str) -> Etablissement | None: ...


sources: Registre[SourceDonnees] = Registre("source de données")
etablissements: Registre[AnnuaireEtablissements] = Registre("annuaire des établissements")
