"""Refus prévus du moteur de formulaires."""

from collections.abc import Sequence

from socle.fondations.commun.errors import ErreurMetier


class DefinitionInvalide(ErreurMetier):
    """La définition ne peut pas être publiée ni compilée.

    Attributes:
        anomalies: les anomalies bloquantes, dans l’ordre du formulaire.
    """

    message = "Ce formulaire contient des erreurs."
    suite = "Corrigez chaque point signalé, puis recommencez."

    def __init__(self, anomalies: Sequence[object] = ()) -> None:
        self.anomalies = tuple(anomalies)
        premiere = f" {self.anomalies[0]}" if self.anomalies else ""
        super().__init__(self.message + premiere)


class PageInconnue(ErreurMetier):
    """La page demandée n’existe pas dans cette version, ou ses conditions la cachent."""

    message = "Cette étape n’existe pas pour votre demande."
    suite = "Revenez à la première étape du formulaire."
    statut = 404
