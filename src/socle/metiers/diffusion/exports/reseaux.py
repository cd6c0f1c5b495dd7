"""Messages prêts à copier sur les réseaux, à leur longueur : sans script ni compte à relier."""

from dataclasses import dataclass

# Longueur permise, et ce que compte une adresse (X compte 23 signes quelle que soit l’adresse).
RESEAUX = {
    "Mastodon": (500, 23),
    "Bluesky": (300, 0),
    "X": (280, 23),
    "LinkedIn": (3000, 0),
}


@dataclass(frozen=True, slots=True)
class MessageDeReseau:
    """Un message, et sa longueur telle que le réseau la compte."""

    reseau: str
    texte: str
    longueur: int
    maximum: int


def prepare_messages(*, titre: str, resume: str, url: str) -> list[MessageDeReseau]:
    """Rend un message par réseau : titre, résumé coupé au mot, adresse entière."""
    messages = []
    for reseau, (maximum, poids) in RESEAUX.items():
        place = maximum - (poids or len(url)) - 2
        texte = cut_texte(f"{titre}\n\n{resume}".strip(), place)
        longueur = len(texte) + 2 + (poids or len(url))
        messages.append(MessageDeReseau(reseau, f"{texte}\n\n{url}", longueur, maximum))
    return messages


def cut_texte(texte: str, maximum: int) -> str:
    """Coupe un texte entre deux mots et le dit par « … ».

    >>> cut_texte("un deux trois", 9)
    'un deux…'
    """
    if len(texte) <= maximum:
        return texte
    coupe = texte[: max(maximum - 1, 0)]
    mots = coupe.rsplit(None, 1)
    return (mots[0] if len(mots) == 2 and not texte[len(coupe)].isspace() else coupe).rstrip() + "…"
