"""Réponse d’un service d’archives, lue comme une donnée hostile : ni DTD, ni entité, ni arbre.

`Acknowledgement` dit que le message est arrivé ; `ArchiveTransferReply` (ATR) dit s’il est pris en
charge. Les ATR de refus de Vitam ne sont pas valides au schéma (identifiants vides) : on lit ce qui
est là, et l’appelant juge.

Source: SEDA 2.1 à 2.3 (NF Z44-022), messages `Acknowledgement` et `ArchiveTransferReply`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lxml import etree

VERSIONS_LUES = ("2.1", "2.2", "2.3")
OCTETS_MAX = 4 << 20
NIVEAUX_MAX = 120
EVENEMENTS_MAX = 200
UNITES_MAX = 5_000
CARACTERES_MAX = 2_000
_PREFIXE = "fr:gouv:culture:archivesdefrance:seda:v"
_PARIS = ZoneInfo("Europe/Paris")
_ANNEES = range(1990, 2200)
_MORCEAU = 64 * 1024


class ReponseIllisible(Exception):
    """Le fichier n’est pas une réponse lisible. `message` dit quoi, `suite` dit quoi faire."""

    def __init__(self, message: str, suite: str) -> None:
        super().__init__(message)
        self.message, self.suite = message, suite


class GenreDeReponse(StrEnum):
    """Les deux messages lus, par le nom de leur racine."""

    ACCUSE = "Acknowledgement"
    TRANSFERT = "ArchiveTransferReply"


class CodeDeReponse(StrEnum):
    """Ce que dit `ReplyCode` ; WARNING : pris en charge, avec des remarques."""

    OK = "OK"
    WARNING = "WARNING"
    KO = "KO"


_GENRES = frozenset(genre.value for genre in GenreDeReponse)
_CODES = {code.value: code for code in CodeDeReponse}


@dataclass(slots=True)
class EvenementLu:
    """Un événement d’`Operation`. Textes tels quels, vides s’ils manquent."""

    code: str = ""
    libelle: str = ""
    resultat: str = ""
    detail: str = ""
    message: str = ""
    donnees: str = ""


@dataclass(slots=True)
class UniteLue:
    """Ce que le service d’archives donne à une unité : son identifiant, et une cote s’il y en a."""

    systeme: str = ""
    cote: str = ""


@dataclass(slots=True)
class ReponseLue:
    """Une réponse du service d’archives.

    Attributes:
        version: « 2.1 », « 2.2 » ou « 2.3 ».
        identifiant: celui de la réponse (`MessageIdentifier`).
        repond_a: celui du versement (`MessageRequestIdentifier` ou `MessageReceivedIdentifier`).
        code: None pour un accusé, ou si l’ATR n’en porte pas.
        code_ecrit: `ReplyCode` tel quel, même inconnu.
        date: du message ; heure de Paris si le fichier ne dit pas le fuseau ; None si illisible.
        prise_en_charge: `GrantDate`, None si elle manque.
        service: identifiant du service d’archives.
        unites: identifiant de l’unité dans le bordereau → ce que les archives lui donnent.
    """

    genre: GenreDeReponse
    version: str
    identifiant: str = ""
    repond_a: str = ""
    code: CodeDeReponse | None = None
    code_ecrit: str = ""
    date: datetime | None = None
    prise_en_charge: datetime | None = None
    service: str = ""
    commentaire: str = ""
    evenements: list[EvenementLu] = field(default_factory=list)
    unites: dict[str, UniteLue] = field(default_factory=dict)


def read_reponse(octets: bytes) -> ReponseLue:
    """Lit un accusé ou une réponse de transfert SEDA 2.1, 2.2 ou 2.3, en mémoire bornée.

    Rien au-delà de `EVENEMENTS_MAX` événements et de `UNITES_MAX` unités n’est gardé, et un texte
    est coupé à `CARACTERES_MAX` caractères.

    Raises:
        ReponseIllisible: trop lourd, mal formé, DTD, trop profond, autre message, autre version.
    """
    if len(octets) > OCTETS_MAX:
        raise ReponseIllisible(
            f"Ce fichier dépasse {OCTETS_MAX >> 20} Mo.",
            "Une réponse est bien plus petite : vérifiez que ce n’est pas le paquet lui-même.",
        )
    cible = _Cible()
    analyseur = etree.XMLParser(  # type: ignore[call-overload]  # espaces de noms non suivis
        target=cible, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        for debut in range(0, len(octets), _MORCEAU):
            analyseur.feed(octets[debut : debut + _MORCEAU])
        analyseur.close()
    except (etree.XMLSyntaxError, UnicodeError) as cause:
        raise _mal_forme(cause) from cause
    if cible.lue is None:
        raise _mal_forme(None)
    return cible.lue


def _mal_forme(cause: Exception | None) -> ReponseIllisible:
    ligne = getattr(cause, "lineno", None)
    lieu = f" (ligne {ligne})" if ligne else ""
    return ReponseIllisible(
        f"Ce fichier n’est pas un XML bien formé{lieu}.",
        "Téléchargez de nouveau la réponse dans le système d’archivage, sans l’ouvrir ni la"
        " modifier. Si elle est sur papier ou en PDF, notez-la à la main.",
    )


def parse_instant(texte: str) -> datetime | None:
    """Lit une date, avec ou sans heure ; sans fuseau, à l’heure de Paris. None si illisible."""
    try:
        instant = datetime.fromisoformat(texte.strip())
    except ValueError:
        return None
    if instant.year not in _ANNEES:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=_PARIS)


class _Cible:
    """Reçoit l’analyse au fil de l’eau et remplit une `ReponseLue`. Aucun arbre n’est gardé."""

    def __init__(self) -> None:
        self.lue: ReponseLue | None = None
        self._chemin: list[str] = []
        self._espace = ""
        self._texte: list[str] | None = None
        self._reste = 0
        self._unites: list[str] = []

    def doctype(self, *_: object) -> None:
        raise ReponseIllisible(
            "Ce fichier déclare une DTD, ce qui permet des attaques par entités.",
            "Demandez au service d’archives une réponse sans la ligne « <!DOCTYPE … > ».",
        )

    def start(self, balise: str, attributs: Mapping[str, str]) -> None:
        if self.lue is None:
            self.lue = self._read_racine(balise)
        if len(self._chemin) >= NIVEAUX_MAX:
            raise ReponseIllisible(
                f"Ce fichier emboîte plus de {NIVEAUX_MAX} éléments.",
                "Ce n’est pas une réponse ordinaire : notez-la à la main.",
            )
        nom = balise.removeprefix(self._espace)  # d’un autre espace : ne ressemble à rien de suivi
        self._chemin.append(nom)
        if nom == "ArchiveUnit":
            self._unites.append(attributs.get("id", "")[:CARACTERES_MAX])
        elif self._chemin[1:] == ["Operation", "Event"]:
            self._add_evenement()
        self._texte, self._reste = [], CARACTERES_MAX

    def data(self, texte: str) -> None:
        if self._texte is not None and self._reste > 0:
            self._texte.append(texte[: self._reste])
            self._reste -= len(texte)

    def end(self, balise: str) -> None:
        feuille = self._texte is not None
        texte = " ".join("".join(self._texte or ()).split())
        self._texte = None
        if feuille and texte:
            self._keep(tuple(self._chemin[1:]), texte)
        if self._chemin.pop() == "ArchiveUnit":
            self._unites.pop()

    def comment(self, texte: str) -> None:
        """Ignore un commentaire : le texte autour se lit d’un trait."""

    def pi(self, cible: str, donnees: str | None = None) -> None:
        """Ignore une instruction de traitement."""

    def close(self) -> None:
        """Termine : la réponse est dans `lue`."""

    def _read_racine(self, balise: str) -> ReponseLue:
        espace, _, nom = balise.removeprefix("{").rpartition("}")
        if nom not in _GENRES or not espace.startswith(_PREFIXE):
            raise ReponseIllisible(
                "Ce fichier n’est pas une réponse SEDA à un versement.",
                "Il faut le message ArchiveTransferReply (réponse) ou Acknowledgement (accusé) du"
                " système d’archivage, pas le bordereau ni le paquet.",
            )
        version = espace.removeprefix(_PREFIXE)
        if version not in VERSIONS_LUES:
            raise ReponseIllisible(
                f"Cette réponse est en SEDA {version[:10]}.",
                f"Socle lit les versions {', '.join(VERSIONS_LUES)} : notez celle-ci à la main.",
            )
        self._espace = f"{{{espace}}}"
        return ReponseLue(genre=GenreDeReponse(nom), version=version)

    def _add_evenement(self) -> None:
        if self.lue and len(self.lue.evenements) < EVENEMENTS_MAX:
            self.lue.evenements.append(EvenementLu())
        else:
            self._chemin[-1] = ""  # au-delà : ses champs ne ressemblent plus à rien de suivi

    def _keep(self, chemin: tuple[str, ...], texte: str) -> None:
        """Range un texte d’après sa place. Le premier gagne : une répétition ne change rien."""
        lue = self.lue
        if lue is None:
            return
        if chemin[:2] == ("Operation", "Event") and len(chemin) == 3:
            self._fill(lue.evenements[-1], _CHAMPS_EVENEMENT.get(chemin[2], ""), texte)
        elif chemin[-2:-1] == ("Content",) and self._unites:
            self._keep_unite(lue, _CHAMPS_UNITE.get(chemin[-1], ""), texte)
        elif chemin in _ENTETE[lue.genre]:
            _ENTETE[lue.genre][chemin](lue, texte)

    def _keep_unite(self, lue: ReponseLue, champ: str, texte: str) -> None:
        identifiant = self._unites[-1]
        if champ and (identifiant in lue.unites or len(lue.unites) < UNITES_MAX):
            self._fill(lue.unites.setdefault(identifiant, UniteLue()), champ, texte)

    @staticmethod
    def _fill(objet: object, champ: str, texte: str) -> None:
        if champ and not getattr(objet, champ):
            setattr(objet, champ, texte)


_CHAMPS_EVENEMENT = {
    "EventTypeCode": "code",
    "EventType": "libelle",
    "Outcome": "resultat",
    "OutcomeDetail": "detail",
    "OutcomeDetailMessage": "message",
    "EventDetailData": "donnees",
}
_CHAMPS_UNITE = {"SystemId": "systeme", "ArchivalAgencyArchiveUnitIdentifier": "cote"}


def _set(champ: str) -> Callable[[ReponseLue, str], None]:
    def ecrit(lue: ReponseLue, texte: str) -> None:
        if not getattr(lue, champ):
            setattr(lue, champ, texte)

    return ecrit


def _set_instant(champ: str) -> Callable[[ReponseLue, str], None]:
    def ecrit(lue: ReponseLue, texte: str) -> None:
        if getattr(lue, champ) is None:
            setattr(lue, champ, parse_instant(texte))

    return ecrit


def _set_code(lue: ReponseLue, texte: str) -> None:
    if not lue.code_ecrit:
        lue.code_ecrit = texte
        lue.code = _CODES.get(texte)


_Ecrit = Callable[[ReponseLue, str], None]
_COMMUN: dict[tuple[str, ...], _Ecrit] = {
    ("MessageIdentifier",): _set("identifiant"),
    ("Date",): _set_instant("date"),
    ("Comment",): _set("commentaire"),
}
_ENTETE: Mapping[GenreDeReponse, dict[tuple[str, ...], _Ecrit]] = MappingProxyType(
    {
        GenreDeReponse.ACCUSE: _COMMUN
        | {
            ("MessageReceivedIdentifier",): _set("repond_a"),
            ("Sender", "Identifier"): _set("service"),
        },
        GenreDeReponse.TRANSFERT: _COMMUN
        | {
            ("MessageRequestIdentifier",): _set("repond_a"),
            ("ReplyCode",): _set_code,
            ("GrantDate",): _set_instant("prise_en_charge"),
            ("ArchivalAgency", "Identifier"): _set("service"),
        },
    }
)
