from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class RegleDejaPresente(ErreurMetier):
    message = "Une règle de conservation porte déjà ce code."
    suite = "Modifiez la règle existante, ou choisissez un autre code."


class RegleIncomplete(ErreurMetier):
    message = "Cette règle de conservation est incomplète."
    suite = "Donnez un code en majuscules (« SCO-CANTINE »), un intitulé et une source juridique."


class RegleChangee(ModifieAilleurs):
    message = "Cette règle a été changée pendant que vous l’écriviez."
    suite = "Votre saisie est gardée. Relisez la règle actuelle, puis enregistrez de nouveau."


class VisaIncomplet(ErreurMetier):
    message = "Le visa n’est pas complet, ou sa date ne convient pas."
    suite = "Donnez qui a visé, la référence et la date : entre la proposition et aujourd’hui."
    statut = 422


class BordereauClos(ErreurMetier):
    message = "Ce bordereau n’attend plus de visa."
    suite = "Rechargez la page pour voir son état."


class TriSansMotif(ErreurMetier):
    message = "Choisissez de garder ou de détruire, et dites pourquoi."
    suite = "Le motif est écrit sur le bordereau que les Archives visent."
    statut = 422


class RienATrier(ErreurMetier):
    message = "Aucun de ces dossiers n’est à trier."
    suite = (
        "Leur durée n’est pas finie, leur règle ne dit pas « tri », ou ils sont sur un bordereau."
        " Rechargez la liste."
    )
    statut = 422


class RienAEliminer(ErreurMetier):
    message = "Aucun de ces dossiers ne peut être proposé à l’élimination."
    suite = "Leur durée n’est pas finie, ou ils sont déjà sur un bordereau. Rechargez la liste."
    statut = 422
