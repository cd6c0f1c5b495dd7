"""Point de contrôle : la taille et la racine d’un arbre, dans un texte signé de trois lignes.

Source: C2SP tlog-checkpoint.
"""

import base64
import re
from dataclasses import dataclass

from socle.normes.preuve.errors import PreuveInvalide
from socle.normes.preuve.merkle import TAILLE_EMPREINTE
from socle.normes.preuve.notes import Note, Signataire, decode_base64, parse_note

TAILLE_ARBRE_MAX = 2**62
_TAILLE = re.compile(r"0|[1-9][0-9]{0,18}")
_LIGNES = 3


@dataclass(frozen=True)
class PointDeControle:
    """Ce que dit un point de contrôle.

    Attributes:
        origine: nom du journal ; change à chaque bifurcation.
        taille: nombre de feuilles de l’arbre.
        racine: racine RFC 6962, 32 octets.
        extensions: lignes supplémentaires, que nous n’écrivons jamais mais savons lire.
    """

    origine: str
    taille: int
    racine: bytes
    extensions: tuple[str, ...] = ()

    def to_texte(self) -> str:
        """Écrit le texte à signer."""
        racine = base64.b64encode(self.racine).decode()
        return "\n".join([self.origine, str(self.taille), racine, *self.extensions, ""])

    def sign(self, signataire: Signataire) -> bytes:
        """Signe le point et rend la note."""
        parse_point(self.to_texte())
        return signataire.sign_note(self.to_texte())


def parse_point(texte: str) -> PointDeControle:
    """Lit le texte d’une note comme un point de contrôle, sans tolérance.

    Raises:
        PreuveInvalide: moins de trois lignes, taille ou racine mal écrites, ligne vide.
    """
    lignes = texte.split("\n")
    if len(lignes) <= _LIGNES or lignes.pop() or not all(lignes):
        raise PreuveInvalide("Point de contrôle : il faut trois lignes non vides.")
    origine, taille, racine, *extensions = lignes
    if not _TAILLE.fullmatch(taille) or int(taille) > TAILLE_ARBRE_MAX:
        raise PreuveInvalide("Point de contrôle : taille d’arbre mal écrite.")
    empreinte = decode_base64(racine)
    if len(empreinte) != TAILLE_EMPREINTE:
        raise PreuveInvalide("Point de contrôle : la racine fait 32 octets.")
    return PointDeControle(origine, int(taille), empreinte, tuple(extensions))


def parse_note_point(octets: bytes) -> tuple[PointDeControle, Note]:
    """Lit une note signée qui porte un point de contrôle, sans en vérifier la signature."""
    note = parse_note(octets)
    return parse_point(note.texte), note
