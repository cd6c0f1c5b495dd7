"""Refus de la diffusion."""

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class ModifieEntreTemps(ModifieAilleurs):
    message = "Cette fiche a été enregistrée depuis que vous l’avez ouverte."
    suite = "Rouvrez-la pour voir ce qui a changé, puis recommencez. Votre texte est ci-dessous."


class FicheIncomplete(ErreurMetier):
    message = "Il manque de quoi publier."
    suite = "Donnez au moins un résumé et un texte, puis recommencez."


class DejaPublie(ErreurMetier):
    message = "C’est déjà fait."
    suite = "Il n’y a rien à changer."


class LettreDejaPartie(ErreurMetier):
    message = "Cette lettre est déjà partie."
    suite = "Écrivez-en une autre : ce qui est envoyé ne se reprend pas."


class SansDestinataire(ErreurMetier):
    message = "Aucun abonné ne recevrait cette lettre."
    suite = "Élargissez les thèmes ou le territoire."


class LienPerime(ErreurMetier):
    """Lien signé abîmé, trop vieux, ou déjà sans effet."""

    message = "Ce lien n’est plus valable."
    suite = "Recommencez depuis la page : un nouveau lien vous sera envoyé."
    statut = 410


class InscriptionsCloses(ErreurMetier):
    message = "Les inscriptions à cet évènement sont closes."
    suite = "Regardez les prochains évènements."


class ContactOppose(ErreurMetier):
    message = "Cette personne a demandé à ne plus être gardée dans nos contacts."
    suite = "Elle ne peut pas y être ajoutée de nouveau."
