"""Les trois formes d’un refus. Toute autre exception est un défaut et devient une erreur 500."""

from typing import Any


class ErreurMetier(Exception):
    """Refus prévu par une règle. Deux phrases pour une personne : ce qui arrive, quoi faire.

    Attributes:
        message: ce qui est refusé et pourquoi, en français.
        suite: ce que la personne peut faire maintenant ; vide si le message le dit déjà.
        statut: code HTTP de la réponse si la vue ne traite pas elle-même le refus.
    """

    message = "Cette action n’est pas possible."
    suite = ""
    statut = 409

    def __init__(self, message: str = "", suite: str = "") -> None:
        self.message = message or self.message
        self.suite = suite or self.suite
        super().__init__(f"{self.message} {self.suite}".strip())


class AccesRefuse(ErreurMetier):
    """La personne est connue mais n’a pas ce droit."""

    message = "Vous n’avez pas le droit de faire cette action."
    suite = "Demandez à l’administrateur de votre collectivité de vérifier votre rôle."
    statut = 403


class ModifieAilleurs(ErreurMetier):
    """Verrou optimiste : rien n’est écrasé, les deux versions sont montrées (`commun.verrou`)."""

    message = "Cette page a été enregistrée ailleurs pendant que vous l’aviez ouverte."
    suite = "Comparez les deux versions, puis choisissez."


class TropDeDemandes(ErreurMetier):
    """Une limite de fréquence est atteinte.

    Attributes:
        secondes: attente avant de pouvoir recommencer ; 0 si elle n’est pas connue.
    """

    message = "Trop de demandes en peu de temps."
    suite = "Attendez quelques minutes puis recommencez. Ce que vous avez saisi est conservé."
    suite_datee = "Attendez {attente} puis recommencez. Ce que vous avez saisi est conservé."
    statut = 429

    def __init__(self, message: str = "", suite: str = "", *, secondes: int = 0) -> None:
        self.secondes = secondes
        if secondes and not suite:
            suite = self.suite_datee.format(attente=describe_attente(secondes))
        super().__init__(message, suite)


def describe_attente(secondes: int) -> str:
    """Dit une attente, arrondie au-dessus : « 40 secondes », « 5 minutes », « 3 heures »."""
    taille, mot = (3600, "heure") if secondes >= 7200 else (60, "minute")
    if secondes < 60:
        taille, mot = 1, "seconde"
    nombre = -(-secondes // taille)
    return f"{nombre}\N{NO-BREAK SPACE}{mot}{'s' if nombre > 1 else ''}"


class ErreurConnecteur(Exception):
    """Le système distant a répondu autre chose que ce que dit sa notice : à montrer.

    Attributes:
        trace: trace de l’appel quand il a eu lieu (`formulaires.ports.Trace`), sinon None.
    """

    trace: Any = None


class SystemeIndisponible(ErreurConnecteur):
    """Panne passagère du système distant : à relancer."""
