from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class PouvoirRefuse(ErreurMetier):
    """L’instance n’a pas ce pouvoir : chaque nature a les siens."""

    message = "Cette instance n’a pas ce pouvoir."


class SaisieRefusee(ErreurMetier):
    """Une règle refuse ce qui est saisi ; le message dit laquelle."""

    message = "Cette saisie ne convient pas."
    statut = 422


class FicheModifieeAilleurs(ModifieAilleurs):
    message = "Ceci a été enregistré ailleurs pendant que vous aviez cette page ouverte."


class SiegeRefuse(SaisieRefusee):
    message = "Ce siège ne peut pas être pourvu ainsi."


class ReunionFermee(ErreurMetier):
    message = "Cette réunion ne se change plus."
    suite = "Elle est tenue ou annulée."


class DelaiTropCourt(ErreurMetier):
    """Le délai de convocation de l’instance n’est pas tenu, et personne n’a dit pourquoi."""

    message = "Le délai de convocation n’est pas tenu."
    suite = "Changez la date, ou écrivez pourquoi vous convoquez si tard : le motif sera public."
    statut = 422


class RienAConvoquer(ErreurMetier):
    message = "Personne n’est à convoquer : aucun siège n’est pourvu à cette date."
    suite = "Pourvoyez les sièges de l’instance, puis convoquez."


class InscriptionRefusee(ErreurMetier):
    message = "Cette réunion n’est pas ouverte aux inscriptions."


class DecisionFermee(ErreurMetier):
    message = "Cette décision ne se change plus."
    suite = "Elle est prise, refusée ou retirée. Proposez-en une autre."


class TexteFige(ErreurMetier):
    message = "Le texte de cette décision est figé."
    suite = "Amendez-la : une nouvelle version s’ouvre, et les validations recommencent."


class TexteChange(ErreurMetier):
    """Le texte lu par la personne n’est plus celui qui est soumis."""

    message = "Le texte a changé depuis que vous l’avez ouvert."
    suite = "Relisez la nouvelle version, puis votez."


class VoteRefuse(ErreurMetier):
    """Cette personne ne peut pas voter pour ce siège, ou plus."""

    message = "Vous ne pouvez pas voter pour ce siège."


class VoteDejaExprime(VoteRefuse):
    """Conflit : une autre personne a déjà voté pour ce siège, et en a toujours le droit."""

    message = "Un vote est déjà exprimé pour ce siège."


class DelegationRefusee(ErreurMetier):
    message = "Cette délégation n’est pas possible."
    statut = 422


class FeuilleFigee(ErreurMetier):
    message = "Cette feuille de route est figée : elle ne se change plus."
    suite = "Ouvrez une nouvelle version."


class ChangementSansMotif(ErreurMetier):
    message = "Un changement n’est pas expliqué."
    suite = "Écrivez pourquoi chaque ligne change : le motif est publié avec elle."
    statut = 422


class ObjetChange(ErreurMetier):
    """L’objet qu’un effet devait changer n’est plus ce que les collèges ont lu."""

    message = "L’objet a changé depuis le gel du texte."
    suite = "Vérifiez, puis appliquez quand même la suite ou écartez-la."


class SuiteInapplicable(ErreurMetier):
    """Un effet ne peut pas être appliqué par un métier ; l’équipe le fait, ou l’écarte."""

    message = "Cette suite ne peut pas être appliquée d’office."
    statut = 422
