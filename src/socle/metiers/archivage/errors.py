from socle.fondations.commun.errors import ErreurMetier, ModifieAilleurs


class VersementRefuse(ErreurMetier):
    """Un contrôle du paquet est à KO : rien n’est prêt, le détail est gardé pour l’archiviste."""

    message = "Le paquet d’archives ne passe pas les contrôles."
    suite = "Corrigez ce qui est indiqué, puis relancez le versement."


class SchemaRefuse(ErreurMetier):
    """Le schéma proposé n’est pas celui de SEDA, ou n’est pas sûr."""

    message = "Ce schéma ne convient pas."


class RienARefaire(ErreurMetier):
    message = "Ce versement n’est pas à refaire."
    suite = "Rechargez la page pour voir où il en est."


class ReponseRefusee(ErreurMetier):
    """Le fichier ou la saisie ne fait pas une réponse à ce versement ; le message dit pourquoi."""

    message = "Cette réponse ne convient pas."
    statut = 422


class ReponseSansNom(ReponseRefusee):
    """Un refus dont le fichier ne nomme aucun versement : à confirmer par une personne."""

    message = "Ce fichier dit « refusé », mais ne dit pas quel versement (identifiant vide)."
    suite = (
        "Certains systèmes refusent avant d’avoir lu l’identifiant. Si ce refus est bien celui de"
        " ce paquet, choisissez de nouveau le fichier et cochez la confirmation."
    )


class PasDeReponseAttendue(ErreurMetier):
    message = "Ce versement n’attend pas cette réponse."
    suite = "Rechargez la page pour voir où il en est."


class ReponseIntrouvable(ErreurMetier):
    message = "Il n’y a plus de réponse à retirer sur ce versement."
    suite = "Rechargez la page pour voir où il en est."


class RetraitSansMotif(ErreurMetier):
    message = "Dites pourquoi vous retirez cette réponse."
    suite = "Le motif reste dans l’histoire du versement."
    statut = 422


class VersementVide(ErreurMetier):
    message = "Il n’y a aucune pièce à verser."
    suite = "Vérifiez que le dossier contient au moins la demande ou la décision."


class DejaTransmis(ErreurMetier):
    message = "Ce versement est déjà noté comme transmis."


class PasEncorePret(ErreurMetier):
    message = "Ce versement n’est pas prêt : ses contrôles ne sont pas tous passés."
    suite = "Corrigez ce qui est indiqué, puis relancez le versement."


class ReglagesModifiesAilleurs(ModifieAilleurs):
    message = "Ces réglages ont été enregistrés ailleurs pendant que vous les aviez ouverts."
