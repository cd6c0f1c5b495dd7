"""Refus d’un fichier. Chacun dit ce qui ne va pas et ce qui reste possible."""

from socle.fondations.commun.errors import ErreurMetier
from socle.fondations.commun.textes import format_taille, join_mots


class DocumentRefuse(ErreurMetier):
    """Base des refus d’un fichier déposé."""

    statut = 400


class DocumentVide(DocumentRefuse):
    message = "Ce fichier est vide."
    suite = "Ouvrez-le pour vérifier son contenu, puis choisissez-le de nouveau."


class DocumentTropLourd(DocumentRefuse):
    """Plus lourd que la limite du champ ou de l’installation."""

    statut = 413

    def __init__(self, limite: int) -> None:
        super().__init__(
            f"Ce fichier est trop lourd : la limite est de {format_taille(limite)}.",
            "Réduisez-le (photo en qualité normale, PDF compressé) ou coupez-le en plusieurs.",
        )


class TypeRefuse(DocumentRefuse):
    """Le contenu n’est pas d’un type accepté ici, quelle que soit son extension."""

    def __init__(self, trouve: str, acceptes: list[str]) -> None:
        super().__init__(
            f"Ce fichier n’est pas d’un type accepté ici (trouvé : {trouve}).",
            f"Types acceptés : {join_mots(acceptes, 'ou')}. Enregistrez-le sous l’un d’eux.",
        )


class TropDeDocuments(DocumentRefuse):
    message = "Il y a déjà trop de fichiers ici, ou ils sont trop lourds ensemble."
    suite = "Retirez ceux qui ne servent plus, puis recommencez."


class EntrepotIndisponible(ErreurMetier):
    message = "Votre fichier n’a pas pu être rangé : notre espace de stockage ne répond pas."
    suite = "Rien d’autre n’est perdu. Recommencez dans quelques minutes."
    statut = 503


class DocumentInfecte(ErreurMetier):
    message = "Ce fichier est bloqué : l’antivirus y a trouvé un programme dangereux."
    suite = "Demandez à la personne d’en envoyer une autre version, faite depuis l’original."
    statut = 403


class AnalyseEnCours(ErreurMetier):
    message = "Ce fichier est en cours de vérification par l’antivirus."
    suite = "Revenez dans une minute."
    statut = 409
