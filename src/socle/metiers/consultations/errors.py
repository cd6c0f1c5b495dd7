from collections.abc import Sequence

from socle.fondations.commun.errors import AccesRefuse, ErreurMetier
from socle.fondations.commun.errors import ModifieAilleurs as Modifie
from socle.fondations.formulaires.moteur import ErreurDepot


class AdresseDejaPrise(ErreurMetier):
    message = "Cette adresse courte est déjà prise."
    suite = "Choisissez-en une autre."


class EvaluationModifieeAilleurs(Modifie):
    message = "Cette page a été enregistrée pendant que vous l’écriviez."


class ModifieAilleurs(Modifie):
    message = "Cette page a changé entre-temps, dans un autre onglet ou par une autre personne."
    suite = "Rechargez la page, puis refaites votre changement."


class FormulaireFige(ErreurMetier):
    message = "La campagne est publiée : son formulaire ne change plus."
    suite = "Annulez-la avec un motif, ou copiez-la pour en ouvrir une autre."


class PasPubliable(ErreurMetier):
    """Attributes: defauts: ce qui manque, une phrase chacun."""

    message = "La campagne n’est pas prête à être publiée."
    suite = "Corrigez les points signalés."

    def __init__(self, defauts: Sequence[str]) -> None:
        self.defauts = list(defauts)
        super().__init__()


class EtatInattendu(ErreurMetier):
    message = "La campagne n’est plus dans l’état où vous l’avez lue."
    suite = "Rechargez la page."


class MotifManquant(ErreurMetier):
    message = "Dites pourquoi : ce motif est gardé et montré."


class DateRefusee(ErreurMetier):
    message = "La nouvelle date doit être à venir et après la précédente."


class PasEncoreOuverte(ErreurMetier):
    message = "Cette campagne n’est pas encore ouverte."
    suite = "La date d’ouverture est sur sa page."


class CampagneFermee(ErreurMetier):
    message = "La clôture est passée : votre réponse n’a pas été déposée."
    suite = "Votre brouillon est gardé. Vous pouvez le relire ; écrivez au contact de la campagne."


class ReponseRefusee(AccesRefuse):
    message = "Cette réponse n’est pas la vôtre, ou vous n’y avez plus accès."
    suite = "Connectez-vous avec le compte qui l’a commencée, ou ouvrez le lien reçu par courriel."


class HorsPerimetre(AccesRefuse):
    message = "Cette campagne ne s’adresse pas à vous."
    suite = "Sa page dit qui peut répondre."


class ReponseIncomplete(ErreurMetier):
    """Attributes: erreurs: ce qui manque, et où."""

    message = "Des réponses manquent ou sont à reprendre."
    suite = "Corrigez-les, puis déposez."
    statut = 422

    def __init__(self, erreurs: Sequence[ErreurDepot]) -> None:
        self.erreurs = list(erreurs)
        super().__init__()


class PasCorrigeable(ErreurMetier):
    message = "Cette réponse ne se corrige plus."
    suite = "La campagne est close, ou elle n’admet pas de correction après le dépôt."


class PasRetirable(ErreurMetier):
    message = "Cette réponse ne se retire plus : la campagne est close."
    suite = "Écrivez au contact de la campagne."


class ExtraitRefuse(ErreurMetier):
    message = "Seul un texte libre d’une réponse déposée peut être publié."


class RobotPresume(ErreurMetier):
    message = "Un champ caché a été rempli : l’envoi ressemble à celui d’un robot."
    suite = "Laissez ce champ vide, puis recommencez."
    statut = 422


# Évaluation ---------------------------------------------------------------------------------------
class EtapeRefusee(ErreurMetier):
    """Ce geste vient plus tôt ou plus tard dans l’évaluation."""

    message = "Ce n’est pas le moment de ce geste."


class GrilleFigee(ErreurMetier):
    message = "La grille est figée : une première note est donnée."
    suite = "Ouvrez une nouvelle version, avec son motif : les notes seront redemandées."


class GrilleRefusee(ErreurMetier):
    message = "Cette grille ne convient pas."
    statut = 422


class JuryRefuse(ErreurMetier):
    message = "Cette personne ne peut pas siéger à ce jury."
    statut = 422


class DeclarationManquante(ErreurMetier):
    message = "Vous n’avez pas encore déclaré vos intérêts."
    suite = "Déclarez-les : les dossiers s’ouvrent ensuite."


class EnDeport(ErreurMetier):
    """Un membre en déport agit sur le dossier qu’il ne doit pas voir."""

    message = "Vous êtes en déport sur ce dossier."
    suite = "Vous ne le voyez pas, et vous ne le notez pas."
    statut = 403


class NoteRefusee(ErreurMetier):
    message = "Cette note ne convient pas."
    statut = 422


class NoteSignee(ErreurMetier):
    message = "Cette note est signée : elle ne change plus."


class QuorumManquant(ErreurMetier):
    message = "Des dossiers n’ont pas assez de notes signées."


class ResultatRefuse(ErreurMetier):
    message = "Ce résultat ne convient pas."
    statut = 422
