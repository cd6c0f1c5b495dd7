"""Refus du journal."""

from socle.fondations.commun.errors import ErreurMetier


class RienDeScelle(ErreurMetier):
    """Aucune action de l’objet n’est encore scellée."""

    message = "Aucune action n’est encore scellée dans le journal pour cet objet."
    suite = "Les actions sont scellées chaque minute. Attendez un instant puis recommencez."
