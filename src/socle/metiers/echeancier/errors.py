"""Refus de l’échéancier."""

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class AdresseDejaPrise(ErreurMetier):
    message = "Une autre échéance a déjà ce nom d’adresse."
    suite = "Choisissez-en un autre, par exemple en ajoutant l’année."


class ObligationAnnulee(ErreurMetier):
    message = "Cette échéance est annulée."
    suite = "Rétablissez-la d’abord."


class DateInchangee(ErreurMetier):
    message = "Cette date est déjà celle qui est affichée."
    suite = "Il n’y a rien à changer."


class ObligationIncomplete(ErreurMetier):
    message = "Cette échéance n’a pas encore tout ce qu’il faut pour être publiée."
    suite = "Donnez-lui au moins un texte de loi et une phrase qui dit quoi faire."


class ImportRefuse(ErreurMetier):
    """Le fichier a des fautes ; rien n’a été importé.

    Attributes:
        fautes: une phrase par faute, avec le numéro de ligne.
    """

    message = "Ce fichier a des fautes : rien n’a été importé."
    statut = 422

    def __init__(self, fautes: list[str]) -> None:
        self.fautes = fautes
        super().__init__(suite="Corrigez les lignes indiquées, puis recommencez.")


class ObligationIntrouvable(ErreurMetier):
    message = "Cette échéance n’existe pas."
    suite = "Vérifiez sa clé dans l’échéancier."
    statut = 422


class ObligationModifieeAilleurs(ModifieAilleurs):
    message = "Cette échéance a été changée pendant que vous écriviez."


class SuiviModifieAilleurs(ModifieAilleurs):
    message = "Ceci a été enregistré ailleurs pendant que vous aviez cette page ouverte."
