from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs
from socle.fondations.commun.textes import join_mots


class BalisesInconnues(ErreurMetier):
    """Un modèle cite des balises que ce message ne connaît pas."""

    statut = 400

    def __init__(self, inconnues: list[str], permises: list[str]) -> None:
        citees = join_mots([f"{{{nom}}}" for nom in inconnues])
        super().__init__(
            f"Balise inconnue dans ce message : {citees}.",
            f"Balises permises : {join_mots([f'{{{nom}}}' for nom in permises])}.",
        )


class LienPerime(ErreurMetier):
    message = "Ce lien de désabonnement n’est pas complet."
    suite = "Ouvrez-le depuis le courriel, ou réglez vos courriels dans votre espace."
    statut = 400


class TexteModifieAilleurs(ModifieAilleurs):
    message = "Ce texte a été enregistré ailleurs pendant que vous l’aviez ouvert."
