from socle.fondations.commun.errors import ErreurMetier


class PublicationImpossible(ErreurMetier):
    """Porte la liste des défauts, chacun avec son lieu."""

    message = "Cette démarche ne peut pas encore être publiée."
    suite = "Corrigez les points listés, puis publiez à nouveau."

    def __init__(self, defauts: list[str]) -> None:
        self.defauts = defauts
        super().__init__(f"{self.message} {' '.join(defauts)}")


class VersionModifieeAilleurs(ErreurMetier):
    message = "Ce formulaire a été modifié dans un autre onglet ou par une autre personne."
    suite = "Rechargez la page pour voir la dernière version, puis refaites votre changement."


class CheminDejaPris(ErreurMetier):
    message = "Une autre démarche utilise déjà cette adresse."
    suite = "Choisissez une autre adresse."


class DemarcheFermee(ErreurMetier):
    message = "Cette démarche n’est pas ouverte."
    suite = "Cherchez la démarche qui la remplace, ou contactez le service."
    statut = 410
