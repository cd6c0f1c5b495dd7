from socle.fondations.commun.errors import ErreurMetier


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


class VersementVide(ErreurMetier):
    message = "Il n’y a aucune pièce à verser."
    suite = "Vérifiez que le dossier contient au moins la demande ou la décision."


class DejaTransmis(ErreurMetier):
    message = "Ce versement est déjà noté comme transmis."


class PasEncorePret(ErreurMetier):
    message = "Ce versement n’est pas prêt : ses contrôles ne sont pas tous passés."
    suite = "Corrigez ce qui est indiqué, puis relancez le versement."
