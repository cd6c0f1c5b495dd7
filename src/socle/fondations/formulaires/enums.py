"""Natures de valeurs, gravité des anomalies, états d’une source."""

from enum import StrEnum


class Nature(StrEnum):
    """Ce que vaut une réponse pour une condition, une formule ou un tri."""

    TEXTE = "texte"
    NOMBRE = "nombre"
    DATE = "date"
    BOOLEEN = "booleen"
    CHOIX = "choix"
    CHOIX_MULTIPLE = "choix_multiple"
    LIEU = "lieu"
    PIECES = "pieces"
    LIGNES = "lignes"
    AUCUNE = "aucune"


class Gravite(StrEnum):
    """Une anomalie bloquante interdit la publication ; un conseil la laisse possible."""

    BLOQUANTE = "bloquante"
    CONSEIL = "conseil"


class EtatSource(StrEnum):
    """Où en est l’échange avec une source, pour un dossier."""

    RECUE = "recue"
    A_LA_MAIN = "a_la_main"
    ECHEC = "echec"
