from socle.fondations.commun.errors import ErreurMetier


class RegleDejaPresente(ErreurMetier):
    message = "Une règle de conservation porte déjà ce code."
    suite = "Modifiez la règle existante, ou choisissez un autre code."


class RegleIncomplete(ErreurMetier):
    message = "Cette règle de conservation est incomplète."
    suite = "Donnez un code en majuscules (« SCO-CANTINE »), un intitulé et une source juridique."


class RegleChangee(ErreurMetier):
    message = "Une autre personne a changé cette règle pendant que vous l’écriviez."
    suite = "Votre saisie est gardée. Relisez la règle actuelle, puis enregistrez de nouveau."
