"""S²LOW : états d’une transaction, réponses en texte, et ce qu’un envoi doit éviter.

S²LOW est l’opérateur visé : l’État n’admet que les opérateurs homologués. Les réponses sont un
texte dont la première ligne est OK ou KO, tantôt en UTF-8, tantôt en latin-1.

Source: notice et sources de S²LOW (ADULLACT), état 5.1.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from socle.normes.actes.errors import ActeIllisible

OCTETS_MAX = 8 << 20
_TRANSLITTERATIONS = str.maketrans(
    {
        "’": "'", "‘": "'", "‚": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "‹": "<", "›": ">",
        "–": "-", "—": "-", "−": "-", "‑": "-", "…": "...", "œ": "oe", "Œ": "OE", "€": "EUR",
        "•": "-", "™": "(tm)", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "",
    }
)  # fmt: skip


class Etat(IntEnum):
    """État d’une transaction d’acte ; le nombre est celui de l’opérateur."""

    ERREUR = -1
    ANNULE = 0
    POSTE = 1
    EN_ATTENTE_DE_TRANSMISSION = 2
    TRANSMIS = 3
    ACQUITTE = 4
    VALIDE = 5
    REFUSE = 6
    DOCUMENT_RECU = 7
    ACQUITTEMENT_ENVOYE = 8
    ENVOYE_AU_SAE = 12
    ARCHIVE = 13
    ERREUR_D_ARCHIVAGE = 14
    DETRUIT = 16
    EN_ATTENTE_D_ETRE_POSTE = 17
    EN_ATTENTE_DE_SIGNATURE = 18
    EN_ATTENTE_DE_SAE = 19
    ERREUR_D_ENVOI_AU_SAE = 20
    DOCUMENT_RECU_SANS_ACCUSE = 21
    DOCUMENT_INDISPONIBLE = 22

    @property
    def libelle(self) -> str:
        """L’état en clair."""
        return _LIBELLES[self]

    @property
    def is_acquitte(self) -> bool:
        """L’État a reçu l’acte : l’accusé de réception peut être demandé."""
        return self in _ACQUITTES

    @property
    def is_echec(self) -> bool:
        """L’acte n’est pas parti, ou a été refusé."""
        return self in {Etat.ERREUR, Etat.REFUSE}

    @property
    def is_en_cours(self) -> bool:
        """Il faut redemander dans quelques minutes."""
        return self in _EN_COURS


_LIBELLES = {
    Etat.ERREUR: "Erreur",
    Etat.ANNULE: "Annulé",
    Etat.POSTE: "Posté",
    Etat.EN_ATTENTE_DE_TRANSMISSION: "En attente de transmission",
    Etat.TRANSMIS: "Transmis",
    Etat.ACQUITTE: "Acquittement reçu",
    Etat.VALIDE: "Validé",
    Etat.REFUSE: "Refusé",
    Etat.DOCUMENT_RECU: "Document reçu",
    Etat.ACQUITTEMENT_ENVOYE: "Acquittement envoyé",
    Etat.ENVOYE_AU_SAE: "Envoyé au service d’archives",
    Etat.ARCHIVE: "Archivé par le service d’archives",
    Etat.ERREUR_D_ARCHIVAGE: "Erreur d’archivage",
    Etat.DETRUIT: "Détruit",
    Etat.EN_ATTENTE_D_ETRE_POSTE: "En attente d’être posté",
    Etat.EN_ATTENTE_DE_SIGNATURE: "En attente de signature",
    Etat.EN_ATTENTE_DE_SAE: "En attente du service d’archives",
    Etat.ERREUR_D_ENVOI_AU_SAE: "Erreur d’envoi au service d’archives",
    Etat.DOCUMENT_RECU_SANS_ACCUSE: "Document reçu, sans accusé",
    Etat.DOCUMENT_INDISPONIBLE: "Document indisponible",
}
_EN_COURS = frozenset(
    {
        Etat.POSTE, Etat.EN_ATTENTE_DE_TRANSMISSION, Etat.TRANSMIS,
        Etat.EN_ATTENTE_D_ETRE_POSTE, Etat.EN_ATTENTE_DE_SIGNATURE,
    }
)  # fmt: skip
_ACQUITTES = frozenset(
    {
        Etat.ACQUITTE, Etat.VALIDE, Etat.ENVOYE_AU_SAE, Etat.ARCHIVE, Etat.ERREUR_D_ARCHIVAGE,
        Etat.EN_ATTENTE_DE_SAE, Etat.ERREUR_D_ENVOI_AU_SAE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reponse:
    """Réponse de l’opérateur.

    Attributes:
        reussite: la première ligne est OK.
        lignes: les suivantes, en texte.
        corps: les mêmes en octets : un XML y garde l’encodage qu’il annonce.
    """

    reussite: bool
    lignes: tuple[str, ...]
    corps: bytes

    @property
    def message(self) -> str:
        """Ce que dit l’opérateur, sur une ligne."""
        return " ".join(" ".join(self.lignes).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseEtat:
    """État d’une transaction.

    Attributes:
        etat: None si le code n’est pas dans la notice ; `code` le garde.
        corps: message de l’opérateur, ou accusé de réception (XML) une fois acquitté.
    """

    code: str
    etat: Etat | None
    corps: bytes


def read_reponse(octets: bytes) -> Reponse:
    """Lit une réponse en texte.

    Raises:
        ActeIllisible: trop longue, ou première ligne inattendue (page d’erreur, redirection).
    """
    if len(octets) > OCTETS_MAX:
        raise ActeIllisible(
            f"La réponse de l’opérateur dépasse {OCTETS_MAX >> 20} Mo.", code="s2low.taille"
        )
    premiere, _, corps = octets.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    verdict = premiere.strip()
    if verdict not in {b"OK", b"KO"}:
        raise ActeIllisible(
            "L’opérateur n’a répondu ni OK ni KO. Vérifiez l’adresse et le certificat.",
            code="s2low.reponse",
        )
    return Reponse(reussite=verdict == b"OK", lignes=tuple(decode(corps).splitlines()), corps=corps)


def read_etat(octets: bytes) -> ReponseEtat:
    """Lit l’état d’une transaction : OK, le code, puis un message ou l’accusé.

    Raises:
        ActeIllisible: réponse inattendue, ou KO ; le message de l’opérateur est dans l’exception.
    """
    reponse = read_reponse(octets)
    if not reponse.reussite:
        raise ActeIllisible(
            f"L’opérateur refuse de donner l’état : {reponse.message[:500]}", code="s2low.refus"
        )
    ligne, _, corps = reponse.corps.partition(b"\n")
    code = decode(ligne).strip()
    connu = re.fullmatch(r"-?[0-9]{1,3}", code)
    etats = {int(etat): etat for etat in Etat}
    return ReponseEtat(code=code[:50], etat=etats.get(int(code)) if connu else None, corps=corps)


def decode(octets: bytes) -> str:
    """UTF-8 si c’en est, latin-1 sinon : les deux ont été vus."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def to_latin1(texte: str) -> str:
    """Rend un texte que le latin-1 sait écrire, pour l’objet envoyé à S²LOW.

    Les apostrophes, guillemets, tirets et ligatures ont leur équivalent ; un autre signe perd son
    accent, ou devient « ? ».
    """
    signes = []
    for signe in unicodedata.normalize("NFC", texte).translate(_TRANSLITTERATIONS):
        if ord(signe) < 256:
            signes.append(signe)
            continue
        simple = unicodedata.normalize("NFKD", signe).encode("latin-1", "ignore").decode("latin-1")
        signes.append(simple or "?")
    return "".join(signes)


def clean_nom(nom: str) -> str:
    """Nom de fichier tel que S²LOW le garde : tout autre signe devient « _ »."""
    return re.sub(r"[^a-zA-Z0-9._ ]", "_", nom)
