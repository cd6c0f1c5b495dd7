"""Refus des comptes, en deux phrases : ce qui arrive, ce que la personne peut faire."""

from socle.fondations.commun.errors import ErreurMetier


class ConnexionRefusee(ErreurMetier):
    """Base des refus de connexion : la page propose toujours un autre moyen."""

    message = "Vous n’êtes pas connecté."
    suite = "Essayez de nouveau, ou choisissez un autre moyen de connexion."
    statut = 403


class PersonneDifferente(ConnexionRefusee):
    message = "Cette identité n’est pas celle du compte ouvert ici."
    suite = "Déconnectez-vous, puis recommencez avec l’identité voulue."


class IdentiteDejaReliee(ConnexionRefusee):
    message = "Cette identité est déjà reliée à un autre compte."
    suite = "Déconnectez-vous, puis connectez-vous avec elle : vous retrouverez l’autre compte."
    statut = 409


class CompteDesactive(ConnexionRefusee):
    message = "Ce compte est désactivé."
    suite = "Si c’est une erreur, écrivez à votre collectivité."


class RattachementDemande(ConnexionRefusee):
    message = "Votre identité FranceConnect a changé de référence depuis votre dernière visite."
    suite = (
        "C’est normal après une correction d’état civil. Un agent va vérifier votre demande et"
        " rattacher votre compte. En attendant, vous pouvez utiliser un autre moyen de connexion."
    )
    statut = 409


class RattachementImpossibleIci(RattachementDemande):
    suite = (
        "C’est normal après une correction d’état civil. Connectez-vous depuis le site de votre"
        " collectivité : un agent y vérifiera votre demande et rattachera votre compte."
    )


class AgentSansAcces(ConnexionRefusee):
    message = "Vous n’avez pas encore d’accès à cette collectivité."
    suite = (
        "Demandez à l’administrateur de la collectivité de vous inviter, puis ouvrez le lien du"
        " courriel d’invitation."
    )


class AutreOrganisation(ConnexionRefusee):
    message = "L’organisation que ProConnect annonce n’est pas cette collectivité."
    suite = (
        "Recommencez en choisissant la bonne organisation sur ProConnect. Si elle n’apparaît pas,"
        " écrivez à l’administrateur de la collectivité."
    )


class SecteurPrive(ConnexionRefusee):
    message = "Ce service est réservé aux agents publics."
    suite = (
        "ProConnect annonce une organisation du secteur privé. Si vous travaillez pour la"
        " collectivité, demandez à son administrateur un compte local."
    )


class SecondFacteurAbsent(ConnexionRefusee):
    message = "Votre organisation n’a pas attesté de double authentification."
    suite = (
        "Activez-la auprès de votre fournisseur d’identité, ou connectez-vous avec votre mot de"
        " passe et votre second facteur."
    )


class DernierMoyen(ErreurMetier):
    message = "C’est votre seul moyen de vous connecter."
    suite = "Choisissez d’abord un courriel et un mot de passe, puis revenez ici."


class PerimetreRefuse(ErreurMetier):
    message = "Ces données ne peuvent pas être demandées ici."
    suite = "Revenez à votre démarche : vous pouvez remplir à la main."
    statut = 400


class InvitationInvalide(ErreurMetier):
    message = "Ce lien d’invitation ne sert plus."
    suite = (
        "Il est peut-être déjà employé, annulé, ou vieux de plus de 48 heures. Demandez une"
        " nouvelle invitation à l’administrateur de la collectivité."
    )
    statut = 410


class DernierAdministrateur(ErreurMetier):
    message = "C’est le seul administrateur de la collectivité."
    suite = "Donnez d’abord ce rôle à un autre agent."


class CourrielDejaPris(ErreurMetier):
    message = "Cette adresse sert déjà à un autre compte."
    suite = "Connectez-vous à cet autre compte, ou choisissez une autre adresse."


class FournisseurInconnu(ErreurMetier):
    message = "Ce moyen de connexion n’existe pas ici."
    suite = "Choisissez un autre moyen de connexion."
    statut = 404


class DemandeDejaTranchee(ErreurMetier):
    message = "Cette demande a déjà une réponse."
    suite = "Rechargez la page pour voir celles qui attendent."


class CleCopiee(ErreurMetier):
    message = "Cette clé a donné un compteur déjà vu : elle a peut-être été copiée."
    suite = "Prenez un autre moyen de vous connecter, puis retirez cette clé de votre compte."
