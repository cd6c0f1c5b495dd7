"""Refus des appels et des octrois."""

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class AdresseDejaPrise(ErreurMetier):
    message = "Un autre appel a déjà ce nom d’adresse."
    suite = "Choisissez-en un autre, par exemple en ajoutant l’année."


class EtatImpossible(ErreurMetier):
    message = "Cet appel n’est plus dans l’état que montrait la page."
    suite = "Rechargez la page : un collègue a pu agir avant vous."


class AppelModifieAilleurs(ModifieAilleurs):
    message = "Cet appel a été changé pendant que vous écriviez."


class OctroiModifieAilleurs(ModifieAilleurs):
    message = "Cet octroi a été changé pendant que vous écriviez."


class BilanModifieAilleurs(ModifieAilleurs):
    message = "Ce bilan a été enregistré ailleurs pendant que vous l’aviez ouvert."


class AppelIncomplet(ErreurMetier):
    message = "Cet appel n’a pas encore tout ce qu’il faut pour être relayé."
    suite = "Il lui faut une phrase, un thème au moins, et la page de l’organisateur."


class DateInchangee(ErreurMetier):
    message = "Cette date est déjà celle qui est affichée."
    suite = "Il n’y a rien à changer."


class ReunionImpossible(ErreurMetier):
    message = "Ces deux appels ne peuvent pas être réunis."
    suite = "L’un des deux est archivé, ou c’est le même."


class LienPerime(ErreurMetier):
    message = "Ce lien ne marche plus."
    suite = "Redemandez-le sur la page des alertes : il vaut 48 heures."
    statut = 410


class AutoriteInconnue(ErreurMetier):
    message = "Cette collectivité n’est pas dans le code officiel géographique."
    suite = "Donnez son SIREN, son code Insee ou sa clé « commune-92023 »."


class SommeRefusee(ErreurMetier):
    message = "Cette somme dépasse ce qui a été accordé."
    suite = "Vérifiez les versements déjà prévus."


class OctroiFerme(ErreurMetier):
    message = "Cet octroi est soldé ou annulé."
    suite = "Rouvrez-le d’abord."


class PieceDejaRecue(ErreurMetier):
    message = "Cette pièce n’est plus à déposer."
    suite = "L’équipe du programme l’a reçue ; elle dira si elle est à refaire."
