from collections.abc import Sequence
from typing import Any

from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs, TropDeDemandes


class TransitionImpossible(ErreurMetier):
    message = "Ce dossier n’est plus dans l’état qui permet cette action."
    suite = "Rechargez la page pour voir son état actuel."


class MotifObligatoire(ErreurMetier):
    message = "Un refus ou un classement sans suite doit être motivé."
    suite = "Écrivez le motif : il figure dans la décision (CRPA, art. L. 211-2)."


class ReouvertureSansMotif(ErreurMetier):
    message = "Un dossier décidé ne se reprend pas sans raison."
    suite = "Écrivez pourquoi : le fil du dossier le garde."


class RetraitTardif(ErreurMetier):
    """Acceptation de plus de quatre mois (CRPA, art. L. 242-1)."""

    message = "Cette acceptation a plus de quatre mois : elle ne se retire plus."
    suite = "Dites ce qui le permet encore : la personne le demande, une fraude, une condition."


class CorrectionEnAttente(ErreurMetier):
    message = "Une correction est attendue de l’usager sur ce dossier."
    suite = "Attendez sa réponse, ou annulez la demande de correction."


class DossierIncomplet(ErreurMetier):
    """Porte les erreurs, une par champ, pour le résumé en haut de page."""

    message = "Il manque des réponses ou certaines sont à corriger."
    suite = "Rien n’est perdu. Suivez les liens ci-dessous pour aller à chaque réponse."
    statut = 422

    def __init__(self, erreurs: object = ()) -> None:
        self.erreurs = erreurs
        super().__init__()


class DossierModifieAilleurs(ModifieAilleurs):
    """Deux onglets ou deux personnes : rien n’est écrasé, les deux versions sont montrées."""

    message = "Ce dossier a été modifié ailleurs depuis que vous avez ouvert cette page."
    suite = "Comparez les deux versions ci-dessous, puis gardez celle que vous voulez."


class DossierChange(ModifieAilleurs):
    """Porte ce qui s’est passé sur le dossier depuis la page que l’agent avait devant lui."""

    message = "Ce dossier a changé depuis que vous avez ouvert cette page."
    suite = "Rien n’est fait. Relisez-le, puis recommencez."

    def __init__(self, faits: Sequence[Any]) -> None:
        self.faits = tuple(faits)
        super().__init__()


class DossierFerme(ErreurMetier):
    message = "Ce dossier ne peut plus être modifié."
    suite = "Écrivez au service depuis la page du dossier."


class VersionPerimee(ErreurMetier):
    """La version montrée n’est pas, ou plus, la dernière publiée."""

    message = "Le formulaire a encore changé depuis que vous avez ouvert cette page."
    suite = "Revenez à votre demande : elle vous montrera la nouvelle version. Rien n’est perdu."


class RienADeplacer(ErreurMetier):
    message = "Ce dossier suit déjà le formulaire en vigueur, ou n’est plus ouvert."
    suite = "Rien n’est changé."


class CorrectionCommencee(ErreurMetier):
    """La personne tient le dossier : le déplacer lui ôterait ce qu’elle écrit."""

    message = "Une correction est attendue, ou commencée, sur ce dossier."
    suite = (
        "Attendez qu’elle soit déposée, ou retirez la demande de correction. Une correction que"
        " personne n’a demandée s’arrête quand le dossier passe en instruction."
    )


class CourrierRefuse(ErreurMetier):
    message = "Cet envoi ne peut pas être noté."
    suite = "Rien n’est enregistré."
    statut = 422


class DossierDejaPris(ErreurMetier):
    """Deux agents à la fois : le second apprend qui suit le dossier."""

    message = "Ce dossier a changé de main depuis que vous avez ouvert cette page."
    suite = "Rien n’est changé. Rechargez la page, ou parlez-en avec la personne qui le suit."


class NoteFermee(ErreurMetier):
    message = "Cette note ne peut plus être changée."
    suite = "Seul son auteur la change, tant que le dossier n’est pas terminé."


class NoteChangeeAilleurs(ModifieAilleurs):
    message = "Vous avez changé cette note dans une autre page pendant ce temps."
    suite = "Votre texte est gardé. Comparez, puis choisissez."


class PhraseChangeeAilleurs(ModifieAilleurs):
    message = "Cette phrase a été changée depuis que vous l’avez ouverte."
    suite = "Votre texte est gardé ci-dessous. Comparez, puis enregistrez de nouveau."


class RobotPresume(ErreurMetier):
    """Le champ que personne ne voit est rempli."""

    message = "Cet envoi ressemble à celui d’un robot : un champ caché a été rempli."
    suite = (
        "Un outil de remplissage automatique peut en être la cause : désactivez-le, puis"
        " recommencez. Ce que vous avez saisi est gardé."
    )
    statut = 400


class DepotTropRapide(TropDeDemandes):
    """Un invité dépose quelques secondes après avoir commencé."""

    message = "Votre demande est allée trop vite pour être relue."
    suite_datee = (
        "Attendez {attente}, relisez, puis déposez de nouveau."
        " Tout ce que vous avez saisi est gardé."
    )

    def __init__(self, secondes: int) -> None:
        super().__init__(secondes=secondes)


class TropDeDeparts(TropDeDemandes):
    """Trop de demandes sans compte commencées depuis une même adresse."""

    message = "Trop de demandes ont été commencées sans compte depuis cette connexion à Internet."
    suite = (
        "Attendez une heure, ou connectez-vous : avec un compte, rien ne vous limite."
        " Les demandes déjà commencées restent ouvertes."
    )
    suite_datee = suite.replace("une heure", "{attente}")


class TropDeFichiers(ErreurMetier):
    """Un brouillon d’invité a reçu plus de fichiers que son formulaire n’en demande."""

    message = "Trop de fichiers ont été envoyés pour cette demande."
    suite = (
        "Ceux qui ne servent plus sont effacés en deux jours : revenez ensuite, ou contactez le"
        " service. Ce que vous avez saisi est gardé."
    )
    statut = 429


class LienPerime(ErreurMetier):
    """Le lien de reprise est faux, dépassé, ou a déjà servi : la réponse ne dit pas lequel."""

    message = "Ce lien ne sert plus."
    suite = (
        "Il ne sert qu’une fois, pendant sept jours, et un lien plus récent le remplace. Ouvrez le"
        " dernier reçu, ou reprenez la demande dans le navigateur où vous l’avez commencée. Si elle"
        " est déposée, demandez un autre lien sur sa page."
    )
    statut = 404


class DateImpossible(ErreurMetier):
    """Jour de réception ou date limite hors des bornes ; `suite` dit lesquelles."""

    message = "Cette date n’est pas possible."
    suite = "Vérifiez le jour, le mois et l’année."
    statut = 422


class AccordSansAcces(ErreurMetier):
    """Le portail ne notifie qu’une personne qui peut l’ouvrir (CRPA, art. R. 112-17)."""

    message = (
        "Sans compte ni adresse électronique, la décision ne peut pas être remise sur le portail."
    )
    suite = "Déposez la demande sans cet accord ; la décision partira par la poste."
    statut = 422
