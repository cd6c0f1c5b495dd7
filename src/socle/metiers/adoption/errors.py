from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class ConventionModifieeAilleurs(ModifieAilleurs):
    message = "Cette convention a été enregistrée ailleurs pendant que vous l’aviez ouverte."


class SolutionInconnue(ErreurMetier):
    message = "Cette solution n’est pas suivie ici."
    suite = "Choisissez-en une dans la liste."
    statut = 422


class ImportRefuse(ErreurMetier):
    """Le fichier entier est refusé ; rien n’en est gardé."""

    message = "Ce fichier ne peut pas être importé."
    statut = 422


class ImportPasARelire(ErreurMetier):
    message = "Cet import n’attend plus de relecture : il a déjà été appliqué, annulé ou abandonné."
    suite = "Ouvrez-le dans la liste pour voir où il en est."


class DejaAnnule(ErreurMetier):
    message = "C’est déjà annulé."
    suite = "Rechargez la page pour voir où les choses en sont."


class MotifManquant(ErreurMetier):
    message = "Une correction demande sa raison."
    suite = "Écrivez en une phrase pourquoi ce fait est corrigé : elle reste au journal."
    statut = 422


class ConventionFermee(ErreurMetier):
    message = "Cette convention n’est pas ouverte aux adhésions."
    suite = "Sa page dit qui la porte, pour lui écrire."


class VersionDepassee(ErreurMetier):
    message = "Le texte a changé depuis que vous l’avez ouvert : rien n’est signé."
    suite = "Lisez la nouvelle version, puis signez-la si elle vous convient."


class DejaAdherente(ErreurMetier):
    message = "Votre collectivité a déjà signé cette version."


class PasAdherente(ErreurMetier):
    message = "Votre collectivité n’adhère pas à cette convention : il n’y a rien à retirer."


class TexteIdentique(ErreurMetier):
    message = (
        "Ce texte est celui de la version en cours : il n’y a pas de nouvelle version à publier."
    )
    statut = 422


class PasDeContact(ErreurMetier):
    message = "Cette collectivité n’a pas d’adresse publique ici : le message ne peut pas partir."
    suite = "Ses coordonnées sont dans l’annuaire de l’administration, sur service-public.gouv.fr."
