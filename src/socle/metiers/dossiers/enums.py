from django.db import models


class EtatDossier(models.TextChoices):
    """États de Démarches Simplifiées ; les libellés sont ceux que lit l’usager."""

    BROUILLON = "brouillon", "Brouillon"
    EN_CONSTRUCTION = "en_construction", "Déposé"
    EN_INSTRUCTION = "en_instruction", "En instruction"
    ACCEPTE = "accepte", "Accepté"
    REFUSE = "refuse", "Refusé"
    SANS_SUITE = "sans_suite", "Classé sans suite"


OUVERTS = (EtatDossier.EN_CONSTRUCTION, EtatDossier.EN_INSTRUCTION)
TERMINES = (EtatDossier.ACCEPTE, EtatDossier.REFUSE, EtatDossier.SANS_SUITE)


class Canal(models.TextChoices):
    EN_LIGNE = "en_ligne", "En ligne"
    GUICHET = "guichet", "Au guichet"
    TELEPHONE = "telephone", "Par téléphone"
    COURRIER = "courrier", "Par courrier"


class Fait(models.TextChoices):
    """Ce qui arrive à un dossier (les « traitements » de Démarches Simplifiées)."""

    DEPOSE = "depose", "Demande déposée"
    ACCUSE = "accuse", "Accusé de réception envoyé"
    CORRECTION_DEMANDEE = "correction_demandee", "Correction demandée"
    CORRECTION_DEPOSEE = "depose_correction_usager", "Correction reçue"
    CORRECTION_AGENT = "depose_correction_instructeur", "Correction saisie par un agent"
    EN_INSTRUCTION = "passe_en_instruction", "Passé en instruction"
    REPASSE_EN_CONSTRUCTION = "repasse_en_construction", "Rendu à l’usager"
    REPASSE_EN_INSTRUCTION = "repasse_en_instruction", "Repassé en instruction"
    VERSION_CHANGEE = "version_changee", "Passé au nouveau formulaire"
    ACCEPTE = "accepte", "Demande acceptée"
    REFUSE = "refuse", "Demande refusée"
    SANS_SUITE = "classe_sans_suite", "Demande classée sans suite"
    DECISION_DISPONIBLE = "decision_disponible", "Décision mise à disposition"
    DECISION_CONSULTEE = "decision_consultee", "Décision consultée"
    COURRIER_ENVOYE = "courrier_envoye", "Courrier envoyé par la poste"
    COURRIER_REMIS = "courrier_remis", "Courrier remis à la personne"
    COURRIER_NON_RECLAME = "courrier_non_reclame", "Courrier non réclamé"
    COURRIER_REVENU = "courrier_revenu", "Courrier revenu"
    COURRIER_EFFACE = "courrier_efface", "Envoi noté par erreur, effacé"
    CONFIE = "confie", "Dossier confié à un agent"
    LAISSE = "laisse", "Dossier laissé à tous les agents"
    ARCHIVE = "archive", "Paquet d’archives prêt"
    TRANSMIS = "transmis", "Transmis aux archives"
    PRIS_EN_CHARGE = "pris_en_charge", "Pris en charge par les archives"
    REMISE_REFUSEE = "remise_refusee", "Paquet refusé par les archives"
    REPONSE_RETIREE = "reponse_retiree", "Réponse des archives retirée"


# La remise aux archives, pas à pas ; un refus ou une réouverture la fait repartir de rien.
REMISE = (Fait.ARCHIVE, Fait.TRANSMIS, Fait.PRIS_EN_CHARGE)
FAITS_DES_ARCHIVES = (*REMISE, Fait.REMISE_REFUSEE, Fait.REPONSE_RETIREE)

# Faits que Socle écrit de lui-même, peu après un geste : ils n’arrêtent pas le geste d’un agent.
FAITS_AUTOMATIQUES = (Fait.ACCUSE, Fait.DECISION_DISPONIBLE, Fait.ARCHIVE)


class Lettre(models.TextChoices):
    """Ce qui se donne ou s’envoie sur papier quand la voie électronique ne suffit pas."""

    ACCUSE = "accuse", "Accusé de réception"
    DECISION = "decision", "Décision"


class Voie(models.TextChoices):
    """Par où la décision va à la personne, selon ses accès et l’accord qu’elle a donné."""

    PORTAIL = "portail", "Par le portail, qui la notifie"
    PORTAIL_ET_POSTE = "portail_et_poste", "Dans le portail, et par la poste, qui la notifie"
    POSTE = "poste", "Par la poste"


