"""Refus du catalogue."""

from collections.abc import Sequence

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier, ModifieAilleurs


class FicheModifieeAilleurs(ModifieAilleurs):
    message = "Cette fiche a été modifiée dans un autre onglet ou par une autre personne."
    suite = "Rechargez la page, puis refaites votre changement."


class NomDejaPris(ErreurMetier):
    message = "Une fiche porte déjà ce nom."
    suite = "Complétez-la, ou choisissez un autre nom."


class FicheIncomplete(ErreurMetier):
    """Porte ce qui manque pour publier."""

    message = "Cette fiche ne peut pas encore être publiée."
    suite = "Complétez ce qui manque."

    def __init__(self, manques: Sequence[str]) -> None:
        self.manques = tuple(manques)
        super().__init__(f"{self.message} Il manque : {', '.join(manques)}.")


class FichierRefuse(ErreurMetier):
    """Fichier ou réponse d’un autre catalogue que l’on n’accepte pas de lire."""

    message = "Ce fichier est refusé."
    suite = "Corrigez-le, puis recommencez."
    statut = 422


class ConflitDInterets(AccesRefuse):
    message = "Vous ne pouvez pas juger cette candidature : elle vous concerne."
    suite = "Une personne qui ne représente pas cet éditeur et n’y est pas déjà intervenue le peut."


class EtapeImpossible(ErreurMetier):
    message = "Cette étape n’est pas possible maintenant."
    suite = "Rechargez la page : l’état a pu changer."


class EvaluationIncomplete(ErreurMetier):
    message = "Chaque critère demande un avis et une preuve."
    suite = "Complétez les critères sans réponse."
    statut = 422


class InvitationPerimee(ErreurMetier):
    message = "Ce lien ne sert plus : il a été employé, annulé, ou il a plus de sept jours."
    suite = "Connectez-vous si vous avez déjà un compte, ou demandez un nouveau lien à l’équipe."


class PasRepresentant(AccesRefuse):
    message = "Vous ne représentez pas cet éditeur."
    suite = "Demandez à l’équipe du programme de vous inscrire comme représentant."
