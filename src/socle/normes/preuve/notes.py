"""Notes signées et clés Ed25519 : un texte, une ligne blanche, une ligne par signature.

Le format se lit à l’œil et se vérifie avec `openssl`. Une clé publique s’échange en une ligne,
`nom+identifiant+base64`, que reconnaissent les outils des journaux de transparence.

Source: C2SP signed-note v1.0.0 ; Ed25519 : RFC 8032.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from socle.normes.preuve.errors import PreuveInvalide

NOTE_MAX = 64 * 1024
SIGNATURES_MAX = 32
CLES_MAX = 50
SANS_NOM = "cle-sans-nom"
NOM_MAX = 200
_ED25519 = b"\1"
_TAILLE_CLE, _TAILLE_SIGNATURE, _TAILLE_ID = 32, 64, 4
_CLE = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)")
_LIGNE = re.compile(r"— ([^ ]+) ([A-Za-z0-9+/]+=*)")
_CONTROLE = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class ClePublique:
    """Clé qui vérifie : un nom et 32 octets.

    Attributes:
        nom: nom du journal, par exemple « socle/1f2e3d4c » ; ni espace ni « + ».
        octets: clé publique Ed25519 brute.
    """

    nom: str
    octets: bytes

    def __post_init__(self) -> None:
        check_nom(self.nom)
        if len(self.octets) != _TAILLE_CLE:
            raise PreuveInvalide("Une clé publique Ed25519 fait 32 octets.")

    @classmethod
    def from_texte(cls, texte: str) -> "ClePublique":
        """Lit `nom+identifiant+base64`.

        Raises:
            PreuveInvalide: mal formée, autre algorithme, ou identifiant qui n’est pas le sien.
        """
        trouve = _CLE.fullmatch(texte)
        if not trouve or len(texte) > NOM_MAX + 60:
            raise PreuveInvalide("Clé publique mal formée : attendu « nom+identifiant+base64 ».")
        octets = decode_base64(trouve[3])
        if octets[:1] != _ED25519:
            raise PreuveInvalide("Clé publique d’un autre algorithme qu’Ed25519.")
        cle = cls(trouve[1], octets[1:])
        if cle.identifiant.hex() != trouve[2]:
            raise PreuveInvalide("L’identifiant de la clé publique n’est pas le sien.")
        return cle

    @cached_property
    def identifiant(self) -> bytes:
        """Quatre octets qui, avec le nom, désignent la clé. Ce n’est pas une empreinte sûre."""
        return sha256(self.nom.encode() + b"\n" + _ED25519 + self.octets).digest()[:_TAILLE_ID]

    @cached_property
    def empreinte(self) -> str:
        """SHA-256 de la clé en DER, 64 chiffres : ce qu’on compare à voix haute ou sur papier."""
        der = self._cle.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return sha256(der).hexdigest()

    def to_texte(self) -> str:
        """Écrit `nom+identifiant+base64`."""
        cle = base64.b64encode(_ED25519 + self.octets).decode()
        return f"{self.nom}+{self.identifiant.hex()}+{cle}"

    def to_pem(self) -> bytes:
        """Écrit la clé en PEM, pour `openssl pkeyutl`."""
        return self._cle.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def is_signature(self, signature: bytes, message: bytes) -> bool:
        """Dit si la signature de 64 octets est celle du message."""
        try:
            self._cle.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _cle(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.octets)


@dataclass(frozen=True)
class Signataire:
    """Clé qui signe, sous le nom du journal."""

    nom: str
    cle: Ed25519PrivateKey

    @property
    def cle_publique(self) -> ClePublique:
        """La clé qui vérifie ses notes."""
        brut = self.cle.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return ClePublique(self.nom, brut)

    def sign_note(self, texte: str) -> bytes:
        """Signe un texte terminé par un saut de ligne et rend la note entière.

        Raises:
            PreuveInvalide: le texte ne peut pas être celui d’une note.
        """
        _check_texte(texte)
        signature = self.cle_publique.identifiant + self.cle.sign(texte.encode())
        note = f"{texte}\n— {self.nom} {base64.b64encode(signature).decode()}\n".encode()
        parse_note(note)
        return note


@dataclass(frozen=True)
class Note:
    """Note lue, pas encore vérifiée : `texte`, puis (nom, identifiant, signature)."""

    texte: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def verify(self, cles: Iterable[ClePublique]) -> tuple[ClePublique, ...]:
        """Vérifie la note et rend, parmi `cles`, celles qui l’ont signée.

        Les signatures de clés inconnues sont ignorées ; une seule signature fausse d’une clé
        connue fait refuser toute la note, comme le veut la norme.

        Raises:
            PreuveInvalide: aucune clé connue n’a signé, ou une signature est fausse.
        """
        connues = {(cle.nom, cle.identifiant): cle for cle in cles}
        signataires = []
        for nom, identifiant, signature in self.signatures:
            cle = connues.get((nom, identifiant))
            if cle is None:
                continue
            if not cle.is_signature(signature, self.texte.encode()):
                raise PreuveInvalide(f"La signature de « {nom} » est fausse.")
            signataires.append(cle)
        if not signataires:
            raise PreuveInvalide("Aucune des clés connues n’a signé cette note.")
        return tuple(signataires)


def parse_note(octets: bytes) -> Note:
    """Lit une note signée, sans tolérance.

    Raises:
        PreuveInvalide: trop longue, mal encodée, sans signature, ou ligne de signature mal formée.
    """
    if len(octets) > NOTE_MAX:
        raise PreuveInvalide("Note signée trop longue.")
    try:
        contenu = octets.decode()
    except UnicodeDecodeError as cause:
        raise PreuveInvalide("Note signée qui n’est pas en UTF-8.") from cause
    texte, separateur, suite = contenu.rpartition("\n\n")
    if not separateur or not suite.endswith("\n"):
        raise PreuveInvalide("Note signée sans ligne blanche ou sans fin de ligne.")
    _check_texte(texte + "\n")
    lignes = suite[:-1].split("\n")
    if len(lignes) > SIGNATURES_MAX:
        raise PreuveInvalide("Note signée par trop de clés.")
    return Note(texte + "\n", tuple(_parse_ligne(ligne) for ligne in lignes))


def parse_cles(octets: bytes) -> list[ClePublique]:
    """Lit un fichier de clés publiques : une par ligne, lignes vides et « # » permises.

    Une clé seule au format PEM convient aussi ; elle n’a alors pas de nom.

    Raises:
        PreuveInvalide: aucune clé, trop de clés, ou une clé mal formée.
    """
    if octets.startswith(b"-----BEGIN PUBLIC KEY-----"):
        return [_parse_pem(octets)]
    try:
        lignes = [ligne.strip() for ligne in octets.decode().splitlines()]
    except UnicodeDecodeError as cause:
        raise PreuveInvalide("Fichier de clés qui n’est pas en UTF-8.") from cause
    textes = [ligne for ligne in lignes if ligne and not ligne.startswith("#")]
    if not 0 < len(textes) <= CLES_MAX:
        raise PreuveInvalide("Le fichier de clés est vide ou trop long.")
    return [ClePublique.from_texte(texte) for texte in textes]


def check_nom(nom: str) -> None:
    """Refuse un nom de clé qu’une note ne pourrait pas porter.

    Raises:
        PreuveInvalide: vide, trop long, ou avec un espace, un « + » ou un caractère de commande.
    """
    if not nom or len(nom) > NOM_MAX or "+" in nom or not nom.isprintable():
        raise PreuveInvalide("Nom de clé vide, trop long ou avec un caractère interdit.")
    if any(caractere.isspace() for caractere in nom):
        raise PreuveInvalide("Un nom de clé ne contient pas d’espace.")


def decode_base64(texte: str) -> bytes:
    """Décode une base64 stricte : un seul texte par suite d’octets.

    Raises:
        PreuveInvalide: caractère étranger, bourrage ou bits de fin incorrects.
    """
    try:
        octets = base64.b64decode(texte, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise PreuveInvalide("Base64 mal formée.") from cause
    if base64.b64encode(octets).decode() != texte:
        raise PreuveInvalide("Base64 qui n’est pas sous sa forme canonique.")
    return octets


def _parse_pem(octets: bytes) -> ClePublique:
    try:
        cle = serialization.load_pem_public_key(octets)
    except (ValueError, UnsupportedAlgorithm) as cause:
        raise PreuveInvalide("Clé publique PEM illisible.") from cause
    if not isinstance(cle, Ed25519PublicKey):
        raise PreuveInvalide("Clé publique d’un autre algorithme qu’Ed25519.")
    brut = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return ClePublique(SANS_NOM, cle.public_bytes(*brut))


def _parse_ligne(ligne: str) -> tuple[str, bytes, bytes]:
    trouve = _LIGNE.fullmatch(ligne)
    if not trouve:
        raise PreuveInvalide("Ligne de signature mal formée.")
    check_nom(trouve[1])
    octets = decode_base64(trouve[2])
    if len(octets) <= _TAILLE_ID:
        raise PreuveInvalide("Signature tronquée.")
    return trouve[1], octets[:_TAILLE_ID], octets[_TAILLE_ID:]


def _check_texte(texte: str) -> None:
    if not texte.endswith("\n") or len(texte) < 2 or _CONTROLE.search(texte):
        raise PreuveInvalide("Texte de note vide, sans fin de ligne ou avec une commande.")
    try:
        texte.encode()
    except UnicodeEncodeError as cause:
        raise PreuveInvalide("Texte de note qui ne s’écrit pas en UTF-8.") from cause