class Moyen(models.TextChoices):
    """Comment le papier part. Seuls le recommandé et la remise prouvent un jour de réception."""

    RECOMMANDE = "recommande", "Recommandé avec avis de réception"
    MAIN_PROPRE = "main_propre", "Remise en main propre, contre signature"
    SIMPLE = "simple", "Lettre simple"


class SuiteDuPli(models.TextChoices):
    """Ce que La Poste a rendu : l’avis signé, ou le pli."""

    RECU = "recu", "Reçu : l’avis de réception est signé"
    NON_RECLAME = "non_reclame", "Non réclamé : le pli est revenu avec cette mention"
    REVENU = "revenu", "Revenu pour une autre raison (adresse inconnue, refus…)"


class Transition(models.TextChoices):
    """Transitions permises à un agent (demarches-simplifiees, « dossier.rb »)."""

    PASSER_EN_INSTRUCTION = "passer_en_instruction", "Passer en instruction"
    REPASSER_EN_CONSTRUCTION = "repasser_en_construction", "Rendre à l’usager"
    ACCEPTER = "accepter", "Accepter"
    REFUSER = "refuser", "Refuser"
    CLASSER_SANS_SUITE = "classer_sans_suite", "Classer sans suite"
    REPASSER_EN_INSTRUCTION = "repasser_en_instruction", "Repasser en instruction"


class GesteEnLot(models.TextChoices):
    """Ce qui se fait sur plusieurs dossiers à la fois : rien qui ferme un droit à la personne."""

    M_ATTRIBUER = "m_attribuer", "M’attribuer"
    CONFIER = "confier", "Confier à un collègue"
    INSTRUIRE = "instruire", "Passer en instruction"
    ACCEPTER = "accepter", "Accepter"


class FondementRetrait(models.TextChoices):
    """Ce qui permet de retirer une acceptation après quatre mois (CRPA, art. L. 242-1)."""

    DEMANDE = (
        "demande",
        "La personne le demande, pour une décision qui lui est plus favorable et ne lèse personne"
        " d’autre (CRPA, art. L. 242-4)",
    )
    FRAUDE = "fraude", "Elle a été obtenue par fraude (CRPA, art. L. 241-2)"
    CONDITION = (
        "condition",
        "Une condition n’est plus remplie, ou celles d’une subvention n’ont pas été respectées"
        " (CRPA, art. L. 242-2)",
    )

    @property
    def court(self) -> str:
        """Ce que le fil du dossier en garde."""
        return {
            "demande": "À la demande de la personne (CRPA, art. L. 242-4)",
            "fraude": "Fraude (CRPA, art. L. 241-2)",
            "condition": "Condition non remplie (CRPA, art. L. 242-2)",
        }[self.value]


DEPARTS: dict[str, tuple[str, ...]] = {
    Transition.PASSER_EN_INSTRUCTION: (EtatDossier.EN_CONSTRUCTION,),
    Transition.REPASSER_EN_CONSTRUCTION: (EtatDossier.EN_INSTRUCTION,),
    Transition.ACCEPTER: (EtatDossier.EN_INSTRUCTION,),
    Transition.REFUSER: (EtatDossier.EN_INSTRUCTION,),
    Transition.CLASSER_SANS_SUITE: (EtatDossier.EN_INSTRUCTION,),
    Transition.REPASSER_EN_INSTRUCTION: TERMINES,
}
ARRIVEES: dict[str, tuple[str, Fait]] = {
    Transition.PASSER_EN_INSTRUCTION: (EtatDossier.EN_INSTRUCTION, Fait.EN_INSTRUCTION),
    Transition.REPASSER_EN_CONSTRUCTION: (
        EtatDossier.EN_CONSTRUCTION,
        Fait.REPASSE_EN_CONSTRUCTION,
    ),
    Transition.ACCEPTER: (EtatDossier.ACCEPTE, Fait.ACCEPTE),
    Transition.REFUSER: (EtatDossier.REFUSE, Fait.REFUSE),
    Transition.CLASSER_SANS_SUITE: (EtatDossier.SANS_SUITE, Fait.SANS_SUITE),
    Transition.REPASSER_EN_INSTRUCTION: (EtatDossier.EN_INSTRUCTION, Fait.REPASSE_EN_INSTRUCTION),
}
DECISIONS = (Transition.ACCEPTER, Transition.REFUSER, Transition.CLASSER_SANS_SUITE)
